//! `tune revert`: brings hosts back to what they were before the first apply.

use std::sync::Arc;

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::apply::{HowArgs, exit};
use super::fleet::Touch;
use super::hosts::HostArgs;
use super::{Form, ProfileArgs, last_run};
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
    let fleet = args.hosts.fleet(&spec, &args.profile.spec, screen)?;
    args.how.ask(&format!("Bring {} back to what was there before?", report::hosts(fleet.len())))?;
    let go =
        Arc::new(Go { within: args.hosts.reach.timeout, restart: args.how.restart(), confirm: Confirm::No });
    let profile = Arc::new(profile);
    let reports = fleet.work(("bringing hosts back", Touch::Changes), screen, |reach| {
        let (profile, go) = (Arc::clone(&profile), Arc::clone(&go));
        async move { revert(reach.as_ref(), &profile.units, &go).await }
    })?;
    last_run::remember(&spec.name, &reports, screen);
    let view = TuneView { what: Tuned::Revert, profile: &profile, hosts: &reports };
    Form::json_if(args.how.json).print(view, screen)?;
    Ok(exit(&reports))
}
