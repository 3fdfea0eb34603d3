//! `deploy rollback`: hosts back to a release that they kept.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::hosts::{Fleet, HostArgs, HowArgs, carry_out, looking, wait_for};
use super::release::{token, who, why};
use super::status::seen;
use super::{WhatArgs, exit, stack};
use crate::deploy::run::{Change, Lock, Seen};
use crate::report;

/// Arguments of `deploy rollback`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    hosts: HostArgs,
    #[command(flatten)]
    how: HowArgs,
    /// The release; without it the newest that every host kept from before the one that it has
    #[arg(long, value_name = "ID")]
    to: Option<String>,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.what.read(screen)?;
    let fleet = args.hosts.fleet(&spec, &args.what.spec, screen)?;
    let stack = stack(&spec, fleet.site, screen)?;
    let within = args.hosts.reach.timeout;
    let to = match &args.to {
        Some(id) => id.clone(),
        None => newest_before(&fleet, &spec.name, within, screen)?,
    };
    args.how.ask(&format!(
        "Bring {} of {} back to release {to}?",
        report::hosts(fleet.hosts.len()),
        stack.name
    ))?;
    // Another bar: the first one ended with the look.
    let fleet = Fleet { bar: screen.progress(), ..fleet };
    let job = Change {
        why: why(args.how.message.as_deref(), format!("back to release {to}")),
        to,
        made: None,
        who: who(),
        token: token(),
        now_s: jiff::Timestamp::now().as_second(),
        within,
        serial: Some(args.how.serial),
        parallel: fleet.parallel,
        lock: if args.how.take_lock { Lock::TakeOver } else { Lock::Respect },
        stack: &stack,
    };
    let outcome = carry_out(&fleet, &job, screen)?;
    if args.how.json {
        screen.answer_json(&report::change_json(&job, &outcome))?;
    } else {
        screen.answer(&report::change_text(&job, &outcome, &screen.look()))?;
    }
    Ok(exit(&outcome))
}

/// The newest release that every host has kept and that is older than the one that it has.
fn newest_before(
    fleet: &Fleet,
    name: &str,
    within: std::time::Duration,
    screen: &Screen,
) -> Result<String, Failure> {
    let found = wait_for(fleet, screen, looking(seen(fleet, name, within)))?;
    let mut all: Vec<Seen> = Vec::new();
    for (host, seen) in found {
        match seen {
            Ok(seen) => all.push(seen),
            Err(trouble) => {
                return Err(Failure::failed(format!("{host}: {}; nothing was changed", trouble.sentence))
                    .hint("leave it out with --limit, or name the release with --to"));
            }
        }
    }
    let older = |seen: &Seen, id: &str| {
        seen.release(id).is_some() && seen.current.as_deref().is_some_and(|now| id < now)
    };
    let candidates = all.first().map_or(&[][..], |seen| &seen.releases);
    candidates
        .iter()
        .find(|release| all.iter().all(|seen| older(seen, &release.id)))
        .map(|release| release.id.clone())
        .ok_or_else(|| {
            Failure::no("there is no older release that every host has kept; nothing was changed")
                .hint("loadline deploy status lists what each host has")
        })
}
