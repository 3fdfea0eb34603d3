//! `deploy status`: what runs on each host.

use std::time::Duration;

use clap::Args as ClapArgs;
use futures_util::StreamExt as _;

use super::super::exit::{Exit, Failure};
use super::super::input::SpecArgs;
use super::super::screen::Screen;
use super::hosts::{Fleet, HostArgs, looking, wait_for};
use crate::deploy::run::{Seen, Trouble, look};
use crate::report;

/// Arguments of `deploy status`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    hosts: HostArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was seen on each host, in their order.
pub(super) async fn seen(
    fleet: &Fleet,
    name: &str,
    within: Duration,
) -> Vec<(String, Result<Seen, Trouble>)> {
    fleet.bar.set_length(fleet.hosts.len() as u64);
    fleet.bar.set_message("looking at hosts");
    let looked = futures_util::stream::iter(fleet.hosts.iter().map(|host| async move {
        let seen = look(host, name, within).await;
        fleet.bar.inc(1);
        (host.name().to_owned(), seen)
    }));
    looked.buffered(fleet.parallel.get()).collect().await
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.spec.read(screen)?;
    let fleet = args.hosts.fleet(&spec, &args.spec, screen)?;
    let found = wait_for(&fleet, screen, looking(seen(&fleet, &spec.name, args.hosts.reach.timeout)))?;
    let answer = report::DeployStatus::of(&spec.name, &found);
    if args.json {
        screen.answer_json(&answer.json())?;
    } else {
        screen.answer(&answer.text(&screen.look()))?;
    }
    Ok(if answer.is_well() { Exit::Done } else { Exit::No })
}
