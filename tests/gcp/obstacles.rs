//! What would stop a plan half-way is told before anything is made.

use serde_json::{Value, json};

use crate::double::{Double, SPEC};

fn obstacles(double: &Double) -> Vec<Value> {
    // A plan that cannot be carried out is no success.
    let output = double.run("plan", &["--json"]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["obstacles"].as_array().unwrap().clone()
}

#[test]
fn a_quota_that_is_reached_says_what_there_may_be_and_what_is_taken() {
    let double = Double::start(SPEC);
    double.ask("POST", "limits", &json!({ "quotas": { "NETWORKS": 0, "INSTANCES": 1 } }));
    let found = obstacles(&double);
    let said = json!(found).to_string();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(said.contains("may have 0 NETWORKS") && said.contains("network/main"), "{said}");
    assert!(said.contains("may have 1 INSTANCES") && said.contains("group/app"), "{said}");
}

#[test]
fn a_machine_that_a_zone_does_not_sell_names_the_nearest_that_it_does() {
    let double = Double::start(&format!("{SPEC}pin: {{ gcp: {{ app: n2-highcpu-16 }} }}\n"));
    double.ask("POST", "limits", &json!({ "unsold": ["n2-highcpu-16"] }));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    let said = found[0].to_string();
    assert!(said.contains("n2-highcpu-16 is not sold in us-central1-a"), "{said}");
    assert!(said.contains("pin.gcp.app:"), "{said}");
}

#[test]
fn an_api_that_no_look_calls_is_asked_for_beforehand() {
    let double = Double::start(SPEC);
    double.ask("POST", "limits", &json!({ "disabled": ["servicenetworking.googleapis.com"] }));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    let said = found[0].to_string();
    assert!(said.contains("service-connection/services"), "{said}");
    assert!(said.contains("gcloud services enable servicenetworking.googleapis.com --project"), "{said}");
}

#[test]
fn a_certificate_that_is_not_there_is_named() {
    let certificate = "projects/teachers-project/global/sslCertificates/none";
    let double = Double::start(&format!("{SPEC}clouds: {{ gcp: {{ certificate: {certificate} }} }}\n"));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].to_string().contains(&format!("there is no certificate {certificate}")), "{found:#?}");
}

#[test]
fn what_is_changed_in_place_is_looked_at_as_well() {
    let double = Double::start(SPEC);
    double.done("apply", &["--yes"]);
    double.ask("POST", "limits", &json!({ "quotas": { "INSTANCES": 2 } }));
    let output = double.run("plan", &["--json", "--set", "load.users=4000"]);
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let is = |step: &&Value| {
        step["action"] == "update" && (step["address"] == "group/app" || step["address"] == "autoscaler/app")
    };
    assert!(steps.iter().any(|step| is(&step)), "{steps:#?}");
    assert_eq!(output.status.code(), Some(3), "{:#}", plan["obstacles"]);
    assert!(plan["obstacles"].to_string().contains("may have 2 INSTANCES"), "{:#}", plan["obstacles"]);
}
