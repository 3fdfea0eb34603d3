//! Calls that fail, and what the person is told.

use serde_json::json;

use crate::double::{Double, GROWING, fixed};

fn words(text: &[u8]) -> String {
    // A line may end after a slash of a long path.
    String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ").replace("/ ", "/")
}

#[test]
fn a_fifth_of_the_calls_throttled_and_others_lost_end_in_the_same_world() {
    let double = Double::start(&fixed());
    let wanted = double.steps(&[]);
    double.ask("POST", "limits", &json!({ "retry_after_s": 0 }));
    double.made_through_faults();
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn a_server_whose_creation_was_never_answered_is_found_again_and_not_made_twice() {
    let double = Double::start(GROWING);
    let put = "PUT Microsoft.DBforMySQL/flexibleServers";
    let lost = json!([{ "match": { "operation": put }, "do": "answered-but-lost", "times": 1 }]);
    double.ask("POST", "faults", &lost);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    let made = double.calls();
    let made = made.iter().filter(|call| call["operation"] == put).count();
    // Once the server and once its replica: the second look found the first.
    assert_eq!(made, 2);
}

#[test]
fn a_refused_call_names_the_permission_and_the_rest_waits_for_another_run() {
    let double = Double::start(GROWING);
    let put = "PUT Microsoft.DBforMySQL/flexibleServers";
    double.ask("POST", "faults", &json!([{ "match": { "operation": put }, "do": "deny", "times": 100 }]));
    let output = double.run("apply", &["--yes"]);
    let out = words(&output.stdout);
    assert_eq!(output.status.code(), Some(4), "{out}");
    assert!(out.contains("failed create database/main (not allowed)"), "{out}");
    assert!(out.contains("lack the permission Microsoft.DBforMySQL/flexibleServers/write"), "{out}");
    assert!(out.contains("loadline plan --permissions"), "{out}");
    assert!(out.contains("skipped create alarm/database-cpu"), "{out}");
    double.ask("POST", "faults", &json!([]));
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn credentials_that_are_not_taken_change_nothing_and_say_what_to_do() {
    let double = Double::start(GROWING);
    double.ask("POST", "faults", &json!([{ "match": {}, "do": "expired", "times": 1000 }]));
    let output = double.run("apply", &["--yes"]);
    let said = words(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was changed") && said.contains("az login"), "{said}");
    double.ask("POST", "faults", &json!([]));
    // And without a subscription nothing is asked.
    let calls = double.calls().len();
    let output = double.command("apply", &["--yes"]).env_remove("AZURE_SUBSCRIPTION_ID").output().unwrap();
    let said = words(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no subscription is named") && said.contains("az account list"), "{said}");
    assert_eq!(double.calls().len(), calls);
}

#[test]
fn the_subscription_may_be_named_on_the_command_line() {
    let double = Double::start(GROWING);
    let mut command = double.command("plan", &["--credentials", crate::double::SUBSCRIPTION]);
    let output = command.env_remove("AZURE_SUBSCRIPTION_ID").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_cloud_decides_how_long_a_throttled_read_waits() {
    let double = Double::start(GROWING);
    double.ask("POST", "limits", &json!({ "retry_after_s": 1 }));
    let rule = json!([{ "match": { "service": "Microsoft.Resources" }, "do": "throttle", "times": 1 }]);
    double.ask("POST", "faults", &rule);
    let begun = std::time::Instant::now();
    double.steps(&[]);
    assert!(begun.elapsed().as_secs_f64() >= 1.0, "{:?}", begun.elapsed());
}

#[test]
fn what_fails_after_it_was_taken_on_is_told_with_its_code_and_made_by_the_next_run() {
    // Which of the two gateways that are made at once, is chance.
    let gateways = &["nat/app-1", "nat/app-2"][..];
    for (kind, addresses) in [("natGateways", gateways), ("flexibleServers", &["database/main"])] {
        let double = Double::start(GROWING);
        let failure = json!({ kind: { "code": "QuotaExceeded", "message": "no more of these" } });
        double.ask("POST", "fail", &failure);
        let output = double.run("apply", &["--yes"]);
        let out = words(&output.stdout);
        assert_eq!(output.status.code(), Some(4), "{out}");
        let failed = |address: &&str| out.contains(&format!("failed create {address} (over quota"));
        assert!(addresses.iter().any(failed), "{out}");
        assert!(out.contains("QuotaExceeded: no more of these"), "{out}");
        double.done("apply", &["--yes"]);
        assert_eq!(double.steps(&[]), [""; 0], "{kind}");
        double.assert_described();
    }
}

#[test]
fn what_takes_its_time_is_waited_for() {
    let double = Double::start(&fixed());
    double.ask("POST", "slow", &json!({ "*": 2 }));
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), json!({}));
    double.assert_described();
}

#[test]
fn a_region_without_room_and_a_quota_that_is_reached_are_told_apart() {
    for (fault, said) in [("capacity", "no capacity"), ("quota", "over quota")] {
        let double = Double::start(GROWING);
        let put = "PUT Microsoft.Compute/virtualMachineScaleSets";
        double.ask("POST", "faults", &json!([{ "match": { "operation": put }, "do": fault, "times": 100 }]));
        let output = double.run("apply", &["--yes"]);
        let out = words(&output.stdout);
        assert_eq!(output.status.code(), Some(4), "{out}");
        assert!(out.contains("failed create group/app") && out.contains(said), "{fault}: {out}");
    }
}
