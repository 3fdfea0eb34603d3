//! A rule that cries wolf is worse than none: sane specs hear little.

use loadline::sizing::{Effort, Finding, Severity};

use super::support::{TEACHERS, findings, sized};

/// 600 people, a request each every 12 s: 50 rps; 15 ms of CPU, four short queries, a small cache, a few mails.
const SCHOOL: &str = "
version: 1
name: school
load: { users: 600, think: 12 s, duty: 20 %, growth: 1 %/month, horizon: 12 months }
requests:
  - { name: page, cpu: 15 ms, queries: 4, query_cpu: 0.6 ms, writes: 0.2, wait: 8 ms, connection: query, upload: 1 KiB, download: 20 KiB }
app: { image: registry.example/school:1, disk: 30 GiB }
database: { data: 20 GiB, working_set: 2 GiB }
objectives: { mean: 300 ms, p95: 800 ms }
resilience: { zones: 1, survive: none, backups: { keep: 7 days } }
";

fn complaints(found: &[Finding]) -> Vec<&str> {
    found.iter().filter(|finding| finding.severity > Severity::Note).map(|finding| finding.code).collect()
}

#[test]
fn a_sane_school_hears_nothing_but_what_is_not_modelled() {
    let codes: Vec<&str> = findings(SCHOOL, &[]).iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["not-modelled"]);
}

#[test]
fn a_sane_school_that_survives_failures_hears_no_complaint() {
    let flags = [
        "resilience={zones: 2, survive: instance, database_standby: true, backups: {keep: 7 days}}",
        "app.pool=5",
    ];
    let found = findings(SCHOOL, &flags);
    // Two machines share less than two busy cores: one alone carries them.
    assert_eq!(complaints(&found), Vec::<&str>::new(), "{found:?}");
}

#[test]
fn a_small_queue_that_empties_in_a_minute_is_no_complaint() {
    let flags = [
        "tasks=[{name: mail, rate: 0.5/s, time: 400 ms, cpu: 5 ms, message: 1 KiB, result: 100 B, keep_result: 1 h}]",
        "cache={entries: 0, entry_size: 1 KiB}",
        "app={image: registry.example/school:1, disk: 30 GiB, task_workers: 2, task_concurrency: 4}",
    ];
    let found = findings(SCHOOL, &flags);
    assert_eq!(complaints(&found), ["results-dominate-cache"], "{found:?}");
}

#[test]
fn findings_come_worst_first() {
    let severities: Vec<Severity> = findings(TEACHERS, &[]).iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
}

#[test]
fn no_finding_is_said_twice() {
    let found = findings(TEACHERS, &["app.workers=1", "app.pool=15"]);
    for (index, finding) in found.iter().enumerate() {
        let same =
            found[index + 1..].iter().any(|other| (other.code, &other.path) == (finding.code, &finding.path));
        assert!(!same, "{} twice", finding.code);
    }
}

#[test]
fn what_is_sized_for_a_load_meets_its_objectives() {
    for (text, flags) in [
        (SCHOOL, &[][..]),
        (SCHOOL, &["load.users=20000"]),
        (SCHOOL, &["objectives.p95=140 ms"]),
        (TEACHERS, &["app.workers=4"]),
        (TEACHERS, &["app.workers=4", "objectives.p95=455 ms"]),
        (TEACHERS, &["app.workers=8", "load.think=10 s", "requests[0].cpu=12 ms"]),
    ] {
        let sizing = sized(text, flags, &Effort::quick());
        let missed: Vec<&Finding> =
            sizing.findings.iter().filter(|finding| finding.code.ends_with("-missed")).collect();
        assert!(missed.is_empty(), "{flags:?}: {missed:?}");
    }
}
