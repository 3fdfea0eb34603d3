//! What goes wrong, and what is left of it.

use loadline_contract::deploy::ErrorClass;
use loadline_sim::{Fault, Trouble};

use crate::support::{apply, census, one_of_each, sim};
use crate::toy::stack;

fn fault(trouble: Trouble) -> Fault {
    Fault { on: None, action: None, from: 1, times: None, percent: 100, trouble }
}

const PASSING: [Trouble; 4] =
    [Trouble::Throttle, Trouble::ServerError, Trouble::DropBefore, Trouble::LostAnswer];

#[tokio::test]
async fn whichever_call_fails_once_and_however_the_world_is_the_same() {
    for trouble in PASSING {
        for nth in 1..=14 {
            let folder = tempfile::tempdir().unwrap();
            let once = Fault { from: nth, times: Some(1), ..fault(trouble) };
            let sim = sim(folder.path(), vec![once], 0);
            let made = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
            assert!(made.ending.is_whole(), "{trouble:?} at {nth}: {:?}", made.ending);
            assert_eq!(census(&sim), one_of_each(&stack()), "{trouble:?} at {nth}");
            let gone = apply(folder.path(), sim.clone(), &[]).await.unwrap();
            assert!(gone.ending.is_whole(), "{trouble:?} at {nth}: {:?}", gone.ending);
            assert!(census(&sim).is_empty(), "{trouble:?} at {nth}");
        }
    }
}

#[tokio::test]
async fn a_fifth_of_the_calls_may_fail_in_every_way_that_passes() {
    for seed in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let some = PASSING.map(|trouble| Fault { percent: 5, ..fault(trouble) });
        let sim = sim(folder.path(), some.to_vec(), seed);
        let made = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
        assert!(made.ending.is_whole(), "seed {seed}: {:?}", made.ending);
        assert_eq!(census(&sim), one_of_each(&stack()), "seed {seed}");
    }
}

#[tokio::test]
async fn a_refusal_stops_what_depends_on_it_and_nothing_else() {
    for (trouble, class) in [
        (Trouble::Deny, ErrorClass::NotAllowed { permission: None }),
        (Trouble::OverQuota, ErrorClass::OverQuota),
        (Trouble::OutOfCapacity, ErrorClass::OutOfCapacity),
        (Trouble::Expired, ErrorClass::NotAuthenticated),
        (Trouble::FailLater, ErrorClass::Unexpected),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let only = Fault { on: Some("subnet".to_owned()), times: Some(1), ..fault(trouble) };
        let sim = sim(folder.path(), vec![only], 0);
        let made = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
        let name = |step: usize| made.plan.steps[step].address.to_string();
        let failed: Vec<String> = made.ending.failed.iter().map(|(step, _)| name(*step)).collect();
        let skipped: Vec<String> = made.ending.skipped.iter().map(|(step, _)| name(*step)).collect();
        assert_eq!(failed, ["subnet/a"], "{trouble:?}");
        assert_eq!(made.ending.failed[0].1.class, class);
        assert_eq!(skipped, ["database/main", "group/app"], "{trouble:?}");
        assert_eq!(made.ending.done.len(), 2, "network and firewall");
        let next = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
        assert!(next.ending.is_whole(), "{trouble:?}: {:?}", next.ending);
        assert_eq!(census(&sim), one_of_each(&stack()), "{trouble:?}");
    }
}

#[tokio::test]
async fn what_no_list_shows_yet_is_not_made_twice() {
    let folder = tempfile::tempdir().unwrap();
    let faults: Vec<Fault> = serde_json::from_str(
        r#"[{"on": "network", "times": 1, "trouble": {"hidden": 0.1}},
            {"on": "network", "from": 2, "times": 3, "trouble": "server-error"}]"#,
    )
    .unwrap();
    let sim = sim(folder.path(), faults, 0);
    let made = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    assert!(made.ending.is_whole(), "{:?}", made.ending);
    assert_eq!(census(&sim), one_of_each(&stack()));
}

#[tokio::test]
async fn what_somebody_else_removed_or_changed_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let sim = sim(folder.path(), Vec::new(), 0);
    apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    let find = |kind: &str| sim.things().unwrap().into_iter().find(|it| it.address.kind() == kind).unwrap();
    sim.put(find("group").removed()).unwrap();
    sim.put(find("firewall").with("port", 22_u32.into())).unwrap();
    let mended = apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    assert_eq!(mended.plan.steps.len(), 2);
    assert!(mended.ending.is_whole(), "{:?}", mended.ending);
    assert!(apply(folder.path(), sim.clone(), &stack()).await.unwrap().plan.is_empty());
}

#[tokio::test]
async fn what_belongs_to_somebody_else_is_never_touched() {
    let folder = tempfile::tempdir().unwrap();
    let sim = sim(folder.path(), Vec::new(), 0);
    apply(folder.path(), sim.clone(), &stack()).await.unwrap();
    let mine = sim.things().unwrap();
    for (number, thing) in mine.iter().enumerate() {
        let theirs = loadline_sim::Thing {
            id: format!("theirs-{number}"),
            deployment: "teachers-2".parse().unwrap(),
            ..thing.clone()
        };
        sim.put(theirs).unwrap();
    }
    let gone = apply(folder.path(), sim.clone(), &[]).await.unwrap();
    assert!(gone.ending.is_whole(), "{:?}", gone.ending);
    assert_eq!(census(&sim), one_of_each(&stack()));
    assert!(sim.things().unwrap().iter().all(|it| it.deployment.as_str() == "teachers-2"));
}
