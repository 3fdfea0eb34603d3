//! `tune plan`: what would change on each host, and why. Changes nothing.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::{AimArgs, Form};
use crate::report::{TuneView, Tuned};
use crate::tune::run::{HostReport, State};

/// Arguments of `tune plan`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    aim: AimArgs,
    /// Show every setting with its reasons, those that stay too
    #[arg(long)]
    explain: bool,
    /// Exit 2 when there is something to do, 0 when there is nothing
    #[arg(long)]
    detailed_exitcode: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let (profile, reports) = args.aim.look(screen)?;
    let view = TuneView { what: Tuned::Plan, profile: &profile, hosts: &reports };
    let form = if args.explain && !args.json { Form::Explained } else { Form::json_if(args.json) };
    form.print(view, screen)?;
    Ok(exit(&reports, args.detailed_exitcode))
}

fn exit(reports: &[HostReport], detailed: bool) -> Exit {
    let any = |state| reports.iter().any(|report| report.state == state);
    match (any(State::Failed) || any(State::NotBegun), detailed && any(State::ToChange)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Usage,
        (false, false) => Exit::Done,
    }
}
