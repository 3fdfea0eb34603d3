//! `tune verify`: whether hosts have what they should, now and after a boot.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::input::{Existing, write_file};
use super::super::screen::Screen;
use super::super::stack::wait_for;
use super::hosts::HostArgs;
use super::{PlaceArgs, ProfileArgs};
use crate::report::{self, TuneView, Tuned};
use crate::tune::run::{HostReport, State, plan};

/// Arguments of `tune verify`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    hosts: HostArgs,
    #[command(flatten)]
    place: PlaceArgs,
    /// Write the result as JUnit XML: a case for each setting of each host
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    junit: Option<PathBuf>,
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
    let view = TuneView { what: Tuned::Verify, profile: &profile, hosts: &reports };
    if let Some(file) = &args.junit {
        write_file(file, &report::tune_junit(view), Existing::Replace)?;
    }
    if args.json {
        screen.answer_json(&report::tune_json(view))?;
    } else {
        screen.answer(&report::tune_text(view, false, &screen.look()))?;
    }
    Ok(exit(&reports))
}

fn exit(reports: &[HostReport]) -> Exit {
    if reports.iter().all(HostReport::holds) {
        Exit::Done
    } else if reports.iter().all(|report| report.state == State::Failed) {
        Exit::Failed
    } else {
        Exit::No
    }
}
