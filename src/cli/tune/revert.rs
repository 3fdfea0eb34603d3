//! `tune revert`: brings hosts back to what they were before the first apply.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::super::stack::wait_for;
use super::apply::{HowArgs, exit};
use super::hosts::HostArgs;
use super::{Form, ProfileArgs};
use crate::report::{self, TuneView, Tuned};
use crate::tune::profile::Place;
use crate::tune::run::{Confirm, Go, revert};

/// Arguments of `tune revert`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    hosts: HostArgs,
    #[command(flatten)]
    how: HowArgs,
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let (spec, profile) = args.profile.read(Place::default(), screen)?;
    let reaches = args.hosts.reach(&spec, screen)?;
    args.how.ask(&format!("Bring {} back to what was there before?", report::hosts(reaches.len())))?;
    let go = Go { within: args.hosts.timeout, restart: args.how.restart(), confirm: Confirm::No };
    let reports = wait_for(async {
        let work = |at: usize| revert(reaches[at].as_ref(), &profile.units, &go);
        Ok(args.hosts.each(&reaches, work).await)
    })?;
    args.hosts.remember(&spec, &reports, screen);
    let view = TuneView { what: Tuned::Revert, profile: &profile, hosts: &reports };
    Form::json_if(args.how.json).print(view, screen)?;
    Ok(exit(&reports))
}
