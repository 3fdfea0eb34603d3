//! What is measured is what was sent: rate, mix, and times from the moment at which a request was meant to be sent.

use std::time::Duration;

use loadline::load::Event;
use loadline::load::judge::Verdict;
use loadline::load::measured::{Ending, Generator};
use loadline::load::plan::{Drive, Test};

use crate::server::{Manner, Server};
use crate::support::{driven, judged, level, means, test};

const ANSWERS: Manner = Manner::After(Duration::from_millis(20));

#[test]
fn people_send_as_often_as_answers_and_pauses_let_them() {
    let server = Server::start(ANSWERS);
    let level = level(&Test { duration_s: 4.0, ..test(&server.url(), Drive::Users(40)) });
    let times = level.all.times.unwrap();
    assert!((20.0..40.0).contains(&times.mean_ms), "{times:?}");
    // N / (R + Z); some 1300 requests, so their number is known within 3 % (one in 600 is further off than three of these).
    let expected = 40.0 / (0.1 + times.mean_ms / 1e3);
    assert!((level.throughput_rps / expected - 1.0).abs() < 0.09, "{} of {expected}", level.throughput_rps);
    assert_eq!((level.all.errors, level.ending), (0, Ending::Whole));
    assert_eq!(level.statuses.keys().copied().collect::<Vec<_>>(), [200]);
    let share = level.kinds[1].1.requests as f64 / level.all.requests as f64;
    assert!((0.15..0.25).contains(&share), "one in five saves: {share}");
    let heard = server.heard.lock().unwrap();
    assert!(heard.connections <= 40, "each keeps its connection: {}", heard.connections);
    let saves = heard.requests["POST /save"];
    assert_eq!((heard.requests.len(), heard.body_bytes), (2, saves * 2048));
    assert!(heard.requests.contains_key("GET /pages?sort=new"));
    let seconds: u64 = level.seconds.iter().map(|second| second.requests).sum();
    assert_eq!(seconds, level.all.requests);
    let answer = judged(level);
    assert_eq!(answer.verdict, Verdict::Pass, "{answer:#?}");
}

#[test]
fn requests_arrive_at_the_rate_whatever_becomes_of_them() {
    let server = Server::start(ANSWERS);
    let level = level(&Test { duration_s: 3.0, ..test(&server.url(), Drive::Rate(200.0)) });
    // 600 arrivals: within three standard deviations of 4 %.
    assert!((level.throughput_rps / 200.0 - 1.0).abs() < 0.13, "{}", level.throughput_rps);
    assert!(
        (level.in_flight / (level.throughput_rps * level.all.times.unwrap().mean_ms / 1e3) - 1.0).abs()
            < 1e-9
    );
}

#[test]
fn a_server_that_stalls_cannot_hide_what_it_kept_from_being_sent() {
    let stall = Manner::Stalls { from: Duration::from_millis(2000), to: Duration::from_millis(3000) };
    let server = Server::start(stall);
    let level = level(&Test { duration_s: 3.0, ..test(&server.url(), Drive::Rate(200.0)) });
    let times = level.all.times.unwrap();
    // One of three seconds: a request waits for half of it on average, so the mean is about 170 ms and p90 near 700 ms.
    assert!(times.p90_ms > 450.0 && times.max_ms > 900.0, "{times:?}");
    assert!(times.mean_ms > 100.0 && times.p50_ms < 50.0, "{times:?}");
}

#[test]
fn levels_follow_each_other_and_seconds_are_told() {
    let server = Server::start(ANSWERS);
    let levels = vec![Drive::Users(4), Drive::Users(8)];
    let (levels, events) =
        driven(&Test { levels, duration_s: 1.0, ..test(&server.url(), Drive::Users(8)) }, &means()).unwrap();
    assert_eq!(
        levels.iter().map(|level| level.drive).collect::<Vec<_>>(),
        [Drive::Users(4), Drive::Users(8)]
    );
    let begun = events.iter().filter(|event| matches!(event, Event::Level { .. })).count();
    let seconds = events.iter().filter(|event| matches!(event, Event::Second { .. })).count();
    assert!(begun == 2 && seconds >= 4, "{begun} {seconds}");
    assert!(levels[0].throughput_rps < levels[1].throughput_rps);
}

#[test]
fn connections_end_after_so_many_requests_where_people_do_so() {
    let server = Server::start(Manner::After(Duration::ZERO));
    let means = loadline::load::engine::Means { requests_per_connection: 5, ..means() };
    let (levels, _) = driven(&test(&server.url(), Drive::Users(10)), &means).unwrap();
    let heard = server.heard.lock().unwrap();
    let sent: u64 = heard.requests.values().sum();
    let each = sent as f64 / heard.connections as f64;
    assert!((3.5..=5.0).contains(&each), "{each} requests on each connection");
    assert_eq!(levels[0].all.errors, 0);
}

#[test]
fn a_generator_that_lags_or_is_busy_gives_no_verdict() {
    let server = Server::start(ANSWERS);
    let mut level = level(&test(&server.url(), Drive::Users(10)));
    for (cpu_share, lag_ms, saturated) in
        [(0.5, 5.0, false), (0.9, 1.0, true), (0.1, 60.0, true), (0.1, 9.0, false)]
    {
        level.generator = Generator::judged(cpu_share, lag_ms, Some(20.0));
        assert_eq!(level.generator.saturated, saturated, "{cpu_share} {lag_ms}");
        let answer = judged(level.clone());
        assert_eq!(answer.verdict == Verdict::Unknown, saturated);
        assert_eq!(
            answer.findings.iter().any(|it| it.contains("this machine set the pace itself")),
            saturated
        );
    }
    assert!(!Generator::judged(0.1, 60.0, Some(2000.0)).saturated, "60 ms of two seconds change nothing");
}

#[test]
fn what_this_machine_cannot_send_is_no_failure_of_the_target() {
    let server = Server::start(ANSWERS);
    let mut level = level(&test(&server.url(), Drive::Users(10)));
    level.failures.insert("this machine: too many open files".to_owned(), level.all.requests);
    level.all.errors = level.all.requests;
    (level.ending, level.generator.saturated) = (Ending::Errors, true);
    let answer = judged(level);
    assert_eq!(answer.verdict, Verdict::Unknown, "{answer:#?}");
    assert!(
        answer.findings.iter().any(|it| it.contains("could not be sent; this machine: too many open files"))
    );
}
