//! Who sends: this program, or Locust here or on other machines.

use std::num::NonZeroU32;

use clap::{Args as ClapArgs, ValueEnum};

use super::super::exit::Failure;
use crate::hosts::{Target, from_list};
use crate::load::plan::{Drive, Test};

/// Who sends.
#[derive(Debug, ClapArgs)]
pub(super) struct SenderArgs {
    /// What sends the requests
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t = Engine::Loadline)]
    engine: Engine,
    /// Machines that send, over SSH: [user@]name[:port], apart by commas; Locust has to be there
    #[arg(long, value_name = "HOSTS", value_parser = hosts)]
    pub(super) workers: Option<Hosts>,
    /// Processes of Locust on each machine; without it one for each of its processors
    #[arg(long, value_name = "N")]
    pub(super) processes: Option<NonZeroU32>,
    /// The program on this machine and the workers: a name in PATH, or a path
    #[arg(long, value_name = "PROGRAM", default_value = "locust")]
    pub(super) locust: String,
}

/// Programs that send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// This program, from this machine
    Loadline,
    /// Locust, on this machine or distributed over --workers
    Locust,
}

/// Hosts of one argument.
#[derive(Debug, Clone)]
pub(super) struct Hosts(
    #[cfg_attr(not(feature = "load"), allow(dead_code, reason = "nobody connects to them"))]
    pub(super)  Vec<Target>,
);

fn hosts(text: &str) -> Result<Hosts, String> {
    from_list(text).map(Hosts).map_err(|error| error.to_string())
}

impl SenderArgs {
    /// Says what does not go together, before anything is done; whether Locust sends.
    pub(super) fn is_locust(&self, test: &Test) -> Result<bool, Failure> {
        let wrong = |said: &str| Failure::usage(format!("{said}; nothing was sent"));
        if self.engine == Engine::Loadline {
            return match (&self.workers, self.processes) {
                (None, None) => Ok(false),
                _ => Err(wrong("--workers and --processes are for Locust").hint("add --engine locust")),
            };
        }
        if test.levels.iter().any(|level| matches!(level, Drive::Rate(_))) {
            return Err(wrong("Locust has people only, no --rate").hint("leave --engine out, or say --users"));
        }
        Ok(true)
    }
}
