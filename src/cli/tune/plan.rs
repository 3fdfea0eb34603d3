//! `tune plan`: what would change on each host, and why. Changes nothing.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::super::stack::wait_for;
use super::hosts::HostArgs;
use super::{PlaceArgs, ProfileArgs};
use crate::report::{self, TuneView, Tuned};
use crate::tune::run::{HostReport, State, plan};

/// Arguments of `tune plan`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    hosts: HostArgs,
    #[command(flatten)]
    place: PlaceArgs,
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
    let (spec, profile) = args.profile.read(args.place.place(), screen)?;
    let reaches = args.hosts.reach(&spec, screen)?;
    let within = args.hosts.timeout;
    let reports = wait_for(async {
        let work = |at: usize| plan(reaches[at].as_ref(), &profile, within);
        Ok(args.hosts.each(&reaches, work).await)
    })?;
    let view = TuneView { what: Tuned::Plan, profile: &profile, hosts: &reports };
    if args.json {
        screen.answer_json(&report::tune_json(view))?;
    } else {
        screen.answer(&report::tune_text(view, args.explain, &screen.look()))?;
    }
    Ok(exit(&reports, args.detailed_exitcode))
}

fn exit(reports: &[HostReport], detailed: bool) -> Exit {
    let any = |state| reports.iter().any(|report| report.state == state);
    match (any(State::Failed), detailed && any(State::ToChange)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Usage,
        (false, false) => Exit::Done,
    }
}
