//! Keys that do not exist, stand twice or stand in the wrong place; anchors and merge keys.

use crate::support::{FULL, SMALL, complaint, complaints, help, marked, read, sound};

fn with_top(line: &str) -> String {
    format!("{SMALL}{line}\n")
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    for (line, meant) in [
        ("objective: {}", "`objectives`"),
        ("databse: {}", "`database`"),
        ("Terms: on-demand", "`terms`"),
        ("resiliance: {}", "`resilience`"),
    ] {
        let found = complaint(with_top(line));
        assert_eq!(found.code, "unknown-key");
        assert!(help(&found).contains(&format!("did you mean {meant}?")), "{line}: {:?}", found.help);
    }
    let found = complaint(SMALL.replace("cpu:", "wiat: 5 ms\n    cpu:"));
    assert!(help(&found).contains("`wait`"), "{:?}", found.help);
}

#[test]
fn a_key_like_none_other_is_answered_with_all() {
    let found = complaint(with_top("qqqq: 1"));
    for key in ["version", "name", "load", "requests", "terms", "clouds", "hosts"] {
        assert!(help(&found).contains(key), "{:?}", found.help);
    }
}

#[test]
fn a_key_under_the_wrong_parent_is_told_where_it_belongs() {
    for (line, home) in [
        ("users: 200", "under `load`"),
        ("buffer_pool: 8 GiB", "under `database`"),
        ("max: 2x", "under `resilience.autoscale`"),
        ("query_cpu: 1 ms", "in an entry of `requests`"),
        ("rate: 1/s", "in an entry of `tasks`"),
        ("region: nyc3", "under a cloud in `clouds`"),
    ] {
        let found = complaint(with_top(line));
        assert!(help(&found).contains(home), "{line}: {:?}", found.help);
    }
    let found = complaint(SMALL.replace("users: 200", "users: 200\n  terms: on-demand"));
    assert!(help(&found).contains("at the top of the spec"), "{:?}", found.help);
}

#[test]
fn a_key_that_could_belong_to_several_is_told_all() {
    let found = complaint(SMALL.replace("users: 200", "users: 200\n  cpu: 3 ms"));
    for home in ["in an entry of `requests`", "in an entry of `tasks`", "under `objectives`"] {
        assert!(help(&found).contains(home), "{home}: {:?}", found.help);
    }
}

#[test]
fn a_key_that_stands_twice_points_at_both() {
    let found = complaint(SMALL.replace("users: 200", "users: 200\n  \"users\": 300"));
    assert_eq!((found.code, found.line, marked(&found).as_str()), ("duplicate-key", 5, "\"users\""));
    assert!(found.message.contains("line 4, column 3"), "{}", found.message);
}

#[test]
fn every_required_key_is_asked_for() {
    for (line, path) in [
        ("version: 1\n", "version"),
        ("name: school\n", "name"),
        ("load:\n  users: 200\n", "load"),
        ("requests:\n  - name: page\n    cpu: 12 ms\n", "requests"),
    ] {
        let found = complaint(SMALL.replace(line, ""));
        assert_eq!(found.code, "missing-key", "{path}");
        assert!(found.message.contains(&format!("has no `{path}`")), "{}", found.message);
    }
}

#[test]
fn a_task_needs_its_rate_and_time() {
    let found = complaints(with_top("tasks: [{ name: mail }]"));
    let messages: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages, ["`tasks[0]` has no `rate`", "`tasks[0]` has no `time`"]);
}

#[test]
fn requests_need_an_entry_and_tasks_do_not() {
    let text = SMALL.replace("requests:\n  - name: page\n    cpu: 12 ms\n", "requests: []\n");
    assert_eq!(complaint(text).code, "missing-key");
    assert!(sound(read(with_top("tasks: []"))).tasks.is_empty());
}

#[test]
fn an_entry_that_is_no_map_is_refused() {
    let text = SMALL.replace("  - name: page\n    cpu: 12 ms\n", "  - page\n");
    let found = complaint(text);
    assert_eq!((found.code, marked(&found).as_str()), ("wrong-type", "page"));
    let many: String = (0..1001).map(|n| format!("  - {{ name: r{n}, cpu: 1 ms }}\n")).collect();
    let found = complaint(SMALL.replace("  - name: page\n    cpu: 12 ms\n", &many));
    assert_eq!(found.code, "out-of-range");
}

#[test]
fn aliases_and_merge_keys_bring_what_they_name() {
    let text = SMALL.replace(
        "  - name: page\n    cpu: 12 ms\n",
        "  - &page { name: page, cpu: 12 ms, wait: &w 5 ms, share: 50 % }\n  - { <<: *page, name: list, cpu: 3 ms }\n",
    );
    let requests = sound(read(text)).requests;
    assert_eq!(requests[1].name, "list", "its own keys win");
    assert_eq!((requests[1].cpu_s.mid, requests[1].wait_s.mid, requests[1].share), (0.003, 0.005, 0.5));
    let text = SMALL.replace("cpu: 12 ms", "cpu: &c 12 ms\n    wait: *c");
    assert_eq!(sound(read(text)).requests[0].wait_s.mid, 0.012);
}

#[test]
fn of_several_merged_maps_the_first_wins() {
    let text = "\
version: 1
name: school
load: &a { users: 200, think: 1 s }
requests:
  - &b { name: page, cpu: 12 ms, wait: 1 ms }
  - { <<: [{ wait: 2 ms, cpu: 2 ms }, *b], name: list }
";
    let list = &sound(read(text)).requests[1];
    assert_eq!((list.wait_s.mid, list.cpu_s.mid), (0.002, 0.002));
}

#[test]
fn a_merge_of_something_else_is_refused() {
    assert_eq!(complaint(SMALL.replace("cpu: 12 ms", "cpu: 12 ms\n    <<: 5")).code, "merge-key");
}

#[test]
fn an_anchor_at_a_key_can_be_named_as_well() {
    let text = SMALL.replace("  - name: page\n", "  - &n name: page\n    connection: request\n");
    assert_eq!(sound(read(&text)).requests[0].name, "page");
    let found = complaint(text.replace("connection: request", "connection: *n"));
    assert_eq!(found.code, "unknown-word", "the alias stands for the word `name`: {found:?}");
}

#[test]
fn lists_and_maps_are_no_keys() {
    for text in ["? [a]\n: b\n", "? {a: b}\n: c\n", "{[a]: b}\n", "x: &x 1\n*x : 2\n"] {
        let found = complaints(format!("{SMALL}{text}"));
        assert!(found.iter().any(|one| ["complex-key", "syntax"].contains(&one.code)), "{text}: {found:?}");
    }
}

#[test]
fn quotes_make_no_difference_where_a_text_is_wanted() {
    let quoted = FULL.replace("mysql", "\"mysql\"").replace("users: 2000 ", "users: '2000' ");
    let bare = FULL.replace("\"8.4\"", "8.4");
    let (mut quoted, mut bare) = (sound(read(quoted)), sound(read(bare)));
    // The columns behind a quote differ.
    quoted.origins.clear();
    bare.origins.clear();
    assert_eq!(quoted, bare);
}
