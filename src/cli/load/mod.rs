//! `load`: a load test, and the same test for other tools.

mod drive;
mod export;

use clap::{Args as ClapArgs, Subcommand};

use super::exit::{Exit, Failure};
use super::screen::Screen;

/// Arguments of `load`: a test, or a subcommand.
#[derive(Debug)]
pub(super) enum Args {
    /// `load SPEC`.
    Drive(Box<drive::DriveArgs>),
    /// `load export SPEC`.
    Other(Box<Command>),
}

/// What else there is about load tests.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the same test for k6, Locust or JMeter
    Export(export::Args),
}

// By hand: an argument that a test has to have, such as the spec, is nothing that a subcommand lacks.
impl ClapArgs for Args {
    fn augment_args(command: clap::Command) -> clap::Command {
        Command::augment_subcommands(drive::DriveArgs::augment_args(command))
            .subcommand_required(false)
            .arg_required_else_help(false)
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Args {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        if matches.subcommand_name().is_some() {
            return Command::from_arg_matches(matches).map(|command| Self::Other(Box::new(command)));
        }
        drive::DriveArgs::from_arg_matches(matches).map(|args| Self::Drive(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    match args {
        Args::Drive(args) => drive::run(args, screen),
        Args::Other(command) => match command.as_ref() {
            Command::Export(args) => export::run(args, screen),
        },
    }
}
