//! Each component well, and each broken alone: the others are judged as before, and nobody waits.

use std::time::{Duration, Instant};

use crate::servers::{free_port, mariadb, mute, redis};
use crate::support::{Desk, private};
use crate::web::{secured, web};

#[test]
fn what_runs_well_is_well() {
    let (Some(database), Some(cache)) =
        (mariadb(&["--max-connections=200"]), redis(&["--maxmemory", "64mb"]))
    else {
        return;
    };
    let site = web(&[200]);
    let desk = Desk::new().database(database.port).cache(cache.port).queue(cache.port);
    let found = desk.look(&format!("--url http://127.0.0.1:{0} --instance http://127.0.0.1:{0}", site.port));
    assert_eq!(found.unwell(), [""; 0]);
    assert_eq!(found.value("balancer", "health"), 200.0);
    assert_eq!(found.value(&format!("instance/127.0.0.1:{}", site.port), "health"), 200.0);
    assert!(found.sentence("database", "answers").contains("MariaDB"));
    assert!(found.sentence("database", "connections").contains("of 200 connections"));
    assert_eq!(found.of("database", "connections")["limit"], 0.8);
    assert_eq!(found.value("queue", "length/celery"), 0.0);
    let text = desk.run(&format!("--url http://127.0.0.1:{}", site.port));
    assert_eq!(text.code, Some(0), "{}", text.out);
    assert!(text.out.starts_with("shop: "), "{}", text.out);
}

#[test]
fn a_component_that_hangs_costs_only_itself() {
    let Some(cache) = redis(&["--maxmemory", "64mb"]) else { return };
    let (silent, site) = (mute(), web(&[200]));
    let desk = Desk::new().database(silent.port).cache(cache.port);
    let hung = format!("http://127.0.0.1:{}", mute().port);
    let began = Instant::now();
    let words = format!("--url http://127.0.0.1:{} --instance {hung} --within 2s", site.port);
    let found = desk.look(&words);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(found.verdict("balancer", "health"), "ok");
    assert_eq!(found.verdict("cache", "answers"), "ok");
    assert_eq!(found.verdict("database", "answers"), "fail");
    assert_eq!(found.verdict("database", "connections"), "unknown");
    assert!(found.sentence("database", "answers").contains("did not answer within 2 s"));
}

#[test]
fn a_server_that_is_stopped_in_its_tracks_is_told_from_one_that_is_gone() {
    let Some(cache) = redis(&[]) else { return };
    let nobody = free_port();
    let desk = Desk::new().database(nobody).cache(cache.port);
    cache.freeze();
    let found = desk.look("--within 1s");
    assert!(found.sentence("database", "answers").contains("connection refused, nothing listens there"));
    let said = found.sentence("cache", "answers");
    assert!(said.contains("did not answer"), "{said}");
    assert_eq!(found.verdict("cache", "memory"), "unknown");
}

#[test]
fn who_does_not_speak_the_protocol_is_no_store() {
    let (site, other) = (web(&[200]), web(&[200]));
    let desk = Desk::new().database(site.port).cache(other.port);
    let found = desk.look("--within 2s");
    assert_eq!(found.verdict("database", "answers"), "fail");
    assert_eq!(found.verdict("cache", "answers"), "fail");
}

#[test]
fn sick_answers_are_told_with_their_code() {
    let sick = web(&[503]);
    let found = Desk::new().look(&format!("--url http://127.0.0.1:{}", sick.port));
    assert_eq!(found.verdict("balancer", "health"), "fail");
    assert_eq!(found.value("balancer", "health"), 503.0);
    // Whoever was not named is not silently well.
    let missing = found.0["not_checked"].as_array().unwrap();
    assert!(missing.iter().any(|it| it.as_str().unwrap().contains("LOADLINE_DATABASE_URL")), "{missing:?}");
}

#[test]
fn a_certificate_is_read_whether_it_is_trusted_or_not() {
    for (days, verdict) in [(3, "fail"), (15, "warn"), (80, "ok")] {
        let found = Desk::new().look(&format!("--url https://localhost:{}", secured(days)));
        assert_eq!(found.verdict("balancer", "certificate"), verdict, "{days} days");
        assert_eq!(found.value("balancer", "certificate").floor(), days as f64);
        // Nobody here has signed it.
        assert_eq!(found.verdict("balancer", "health"), "fail");
        assert!(found.sentence("balancer", "health").contains("signed by nobody"));
    }
}

#[test]
fn addresses_come_from_files_as_well_and_what_is_wrong_with_them_is_said_without_them() {
    let desk = Desk::new();
    private(&desk.folder.path().join("url"), "mysql://shop:hunter2@127.0.0.1:port/\n");
    let said = desk.run("--database-url-file url");
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(
        said.err.contains("the address in url") && said.err.contains("nothing was looked at"),
        "{}",
        said.err
    );
    let said = desk.run("");
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("nobody said where any component is"), "{}", said.err);
    private(&desk.folder.path().join("url"), &format!("redis://:hunter2@127.0.0.1:{}/0", free_port()));
    assert_eq!(desk.look("--cache-url-file url").verdict("cache", "answers"), "fail");
}
