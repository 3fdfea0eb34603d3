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

use super::exit::{Exit, Failure};
use super::input::SpecArgs;
use super::screen::Screen;
use crate::deploy::run::{End, Outcome};
use crate::deploy::stack::{Refusal, Site, Stack};
use crate::spec::Spec;

/// Arguments of `deploy`.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    release: Option<release::Args>,
}

/// What else there is about releases.
#[derive(Debug, Subcommand)]
enum Command {
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
    match (&args.command, &args.release) {
        (Some(Command::Render(args)), _) => render::run(args, screen),
        (Some(Command::Rollback(args)), _) => rollback::run(args, screen),
        (Some(Command::Status(args)), _) => status::run(args, screen),
        (Some(Command::Logs(args)), _) => logs::run(args, screen),
        (Some(Command::Unlock(args)), _) => unlock::run(args, screen),
        (None, Some(args)) => release::run(args, screen),
        (None, None) => Err(Failure::usage("no spec was named; nothing was changed")
            .hint("loadline deploy SPEC, or loadline deploy --help")),
    }
}
