//! Hosts of a run of `tune`: which, how many at once, in which batches.

use std::num::NonZeroUsize;

use clap::Args as ClapArgs;

use super::super::exit::Failure;
use super::super::input::SpecArgs;
use super::super::reach::{ReachArgs, nobody_left, some_of};
use super::super::screen::Screen;
use super::fleet::Fleet;
use super::last_run;
use crate::hosts::{Serial, Way};
use crate::spec::Spec;

/// Which hosts, and how they are gone about.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct HostArgs {
    #[command(flatten)]
    pub(super) reach: ReachArgs,
    /// Only the hosts that failed in the last run on this spec
    #[arg(long)]
    retry_failed: bool,
    /// Hosts at once
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=1024))]
    parallel: u16,
    /// Hosts in a batch, a number or a share such as 25%; a batch ends before the next begins
    #[arg(long, value_name = "N|P%")]
    serial: Option<Serial>,
    /// Begin no further batch once more than this share of the hosts has failed
    #[arg(long, value_name = "P", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    fail_percent: u8,
}

impl HostArgs {
    /// Ways to every host that was asked for.
    pub(super) fn fleet(&self, spec: &Spec, file: &SpecArgs, screen: &Screen) -> Result<Fleet, Failure> {
        let bar = screen.progress();
        let way = Way {
            parallel: NonZeroUsize::new(usize::from(self.parallel)).unwrap_or(NonZeroUsize::MIN),
            serial: self.serial,
            fail_percent: self.serial.map(|_| self.fail_percent),
        };
        let mut reached = self.reach.reach(spec, file, &bar, screen)?;
        if self.retry_failed {
            let failed = last_run::failed(&spec.name)?;
            let names: Vec<String> = reached.reaches.iter().map(|reach| reach.name().to_owned()).collect();
            reached.reaches.retain(|reach| failed.iter().any(|name| name == reach.name()));
            if reached.reaches.is_empty() {
                return Err(nobody_left(&some_of(&names)));
            }
        }
        Ok(Fleet { reaches: reached.reaches, way, bar, ssh: reached.ssh })
    }
}
