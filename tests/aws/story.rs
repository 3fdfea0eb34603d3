//! From an empty account to a running stack and back.

use serde_json::json;

use crate::double::Double;

#[test]
fn apply_plan_destroy_and_nothing_is_left() {
    let double = Double::start();
    let wanted = double.steps(&[]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0], "no changes after apply");
    // Twice the users, in place.
    let doubled = ["--set", "load.users=1000"];
    let growth = double.steps(&doubled);
    assert!(growth.iter().any(|step| step == "update group/app"), "{growth:?}");
    assert!(growth.iter().all(|step| !step.starts_with("delete")), "{growth:?}");
    double.done("apply", &[&["--yes"][..], &doubled].concat());
    assert_eq!(double.steps(&doubled), [""; 0], "no changes after growth");
    let drift = double.run("drift", &[]);
    assert_eq!(drift.status.code(), Some(0), "{drift:?}");
    double.done("destroy", &["--yes"]);
    assert!(double.census().is_empty());
    assert_eq!(double.leftovers(), json!([]));
    assert_refused_nothing(&double);
}

/// Every call was one that the cloud's own description allows.
fn assert_refused_nothing(double: &Double) {
    let calls = double.ask("GET", "calls", &json!({}));
    let invalid = |call: &&serde_json::Value| {
        let said = call["message"].as_str().unwrap_or_default();
        said.contains("Unknown parameter")
            || said.contains("Parameter validation failed")
            || call["outcome"] == "NotImplementedByDouble"
    };
    let refused: Vec<_> = calls.as_array().unwrap().iter().filter(invalid).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn a_fifth_of_the_calls_throttled_and_others_lost_end_in_the_same_world() {
    let double = Double::start();
    let wanted = double.steps(&[]);
    double.made_through_faults();
    // An answer that is lost may leave a second thing where the cloud does not recognise a repeated call: it goes.
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn what_takes_its_time_is_waited_for() {
    let double = Double::start();
    double.ask("POST", "slow", &json!({ "nat": 1, "balancer": 1 }));
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn refused_permissions_name_the_permission_and_what_changed() {
    let double = Double::start();
    double.ask(
        "POST",
        "faults",
        &json!([{ "match": { "operation": "CreateDBInstance" }, "do": "deny", "times": 100 }]),
    );
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
fn expired_credentials_change_nothing_and_say_what_to_do() {
    let double = Double::start();
    double.ask("POST", "faults", &json!([{ "match": {}, "do": "expired", "times": 1000 }]));
    let output = double.run("apply", &["--yes"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was changed") && said.contains("sign in"), "{said}");
}
