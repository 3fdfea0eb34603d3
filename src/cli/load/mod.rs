//! `load`: a load test, and the same test for other tools.

mod drive;
mod export;
#[cfg(feature = "load")]
mod gather;
#[cfg(feature = "load")]
mod send;
mod sender;
mod what;
#[cfg(not(feature = "load"))]
mod without;

use clap::Subcommand;

use super::either::Either;
use super::exit::{Exit, Failure};
use super::screen::Screen;

/// Arguments: a test, or one of the subcommands.
pub(super) type Args = Either<drive::DriveArgs, Command>;

/// What else there is about load tests.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the same test for k6, Locust or JMeter
    Export(export::Args),
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    match args {
        Either::Itself(args) => drive::run(args, screen),
        Either::Other(command) => match command.as_ref() {
            Command::Export(args) => export::run(args, screen),
        },
    }
}
