//! Traps that the plan for 2000 users does not fall into but others do, and the quiet of a sane spec.

use loadline::sizing::Severity;

use super::support::{example, sized, with_code};

/// Changes to a spec: `--set path=value`.
type Changes = &'static [(&'static str, &'static str)];

/// Example, changes with which the code is found, numbers in its sentence or hint, changes with which it is not.
type Trap = (&'static str, &'static str, Changes, &'static [&'static str], Changes);

const SCHOOL: &str = "small-school";
const TEACHERS: &str = "teachers-2000";
const PACED: &str = "human-paced-2000";

const TRAPS: &[Trap] = &[
    // 0.9 x 18 + 0.1 x 90 = 25.2 ms: one core is full at 39.7 rps; (12 + 0.0468) x 39.7 = 478 users.
    (
        "saturated",
        SCHOOL,
        &[("app.cores", "1"), ("load.users", "900")],
        &["900 users", "478 users", "39.7 rps"],
        &[("load.users", "300")],
    ),
    (
        "workers-too-busy",
        SCHOOL,
        &[("app.instances", "1"), ("app.workers", "1"), ("load.users", "420")],
        &["1 worker process", "70 %"],
        &[("app.instances", "1"), ("app.workers", "2"), ("load.users", "420")],
    ),
    ("cpu-measured-on-idle-core", SCHOOL, &[("app.cpu_measured_on", "core")], &["0.6", "1.67"], &[]),
    // 1.5/s x 2 s = 3 cores beside 955 x 12 ms = 11.5: 20.7 % of 14.5.
    (
        "tasks-take-cpu",
        PACED,
        &[("tasks[0].cpu", "2 s")],
        &["3 of 14.5", "20.7 %"],
        &[("tasks[0].cpu", "1 s")],
    ),
    // 16 x 19 + 64 x 19 + 10 = 1530; while old and new run 3050.
    ("deploy-doubles-pools", TEACHERS, &[("app.pool", "19")], &["3050", "2000"], &[("app.pool", "12")]),
    // 16 x 60 = 960 connections, 1192 in use.
    ("pool-too-small", TEACHERS, &[("app.pool", "60")], &["960", "1192"], &[("app.pool", "90")]),
    // 16 x 19 x 8 + 64 x 19 + 10 = 3658 > 2000.
    (
        "autoscale-exceeds-connections",
        TEACHERS,
        &[("app.pool", "19"), ("resilience.autoscale", "{max: 8x}")],
        &["8x", "3658", "2000"],
        &[("app.pool", "19"), ("resilience.autoscale", "{max: 2x}")],
    ),
    ("autoscale-without-pool", TEACHERS, &[], &["2x", "2000"], &[("app.pool", "19")]),
    // 1 - (4 / 8)^0.2 = 12.9 %.
    (
        "working-set-exceeds-buffer-pool",
        TEACHERS,
        &[("database.buffer_pool", "4 GiB")],
        &["8 GiB", "4 GiB", "12.9 %"],
        &[],
    ),
    // 12 GiB in 24 months at 1 %: 15.2 GiB.
    (
        "buffer-pool-larger-than-data",
        SCHOOL,
        &[("database.buffer_pool", "32 GiB")],
        &["32 GiB", "15.2 GiB"],
        &[("database.buffer_pool", "4 GiB")],
    ),
    // 4.8 x 12 = 57.6 of 64 slots.
    (
        "task-slots-busy",
        TEACHERS,
        &[("tasks[0].time", "12 s")],
        &["90 % of 64"],
        &[("tasks[0].time", "11 s")],
    ),
    (
        "task-outlives-visibility-timeout",
        PACED,
        &[("tasks[0].time", "2 h"), ("tasks[0].rate", "0.01/s")],
        &["2 h", "60 min"],
        &[("tasks[0].time", "30 min"), ("tasks[0].rate", "0.01/s")],
    ),
    // 5072 x 2.24 ms + 0.24 = 11.60 busy cores / 13 = 89.2 %.
    (
        "instance-loss-not-survived",
        TEACHERS,
        &[("app.cores", "13")],
        &["13 cores", "89.2 %", "85 %"],
        &[("app.cores", "32")],
    ),
    (
        "single-instance-cannot-be-survived",
        PACED,
        &[("app.instances", "1")],
        &["1"],
        &[("app.instances", "2")],
    ),
    (
        "cache-single-point-of-failure",
        TEACHERS,
        &[("resilience.cache_replica", "false")],
        &["task queue"],
        &[],
    ),
    // One year less 99.99 % is 52.6 min.
    (
        "availability-out-of-reach",
        PACED,
        &[("objectives.availability", "99.99 %")],
        &["99.99 %", "52.6 min"],
        &[("objectives.availability", "99 %")],
    ),
    ("no-backups", SCHOOL, &[("resilience.backups", "{keep: 0 days}")], &[], &[]),
    // 410 users at 85 %; 120 x 1.06^n = 410 after ln(410 / 120) / ln(1.06) = 21.1 months.
    (
        "growth-passes-load-line",
        SCHOOL,
        &[("app.cores", "1"), ("load.growth", "6 %/month")],
        &["6 %", "410", "21.1 months"],
        &[("app.cores", "1"), ("load.growth", "5 %/month")],
    ),
    // 200 GiB x 1.03^12 = 285 GiB; 80 % of 300 is passed after ln(240 / 200) / ln(1.03) = 6.17 months; 285.2 / 0.8 = 357.
    (
        "data-outgrows-storage",
        TEACHERS,
        &[("database.storage", "300 GiB")],
        &["300 GiB", "6.17 months", "285 GiB", "357 GiB"],
        &[("database.storage", "400 GiB")],
    ),
    // A lone request takes 231 + 2.24 + 1.12 = 234 ms.
    (
        "mean-unreachable",
        TEACHERS,
        &[("objectives.mean", "200 ms")],
        &["234 ms", "231 ms", "200 ms"],
        &[("objectives.mean", "240 ms")],
    ),
    ("p95-unreachable", TEACHERS, &[("objectives.p95", "400 ms")], &["400 ms", "231 ms"], &[]),
    (
        "p99-unreachable",
        TEACHERS,
        &[("objectives.p99", "500 ms")],
        &["500 ms", "231 ms"],
        &[("objectives.p99", "700 ms")],
    ),
    (
        "open-files-above-ceiling",
        SCHOOL,
        &[("tune.limits", "{nofile: 2000000}")],
        &["2000000", "1048576"],
        &[("tune.limits", "{nofile: 1048576}")],
    ),
    (
        "mean-missed",
        SCHOOL,
        &[("app.cores", "1"), ("load.users", "500")],
        &["500 users", "400 ms"],
        &[("app.cores", "1"), ("load.users", "400")],
    ),
    (
        "p95-missed",
        SCHOOL,
        &[("app.cores", "1"), ("load.users", "500")],
        &["500 users", "1 s"],
        &[("app.cores", "1"), ("load.users", "400")],
    ),
    (
        "app-cpu-missed",
        SCHOOL,
        &[("app.cores", "1"), ("load.users", "500")],
        &["500 users", "85 %"],
        &[("app.cores", "1"), ("load.users", "400")],
    ),
    // 500 / 12.05 = 41.5 rps x 8.07 ms = 33.5 % of one core.
    (
        "database-cpu-missed",
        SCHOOL,
        &[("database.cores", "1"), ("load.users", "1400")],
        &["1400 users", "(1 core)"],
        &[("database.cores", "1"), ("load.users", "500")],
    ),
    // 1.51 GiB of 1.75: 86.5 %.
    (
        "cache-memory-missed",
        TEACHERS,
        &[("cache.max_memory", "1.75 GiB")],
        &["1.51 GiB", "1.75 GiB", "80 %"],
        &[("cache.max_memory", "2 GiB")],
    ),
    (
        "task-wait-missed",
        TEACHERS,
        &[("objectives.task_wait", "2 s"), ("tasks[0].time", "12.8 s")],
        &["64 slots", "2 s"],
        &[("objectives.task_wait", "2 s")],
    ),
];

#[test]
fn every_trap_is_found_with_its_arithmetic() {
    let mut failures = Vec::new();
    for (code, name, says, numbers, _) in TRAPS {
        let sizing = sized(&example(name, says));
        let Some(finding) = with_code(&sizing, code).first().copied() else {
            let codes: Vec<_> = sizing.findings.iter().map(|finding| finding.code).collect();
            failures.push(format!("{code} not in {codes:?}"));
            continue;
        };
        let text = format!("{} {}", finding.sentence, finding.hint);
        let missing: Vec<_> = numbers.iter().filter(|number| !text.contains(**number)).collect();
        if !missing.is_empty() {
            failures.push(format!("{code}: {missing:?} not in: {text}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_trap_is_seen_where_there_is_none() {
    let mut failures = Vec::new();
    for (code, name, _, _, without) in TRAPS {
        if let [finding, ..] = with_code(&sized(&example(name, without)), code).as_slice() {
            failures.push(format!("{code}: {}", finding.sentence));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_sane_small_school_is_left_in_peace() {
    let fifty_rps = example(SCHOOL, &[("load.users", "600"), ("app.workers", "2")]);
    for spec in [example(SCHOOL, &[]), fifty_rps] {
        let sizing = sized(&spec);
        let loud: Vec<_> = sizing.findings.iter().filter(|one| one.severity > Severity::Note).collect();
        assert!(loud.is_empty(), "{loud:#?}");
        assert!(sizing.findings.len() <= 2, "{:#?}", sizing.findings);
    }
}

#[test]
fn what_no_part_of_the_model_knows_is_always_said() {
    for name in [SCHOOL, TEACHERS, PACED] {
        let sizing = sized(&example(name, &[]));
        let said = with_code(&sizing, "not-modelled");
        assert!(said.len() == 1 && said[0].sentence.contains("retry storms"), "{name}");
    }
}
