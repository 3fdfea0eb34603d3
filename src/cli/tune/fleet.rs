//! Work on every host of a run: many at once, with a line of progress, until it is done or somebody asks for its end.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::ProgressBar;
use tokio::sync::watch;

use super::super::exit::Failure;
use super::super::interrupts::Interrupts;
use super::super::reach::wait_for;
use super::super::screen::Screen;
use crate::hosts::{HostError, HostProgress, Outcome, Reach, Ssh, Way, each};
use crate::tune::run::{HostReport, State};

/// Ways to every host of a run.
pub(super) struct Fleet {
    pub(super) reaches: Vec<Arc<dyn Reach>>,
    pub(super) way: Way,
    pub(super) bar: ProgressBar,
    pub(super) ssh: Option<Arc<Ssh>>,
}

/// Whether work on hosts changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// It only looks.
    Looks,
    /// It changes them: what has begun on a host is brought to its end.
    Changes,
}

impl Fleet {
    /// How many hosts there are.
    pub(super) fn len(&self) -> usize {
        self.reaches.len()
    }

    /// Works on every host; what came of them stands in their order.
    pub(super) fn work<W, F>(
        self,
        (doing, touch): (&'static str, Touch),
        screen: &Screen,
        work: W,
    ) -> Result<Vec<HostReport>, Failure>
    where
        W: Fn(Arc<dyn Reach>) -> F,
        F: Future<Output = HostReport> + Send + 'static,
    {
        let work = self.run(doing, touch, screen, work);
        wait_for((&self.bar, self.ssh.as_deref()), screen, "nothing was changed", work)
    }

    async fn run<W, F>(
        &self,
        doing: &'static str,
        touch: Touch,
        screen: &Screen,
        work: W,
    ) -> Result<Vec<HostReport>, Failure>
    where
        W: Fn(Arc<dyn Reach>) -> F,
        F: Future<Output = HostReport> + Send + 'static,
    {
        self.bar.set_length(self.len() as u64);
        self.bar.set_message(doing);
        self.bar.enable_steady_tick(Duration::from_millis(100));
        let (stopper, stop) = watch::channel(false);
        let busy = Mutex::new(BTreeSet::new());
        let now_busy = || busy.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = |host: &Arc<dyn Reach>, what| {
            let mut busy = now_busy();
            match what {
                HostProgress::Begun => drop(busy.insert(host.name().to_owned())),
                HostProgress::Done | HostProgress::Failed => {
                    busy.remove(host.name());
                    self.bar.inc(1);
                    self.bar.set_message(waiting(doing, &busy));
                }
            }
        };
        let done = each(self.reaches.clone(), self.way, &stop, heard, |reach| {
            let ran = work(reach);
            async move { Ok::<_, HostError>(ran.await) }
        });
        tokio::pin!(done);
        let mut interrupts = Interrupts::new()?;
        let mut asked = 0;
        let outcomes = loop {
            tokio::select! {
                outcomes = &mut done => break outcomes,
                () = interrupts.next() => {
                    asked += 1;
                    if touch == Touch::Looks {
                        return Err(Failure::interrupted("interrupted; nothing was changed"));
                    }
                    if asked > 1 {
                        let names = now_busy().iter().cloned().collect::<Vec<_>>().join(", ");
                        return Err(Failure::part_way(format!(
                            "stopped at once; how far it came is not known on {names}"
                        ))
                        .hint("run the same command again: it goes on from what is there"));
                    }
                    self.bar.suspend(|| screen.note(
                        "stopping: hosts that have begun are finished, no more begin; once more to stop at once",
                    ));
                    // The run may have ended just now.
                    let _ = stopper.send(true);
                }
            }
        };
        let report = |(reach, outcome): (Arc<dyn Reach>, Outcome<HostReport>)| match outcome {
            Outcome::Done(report) => report,
            Outcome::Failed(error) => HostReport::broken(reach.name(), &error),
            Outcome::NotBegun => HostReport::without(reach.name(), State::NotBegun),
        };
        Ok(outcomes.into_iter().map(report).collect())
    }
}

/// What is being done, and who keeps everybody waiting.
fn waiting(doing: &str, busy: &BTreeSet<String>) -> String {
    const SHOWN: usize = 2;
    if busy.is_empty() || busy.len() > SHOWN {
        return doing.to_owned();
    }
    let names: Vec<&str> = busy.iter().map(String::as_str).collect();
    format!("{doing}, waiting for {}", names.join(", "))
}
