//! A world in a folder: account, journal, and one run after the other.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use loadline::apply::journal::{Holder, JournalError, Opening, Shelf, SoFar, Wanted, open};
use loadline::apply::{Ending, Means, Pace, Stop, run, settled};
use loadline::event::Event;
use loadline::plan::{Consent, Costs, Plan, Wish, make};
use loadline_contract::deploy::{Deployment, Observed, Resource};
use loadline_sim::{Fault, Options, Script, Sim};
use tokio::sync::{mpsc, watch};

use crate::toy::STAGES;

/// A minute of the cloud in two milliseconds.
pub(crate) const SPEED: f64 = 30_000.0;

pub(crate) fn deployment() -> Deployment {
    "teachers".parse().unwrap()
}

pub(crate) fn sim(folder: &Path, faults: Vec<Fault>, seed: u64) -> Arc<Sim> {
    let options = Options { speed: SPEED, script: Script::new(faults, seed), ..Options::default() };
    Arc::new(Sim::open(&folder.join("account.jsonl"), STAGES, options).unwrap())
}

pub(crate) fn shelf(folder: &Path) -> Shelf {
    Shelf::folder(&folder.join("journal")).unwrap()
}

pub(crate) fn opening(wait: Duration) -> Opening {
    Opening { by: Holder::this("me".to_owned()), why: "apply".to_owned(), tool: "0".to_owned(), wait }
}

pub(crate) fn plan(wanted: &[Resource], observed: &[Observed]) -> Plan {
    let costs = Costs::default();
    let name = deployment();
    let wish = Wish { deployment: &name, cloud: "hand", region: "north", resources: wanted, costs: &costs };
    let everything = observed.iter().map(|thing| thing.address.clone());
    let consent = Consent(everything.chain(wanted.iter().map(|it| it.address.clone())).collect());
    make(STAGES, wish, observed, &costs, &consent).unwrap()
}

/// How a run ended, the plan of it and what was heard.
pub(crate) struct Run {
    pub(crate) ending: Ending,
    pub(crate) plan: Plan,
    pub(crate) events: Vec<Event>,
}

/// One whole run: hold, look, plan, carry out, let go.
pub(crate) async fn apply(folder: &Path, sim: Arc<Sim>, wanted: &[Resource]) -> Result<Run, JournalError> {
    apply_until(folder, sim, wanted, Duration::MAX).await
}

/// The same, asked to stop after a time.
pub(crate) async fn apply_until(
    folder: &Path,
    sim: Arc<Sim>,
    wanted: &[Resource],
    stop_after: Duration,
) -> Result<Run, JournalError> {
    let (journal, history) = open(&shelf(folder), &opening(Duration::ZERO)).await?;
    let so_far: SoFar = history.so_far;
    let observed = settled(sim.as_ref(), &deployment(), (&so_far, SPEED), &mut |_| ()).await.unwrap();
    let plan = plan(wanted, &observed);
    let (events, mut inbox) = mpsc::unbounded_channel();
    let (stopper, stop) = watch::channel(Stop::No);
    let journal = Arc::new(journal);
    let written = Wanted {
        cloud: "hand".to_owned(),
        region: "north".to_owned(),
        spec: String::new(),
        resources: wanted.to_vec(),
        costs: Costs::default(),
    };
    journal.keep(vec![loadline::apply::journal::Line::Wanted(Box::new(written))]).await?;
    let means = Means {
        account: sim,
        journal: journal.clone(),
        so_far,
        pace: Pace::rehearsed(1000.0, SPEED),
        stop,
        events,
    };
    tokio::spawn(async move {
        if stop_after < Duration::MAX {
            tokio::time::sleep(stop_after).await;
            let _ = stopper.send(Stop::Finish);
        }
        std::future::pending::<()>().await;
    });
    let ending = run(&plan, means).await;
    let mut heard = Vec::new();
    while let Ok(event) = inbox.try_recv() {
        heard.push(event);
    }
    if let Some(journal) = Arc::into_inner(journal) {
        let _ = journal.close(ending.remaining()).await;
    }
    Ok(Run { ending, plan, events: heard })
}

/// Everything that exists, by address: how many.
pub(crate) fn census(sim: &Sim) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for thing in sim.things().unwrap() {
        *counts.entry(thing.address.to_string()).or_default() += 1;
    }
    counts
}

/// One of each.
pub(crate) fn one_of_each(wanted: &[Resource]) -> BTreeMap<String, usize> {
    wanted.iter().map(|resource| (resource.address.to_string(), 1)).collect()
}
