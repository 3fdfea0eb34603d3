//! `tune apply`: brings hosts to what the load needs.

use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::super::exit::{Exit, Failure};
use super::super::input::time;
use super::super::screen::Screen;
use super::fleet::Touch;
use super::{AimArgs, Form, last_run};
use crate::report::{self, TuneView, Tuned};
use crate::tune::changes::Restart;
use crate::tune::judge::Verdict;
use crate::tune::run::{Confirm, Go, HostReport, State, apply};

/// Arguments of `tune apply`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Args {
    #[command(flatten)]
    aim: AimArgs,
    #[command(flatten)]
    how: HowArgs,
    /// Let each host take the change back after this time, unless it can be reached anew and is no worse
    #[arg(long, value_name = "TIME", value_parser = time)]
    confirm_within: Option<Duration>,
}

/// What commands that change hosts share.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(super) struct HowArgs {
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
    /// Restart services that have less than their unit gives them
    #[arg(long)]
    restart_services: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl HowArgs {
    pub(super) fn restart(self) -> Restart {
        if self.restart_services { Restart::Services } else { Restart::Leave }
    }

    /// Asks a person, unless that was answered on the command line.
    pub(super) fn ask(self, question: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        if !Screen::can_ask() {
            return Err(Failure::usage("nobody is there to be asked, so nothing was changed")
                .hint("look at loadline tune plan, then run again with --yes"));
        }
        match Screen::ask(&format!("{question} (yes or no)"))?.as_str() {
            "yes" | "y" => Ok(()),
            _ => Err(Failure::failed("not agreed; nothing was changed")),
        }
    }
}

pub(in super::super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let AimArgs { profile: profile_args, hosts, place } = &args.aim;
    let (spec, profile) = profile_args.read(place.place(), screen)?;
    let fleet = hosts.fleet(&spec, &profile_args.spec, screen)?;
    args.how.ask(&format!(
        "Tune {} as {} hosts of {}?",
        report::hosts(fleet.len()),
        profile.name,
        spec.name
    ))?;
    let confirm = match args.confirm_within {
        Some(time) => Confirm::Within(time, token(&spec.name)),
        None => Confirm::No,
    };
    let go = Arc::new(Go { within: hosts.reach.timeout, restart: args.how.restart(), confirm });
    let profile = Arc::new(profile);
    let reports = fleet.work(("tuning hosts", Touch::Changes), screen, |reach| {
        let (profile, go) = (Arc::clone(&profile), Arc::clone(&go));
        async move { apply(reach.as_ref(), &profile, &go).await }
    })?;
    last_run::remember(&spec.name, &reports, screen);
    let view = TuneView { what: Tuned::Apply, profile: &profile, hosts: &reports };
    Form::json_if(args.how.json).print(view, screen)?;
    Ok(exit(&reports))
}

/// Names a run that waits to be confirmed; two runs never share a name.
fn token(name: &str) -> String {
    format!("{name}-{:016x}", rand::random::<u64>())
}

/// Failed where nothing was changed anywhere; part-way where something was; no where something wanted cannot be had.
pub(super) fn exit(reports: &[HostReport]) -> Exit {
    let any = |states: &[State]| reports.iter().any(|report| states.contains(&report.state));
    let changed = [State::Changed, State::PartWay, State::Reverted];
    if any(&[State::PartWay]) || any(&changed) && any(&[State::Failed, State::Held, State::NotBegun]) {
        Exit::PartWay
    } else if any(&[State::Failed, State::NotBegun]) {
        Exit::Failed
    } else if any(&[State::Held]) {
        Exit::Held
    } else if reports.iter().any(cannot_be_had) {
        Exit::No
    } else {
        Exit::Done
    }
}

/// Whether something wanted is not there after everything was done; a restart that nobody allowed is no such thing.
fn cannot_be_had(report: &HostReport) -> bool {
    report.short().any(|it| it.verdict != Verdict::RestartNeeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(states: &[State]) -> Exit {
        exit(&states.iter().map(|state| HostReport::without("a", *state)).collect::<Vec<_>>())
    }

    #[test]
    fn the_code_says_whether_anything_was_changed_anywhere() {
        assert_eq!(of(&[State::Changed, State::AsWanted]), Exit::Done);
        assert_eq!(of(&[State::AsWanted, State::Failed]), Exit::Failed);
        assert_eq!(of(&[State::Changed, State::Failed]), Exit::PartWay);
        assert_eq!(of(&[State::Changed, State::NotBegun]), Exit::PartWay);
        assert_eq!(of(&[State::PartWay]), Exit::PartWay);
        assert_eq!(of(&[State::AsWanted, State::Held]), Exit::Held);
    }
}
