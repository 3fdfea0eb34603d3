//! `deploy`: the release of the application. One file for each subcommand; what they share is here and in `hosts`.

mod hosts;
mod logs;
mod release;
mod render;
mod rollback;
mod secrets;
mod status;
mod unlock;

use clap::{Args as ClapArgs, Subcommand};

use super::either::Either;
use super::exit::{Exit, Failure};
use super::input::SpecArgs;
use super::screen::Screen;
use crate::deploy::run::{End, Outcome};
use crate::deploy::stack::{Refusal, Site, Stack};
use crate::spec::Spec;

/// Arguments: a release, or one of the subcommands.
pub(super) type Args = Either<release::ReleaseArgs, Command>;

/// What else there is about releases.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the files of a release into a folder; no host is looked at
    Render(render::Args),
    /// Bring hosts back to a release that they kept
    Rollback(rollback::Args),
    /// Which release has the traffic on each host, and how its containers are; exit 3 when one is not well
    Status(status::Args),
    /// What the containers wrote
    Logs(logs::Args),
    /// End the lock of a run that is no more
    Unlock(unlock::Args),
}

/// What is released.
#[derive(Debug, Clone, ClapArgs)]
struct WhatArgs {
    #[command(flatten)]
    spec: SpecArgs,
    /// The image, where it is not the spec's
    #[arg(long, value_name = "IMAGE")]
    image: Option<String>,
}

impl WhatArgs {
    /// The spec with that image.
    fn read(&self, screen: &Screen) -> Result<Spec, Failure> {
        let mut spec = self.spec.clone();
        spec.set.extend(self.image.iter().map(|image| ("app.image".to_owned(), image.clone())));
        spec.read(screen)
    }
}

/// What runs on each host of a site; every reason why it cannot is said at once.
fn stack(spec: &Spec, site: Site, screen: &Screen) -> Result<Stack, Failure> {
    Stack::of(spec, site).map_err(|refusals| refused(&refusals, screen))
}

fn refused(refusals: &[Refusal], screen: &Screen) -> Failure {
    let Some((last, others)) = refusals.split_last() else {
        return Failure::no("it cannot be released; nothing was changed");
    };
    for refusal in others {
        screen.complain(&refusal.sentence, Some(&refusal.hint));
    }
    Failure::no(format!("{}; nothing was changed", last.sentence)).hint(last.hint.clone())
}

/// What the end of a change says to scripts.
fn exit(outcome: &Outcome) -> Exit {
    match outcome.end {
        End::Done => Exit::Done,
        End::Refused => Exit::Failed,
        End::Held => Exit::Held,
        End::WentBack => Exit::No,
        End::Stopped | End::PartWay => Exit::PartWay,
    }
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let command = match args {
        Either::Itself(args) => return release::run(args, screen),
        Either::Other(command) => command.as_ref(),
    };
    match command {
        Command::Render(args) => render::run(args, screen),
        Command::Rollback(args) => rollback::run(args, screen),
        Command::Status(args) => status::run(args, screen),
        Command::Logs(args) => logs::run(args, screen),
        Command::Unlock(args) => unlock::run(args, screen),
    }
}
