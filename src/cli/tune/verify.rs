//! `tune verify`: whether hosts have what they should, now and after a boot.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::input::{Existing, write_file};
use super::super::screen::Screen;
use super::{AimArgs, Form};
use crate::report::{self, TuneView, Tuned};
use crate::tune::run::{HostReport, State};

/// Arguments of `tune verify`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    aim: AimArgs,
    /// Write the result as JUnit XML: a case for each setting of each host
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    junit: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let (profile, reports) = args.aim.look(screen)?;
    let view = TuneView { what: Tuned::Verify, profile: &profile, hosts: &reports };
    if let Some(file) = &args.junit {
        write_file(file, &report::tune_junit(view), Existing::Replace)?;
    }
    Form::json_if(args.json).print(view, screen)?;
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
