//! What depends on more than one key.

use crate::support::{FULL, SMALL, close, complaint, complaints, help, marked, read, sound};

fn requests(lines: &str) -> String {
    SMALL.replace("  - name: page\n    cpu: 12 ms\n", lines)
}

fn shares(text: &str) -> Vec<f64> {
    sound(read(text)).requests.iter().map(|request| request.share).collect()
}

#[test]
fn shares_must_add_up() {
    let found = complaint(requests(
        "  - { name: a, cpu: 1 ms, share: 50 % }\n  - { name: b, cpu: 1 ms, share: 40 % }\n",
    ));
    assert_eq!((found.code, marked(&found).as_str()), ("shares", "40 %"));
    assert!(found.message.contains("90 %"), "{}", found.message);
    let found = complaint(requests(
        "  - { name: a, cpu: 1 ms, share: 80 % }\n  - { name: b, cpu: 1 ms, share: 40 % }\n",
    ));
    assert!(found.message.contains("120 %"), "{}", found.message);
}

#[test]
fn thirds_are_near_enough() {
    let text = requests(
        "  - { name: a, cpu: 1 ms, share: 33.33 % }\n  - { name: b, cpu: 1 ms, share: 33.33 % }\n  \
         - { name: c, cpu: 1 ms, share: 33.33 % }\n",
    );
    let sum: f64 = shares(&text).iter().sum();
    close(sum, 1.0);
}

#[test]
fn what_is_left_is_split_evenly() {
    let text = requests(
        "  - { name: a, cpu: 1 ms, share: 60 % }\n  - { name: b, cpu: 1 ms }\n  - { name: c, cpu: 1 ms }\n",
    );
    let found = shares(&text);
    // (100 - 60) / 2 = 20.
    close(found[1], 0.2);
    close(found[2], 0.2);
    assert_eq!(shares(SMALL), [1.0]);
}

#[test]
fn nothing_left_for_an_open_share_is_said() {
    let found = complaint(requests("  - { name: a, cpu: 1 ms, share: 100 % }\n  - { name: b, cpu: 1 ms }\n"));
    assert_eq!(found.code, "shares");
    assert!(help(&found).contains("nothing is left"), "{found:?}");
}

#[test]
fn a_wrong_share_is_not_complained_about_twice() {
    let found = complaint(requests(
        "  - { name: a, cpu: 1 ms, share: 50 }\n  - { name: b, cpu: 1 ms, share: 40 % }\n",
    ));
    assert_eq!(found.code, "missing-unit");
}

#[test]
fn names_of_requests_and_tasks_differ() {
    let found = complaint(requests("  - { name: a, cpu: 1 ms }\n  - { name: a, cpu: 2 ms }\n"));
    assert_eq!((found.code, found.line), ("duplicate-name", 7));
    assert!(found.message.contains("line 6"), "{}", found.message);
    let task = "{ name: mail, rate: 1/s, time: 1 s }";
    assert_eq!(complaint(format!("{SMALL}tasks: [{task}, {task}]\n")).code, "duplicate-name");
    assert!(
        read(format!("{SMALL}tasks: [{}]\n", task.replace("mail", "page"))).is_ok(),
        "tasks are no requests"
    );
}

#[test]
fn queries_need_a_database() {
    let text = SMALL.replace("cpu: 12 ms", "cpu: 12 ms\n    queries: 3");
    let found = complaint(&text);
    assert_eq!((found.code, found.line), ("missing-tier", 8));
    assert!(read(format!("{text}database: {{}}\n")).is_ok());
    assert!(read(text.replace("queries: 3", "queries: 0")).is_ok());
}

#[test]
fn writes_are_counted_among_the_queries() {
    let found = complaint(FULL.replace("writes: 0.2 ", "writes: 4 "));
    assert_eq!((found.code, marked(&found).as_str()), ("contradiction", "4"));
    assert!(read(FULL.replace("writes: 0.2 ", "writes: 3 ")).is_ok());
}

#[test]
fn a_part_is_no_larger_than_its_whole() {
    for (from, to, place) in [
        ("working_set: 8 GiB", "working_set: 201 GiB", "201 GiB"),
        ("cpu: 85 %  ", "cpu: 60 %  ", "60 %"),
        ("p95: 500 ms", "p95: 500 ms\n  p99: 400 ms", "500 ms"),
        ("cpu: 85 %  ", "target_cpu: 90 %  ", "90 %"),
    ] {
        let found = complaint(FULL.replace(from, to));
        assert_eq!((found.code, marked(&found).as_str()), ("contradiction", place), "{to}");
    }
    assert!(read(FULL.replace("working_set: 8 GiB", "working_set: 200 GiB")).is_ok());
}

#[test]
fn a_zone_survives_only_beside_another() {
    let found = complaint(FULL.replace("zones: 2", "zones: 1").replace("survive: instance", "survive: zone"));
    assert_eq!((found.code, marked(&found).as_str()), ("contradiction", "zone"));
    assert_eq!(complaint(format!("{SMALL}resilience: {{ survive: zone }}\n")).code, "contradiction");
    assert!(read(FULL.replace("survive: instance", "survive: zone")).is_ok());
}

#[test]
fn a_restore_to_a_moment_needs_backups() {
    let found = complaint(FULL.replace("keep: 7 days", "keep: 0 days"));
    assert_eq!((found.code, marked(&found).as_str()), ("contradiction", "true"));
}

#[test]
fn nothing_is_wanted_of_a_tier_that_is_not_there() {
    for line in [
        "resilience: { database_standby: true }",
        "resilience: { cache_replica: true }",
        "pin: { aws: { database: db.r6g.2xlarge } }",
        "pin: { aws: { cache: cache.r6g.large } }",
        "pin: { aws: { database_standby: true } }",
    ] {
        assert_eq!(complaint(format!("{SMALL}{line}\n")).code, "missing-tier", "{line}");
    }
    assert!(read(format!("{SMALL}resilience: {{ database_standby: false }}\n")).is_ok());
}

#[test]
fn rules_work_beside_other_complaints() {
    let text = SMALL.replace("cpu: 12 ms", "cpu: 12\n    queries: 3");
    let codes: Vec<_> = complaints(text).iter().map(|one| one.code).collect();
    assert_eq!(codes, ["missing-unit", "missing-tier"]);
}
