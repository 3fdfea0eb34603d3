//! Specs and tests of a few seconds.

use std::sync::Mutex;

use loadline::load::Event;
use loadline::load::engine::{Means, Trust, Unusable, run};
use loadline::load::judge::{Answer, Judge};
use loadline::load::measured::Level;
use loadline::load::plan::{Drive, Target, Test, kinds};
use loadline::spec::{Spec, Vocabulary, read};
use tokio::sync::watch;

/// 80 pages for 20 saves of 2 KiB, a tenth of a second of thought.
pub(crate) const SPEC: &str = "version: 1
name: shop
load: { users: 40, think: 100 ms }
requests:
  - { name: page, share: 80 %, cpu: 1 ms, wait: 20 ms, path: '/pages?sort=new' }
  - { name: save, share: 20 %, cpu: 1 ms, wait: 20 ms, method: POST, path: /save, upload: 2 KiB }
objectives: { mean: 60 ms, p95: 120 ms }
";

pub(crate) fn spec() -> Spec {
    read("shop.yaml", SPEC.as_bytes(), &Vocabulary { clouds: Vec::new() }, &[]).unwrap()
}

/// A test of three seconds, the first of which is not counted.
pub(crate) fn test(url: &str, drive: Drive) -> Test {
    let spec = spec();
    Test {
        target: Target::read(url).unwrap(),
        kinds: kinds(&spec),
        think_s: spec.load.think_s.mid,
        levels: vec![drive],
        ramp_s: 0.5,
        warm_up_s: 0.5,
        duration_s: 2.0,
        timeout_s: 5.0,
        stop_share: 0.5,
        seed: 7,
    }
}

pub(crate) fn means() -> Means {
    Means { headers: Vec::new(), trust: Trust::System, requests_per_connection: u64::MAX }
}

/// Drives a test to its end; its levels and what happened.
pub(crate) fn driven(test: &Test, means: &Means) -> Result<(Vec<Level>, Vec<Event>), Unusable> {
    let (_keep, stop) = watch::channel(false);
    let events = Mutex::new(Vec::new());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let levels = runtime.block_on(run(test, means, &stop, &|event| events.lock().unwrap().push(event)))?;
    Ok((levels, events.into_inner().unwrap()))
}

/// The only level of a test.
pub(crate) fn level(test: &Test) -> Level {
    let (mut levels, _) = driven(test, &means()).unwrap();
    assert_eq!(levels.len(), 1);
    levels.remove(0)
}

/// A level, judged as the whole of a test.
pub(crate) fn judged(level: Level) -> Answer {
    let full = level.drive;
    Judge::new(&spec()).judge(vec![level], full)
}
