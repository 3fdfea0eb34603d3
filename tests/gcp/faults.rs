//! Calls and operations that fail, and what the person is told.

use serde_json::{Value, json};

use crate::double::{Double, PROJECT, SPEC};

fn flat(text: Vec<u8>) -> String {
    String::from_utf8(text).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_fifth_of_the_calls_throttled_and_others_lost_end_in_the_same_world() {
    let double = Double::start(SPEC);
    let wanted = double.steps(&[]);
    double.made_through_faults();
    // An answer that is lost may leave a second thing where the cloud gives the names: it goes.
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn an_operation_that_fails_after_it_was_taken_on_is_told_with_what_it_means_and_the_next_run_makes_the_thing()
{
    for (what, code, address, class) in [
        ("compute.networks.insert", "QUOTA_EXCEEDED", "network/main", "quota"),
        (
            "compute.regionInstanceGroupManagers.insert",
            "ZONE_RESOURCE_POOL_EXHAUSTED",
            "group/app-a-b",
            "capacity",
        ),
        ("compute.urlMaps.insert", "SOMETHING_ELSE", "url-map/app", "SOMETHING_ELSE"),
        ("sql.instances.insert", "ERROR_RDBMS", "database/main", "ERROR_RDBMS"),
    ] {
        let double = Double::start(SPEC);
        let failing = json!([{ "what": what, "code": code, "message": format!("it cannot be: {code}") }]);
        double.ask("POST", "fail", &failing);
        let output = double.run("apply", &["--yes"]);
        let out = flat(output.stdout);
        assert_eq!(output.status.code(), Some(4), "{out}");
        assert!(out.contains(&format!("failed create {address}")), "{out}");
        assert!(out.contains(class) && out.contains("it cannot be"), "{class}: {out}");
        // A database that failed is there, and is removed only with consent.
        double.done("apply", &["--yes", "--consent", "database/main"]);
        assert_eq!(double.steps(&[]), [""; 0], "{what}");
        double.assert_described();
    }
}

#[test]
fn an_internal_error_of_an_operation_is_tried_again_under_another_id() {
    let double = Double::start(SPEC);
    double.ask("POST", "fail", &json!(["compute.firewalls.insert"]));
    double.done("apply", &["--yes"]);
    let calls = double.calls();
    let made = calls.iter().filter(|call| call["operation"] == "compute.firewalls.insert");
    assert_eq!(made.count(), 3, "two rules, one of them twice");
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn a_refused_call_names_the_permission_and_the_rest_waits_for_another_run() {
    let double = Double::start(SPEC);
    let deny = json!([{ "match": { "operation": "sql.instances.insert" }, "do": "deny", "times": 100 }]);
    double.ask("POST", "faults", &deny);
    let output = double.run("apply", &["--yes"]);
    let out = flat(output.stdout);
    assert_eq!(output.status.code(), Some(4), "{out}");
    assert!(out.contains("failed create database/main (not allowed)"), "{out}");
    assert!(out.contains("skipped create alert/database-cpu"), "{out}");
    double.ask("POST", "faults", &json!([]));
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn a_refused_look_names_the_permission_and_says_that_nothing_was_changed() {
    let double = Double::start(SPEC);
    let deny = json!([{ "match": { "operation": "compute.networks.list" }, "do": "deny", "times": 100 }]);
    double.ask("POST", "faults", &deny);
    let output = double.run("plan", &[]);
    let said = flat(output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in ["compute.networks.list", "nothing was changed", "plan --permissions"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn expired_credentials_change_nothing_and_say_what_to_do() {
    let double = Double::start(SPEC);
    double.ask("POST", "faults", &json!([{ "match": {}, "do": "expired", "times": 1000 }]));
    let output = double.run("apply", &["--yes"]);
    let said = flat(output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    assert!(said.contains("gcloud auth application-default login"), "{said}");
}

#[test]
fn without_a_project_nothing_is_asked_and_it_says_how_to_name_one() {
    let double = Double::start(SPEC);
    let output = double.command("status", &[]).env_remove("GOOGLE_CLOUD_PROJECT").output().unwrap();
    let said = flat(output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no project is named") && said.contains("--credentials PROJECT"), "{said}");
    assert!(double.calls().is_empty());
    // And the flag names one.
    let output =
        double.command("status", &["--credentials", PROJECT]).env_remove("GOOGLE_CLOUD_PROJECT").output();
    assert!(output.unwrap().status.success());
}

#[test]
fn an_api_that_is_not_enabled_is_named_with_the_command_that_enables_it() {
    let double = Double::start(SPEC);
    double.ask("POST", "limits", &json!({ "disabled": ["redis.googleapis.com"] }));
    let output = double.run("plan", &[]);
    let said = flat(output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the API redis.googleapis.com is not enabled"), "{said}");
    assert!(said.contains("gcloud services enable redis.googleapis.com"), "{said}");
}

#[test]
fn a_name_that_somebody_else_has_is_said_to_be_taken_and_theirs_is_left_alone() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    let name = double.families()["compute.sslPolicies"].clone();
    assert!(name.is_null(), "there is no certificate, so there is no policy: {name:#}");
    let check = double.families()["compute.healthChecks"][0]["name"].as_str().unwrap().to_owned();
    double.done("destroy", &["--yes"]);
    let theirs =
        json!({ "name": check, "type": "TCP", "tcpHealthCheck": { "port": 1 }, "description": "by hand" });
    let path = format!("compute.googleapis.com/compute/v1/projects/{PROJECT}/global/healthChecks");
    double.outside("POST", &path, &theirs);
    let output = double.run("apply", &["--yes"]);
    let out = flat(output.stdout);
    assert_eq!(output.status.code(), Some(4), "{out}");
    assert!(out.contains("failed create health-check/app") && out.contains("has this name"), "{out}");
    double.done("destroy", &["--yes"]);
    let left: &Value = &double.families()["compute.healthChecks"];
    assert_eq!(left[0]["description"], "by hand", "{left:#}");
}

#[test]
fn an_autoscaler_that_could_not_be_removed_is_removed_before_its_group_gets_a_fixed_size() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    let fixed = SPEC.replace(", autoscale: { max: 2x }", "").replace("users: 500", "users: 4000");
    assert!(!fixed.contains("autoscale") && fixed.contains("users: 4000"));
    double.write_spec(&fixed);
    let before = double.calls().len();
    double.ask("POST", "fail", &json!(["compute.regionAutoscalers.delete"]));
    double.done("apply", &["--yes"]);
    let calls = double.calls();
    let at = |is: fn(&str) -> bool| -> Vec<usize> {
        let wanted = |(_, call): &(usize, &Value)| call["operation"].as_str().is_some_and(is);
        calls.iter().enumerate().skip(before).filter(wanted).map(|(index, _)| index).collect()
    };
    let removed = at(|operation| operation == "compute.regionAutoscalers.delete");
    let sized = at(|operation| {
        ["compute.regionInstanceGroupManagers.patch", "compute.regionInstanceGroupManagers.resize"]
            .contains(&operation)
    });
    assert!(removed.len() > 1, "the one that failed is asked for again: {removed:?}");
    assert!(!sized.is_empty() && removed.iter().max() < sized.iter().max(), "{removed:?} {sized:?}");
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}
