//! What would stop a plan half-way is told before anything is made.

use serde_json::{Value, json};

use crate::double::{Double, GROWING};

fn obstacles(double: &Double) -> Vec<Value> {
    // A plan that cannot be carried out is no success.
    let output = double.run("plan", &["--json"]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["obstacles"].as_array().unwrap().clone()
}

/// The obstacles, so many, that a limit of the double puts up; what they say.
fn said(limits: &Value, number: usize) -> String {
    let double = Double::start(GROWING);
    double.ask("POST", "limits", limits);
    let found = obstacles(&double);
    assert_eq!(found.len(), number, "{found:#?}");
    assert_eq!(double.families(), json!({}));
    double.assert_described();
    Value::Array(found).to_string()
}

/// A step that makes a thing of that kind, with its settings.
fn made(double: &Double, kind: &str) -> Value {
    let plan: Value = serde_json::from_str(&double.done("plan", &["--json"])).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let is = |step: &&Value| step["address"].as_str().unwrap().starts_with(&format!("{kind}/"));
    steps.iter().find(is).unwrap().clone()
}

/// The size that the plan would take for a kind.
fn size(kind: &str) -> String {
    let step = made(&Double::start(GROWING), kind);
    step["resource"]["settings"]["sku"].as_str().unwrap_or_else(|| panic!("{step:#}")).to_owned()
}

#[test]
fn too_few_cores_say_how_many_there_are_and_how_many_are_needed() {
    // Of the family, and in all.
    let said = said(&json!({ "cores": 1 }), 2);
    assert!(said.contains("may have 1 vCPUs of standard"), "{said}");
    assert!(said.contains("may have 1 vCPUs in all") && said.contains("az quota"), "{said}");
}

#[test]
fn too_few_addresses_say_so() {
    let said = said(&json!({ "publicIPAddresses": 1 }), 1);
    assert!(said.contains("may have 1 public IP addresses in eastus, has 0, and this plan adds 3"), "{said}");
}

#[test]
fn a_service_that_is_not_registered_names_the_command_that_registers_it() {
    let double = Double::start(GROWING);
    double.ask("POST", "limits", &json!({ "unregistered": ["Microsoft.Cache"] }));
    let found = obstacles(&double);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].to_string().contains("az provider register --namespace Microsoft.Cache"), "{found:#?}");
}

#[test]
fn a_machine_that_is_not_sold_names_the_nearest_that_is() {
    let wanted = size("group");
    let said = said(&json!({ "restricted": [wanted] }), 1);
    assert!(said.contains("in eastus just now"), "{said}");
    assert!(said.contains(&format!("{wanted} is not sold to the subscription")), "{said}");
    assert!(said.contains("pin.azure.app: Standard_"), "{said}");
}

#[test]
fn a_database_that_is_not_sold_names_the_nearest_that_is() {
    let wanted = size("database");
    let double = Double::start(GROWING);
    double.ask("POST", "limits", &json!({ "restricted": [wanted] }));
    let found = obstacles(&double);
    // The replica is of the same size.
    assert_eq!(found.len(), 2, "{found:#?}");
    let said = found[0].to_string();
    assert!(said.contains(&format!("the database size {wanted} is not sold")), "{said}");
    assert!(said.contains("pin.azure.database: Standard_"), "{said}");
}

#[test]
fn names_that_somebody_else_has_are_told_with_what_to_do() {
    // What the names are shows once everything is there.
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let world = double.families();
    let named = |kind: &str, address: &str| {
        let rows = world[kind].as_array().unwrap().iter();
        let row = rows.into_iter().find(|row| row["tags"]["loadline-address"] == address).unwrap();
        row["name"].as_str().unwrap().to_owned()
    };
    let server = named("Microsoft.DBforMySQL/flexibleServers", "database/main");
    let vault = named("Microsoft.KeyVault/vaults", "vault/main");
    let taken = json!({ "taken": [format!("flexibleServers/{server}"), format!("vaults/{vault}")] });
    let double = Double::start(GROWING);
    double.ask("POST", "limits", &taken);
    let found = obstacles(&double);
    assert_eq!(found.len(), 2, "{found:#?}");
    let said = Value::Array(found).to_string();
    for part in [server.as_str(), vault.as_str(), "another name for the deployment", "az keyvault purge"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn what_is_changed_in_place_is_looked_at_as_well() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    // Another size of the database, which the region has stopped to sell.
    let bigger = ["--set", "load.users=4000"];
    let plan: Value =
        serde_json::from_slice(&double.run("plan", &[&["--json"], &bigger[..]].concat()).stdout).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let step =
        steps.iter().find(|step| step["address"] == "database/main").unwrap_or_else(|| panic!("{steps:#?}"));
    assert_eq!(step["action"], "update", "{step:#}");
    let size = step["resource"]["settings"]["sku"].as_str().unwrap().to_owned();
    double.ask("POST", "limits", &json!({ "restricted": [size] }));
    let output = double.run("plan", &[&["--json"], &bigger[..]].concat());
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{:#}", plan["obstacles"]);
    assert!(
        plan["obstacles"].to_string().contains(&format!("the database size {size} is not sold")),
        "{:#}",
        plan["obstacles"]
    );
}
