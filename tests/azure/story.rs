//! From an empty subscription to a running stack and back.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::double::{Double, GROWING, fixed};
use crate::program::fixed_teachers;

#[test]
fn the_stack_for_2000_people_grows_loses_a_machine_and_goes() {
    Double::start(GROWING).lives_its_life(&fixed_teachers(), |double| {
        let group = double.families()["Microsoft.Compute/virtualMachineScaleSets"][0]["name"].clone();
        double.ask("POST", "lose", &json!({ "group": group }));
    });
}

#[test]
fn apply_plan_destroy_and_nothing_is_left() {
    for spec in [GROWING, &fixed()] {
        let double = Double::start(spec);
        double.made_and_removed();
        assert_eq!(double.families(), json!({}), "not even a removed vault is left");
        double.assert_described();
    }
}

#[test]
fn twice_the_users_change_what_has_to_change_in_place() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let more = ["--set", "load.users=1000"];
    let steps = double.steps(&more);
    assert!(!steps.is_empty() && steps.iter().all(|step| step.starts_with("update ")), "{steps:?}");
    double.done("apply", &["--yes", more[0], more[1]]);
    assert_eq!(double.steps(&more), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), json!({}));
    double.assert_described();
}

/// The machines of the application, with the revision that each was made from.
fn machines(double: &Double) -> Vec<Value> {
    let all = double.families()["Microsoft.Compute/virtualMachineScaleSets/virtualMachines"].clone();
    all.as_array().cloned().unwrap_or_default()
}

#[test]
fn a_machine_that_is_lost_is_planned_and_made_again() {
    let double = Double::start(&fixed());
    double.done("apply", &["--yes"]);
    let there = machines(&double).len();
    let group = double.families()["Microsoft.Compute/virtualMachineScaleSets"][0]["name"].clone();
    double.ask("POST", "lose", &json!({ "group": group }));
    assert_eq!(double.run("drift", &[]).status.code(), Some(2));
    let steps = double.steps(&[]);
    assert!(steps.len() == 1 && steps[0].starts_with("update group/app-"), "{steps:?}");
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    assert_eq!(machines(&double).len(), there);
    double.assert_described();
}

#[test]
fn what_somebody_removed_is_planned_and_made_again() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let endpoint =
        double.families()["Microsoft.Network/privateEndpoints"][0]["id"].as_str().unwrap().to_owned();
    double.outside("DELETE", &format!("{endpoint}?api-version=2024-03-01"), &Value::Null);
    assert_eq!(double.steps(&[]), ["create endpoint/cache"]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

#[test]
fn machines_of_another_model_are_replaced_and_never_are_there_fewer() {
    let double = Double::start(&fixed());
    double.done("apply", &["--yes"]);
    let before: BTreeSet<String> = machines(&double).iter().map(|it| it["id"].to_string()).collect();
    let other = ["--set", "access.os=ubuntu-22.04"];
    assert_eq!(double.steps(&other), ["update group/app-1", "update group/app-2"]);
    let calls = double.calls().len();
    double.done("apply", &["--yes", other[0], other[1]]);
    assert_eq!(double.steps(&other), [""; 0]);
    let after = machines(&double);
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|it| !before.contains(&it["id"].to_string())), "an old machine is left");
    // Each time some are added before as many are removed.
    let calls = double.calls().split_off(calls);
    let orders: Vec<&str> = calls
        .iter()
        .filter(|call| call["writing"] == json!(true) && call["outcome"] == "done")
        .filter_map(|call| call["operation"].as_str()?.rsplit("virtualMachineScaleSets").next())
        .collect();
    assert!(orders.iter().filter(|it| **it == "/delete").count() >= 1, "{orders:?}");
    assert_ne!(orders[1], "/delete", "{orders:?}");
    double.assert_described();
}

#[test]
fn lists_of_one_a_page_are_read_to_their_end_and_never_from_another_host() {
    let double = Double::start(GROWING);
    // The double names the cloud's own host in its links: whoever followed them would end at a dead proxy.
    double.ask("POST", "pages", &json!({ "most": 1 }));
    let wanted = double.steps(&[]);
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0]);
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), json!({}));
}
