//! Targets that are down, slow or wrong: a sentence for each, and an end.

use std::time::{Duration, Instant};

use loadline::load::judge::Verdict;
use loadline::load::measured::{Ending, Level};
use loadline::load::plan::{Drive, Test};

use crate::server::{Manner, Server};
use crate::support::{driven, judged, level, means, test};

fn at(manner: Manner) -> Level {
    let server = Server::start(manner);
    level(&Test { timeout_s: 1.0, ..test(&server.url(), Drive::Users(40)) })
}

fn only_failure(level: &Level) -> &str {
    assert_eq!(level.failures.len(), 1, "{:?}", level.failures);
    level.failures.keys().next().unwrap()
}

#[test]
fn errors_stop_the_test_and_are_the_targets_own() {
    let level = at(Manner::Status(503));
    assert_eq!((level.ending, level.error_share()), (Ending::Errors, Some(1.0)));
    assert_eq!(level.statuses.keys().copied().collect::<Vec<_>>(), [503]);
    let answer = judged(level);
    assert_eq!(answer.verdict, Verdict::Fail, "{answer:#?}");
    assert!(answer.findings.iter().any(|it| it.contains("too many requests failed")));
}

#[test]
fn a_target_that_is_down_is_said_to_refuse() {
    let server = Server::start(Manner::HangsUp);
    let url = server.url();
    drop(server);
    let level = level(&test(&url, Drive::Users(40)));
    assert_eq!((only_failure(&level), level.ending), ("connecting: refused", Ending::Errors));
    assert_eq!(judged(level).verdict, Verdict::Fail);
}

#[test]
fn a_target_that_hangs_up_or_speaks_another_language_is_told_apart() {
    assert_eq!(only_failure(&at(Manner::HangsUp)), "closed without an answer");
    assert_eq!(only_failure(&at(Manner::Rubbish)), "an answer that is not HTTP");
}

#[test]
fn an_answer_without_an_end_costs_the_timeout_and_no_more() {
    let begun = Instant::now();
    let level = at(Manner::Endless);
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(only_failure(&level), "no answer in time");
    assert_eq!(level.all.times, None);
    assert_ne!(judged(level).verdict, Verdict::Pass);
}

#[test]
fn redirects_are_answers_and_are_shown() {
    let level = at(Manner::Status(302));
    assert_eq!((level.all.errors, level.ending), (0, Ending::Whole));
    assert_eq!(level.statuses.keys().copied().collect::<Vec<_>>(), [302]);
}

#[test]
fn a_name_that_leads_nowhere_sends_nothing() {
    let error = driven(&test("http://nowhere.invalid", Drive::Users(1)), &means()).unwrap_err();
    assert_eq!(error.doing, "looking up nowhere.invalid");
}
