//! `deploy unlock`: the end of a lock that nobody gives back.

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::input::SpecArgs;
use super::super::screen::Screen;
use super::hosts::{HostArgs, looking, wait_for};
use crate::deploy::run::unlock;
use crate::report;

/// Arguments of `deploy unlock`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    hosts: HostArgs,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let spec = args.spec.read(screen)?;
    let fleet = args.hosts.fleet(&spec, &args.spec, screen)?;
    if !args.yes {
        if !Screen::can_ask() {
            return Err(Failure::usage("nobody is there to be asked, so nothing was changed")
                .hint("be sure that the run that holds the lock is no more, then run again with --yes"));
        }
        let question = format!("Is the run that holds {} surely no more? (yes or no)", spec.name);
        if !matches!(Screen::ask(&question)?.as_str(), "yes" | "y") {
            return Err(Failure::failed("not agreed; nothing was changed"));
        }
    }
    let within = args.hosts.reach.timeout;
    let name = spec.name.as_str();
    let ended = wait_for(&fleet, screen, async {
        let mut ended = Vec::new();
        for host in &fleet.hosts {
            ended.push((host.name().to_owned(), looking(unlock(host, name, within)).await?));
        }
        Ok(ended)
    })?;
    let failed = ended.iter().any(|(_, result)| result.is_err());
    screen.answer(&report::unlock_text(&ended))?;
    Ok(if failed { Exit::PartWay } else { Exit::Done })
}
