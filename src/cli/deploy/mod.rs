//! `deploy`: the release of the application. One file for each subcommand; what they share is here.

mod render;

use clap::{Args as ClapArgs, Subcommand};

use super::exit::{Exit, Failure};
use super::input::SpecArgs;
use super::screen::Screen;
use crate::deploy::stack::{Refusal, Site, Stack};
use crate::spec::Spec;

/// Arguments of `deploy`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What else there is about releases.
#[derive(Debug, Subcommand)]
enum Command {
    /// Write the files of a release into a folder; no host is looked at
    Render(render::Args),
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

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    match &args.command {
        Command::Render(args) => render::run(args, screen),
    }
}
