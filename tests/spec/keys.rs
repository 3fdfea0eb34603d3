//! Keys that are unknown, misplaced, missing, doubled or of the wrong type.

use loadline::spec::keys::{self, Kind, Presence};

use crate::support::{SMALL, error, error_with, errors, help, read_with, shown, small_and, teachers};

#[test]
fn an_unknown_key_names_the_nearest_valid_key() {
    for (line, wrong, meant) in [
        ("objektives: {}", "objektives", "did you mean `objectives`?"),
        ("Database: {}", "Database", "did you mean `database`?"),
        ("app: { worker-memory: 1 GiB }", "worker-memory", "did you mean `worker_memory`?"),
        ("resilience: { surive: zone }", "surive", "did you mean `survive`?"),
        ("access: { ssh: { usr: x } }", "usr", "did you mean `user`?"),
    ] {
        let error = error(&small_and(&format!("{line}\n")));
        assert_eq!(error.code, "unknown-key");
        assert!(error.message.starts_with(&format!("unknown key `{wrong}` in ")), "{}", error.message);
        assert_eq!(help(&error), meant);
    }
    let error = error(&small_and("alarms: { qqq: 1 }\n"));
    assert_eq!(help(&error), "valid keys: email");
}

#[test]
fn a_key_under_the_wrong_parent_is_told_where_it_belongs() {
    for (line, wanted) in [
        ("app: { users: 5 }", "`users` belongs under `load`"),
        ("think: 5 s", "`think` belongs under `load`"),
        ("app: { hosts: [] }", "`hosts` belongs at the top of the file"),
        ("app: { queries: 1 }", "`queries` belongs in an entry of `requests`"),
        ("rate: 1/s", "`rate` belongs in an entry of `tasks`"),
        ("objectives: { growth: 1 %/month }", "`growth` belongs under `load` or under `database`"),
        ("zones: 2", "`zones` belongs under `resilience`"),
        ("ssh: {}", "`ssh` belongs under `access`"),
        ("keep: 5 days", "`keep` belongs under `resilience.backups`"),
    ] {
        assert_eq!(help(&error(&small_and(&format!("{line}\n")))), wanted);
    }
    let region = error(&small_and("region: east-1\n"));
    assert!(help(&region).starts_with("`region` belongs under a cloud in `clouds`"), "{:?}", region.help);
}

#[test]
fn a_key_given_twice_is_an_error_that_names_the_first() {
    let error = error(&small_and("name: other\n"));
    assert_eq!((error.code, error.line, error.column), ("duplicate-key", 6, 1));
    assert_eq!(error.message, "`name` is given twice: first at line 2, column 1");
    let inner =
        "version: 1\nname: x\nload: { users: 5, users: 6 }\nrequests: [{name: a, cpu: 1 ms, cpu: 1 ms}]\n";
    let found = errors(inner);
    assert_eq!(
        found.iter().map(|one| (one.line, one.code)).collect::<Vec<_>>(),
        [(3, "duplicate-key"), (4, "duplicate-key")]
    );
}

#[test]
fn every_required_key_is_asked_for() {
    let found: Vec<String> = errors("hosts: []\n").into_iter().map(|error| error.message).collect();
    assert_eq!(
        found,
        [
            "the spec has no `version`",
            "the spec has no `name`",
            "the spec has no `load`",
            "the spec has no `requests`"
        ]
    );
    let text = "version: 1\nname: x\nload:\nrequests: [{}]\ntasks: [{}]\n";
    let found: Vec<String> = errors(text).into_iter().map(|error| error.message).collect();
    assert_eq!(
        found,
        [
            "`load` has no `users`",
            "`requests[0]` has no `name`",
            "`requests[0]` has no `cpu`",
            "`tasks[0]` has no `name`",
            "`tasks[0]` has no `rate`",
            "`tasks[0]` has no `time`",
        ]
    );
}

#[test]
fn every_key_refuses_what_is_not_of_its_kind() {
    for key in keys::all() {
        let path = key.path.replace("[]", "[0]").replace('*', "aws");
        for wrong in ["[[]]", "[{a: b}]"] {
            let errors = read_with(&teachers(), &[(&path, wrong)]).expect_err(key.path);
            assert!(
                errors.iter().any(|error| error.code == "wrong-type"
                    || error.code == "missing-key"
                    || error.code == "unknown-key"),
                "{path}={wrong}: {}",
                shown(&errors)
            );
        }
        let takes_map =
            matches!(key.kind, Kind::Map | Kind::ChoiceOrMap(_) | Kind::ByCloud(_) | Kind::Table(..));
        let outcome = read_with(&teachers(), &[(&path, "{zzz: 1}")]);
        assert!(outcome.is_err() || matches!(key.kind, Kind::Table(..)), "{path} takes any map");
        let codes: Vec<&str> = outcome.err().unwrap_or_default().iter().map(|error| error.code).collect();
        let interval = matches!(key.kind, Kind::Quantity(_, _, keys::Spread::Interval));
        assert_eq!(codes.contains(&"wrong-type"), !takes_map && !interval, "{path}: {codes:?}");
    }
}

#[test]
fn a_key_without_value_is_an_error_unless_it_is_a_map() {
    for key in keys::all().filter(|key| !key.path.contains(['[', '*'])) {
        let outcome = read_with(&teachers(), &[(key.path, "")]);
        let codes: Vec<&str> = outcome.err().unwrap_or_default().iter().map(|error| error.code).collect();
        let map = matches!(key.kind, Kind::Map | Kind::ChoiceOrMap(_));
        assert_eq!(codes.contains(&"missing-value"), !map, "{}: {codes:?}", key.path);
    }
}

#[test]
fn a_list_of_requests_is_a_list_of_maps() {
    for (value, code) in [
        ("[]", "missing-key"),
        ("{}", "wrong-type"),
        ("page", "wrong-type"),
        ("[page]", "wrong-type"),
        ("[~]", "wrong-type"),
    ] {
        assert_eq!(error_with(SMALL, &[("requests", value)]).code, code, "{value}");
    }
    let many = format!("[{}]", "{name: a, cpu: 1 ms},".repeat(400));
    assert!(many.len() < 10_000);
    let text = SMALL.replace("requests:\n", "").replace("  - { name: page, cpu: 12 ms }\n", "");
    let entries: String = (0..1001).map(|index| format!("  - {{ name: r{index}, cpu: 1 ms }}\n")).collect();
    let error = error(&format!("{text}requests:\n{entries}"));
    assert_eq!(error.message, "`requests` has 1001 entries; at most 1000 are allowed");
    let entries: String = (0..1000).map(|index| format!("  - {{ name: r{index}, cpu: 1 ms }}\n")).collect();
    assert_eq!(crate::support::sound(&format!("{text}requests:\n{entries}")).requests.len(), 1000);
}

#[test]
fn the_table_of_keys_is_sound() {
    let mut paths: Vec<&str> = keys::all().map(|key| key.path).collect();
    for key in keys::all() {
        assert!(key.doc.ends_with('.'), "{}: {}", key.path, key.doc);
        if let Presence::Default { value, reason, source } = key.presence {
            assert!(!value.is_empty() && !reason.is_empty() && !source.is_empty(), "{}", key.path);
        }
        let parent = key.parent().trim_end_matches("[]").trim_end_matches(".*");
        assert!(parent.is_empty() || keys::find(parent).is_some(), "{} stands in no map", key.path);
    }
    paths.sort_unstable();
    assert!(paths.windows(2).all(|pair| pair[0] != pair[1]), "a key stands twice in the table");
}
