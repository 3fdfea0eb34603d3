//! What somebody does with other tools: each a method, a path behind the service's name, and a body.

use loadline_contract::deploy::Address;
use serde_json::{Value, json};

use crate::double::PROJECT;
use crate::world::{OURS, World, global};

pub(crate) type Call = (&'static str, String, Value);

/// Removes our thing of that address.
pub(crate) fn remove(world: &World, address: &Address) -> Call {
    let name = world.find(address).name();
    match address.kind() {
        "alert" => ("DELETE", format!("monitoring.googleapis.com/v3/{name}"), Value::Null),
        "firewall" => ("DELETE", global("firewalls", name), Value::Null),
        "forwarding-rule" => ("DELETE", global("forwardingRules", name), Value::Null),
        other => panic!("nobody removes a {other} here"),
    }
}

/// Changes a setting of it.
pub(crate) fn change(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    let name = thing.name();
    let region = thing.row["region"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    match address.kind() {
        "alert" => {
            let mut row = thing.row.clone();
            row["enabled"] = json!(false);
            for field in ["creationRecord", "mutationRecord"] {
                row.as_object_mut().unwrap().remove(field);
            }
            ("PATCH", format!("monitoring.googleapis.com/v3/{name}"), row)
        }
        "firewall" => {
            ("PATCH", global("firewalls", name), json!({ "name": name, "sourceRanges": ["0.0.0.0/0"] }))
        }
        "health-check" => {
            let check = json!({ "type": "HTTP", "httpHealthCheck": { "requestPath": "/somewhere-else" } });
            ("PATCH", global("healthChecks", name), check)
        }
        "database" => {
            let path = format!("sqladmin.googleapis.com/v1/projects/{PROJECT}/instances/{name}");
            (
                "PATCH",
                path,
                json!({ "settings": { "backupConfiguration": { "enabled": true, "startTime": "05:00" } } }),
            )
        }
        "group" => {
            let path = format!(
                "compute.googleapis.com/compute/v1/projects/{PROJECT}/regions/{region}/instanceGroupManagers/{name}"
            );
            let mut healing = thing.row["autoHealingPolicies"].clone();
            healing[0]["initialDelaySec"] = json!(7);
            (
                "PATCH",
                path,
                json!({ "fingerprint": thing.row["fingerprint"], "autoHealingPolicies": healing }),
            )
        }
        other => panic!("nobody changes a {other} here"),
    }
}

/// Makes a second one with the very labels.
pub(crate) fn double(address: &Address) -> Call {
    let labels = json!({
        "loadline-deployment": OURS, "loadline-kind": address.kind(), "loadline-name": address.name(),
    });
    match address.kind() {
        "notification-channel" => {
            let channel = json!({
                "type": "email", "labels": { "email_address": "ops@example.org" }, "enabled": true,
                "displayName": "by hand", "userLabels": labels,
            });
            ("POST", format!("monitoring.googleapis.com/v3/projects/{PROJECT}/notificationChannels"), channel)
        }
        other => panic!("nobody doubles a {other} here"),
    }
}

/// Things that look like ours: a name without a description, a description with another name, labels of which one is missing.
pub(crate) fn foreign() -> Vec<Call> {
    let compute = |collection: &str, body: Value| {
        ("POST", global(collection, "").trim_end_matches('/').to_owned(), body)
    };
    let network = |name: &str, description: &str| {
        compute(
            "networks",
            json!({ "name": name, "description": description, "autoCreateSubnetworks": false }),
        )
    };
    let secret = json!({
        "replication": { "automatic": {} },
        "labels": { "loadline-deployment": OURS, "loadline-name": "database" },
    });
    vec![
        network("teachers-network-main", "loadline teachers network/main"),
        network("teachers-network-other", "the teachers' network"),
        compute(
            "addresses",
            json!({ "name": "teachers-public-address-balancer", "description": "loadline teachers public-address/balancer" }),
        ),
        (
            "POST",
            format!(
                "secretmanager.googleapis.com/v1/projects/{PROJECT}/secrets?secretId=teachers-password-database"
            ),
            secret,
        ),
        (
            "POST",
            format!("monitoring.googleapis.com/v3/projects/{PROJECT}/notificationChannels"),
            json!({
                "type": "email", "labels": { "email_address": "x@example.org" },
                "userLabels": { "loadline-deployment": OURS },
            }),
        ),
    ]
}
