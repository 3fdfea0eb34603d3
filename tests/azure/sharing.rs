//! What others have in the same subscription, group, vault or name.

use serde_json::{Value, json};

use crate::disturb::in_network;
use crate::double::{Double, GROWING, SUBSCRIPTION};

/// The name of our group.
fn group(double: &Double) -> String {
    let groups = double.families()["Microsoft.Resources/subscriptions/resourceGroups"].clone();
    groups[0]["name"].as_str().unwrap_or_else(|| panic!("{groups:#}")).to_owned()
}

#[test]
fn a_group_with_somethings_of_others_in_it_is_not_removed_and_says_what_that_is() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let group = group(&double);
    let space = json!({ "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } } });
    let (method, path, body) = in_network(&group, "virtualNetworks", "theirs", &space);
    double.outside(method, &path, &body);
    assert_eq!(double.steps(&[]), [""; 0], "what carries no tag of ours is not ours");
    let output = double.run("destroy", &["--yes"]);
    let out = String::from_utf8(output.stdout).unwrap();
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(4), "{out}");
    assert!(out.contains("things of others are in it: Microsoft.Network/virtualNetworks/theirs"), "{out}");
    let left = double.families();
    let kinds: Vec<&String> = left.as_object().unwrap().keys().collect();
    assert_eq!(
        kinds,
        ["Microsoft.Network/virtualNetworks", "Microsoft.Resources/subscriptions/resourceGroups"],
        "{left:#}"
    );
    // Once they have moved on, the group goes.
    double.outside("DELETE", &path, &Value::Null);
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), json!({}));
}

#[test]
fn a_removed_vault_of_ours_is_taken_back_with_the_password_in_it() {
    let double = Double::start(GROWING);
    double.done("apply", &["--yes"]);
    let vault = double.families()["Microsoft.KeyVault/vaults"][0]["id"].as_str().unwrap().to_owned();
    double.outside("DELETE", &format!("{vault}?api-version=2024-11-01"), &Value::Null);
    let steps = double.steps(&[]);
    assert!(steps.contains(&"create vault/main".to_owned()), "{steps:?}");
    double.done("apply", &["--yes"]);
    assert_eq!(double.steps(&[]), [""; 0]);
    let changed = double.calls();
    let changed =
        changed.iter().filter(|call| call["operation"] == "PATCH Microsoft.DBforMySQL/flexibleServers");
    assert_eq!(changed.count(), 0, "the server still has its password");
}

#[test]
fn a_password_that_was_changed_in_the_vault_is_given_to_the_server_and_shown_nowhere() {
    const NEW: &str = "changed-by-hand-Password-42";
    let double = Double::start(GROWING);
    let out = double.done("apply", &["--yes"]);
    let vault = double.families()["Microsoft.KeyVault/vaults"][0]["name"].as_str().unwrap().to_owned();
    let host = format!("{vault}.vault.azure.net");
    let of_vault = |method: &str, path: &str, body: Value| {
        double.ask("POST", "outside", &json!({ "method": method, "path": path, "host": host, "body": body }))
    };
    let listed = of_vault("GET", "/secrets?api-version=7.5", Value::Null);
    let name = listed["body"]["value"][0]["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let first = of_vault("GET", &format!("/secrets/{name}?api-version=7.5"), Value::Null);
    let first = first["body"]["value"].as_str().unwrap().to_owned();
    assert!(first.len() >= 32 && !out.contains(&first));
    of_vault("PUT", &format!("/secrets/{name}?api-version=7.5"), json!({ "value": NEW }));
    assert_eq!(double.steps(&[]), ["update database/main"]);
    let out = double.done("apply", &["--yes"]);
    assert!(!out.contains(NEW), "{out}");
    let plan = double.done("plan", &["--json"]);
    assert!(plan.contains("\"steps\"") && !plan.contains(NEW) && !plan.contains(&first), "{plan}");
    assert_eq!(double.steps(&[]), [""; 0]);
    double.assert_described();
}

/// A vault of somebody's with a certificate in it; the id of its secret.
fn certificate(double: &Double) -> String {
    let base = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/certificates");
    double.outside("PUT", &format!("{base}?api-version=2021-04-01"), &json!({ "location": "eastus" }));
    let vault = format!("{base}/providers/Microsoft.KeyVault/vaults/our-certificates");
    let body = json!({
        "location": "eastus",
        "properties": {
            "tenantId": "22222222-2222-4222-8222-222222222222",
            "sku": { "family": "A", "name": "standard" },
            "enableRbacAuthorization": true,
        },
    });
    double.outside("PUT", &format!("{vault}?api-version=2024-11-01"), &body);
    let asked = json!({
        "method": "PUT", "path": "/secrets/www?api-version=7.5", "host": "our-certificates.vault.azure.net",
        "body": { "value": "no real one" },
    });
    let said = double.ask("POST", "outside", &asked);
    assert_eq!(said["status"], 200, "{said:#}");
    format!("{vault}/secrets/www")
}

#[test]
fn a_gateway_reads_its_certificate_from_the_vault_of_whoever_brought_it() {
    let double = Double::start(GROWING);
    let id = certificate(&double);
    let before = double.families();
    let pinned = format!(
        "{GROWING}clouds: {{ azure: {{ certificate: {id} }} }}\npin: {{ azure: {{ balancer: application-gateway-v2 }} }}\n"
    );
    double.write_spec(&pinned);
    let wanted = double.steps(&[]);
    for address in ["create identity/balancer", "create role/certificate", "create balancer/main"] {
        assert!(wanted.contains(&address.to_owned()), "{wanted:?}");
    }
    double.done("apply", &["--yes"]);
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0], "no changes after apply");
    double.done("destroy", &["--yes"]);
    assert_eq!(double.families(), before, "what others have is as it was");
    double.assert_described();
    // One that is not there stops the plan.
    double.write_spec(&pinned.replace("secrets/www", "secrets/nothing"));
    let output = double.run("plan", &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("az keyvault secret list"), "{said}");
}
