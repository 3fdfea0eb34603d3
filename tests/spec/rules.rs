//! What depends on more than one key.

use crate::support::{SMALL, error, errors, help, small_and, sound};

fn with_requests(entries: &str) -> String {
    format!("version: 1\nname: school\nload: {{ users: 200 }}\nrequests:\n{entries}")
}

fn shares(written: &[&str]) -> String {
    let entries: String = written
        .iter()
        .enumerate()
        .map(|(index, share)| {
            let share = if share.is_empty() { String::new() } else { format!(", share: {share}") };
            format!("  - {{ name: r{index}, cpu: 1 ms{share} }}\n")
        })
        .collect();
    with_requests(&entries)
}

fn read_shares(written: &[&str]) -> Vec<f64> {
    sound(&shares(written)).requests.iter().map(|request| request.share).collect()
}

#[test]
fn shares_that_nobody_wrote_split_what_is_left() {
    assert_eq!(read_shares(&[""]), [1.0]);
    assert_eq!(read_shares(&["", ""]), [0.5, 0.5]);
    assert_eq!(read_shares(&["50 %", "", ""]), [0.5, 0.25, 0.25]);
    assert_eq!(read_shares(&["0 %", ""]), [0.0, 1.0]);
}

#[test]
fn shares_add_up_to_one_exactly_even_where_thirds_were_rounded() {
    assert_eq!(read_shares(&["60 %", "40 %"]), [0.6, 0.4]);
    let thirds = read_shares(&["33.33 %", "33.33 %", "33.33 %"]);
    assert!((thirds.iter().sum::<f64>() - 1.0).abs() < 1e-15, "{thirds:?}");
    assert!((thirds[0] - 1.0 / 3.0).abs() < 1e-15);
}

#[test]
fn shares_that_do_not_add_up_are_an_error_that_states_the_sum() {
    for (written, message, wanted) in [
        (vec!["60 %", "30 %"], "the shares of the requests add up to 90 %", "they must add up to 100 %"),
        (vec!["60 %", "60 %"], "the shares of the requests add up to 120 %", "they must add up to 100 %"),
        (vec!["0 %"], "the shares of the requests add up to 0 %", "they must add up to 100 %"),
        (
            vec!["100 %", ""],
            "the shares of the requests add up to 100 %",
            "nothing is left for the 1 without a share",
        ),
        (
            vec!["80 %", "30 %", "", ""],
            "the shares of the requests add up to 110 %",
            "nothing is left for the 2 without a share",
        ),
    ] {
        let error = error(&shares(&written));
        assert_eq!((error.code, error.message.as_str(), help(&error)), ("shares", message, wanted));
    }
}

#[test]
fn an_unsound_share_is_not_taken_for_one_that_was_left_out() {
    assert_eq!(error(&shares(&["100 %", "5"])).code, "missing-unit");
    assert_eq!(error(&shares(&["100 %", "200 %"])).code, "out-of-range");
    assert_eq!(error(&small_and("database: 5\nresilience: { database_standby: true }\n")).code, "wrong-type");
}

#[test]
fn two_requests_or_tasks_of_one_name_are_refused() {
    let error = error(&with_requests(
        "  - { name: a, cpu: 1 ms }\n  - { name: b, cpu: 1 ms }\n  - { name: a, cpu: 2 ms }\n",
    ));
    assert_eq!((error.code, error.line, error.column), ("duplicate-name", 7, 13));
    assert_eq!(error.message, "two requests are named `a`; the first is at line 5");
    let task = "{ name: t, rate: 1/s, time: 1 s }";
    let tasks = crate::support::error(&small_and(&format!("tasks: [{task}, {task}]\n")));
    assert_eq!(tasks.code, "duplicate-name");
    assert!(
        sound(&small_and("tasks: [{ name: page, rate: 1/s, time: 1 s }]\n")).tasks.len() == 1,
        "a task may be named as a request"
    );
}

#[test]
fn queries_need_a_database() {
    let text = SMALL.replace("cpu: 12 ms", "cpu: 12 ms, queries: 2");
    let error = error(&text);
    assert_eq!((error.code, error.line), ("missing-tier", 5));
    assert_eq!(sound(&format!("{text}database: {{}}\n")).requests[0].queries.mid, 2.0);
    assert!(sound(&text.replace("queries: 2", "queries: 0")).database.is_none());
}

#[test]
fn writes_are_among_the_queries() {
    let text = |queries: &str| {
        SMALL.replace("cpu: 12 ms", &format!("cpu: 12 ms, writes: 2{queries}")) + "database: {}\n"
    };
    for queries in ["", ", queries: 1"] {
        let error = error(&text(queries));
        assert_eq!((error.code, error.line), ("contradiction", 5), "{queries}");
    }
    assert_eq!(sound(&text(", queries: 2")).requests[0].writes.mid, 2.0);
}

#[test]
fn a_part_is_not_larger_than_its_whole() {
    for (lines, message) in [
        (
            "database: { data: 10 GiB, working_set: 11 GiB }",
            "`database.working_set` is larger than `database.data`",
        ),
        ("database: { working_set: 21 GiB }", "`database.working_set` is larger than `database.data`"),
        (
            "objectives: { cpu: 70 %, target_cpu: 71 % }",
            "`objectives.target_cpu` is larger than `objectives.cpu`",
        ),
        ("objectives: { p95: 2 s, p99: 1 s }", "`objectives.p95` is larger than `objectives.p99`"),
    ] {
        let error = error(&small_and(&format!("{lines}\n")));
        assert_eq!((error.code, error.message.as_str()), ("contradiction", message));
    }
    sound(&small_and(
        "database: { data: 10 GiB, working_set: 10 GiB }\nobjectives: { cpu: 70 %, target_cpu: 70 %, p95: 1 s, p99: 1 s }\n",
    ));
}

#[test]
fn a_cpu_limit_below_the_usual_target_lowers_the_target() {
    let target = |lines: &str| sound(&small_and(lines)).objectives.target_cpu;
    assert_eq!(target(""), 0.7);
    assert_eq!(target("objectives: { cpu: 60 % }\n"), 0.6);
    assert_eq!(target("objectives: { cpu: 90 % }\n"), 0.7);
    assert_eq!(target("objectives: { cpu: 60 %, target_cpu: 50 % }\n"), 0.5);
}

#[test]
fn surviving_a_zone_needs_two_zones() {
    for zones in ["", "zones: 1, "] {
        let error = error(&small_and(&format!("resilience: {{ {zones}survive: zone }}\n")));
        assert_eq!((error.code, help(&error)), ("contradiction", "write `zones: 2` or more"));
    }
    sound(&small_and("resilience: { zones: 2, survive: zone }\n"));
    sound(&small_and("resilience: { survive: instance }\n"));
}

#[test]
fn a_restore_to_a_moment_needs_backups() {
    let text = |keep: &str| {
        small_and(&format!("resilience: {{ backups: {{ keep: {keep}, point_in_time: true }} }}\n"))
    };
    assert_eq!(error(&text("0 days")).message, "`point_in_time` without backups");
    assert!(sound(&text("1 day")).resilience.point_in_time);
}

#[test]
fn nothing_is_wanted_of_a_tier_that_is_not_there() {
    for (lines, path) in [
        ("resilience: { database_standby: true }", "resilience.database_standby"),
        ("resilience: { cache_replica: true }", "resilience.cache_replica"),
        ("pin: { aws: { database: db.r6g.large } }", "pin.aws.database"),
        ("pin: { aws: { cache: cache.r6g.large } }", "pin.aws.cache"),
        ("pin: { aws: { database_standby: true } }", "pin.aws.database_standby"),
        ("pin: { gcp: { cache_replica: true } }", "pin.gcp.cache_replica"),
    ] {
        let error = error(&small_and(&format!("{lines}\n")));
        assert_eq!(error.code, "missing-tier", "{lines}");
        assert!(
            error.message.starts_with(&format!("`{path}` is set, but the spec has no ")),
            "{}",
            error.message
        );
        sound(&small_and(&format!("{lines}\ndatabase: {{}}\ncache: {{}}\n")));
        sound(&small_and(
            &format!("{}\n", lines.replace("true", "false"))
                .replace("{ database: db.r6g.large }", "{}")
                .replace("{ cache: cache.r6g.large }", "{}"),
        ));
    }
}

#[test]
fn rules_report_beside_other_complaints() {
    let found: Vec<&str> = errors(&small_and(
        "nonsense: 1\nresilience: { survive: zone }\nobjectives: { p95: 2 s, p99: 1 s, mean: 5 }\n",
    ))
    .iter()
    .map(|error| error.code)
    .collect();
    assert_eq!(found, ["unknown-key", "contradiction", "contradiction", "missing-unit"]);
}

#[test]
fn a_certificate_comes_with_its_key_and_a_secret_without_a_value() {
    for (lines, code) in [
        ("deploy: { certificate: /etc/tls/chain.pem }", "half-a-certificate"),
        ("deploy: { certificate_key: /etc/tls/key.pem }", "half-a-certificate"),
        ("deploy: { secrets: [SESSION_KEY], env: { SESSION_KEY: abc } }", "secret-in-spec"),
        ("deploy: { database: here }", "missing-tier"),
        ("deploy: { cache: here }", "missing-tier"),
    ] {
        assert_eq!(error(&small_and(&format!("{lines}\n"))).code, code, "{lines}");
    }
    sound(&small_and("deploy: { database: elsewhere, secrets: [SESSION_KEY], env: { REGION: abc } }\n"));
}
