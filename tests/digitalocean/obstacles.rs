//! What would stop a plan half-way is told before anything is made.

use serde_json::{Value, json};

use crate::double::{Double, GROWING, KEY, fixed};

fn obstacles(double: &Double) -> Vec<Value> {
    // A plan that cannot be carried out is no success.
    let output = double.run("plan", &["--json"]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["obstacles"].as_array().unwrap().clone()
}

fn said(obstacle: &Value) -> String {
    obstacle.to_string()
}

#[test]
fn an_account_that_may_have_too_few_machines_says_so() {
    let double = Double::start(GROWING);
    double.ask("POST", "limits", &json!({ "droplets": 1 }));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(said(&found[0]).contains("may have 1 machines, has 0"), "{found:#?}");
    assert_eq!(double.families(), json!({}));
}

#[test]
fn a_key_that_a_person_has_there_already_is_named_and_left_alone() {
    let double = Double::start(GROWING);
    let key = KEY.trim().replace(" ops", " laptop");
    double.somebody("POST", "/v2/account/keys", &json!({ "name": "laptop", "public_key": key }));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        said(&found[0]).contains("as `laptop`") && said(&found[0]).contains("key/operators"),
        "{found:#?}"
    );
}

#[test]
fn a_size_that_the_region_does_not_sell_names_the_nearest_that_it_does() {
    let pinned = format!("{}pin: {{ digitalocean: {{ app: c-16-intel }} }}\n", fixed());
    let double = Double::start(&pinned.replace("disk: 60 GiB", "disk: 200 GiB"));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    let said = said(&found[0]);
    assert!(said.contains("c-16-intel is not sold in nyc3"), "{said}");
    assert!(said.contains("pin.digitalocean.app: c-16"), "{said}");
}

#[test]
fn what_is_changed_in_place_is_looked_at_as_well() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    double.ask("POST", "limits", &json!({ "droplets": 3 }));
    let plan = |more: &[&str]| -> (Option<i32>, String) {
        let output = double.run("plan", &[&["--json"], more].concat());
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        let made = plan["steps"].as_array().unwrap().iter().filter(|step| step["action"] == "create").count();
        assert_eq!(made, 0, "nothing is made: {plan:#}");
        (output.status.code(), plan["obstacles"].to_string())
    };
    assert_eq!(plan(&[]), (Some(0), "[]".to_owned()));
    let (code, said) = plan(&["--set", "load.users=4000"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("group/app") && said.contains("may have 3 machines, has 2, and this plan adds up to"),
        "{said}"
    );
}
