//! What somebody does with other tools: each a method, a path and a body.

use loadline_contract::deploy::Address;
use serde_json::{Value, json};

use crate::double::SUBSCRIPTION;
use crate::world::{OURS, Thing, World};

pub(crate) type Call = (&'static str, String, Value);

/// The version of its interface that a type is asked in.
fn version(kind: &str) -> &'static str {
    match kind.split('/').collect::<Vec<_>>().as_slice() {
        ["Microsoft.Insights", "metricAlerts", ..] => "2018-03-01",
        ["Microsoft.Insights", "autoscaleSettings", ..] => "2022-10-01",
        ["Microsoft.Authorization", "locks", ..] => "2020-05-01",
        ["Microsoft.Network", ..] => "2024-03-01",
        ["Microsoft.Compute", ..] => "2024-07-01",
        ["Microsoft.DBforMySQL", ..] => "2023-12-30",
        ["Microsoft.Cache", ..] => "2025-07-01",
        ["Microsoft.Resources", ..] => "2021-04-01",
        other => panic!("nobody asks for {other:?} here"),
    }
}

fn path(thing: &Thing) -> String {
    format!("{}?api-version={}", thing.id, version(&thing.kind))
}

/// The same thing with something else at one place.
fn with(thing: &Thing, pointer: &str, value: Value) -> Call {
    let mut row = thing.row.clone();
    *row.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer} in {}", thing.id)) = value;
    ("PUT", path(thing), row)
}

/// Removes our thing of that address.
pub(crate) fn remove(world: &World, address: &Address) -> Call {
    ("DELETE", path(world.find(address)), Value::Null)
}

/// Changes a setting of it.
pub(crate) fn change(world: &World, address: &Address) -> Call {
    if address.kind() == "db-parameters" {
        let server = world.find(&Address::new("database", address.name()));
        let value =
            json!([{ "name": "sync_binlog", "properties": { "value": "1000", "source": "user-override" } }]);
        let path = format!("{}/updateConfigurations?api-version=2023-12-30", server.id);
        return ("POST", path, json!({ "value": value }));
    }
    let thing = world.find(address);
    match address.kind() {
        "alarm" => with(thing, "/properties/criteria/allOf/0/threshold", json!(99.5)),
        "balancer" => with(thing, "/properties/probes/0/properties/requestPath", json!("/somewhere-else")),
        "firewall" => {
            let open = json!({
                "name": "open",
                "properties": {
                    "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
                    "sourceAddressPrefix": "*", "sourcePortRange": "*",
                    "destinationAddressPrefix": "*", "destinationPortRange": "3306",
                },
            });
            let mut rules = thing.row["properties"]["securityRules"].clone();
            rules.as_array_mut().unwrap().push(open);
            with(thing, "/properties/securityRules", rules)
        }
        "database" => {
            let body = json!({ "properties": { "backup": { "backupRetentionDays": 2 } } });
            ("PATCH", path(thing), body)
        }
        "cache-database" => {
            ("PATCH", path(thing), json!({ "properties": { "evictionPolicy": "VolatileLRU" } }))
        }
        "group" => {
            ("PATCH", path(thing), json!({ "properties": { "upgradePolicy": { "mode": "Automatic" } } }))
        }
        other => panic!("nobody changes a {other} here"),
    }
}

/// Makes a second one with the very tags.
pub(crate) fn double(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    let mut second = json!({ "location": thing.row["location"], "tags": thing.row["tags"] });
    for part in ["sku", "zones"] {
        if !thing.row[part].is_null() {
            second[part] = thing.row[part].clone();
        }
    }
    second["properties"] = match address.kind() {
        "address" => json!({ "publicIPAllocationMethod": "Static" }),
        "network" => json!({ "addressSpace": { "addressPrefixes": ["10.9.0.0/16"] } }),
        other => panic!("nobody doubles a {other} here"),
    };
    let (front, _) = thing.id.rsplit_once('/').unwrap();
    ("PUT", format!("{front}/second?api-version={}", version(&thing.kind)), second)
}

fn group(name: &str, tags: &Value) -> Call {
    let path = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}?api-version=2021-04-01");
    ("PUT", path, json!({ "location": "eastus", "tags": tags }))
}

/// Something of the network in a group.
pub(crate) fn in_network(group: &str, kind: &str, name: &str, more: &Value) -> Call {
    let path = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/{kind}/{name}?api-version=2024-03-01"
    );
    let mut body = json!({ "location": "eastus" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ("PUT", path, body)
}

/// Things that look like ours: a name without tags, tags in other letters, values that only begin so.
pub(crate) fn foreign() -> Vec<Call> {
    let address = |tags: Value| json!({ "sku": { "name": "Standard" }, "tags": tags, "properties": { "publicIPAllocationMethod": "Static" } });
    let space = json!({ "addressSpace": { "addressPrefixes": ["10.64.0.0/16"] } });
    vec![
        group("ll-teachers-resource-group-main", &json!({})),
        group("teachers", &json!({ "Loadline-Deployment": OURS, "Loadline-Address": "resource-group/main" })),
        in_network(
            "teachers",
            "virtualNetworks",
            "ll-teachers-network-main",
            &json!({ "properties": space }),
        ),
        in_network(
            "teachers",
            "publicIPAddresses",
            "almost",
            &address(json!({ "loadline-deployment": "teachers ", "loadline-address": "address/balancer" })),
        ),
        in_network(
            "teachers",
            "publicIPAddresses",
            "mine",
            &address(json!({ "loadline-deployment": "my-teachers" })),
        ),
        in_network(
            "teachers",
            "networkSecurityGroups",
            "ll-teachers-firewall-app",
            &json!({ "tags": { "loadline-address": "firewall/app" } }),
        ),
    ]
}
