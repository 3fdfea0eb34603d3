//! `deploy SPEC`: a new release.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::hosts::{HostArgs, HowArgs, carry_out};
use super::{WhatArgs, exit, secrets, stack};
use crate::deploy::run::{Change, Engine, Lock, Prepared};
use crate::report;

/// Arguments of `deploy`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct ReleaseArgs {
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    hosts: HostArgs,
    #[command(flatten)]
    how: HowArgs,
    /// The file with the values of the secrets, NAME=VALUE on each line; without it they are taken from the environment
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    secrets: Option<PathBuf>,
    /// Install a container engine where there is none
    #[arg(long)]
    install_engine: bool,
}

/// Who runs this, and where.
pub(super) fn who() -> String {
    let user =
        std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "somebody".to_owned());
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).take(80).collect::<String>();
    format!("{}@{}", clean(&user), clean(host.trim()))
}

/// Why, in one line.
pub(super) fn why(message: Option<&str>, otherwise: String) -> String {
    let text = message.map_or(otherwise, str::to_owned);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// A name for a run that nobody else has.
pub(super) fn token() -> String {
    format!("{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>())
}

pub(super) fn run(args: &ReleaseArgs, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.what.read(screen)?;
    let fleet = args.hosts.fleet(&spec, &args.what.spec, screen)?;
    let stack = stack(&spec, fleet.site, screen)?;
    let secrets = secrets::collected(&stack.secrets, args.secrets.as_deref(), screen)?;
    for remark in &stack.remarks {
        screen.note(&format!("note: {remark}"));
    }
    args.how.ask(&format!(
        "Release {} to {} as {}?",
        stack.image,
        report::hosts(fleet.hosts.len()),
        stack.name
    ))?;
    let now = jiff::Timestamp::now();
    let at = now.strftime("%Y%m%dt%H%M%S");
    let engine = if args.install_engine { Engine::Install } else { Engine::Demand };
    let job = Change {
        to: format!("{at}-{:04x}", rand::random::<u16>()),
        made: Some(Prepared { secrets, engine }),
        who: who(),
        why: why(args.how.message.as_deref(), format!("release of {}", stack.image)),
        token: token(),
        now_s: now.as_second(),
        within: args.hosts.reach.timeout,
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
