//! Who begins when.

use std::time::Duration;

use loadline::event::Happening;

use crate::support::{Run, apply, apply_until, census, one_of_each, sim};
use crate::toy::stack;

fn position(run: &Run, address: &str, wanted: fn(&Happening) -> bool) -> usize {
    let is = |event: &&loadline::event::Event| {
        run.plan.steps[event.step].address.to_string() == address && wanted(&event.what)
    };
    let found = run.events.iter().find(is).unwrap_or_else(|| panic!("{address}: {:?}", run.events));
    run.events.iter().position(|event| event == found).unwrap()
}

const BEGAN: fn(&Happening) -> bool = |it| matches!(it, Happening::Began);
const DONE: fn(&Happening) -> bool = |it| matches!(it, Happening::Done { .. });

#[tokio::test]
async fn everything_is_made_the_next_plan_is_empty_and_removing_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sim = sim(folder.path(), Vec::new(), 0);
    let first = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    assert!(first.ending.is_whole(), "{:?}", first.ending);
    assert_eq!(census(&sim), one_of_each(&stack()));
    let second = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    assert!(second.plan.is_empty());
    let gone = apply(folder.path(), sim.clone(), &[]).await.unwrap();
    assert!(gone.ending.is_whole(), "{:?}", gone.ending);
    assert!(census(&sim).is_empty());
}

#[tokio::test]
async fn what_a_step_needs_is_done_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let sim = sim(folder.path(), Vec::new(), 0);
    let made = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    for (step, begun) in
        made.plan.steps.iter().map(|step| (step, position(&made, &step.address.to_string(), BEGAN)))
    {
        for need in &step.needs {
            let need = made.plan.steps[*need].address.to_string();
            assert!(position(&made, &need, DONE) < begun, "{} began before {need} was done", step.address);
        }
    }
    let gone = apply(folder.path(), sim, &[]).await.unwrap();
    assert!(position(&gone, "database/main", DONE) < position(&gone, "subnet/a", BEGAN));
    assert!(position(&gone, "subnet/a", DONE) < position(&gone, "network/main", BEGAN));
}

#[tokio::test]
async fn a_slow_thing_holds_up_only_what_needs_it() {
    let folder = tempfile::tempdir().unwrap();
    let slow = serde_json::from_str(r#"[{"on": "firewall/app", "trouble": {"slow": 20}}]"#).unwrap();
    let sim = sim(folder.path(), slow, 0);
    let made = apply(folder.path(), sim, &stack()).await.unwrap();
    assert!(made.ending.is_whole());
    // The group stands in a later stage and does not need the firewall.
    assert!(position(&made, "group/app", DONE) < position(&made, "firewall/app", DONE));
}

#[tokio::test]
async fn asked_to_stop_a_run_begins_nothing_more_and_another_run_completes_it() {
    let folder = tempfile::tempdir().unwrap();
    let slow = serde_json::from_str(r#"[{"on": "network/main", "trouble": {"slow": 60}}]"#).unwrap();
    let sim = sim(folder.path(), slow, 0);
    let stopped = apply_until(folder.path(), sim.clone(), &stack(), Duration::from_millis(30)).await.unwrap();
    assert!(!stopped.ending.is_whole());
    assert_eq!(stopped.ending.left.len(), stack().len(), "{:?}", stopped.ending);
    assert_eq!(census(&sim).len(), 1, "only the network was begun");
    let next = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    assert!(next.ending.is_whole(), "{:?}", next.ending);
    assert_eq!(census(&sim), one_of_each(&stack()));
}
