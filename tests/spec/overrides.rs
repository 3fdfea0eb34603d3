//! `--set path=value`.

use crate::support::{SMALL, error_with, help, read_with, shown, small_and, sound_with, teachers};

#[test]
fn a_flag_replaces_adds_and_reaches_into_lists() {
    let spec = sound_with(
        &teachers(),
        &[
            ("load.users", "2500"),
            ("requests[0].cpu", "3 ms"),
            ("objectives.p99", "900 ms"),
            ("load.think", "{low: 100 ms, high: 400 ms}"),
            ("hosts", "[web1, web2]"),
            ("clouds.aws.region", "eu-central-1"),
            ("pin.aws.app_count", "4"),
        ],
    );
    assert_eq!(spec.load.users.mid, 2500.0);
    assert_eq!(spec.requests[0].cpu_s.mid, 0.003);
    assert_eq!(spec.objectives.p99_s, Some(0.9));
    assert!((spec.load.think_s.mid - 0.2).abs() < 1e-15);
    assert_eq!(spec.hosts, ["web1", "web2"]);
    assert_eq!(spec.clouds[0].region, "eu-central-1");
    assert_eq!((spec.pin["aws"].app_count, spec.pin["aws"].app.as_deref()), (Some(4), Some("c6i.4xlarge")));
}

#[test]
fn the_last_flag_wins() {
    assert_eq!(sound_with(SMALL, &[("load.users", "5"), ("load.users", "6")]).load.users.mid, 6.0);
    let whole = sound_with(SMALL, &[("load.users", "5"), ("load", "{users: 7}")]);
    assert_eq!(whole.load.users.mid, 7.0);
}

#[test]
fn a_flag_may_mend_the_file() {
    assert_eq!(sound_with(&SMALL.replace("200", "many"), &[("load.users", "5")]).load.users.mid, 5.0);
    assert_eq!(
        sound_with("version: 1\nname: x\nrequests: [{name: a, cpu: 1 ms}]\n", &[("load.users", "5")])
            .load
            .users
            .mid,
        5.0
    );
}

#[test]
fn a_complaint_about_a_flag_shows_the_flag() {
    let errors = read_with(SMALL, &[("load.users", "6"), ("load.thinkk", "5 s"), ("load.think", "5 parsec")])
        .unwrap_err();
    assert_eq!(
        shown(&errors),
        "\
--set:1:1: error: unknown key `thinkk` in `load` [unknown-key]
 1 | load.thinkk=5 s
   | ^^^^^^^^^^^
   help: did you mean `think`?

--set:1:12: error: `think`: `parsec` is not a unit of a time [unknown-unit]
 1 | load.think=5 parsec
   |            ^^^^^^^^
   help: valid units of a time: us, ms, s, min, h, d, day, days, µs
"
    );
}

#[test]
fn faults_inside_the_value_of_a_flag_are_marked_where_they_stand() {
    for (path, value, code, column) in [
        ("hosts", "[web1", "syntax", 12),
        ("hosts", "[web1, 'a b']", "bad-text", 14),
        ("load", "{users: 5, users: 6}", "duplicate-key", 17),
        ("load.users", "!!int 5", "tag", 12),
        ("load.users", "*x", "syntax", 12),
        ("load.users", "", "missing-value", 12),
        ("load.users", "5\u{1b}[31m", "control-character", 12),
    ] {
        let error = error_with(SMALL, &[(path, value)]);
        assert_eq!(
            (error.file.as_str(), error.code, error.line, error.column),
            ("--set", code, 1, column),
            "{path}={value}"
        );
    }
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    for (path, wanted) in [
        ("requests[1].cpu", "it has one entry: number 0"),
        ("tasks[0].cpu", "`tasks` has no entries in the file"),
        ("requests.cpu", "write for example `requests[0].cpu`"),
        ("load..users", "write for example `--set load.users=2500` or `--set requests[0].cpu='3 ms'`"),
        ("requests[x].cpu", "write for example `--set load.users=2500` or `--set requests[0].cpu='3 ms'`"),
        (
            "requests[99999999999999999999].cpu",
            "write for example `--set load.users=2500` or `--set requests[0].cpu='3 ms'`",
        ),
        ("a.b.c.d.e.f.g.h.i", "write for example `--set load.users=2500` or `--set requests[0].cpu='3 ms'`"),
        ("lo\u{1b}ad", "write for example `--set load.users=2500` or `--set requests[0].cpu='3 ms'`"),
    ] {
        let error = error_with(SMALL, &[(path, "5 ms")]);
        assert_eq!((error.code, help(&error)), ("set-path", wanted), "{path}");
        assert!(!shown(&[error]).contains('\u{1b}'));
    }
    let two = small_and("").replace("requests:\n", "requests:\n  - { name: b, cpu: 1 ms }\n");
    assert_eq!(
        help(&error_with(&two, &[("requests[5].cpu", "5 ms")])),
        "its 2 entries are numbered from 0 to 1"
    );
    assert_eq!(error_with(SMALL, &[("load.users", &"5".repeat(10_001))]).code, "too-large");
}

#[test]
fn a_flag_below_a_single_value_is_judged_at_the_flag() {
    let error = error_with(SMALL, &[("name.first", "x")]);
    assert_eq!((error.file.as_str(), error.code), ("--set", "wrong-type"));
    assert_eq!(error.message, "`name` is a map, not a text");
}

#[test]
fn a_value_that_is_only_a_comment_is_missing_and_not_ignored() {
    for value in ["#", "# 2500", "   # 2500", ""] {
        let error = error_with(SMALL, &[("load.users", value)]);
        assert_eq!((error.file.as_str(), error.code), ("--set", "missing-value"), "{value:?}");
    }
}
