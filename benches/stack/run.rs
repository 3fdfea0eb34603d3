//! One run of the engine on a rehearsal account whose calls really take their time, with a journal in a folder.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use loadline::apply::journal::{Holder, Opening, Shelf, open};
use loadline::apply::{Means, Pace, Stop, observe, run};
use loadline::plan::{Consent, Costs, Wish, make};
use loadline_contract::deploy::{Address, Billed, Contents, Deployment, KindRule, Resource, Value};
use loadline_sim::{Options, Sim};
use tokio::sync::{mpsc, watch};

const NOTHING: [&[&str]; 4] = [&[], &[], &[], &[]];

const fn kind(kind: &'static str) -> KindRule {
    KindRule {
        kind,
        title: kind,
        settings: &[],
        contents: Contents::Nothing,
        billed: Billed::Free,
        // The call is all the time that it takes.
        minutes: [0.0; 3],
        permissions: NOTHING,
    }
}

const STAGES: &[&[KindRule]] = &[&[kind("network")], &[kind("subnet")], &[kind("machine")]];

fn address(text: &str) -> Address {
    text.parse().expect("kind and name")
}

/// A network, a subnet for each ten machines, and machines: so many in all.
pub(crate) fn resources(count: usize) -> Vec<Resource> {
    let network = address("network/main");
    let subnets = (count - 1) / 11;
    let subnet = |number: usize| address(&format!("subnet/s{number}"));
    let mut all = vec![Resource::new(network.clone(), [])];
    all.extend((0..subnets).map(|number| Resource::new(subnet(number), [("network", Value::of(&network))])));
    all.extend((0..count - 1 - subnets).map(|number| {
        let settings = [("subnet", Value::of(&subnet(number % subnets))), ("size", "m.4".into())];
        Resource::new(address(&format!("machine/m{number}")), settings)
    }));
    all
}

/// Waits as the program does: one thread.
pub(crate) fn wait_for<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event loop");
    runtime.block_on(work)
}

/// Looks, plans and runs until everything is as wanted; gives the time of the run alone, and its calls.
pub(crate) fn carry_out(
    folder: &Path,
    wanted: &[Resource],
    (latency, parallel): (Duration, usize),
) -> (Duration, usize) {
    let deployment: Deployment = "bench".parse().expect("a name");
    let options = Options { call: latency, ..Options::default() };
    let sim = Sim::open(&folder.join("account.jsonl"), STAGES, options).expect("the folder can be written");
    let sim = Arc::new(sim);
    let opening = Opening {
        by: Holder::this("bench".to_owned()),
        why: "apply".to_owned(),
        tool: "0".to_owned(),
        wait: Duration::ZERO,
    };
    let costs = Costs::default();
    let wish =
        Wish { deployment: &deployment, cloud: "hand", region: "north", resources: wanted, costs: &costs };
    wait_for(async {
        let observed = observe(sim.as_ref(), &deployment, 1.0).await.expect("the account answers");
        let plan = make(STAGES, wish, &observed, &costs, &Consent::default()).expect("nothing is refused");
        let shelf = Shelf::folder(&folder.join("journal")).expect("the folder can be written");
        let (journal, history) = open(&shelf, &opening).await.expect("nobody holds it");
        let (events, mut inbox) = mpsc::unbounded_channel();
        let (_stopper, stop) = watch::channel(Stop::No);
        let journal = Arc::new(journal);
        let pace = Pace { parallel, ..Pace::real(1e6) };
        let so_far = history.so_far;
        let means = Means { account: sim, journal: journal.clone(), so_far, pace, stop, events };
        let began = Instant::now();
        let ending = run(&plan, means).await;
        let took = began.elapsed();
        assert!(ending.is_whole(), "{ending:?}");
        while inbox.try_recv().is_ok() {}
        let journal = Arc::into_inner(journal).expect("the run has let go of it");
        journal.close(0).await.expect("the disk has room");
        (took, plan.steps.len())
    })
}
