//! The journal: what it keeps, whom it keeps out, and what becomes of a damaged one.

use std::time::Duration;

use jiff::Timestamp;
use loadline::apply::journal::{CallResult, Entry, Holder, JournalError, Line, SCHEMA, open, read};

use crate::support::{apply, apply_until, opening, shelf, sim};
use crate::toy::stack;

fn entries(folder: &std::path::Path) -> Vec<Entry> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder.join("journal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().map(|name| serde_json::from_slice(&std::fs::read(name).unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn every_call_has_its_intent_before_and_its_outcome_after() {
    let folder = tempfile::tempdir().unwrap();
    apply(folder.path(), sim(folder.path(), Vec::new(), 0), &stack()).await.unwrap();
    let entries = entries(folder.path());
    let mut open = std::collections::BTreeSet::new();
    let mut done = 0;
    for (entry, number) in entries.iter().zip(1..) {
        assert_eq!(entry.number, number);
        for line in &entry.lines {
            match line {
                Line::Intent(intent) => assert!(open.insert(intent.token.clone())),
                Line::Outcome { token, result } => {
                    assert_eq!(*result, CallResult::Done);
                    assert!(open.remove(token), "an outcome without an intent");
                    done += 1;
                }
                _ => {}
            }
        }
    }
    assert_eq!((done, open.len()), (stack().len(), 0));
    let history = read(&shelf(folder.path())).await.unwrap();
    assert_eq!(history.so_far.wanted.unwrap().resources, stack());
    assert_eq!(history.run.unwrap().closed, Some(0));
}

#[tokio::test]
async fn what_was_being_made_when_a_run_stopped_stays_open_for_the_next() {
    let slow = r#"{"on": "database", "times": 1, "trouble": {"slow": 20000}}"#;
    let throttled = r#"{"on": "database", "from": 2, "trouble": "throttle"}"#;
    for faults in [format!("[{slow}]"), format!("[{slow}, {throttled}]")] {
        let folder = tempfile::tempdir().unwrap();
        let sim = sim(folder.path(), serde_json::from_str(&faults).unwrap(), 0);
        let stopped = apply_until(folder.path(), sim, &stack(), Duration::from_millis(100)).await.unwrap();
        assert!(!stopped.ending.is_whole(), "{faults}");
        let open = read(&shelf(folder.path())).await.unwrap().so_far.open;
        let open: Vec<String> = open.values().map(|intent| intent.address.to_string()).collect();
        assert_eq!(open, ["database/main"], "{faults}");
    }
}

#[tokio::test]
async fn a_second_run_is_refused_with_who_and_why_until_the_first_lets_go() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _) = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap();
    let refused = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap_err();
    assert!(matches!(&refused, JournalError::Held { why, .. } if why == "apply"), "{refused}");
    assert!(refused.to_string().contains("me on "), "{refused}");
    let waiting = tokio::spawn({
        let shelf = shelf(folder.path());
        async move { open(&shelf, &opening(Duration::from_secs(20))).await.map(|_| ()) }
    });
    first.close(0).await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_run_whose_process_is_gone_is_taken_over_at_once_and_one_elsewhere_when_its_lease_ends() {
    let folder = tempfile::tempdir().unwrap();
    let this = Holder::this("me".to_owned());
    let leave = |number: u64, by: Holder, lease: i64| {
        let now = Timestamp::now();
        let opened = Line::Opened {
            by,
            why: "apply".to_owned(),
            tool: "0".to_owned(),
            lease_until: Timestamp::from_second(now.as_second() + lease).unwrap(),
            takes_over: None,
            so_far: Box::default(),
        };
        let entry =
            Entry { schema: SCHEMA, number, run: format!("run{number}"), at: now, lines: vec![opened] };
        let name = folder.path().join("journal").join(format!("{number:06}.json"));
        std::fs::create_dir_all(name.parent().unwrap()).unwrap();
        std::fs::write(name, serde_json::to_vec(&entry).unwrap()).unwrap();
    };
    leave(1, Holder { began: Some("1".to_owned()), ..this.clone() }, 60);
    let (taken, _) = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap();
    taken.close(0).await.unwrap();
    let next = read(&shelf(folder.path())).await.unwrap().last + 1;
    let elsewhere = Holder { world: Some("another machine".to_owned()), ..this };
    leave(next, elsewhere.clone(), 60);
    assert!(open(&shelf(folder.path()), &opening(Duration::ZERO)).await.is_err(), "its lease still runs");
    std::fs::remove_file(folder.path().join("journal").join(format!("{next:06}.json"))).unwrap();
    leave(next, elsewhere, -1);
    let (taken, _) = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap();
    taken.close(0).await.unwrap();
}

#[tokio::test]
async fn a_run_that_was_taken_over_may_write_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let (first, history) = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap();
    let rival = Entry {
        schema: SCHEMA,
        number: history.last + 2,
        run: "rival".to_owned(),
        at: Timestamp::now(),
        lines: vec![Line::Closed { left: 0 }],
    };
    let name = folder.path().join("journal").join(format!("{:06}.json", rival.number));
    std::fs::write(name, serde_json::to_vec(&rival).unwrap()).unwrap();
    for _ in 0..2 {
        let refused = first.keep(vec![Line::Closed { left: 1 }]).await.unwrap_err();
        assert!(matches!(refused, JournalError::Fenced(_)), "{refused}");
    }
}

#[tokio::test]
async fn a_damaged_truncated_or_incomplete_journal_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    apply(folder.path(), sim(folder.path(), Vec::new(), 0), &stack()).await.unwrap();
    let last = entries(folder.path()).len();
    let name = |number: usize| folder.path().join("journal").join(format!("{number:06}.json"));
    let whole = std::fs::read(name(last)).unwrap();
    for text in [&b""[..], b"{", b"not json", &whole[..whole.len() / 2], b"{\"schema\":99}"] {
        std::fs::write(name(last), text).unwrap();
        let refused = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap_err();
        assert!(matches!(&refused, JournalError::Damaged { .. }), "{refused}");
        assert!(refused.to_string().contains(&format!("{last:06}.json")), "{refused}");
        assert_eq!(std::fs::read(name(last)).unwrap(), text);
    }
    std::fs::write(name(last), whole).unwrap();
    std::fs::remove_file(name(last - 1)).unwrap();
    let refused = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap_err();
    assert!(refused.to_string().contains("is missing"), "{refused}");
}

#[tokio::test]
async fn without_a_journal_nothing_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _) = open(&shelf(folder.path()), &opening(Duration::ZERO)).await.unwrap();
    std::fs::remove_dir_all(folder.path().join("journal")).unwrap();
    std::fs::write(folder.path().join("journal"), "a file where a folder was").unwrap();
    let refused = first.keep(vec![Line::Closed { left: 0 }]).await.unwrap_err();
    assert!(matches!(refused, JournalError::Unreachable { .. }), "{refused}");
}
