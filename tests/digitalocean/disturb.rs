//! What somebody does with other tools: each a method, a path and a body.

use loadline_contract::deploy::Address;
use serde_json::{Value, json};

use crate::world::{OURS, Thing, World};

pub(crate) type Call = (&'static str, String, Value);

/// Where a thing of that family is.
fn path(thing: &Thing) -> String {
    let collection = match thing.family.as_str() {
        "policies" => "monitoring/alerts",
        "keys" => "account/keys",
        "pools" => "droplets/autoscale",
        other => other,
    };
    format!("/v2/{collection}/{}", thing.id())
}

/// The fields of a thing that its change takes.
fn only(thing: &Thing, fields: &[&str]) -> Value {
    fields.iter().map(|field| ((*field).to_owned(), thing.row[*field].clone())).collect()
}

/// Removes our thing of that address.
pub(crate) fn remove(world: &World, address: &Address) -> Call {
    ("DELETE", path(world.find(address)), Value::Null)
}

const ALARM: &[&str] =
    &["alerts", "compare", "description", "enabled", "entities", "tags", "type", "value", "window"];
const FIREWALL: &[&str] = &["name", "inbound_rules", "outbound_rules", "droplet_ids", "tags"];
const BALANCER: &[&str] = &[
    "name",
    "type",
    "size_unit",
    "forwarding_rules",
    "health_check",
    "sticky_sessions",
    "tag",
    "vpc_uuid",
    "http_idle_timeout_seconds",
    "network",
];

/// Changes a setting of it.
pub(crate) fn change(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    match address.kind() {
        "alarm" => {
            let mut row = only(thing, ALARM);
            row["value"] = json!(99);
            ("PUT", path(thing), row)
        }
        "firewall" => {
            let mut row = only(thing, FIREWALL);
            let open =
                json!({ "protocol": "tcp", "ports": "3306", "sources": { "addresses": ["0.0.0.0/0"] } });
            row["inbound_rules"].as_array_mut().unwrap().push(open);
            ("PUT", path(thing), row)
        }
        "balancer" => {
            let mut row = only(thing, BALANCER);
            row["region"] = thing.row["region"]["slug"].clone();
            row["health_check"]["path"] = json!("/somewhere-else");
            row.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            ("PUT", path(thing), row)
        }
        "cache" => {
            ("PUT", format!("{}/eviction_policy", path(thing)), json!({ "eviction_policy": "allkeys_lru" }))
        }
        "database" => {
            let rule = json!({ "type": "ip_addr", "value": "203.0.113.99" });
            ("PUT", format!("{}/firewall", path(thing)), json!({ "rules": [rule] }))
        }
        other => panic!("nobody changes a {other} here"),
    }
}

/// Makes a second one that says of itself what the first does.
pub(crate) fn double(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    match address.kind() {
        "alarm" => ("POST", "/v2/monitoring/alerts".to_owned(), only(thing, ALARM)),
        other => panic!("nobody doubles a {other} here"),
    }
}

/// Things that look like ours: names without the end, tags of another number of parts, descriptions that only begin so.
pub(crate) fn foreign() -> Vec<Call> {
    let tag = |name: &str| ("POST", "/v2/tags".to_owned(), json!({ "name": name }));
    let firewall = |name: &str| {
        let rule = json!({ "protocol": "tcp", "ports": "22", "sources": { "addresses": ["192.0.2.0/24"] } });
        ("POST", "/v2/firewalls".to_owned(), json!({ "name": name, "inbound_rules": [rule] }))
    };
    let alarm = json!({
        "type": "v1/insights/droplet/cpu", "description": format!("{OURS} app"), "compare": "GreaterThan", "value": 50,
        "window": "5m", "entities": [], "tags": [], "alerts": { "email": ["x@example.org"], "slack": [] }, "enabled": true,
    });
    vec![
        tag("teachers"),
        tag("xloadline:teachers:app"),
        firewall("ll-teachers-firewall-app"),
        firewall("my-teachers"),
        ("POST", "/v2/monitoring/alerts".to_owned(), alarm),
    ]
}
