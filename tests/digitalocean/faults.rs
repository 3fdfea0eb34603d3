//! Calls that fail, and what the person is told.

use serde_json::json;

use crate::double::{Double, GROWING, fixed};

#[test]
fn a_fifth_of_the_calls_throttled_and_others_lost_end_in_the_same_world() {
    let double = Double::start(&fixed());
    let wanted = double.steps(&[]);
    double.made_through_faults();
    // An answer that is lost may leave a second thing where the cloud does not recognise a repeated call: it goes.
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn a_database_whose_creation_was_never_answered_is_found_again_and_not_made_twice() {
    let double = Double::start(GROWING);
    let lost =
        json!([{ "match": { "operation": "POST /v2/databases" }, "do": "answered-but-lost", "times": 2 }]);
    double.ask("POST", "faults", &lost);
    double.run("apply", &["--yes"]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.families()["databases"].as_array().unwrap().len(), 2, "a database and a cache");
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn a_refused_call_says_what_was_refused_and_the_rest_waits_for_another_run() {
    let double = Double::start(GROWING);
    let deny = json!([{ "match": { "operation": "POST /v2/databases" }, "do": "deny", "times": 100 }]);
    double.ask("POST", "faults", &deny);
    let output = double.run("apply", &["--yes"]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(4), "{out}");
    assert!(out.contains("failed   create database/main (not allowed)"), "{out}");
    assert!(out.contains("skipped  create alarm/database-cpu"), "{out}");
    double.ask("POST", "faults", &json!([]));
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn a_token_that_is_not_taken_changes_nothing_and_says_what_to_do() {
    let double = Double::start(GROWING);
    double.ask("POST", "faults", &json!([{ "match": {}, "do": "expired", "times": 1000 }]));
    let output = double.run("apply", &["--yes"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was changed") && said.contains("DIGITALOCEAN_ACCESS_TOKEN"), "{said}");
    double.ask("POST", "faults", &json!([]));
    // And without any, nothing is asked.
    let calls = double.calls().len();
    let output =
        double.command("apply", &["--yes"]).env_remove("DIGITALOCEAN_ACCESS_TOKEN").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("there is no token") && said.contains("DIGITALOCEAN_ACCESS_TOKEN"), "{said}");
    assert_eq!(double.calls().len(), calls);
}

#[test]
fn the_cloud_decides_how_long_a_throttled_read_waits() {
    let double = Double::start(GROWING);
    double.ask("POST", "limits", &json!({ "retry_after_s": 1 }));
    double.ask("POST", "faults", &json!([{ "match": { "service": "vpcs" }, "do": "throttle", "times": 1 }]));
    let begun = std::time::Instant::now();
    double.steps(&[]);
    assert!(begun.elapsed().as_secs_f64() >= 1.0, "{:?}", begun.elapsed());
}

#[test]
fn what_fails_after_it_was_taken_on_is_told_and_made_anew_by_the_next_run() {
    for (kind, address) in [("balancer", "balancer/main"), ("pool", "group/app")] {
        let double = Double::start(GROWING);
        double.ask("POST", "fail", &json!([kind]));
        let output = double.run("apply", &["--yes"]);
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(4), "{out}");
        assert!(out.contains(&format!("failed   create {address}")), "{out}");
        double.done("apply", &["--yes"]);
        assert_eq!(double.steps(&[]), [""; 0], "{kind}");
        double.assert_described();
    }
}
