//! `load SPEC`: the test, judged.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::input::folder_of;
use super::super::screen::Screen;
#[cfg(feature = "load")]
use super::send::drive;
use super::sender::SenderArgs;
use super::what::WhatArgs;
#[cfg(not(feature = "load"))]
use super::without::drive;

/// Arguments of `load`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct DriveArgs {
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    pub(super) sender: SenderArgs,
    /// A header of every request whose value is that of a variable of the environment, such as Authorization=TOKEN; may be repeated
    #[arg(long, value_name = "NAME=VARIABLE")]
    pub(super) header: Vec<String>,
    /// Certificates, PEM, to trust instead of this machine's
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) ca: Option<PathBuf>,
    /// Send to a target that the spec does not name as its own
    #[arg(long)]
    i_own_this_target: bool,
    /// Write the JSON to this file as well, for `loadline calibrate`
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) out: Option<PathBuf>,
    /// Write the result as a page to this file as well; `-` prints the page instead
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) html: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &DriveArgs, screen: &Screen) -> Result<Exit, Failure> {
    if args.json && args.html.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("--json and --html - both want standard output; nothing was sent")
            .hint("--html FILE writes the page beside the JSON"));
    }
    // Said now, and not after half an hour of requests.
    for path in args.out.iter().chain(&args.html) {
        if !folder_of(path).is_dir() {
            let said =
                format!("{} cannot be written: there is no such folder; nothing was sent", path.display());
            return Err(Failure::usage(said));
        }
    }
    let (spec, test, full) = args.what.test(screen)?;
    if !args.i_own_this_target && !test.target.is_owned_by(&spec) {
        return Err(Failure::usage(format!(
            "{} is no target that the spec names as its own (app.url, hosts, this machine); nothing was sent",
            test.target.shown()
        ))
        .hint(
            "a load test of somebody else's service is an attack; if it is yours, add --i-own-this-target",
        ));
    }
    let by_locust = args.sender.is_locust(&test)?;
    drive(args, &spec, &test, (full, by_locust), screen)
}
