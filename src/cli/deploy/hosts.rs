//! The hosts of a release, and work on them until it is done or somebody asks for its end.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args as ClapArgs;
use indicatif::ProgressBar;
use tokio::sync::watch;

use super::super::exit::Failure;
use super::super::input::SpecArgs;
use super::super::interrupts::Interrupts;
use super::super::reach::{self, ReachArgs};
use super::super::screen::Screen;
use crate::deploy::run::{Change, Event, Host, Outcome, change};
use crate::deploy::stack::{Front, Site};
use crate::hosts::{Serial, Ssh};
use crate::report;
use crate::spec::Spec;

/// Which hosts.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct HostArgs {
    #[command(flatten)]
    pub(super) reach: ReachArgs,
    /// Hosts at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024))]
    parallel: u16,
}

/// How a change goes about it.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct HowArgs {
    /// Hosts in a batch, a number or a share; a batch takes its traffic before the next begins
    #[arg(long, value_name = "N|P%", default_value = "25%")]
    pub(super) serial: Serial,
    /// Why, for whoever finds the lock
    #[arg(long, short, value_name = "TEXT")]
    pub(super) message: Option<String>,
    /// Take over the lock of a run that is no more
    #[arg(long)]
    pub(super) take_lock: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl HowArgs {
    /// Asks whether to go on.
    pub(super) fn ask(&self, question: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        if !Screen::can_ask() {
            return Err(Failure::usage("nobody is there to be asked, so nothing was changed")
                .hint("run again with --yes"));
        }
        match Screen::ask(&format!("{question} (yes or no)"))?.as_str() {
            "yes" | "y" => Ok(()),
            _ => Err(Failure::failed("not agreed; nothing was changed")),
        }
    }
}

/// Hosts of one run.
pub(super) struct Fleet {
    pub(super) hosts: Vec<Host>,
    /// Hosts that share the load; more than those of this run where some are left out.
    pub(super) site: Site,
    pub(super) parallel: NonZeroUsize,
    pub(super) bar: ProgressBar,
    pub(super) ssh: Option<Arc<Ssh>>,
}

impl HostArgs {
    pub(super) fn fleet(&self, spec: &Spec, file: &SpecArgs, screen: &Screen) -> Result<Fleet, Failure> {
        let bar = screen.progress();
        let reached = self.reach.reach(spec, file, &bar, screen)?;
        let front = if self.reach.of_a_cloud() { Front::Balancer } else { Front::People };
        let site = Site { hosts: u32::try_from(reached.of).unwrap_or(u32::MAX), front };
        let hosts = reached.reaches.into_iter().map(Host::new).collect();
        let parallel = NonZeroUsize::new(usize::from(self.parallel)).unwrap_or(NonZeroUsize::MIN);
        Ok(Fleet { hosts, site, parallel, bar, ssh: reached.ssh })
    }
}

/// Runs work on hosts in an event loop of its own, and leaves the terminal as it was.
pub(super) fn wait_for<T>(
    fleet: &Fleet,
    screen: &Screen,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    fleet.bar.enable_steady_tick(Duration::from_millis(100));
    reach::wait_for((&fleet.bar, fleet.ssh.as_deref()), screen, "nothing was changed", work)
}

/// Looks at hosts: Ctrl-C ends it at once.
pub(super) async fn looking<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let mut interrupts = Interrupts::new()?;
    tokio::select! {
        value = work => Ok(value),
        () = interrupts.next() => Err(Failure::interrupted("interrupted; nothing was changed")),
    }
}

/// Carries a change out. The first Ctrl-C lets the batch that has begun come to its end.
pub(super) fn carry_out(fleet: &Fleet, job: &Change<'_>, screen: &Screen) -> Result<Outcome, Failure> {
    let (stopper, stop) = watch::channel(false);
    let steps = Mutex::new(());
    fleet.bar.set_length(fleet.hosts.len() as u64);
    let heard = |event: Event| {
        // One line at a time.
        let _whole = steps.lock().unwrap_or_else(PoisonError::into_inner);
        fleet.bar.set_message(report::deploy_progress(&event));
        if let Event::Done { doing: "moving the traffic", .. } = &event {
            fleet.bar.inc(1);
        }
        if let Some(line) = report::deploy_event(&event) {
            fleet.bar.suspend(|| screen.note(&line));
        }
    };
    wait_for(fleet, screen, async {
        let mut interrupts = Interrupts::new()?;
        let done = change(&fleet.hosts, job, &heard, &stop);
        tokio::pin!(done);
        let mut asked = false;
        loop {
            tokio::select! {
                outcome = &mut done => return Ok(outcome),
                () = interrupts.next() => {
                    if asked {
                        return Err(Failure::part_way(
                            "stopped at once; how far the hosts of this batch came is not known, and they stay locked",
                        )
                        .hint("loadline deploy status shows it; run the same command again with --take-lock"));
                    }
                    asked = true;
                    fleet.bar.suspend(|| screen.note(
                        "stopping: the hosts that have begun are finished, no more begin; once more to stop at once",
                    ));
                    // The run may have ended just now.
                    let _ = stopper.send(true);
                }
            }
        }
    })
}
