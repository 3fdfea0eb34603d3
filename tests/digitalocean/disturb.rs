//! What somebody does with other tools: each a method, a path and a body.

use loadline_contract::deploy::Address;
use serde_json::{Value, json};

use crate::world::{OURS, Thing, World};

pub(crate) type Call = (&'static str, String, Value);

/// Fields of a row by name, of a resource that is written as a whole.
fn again(thing: &Thing, fields: &[&str]) -> Value {
    fields.iter().map(|name| ((*name).to_owned(), thing.row[*name].clone())).collect()
}

/// Removes our thing of that address.
pub(crate) fn remove(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    let id = thing.id();
    let path = match address.kind() {
        "alarm" => format!("/v2/monitoring/alerts/{id}"),
        "app" => format!("/v2/droplets/{id}"),
        "balancer" => format!("/v2/load_balancers/{id}"),
        "cache" => format!("/v2/databases/{id}"),
        "firewall" => format!("/v2/firewalls/{id}"),
        "key" => format!("/v2/account/keys/{id}"),
        "read-replica" => format!("/v2/databases/{}/replicas/{}", thing.text("cluster"), thing.text("name")),
        "tag" => format!("/v2/tags/{id}"),
        other => panic!("nobody removes a {other} here"),
    };
    ("DELETE", path, Value::Null)
}

/// Changes a setting of it.
pub(crate) fn change(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    let id = thing.id();
    match address.kind() {
        "alarm" => {
            let mut policy = thing.row.clone();
            policy.as_object_mut().unwrap().remove("uuid");
            policy["value"] = json!(99.5);
            ("PUT", format!("/v2/monitoring/alerts/{id}"), policy)
        }
        "app" => {
            let machine = json!({ "resources": [{ "resource_id": id, "resource_type": "droplet" }] });
            ("DELETE", format!("/v2/tags/loadline:{OURS}:app/resources"), machine)
        }
        "balancer" => {
            let mut balancer = again(
                thing,
                &["name", "type", "size_unit", "vpc_uuid", "project_id", "tag", "forwarding_rules"],
            );
            balancer["region"] = thing.row["region"]["slug"].clone();
            balancer["health_check"] = json!({ "protocol": "http", "port": 8000, "path": "/somewhere-else" });
            ("PUT", format!("/v2/load_balancers/{id}"), balancer)
        }
        "cache" => {
            let policy = json!({ "eviction_policy": "allkeys_lru" });
            ("PUT", format!("/v2/databases/{id}/eviction_policy"), policy)
        }
        "database" => {
            let rules = json!({ "rules": [{ "type": "ip_addr", "value": "198.51.100.7" }] });
            ("PUT", format!("/v2/databases/{id}/firewall"), rules)
        }
        "firewall" => {
            let mut firewall = again(thing, &["name", "tags", "inbound_rules", "outbound_rules"]);
            let open =
                json!({ "protocol": "tcp", "ports": "3306", "sources": { "addresses": ["0.0.0.0/0"] } });
            firewall["inbound_rules"].as_array_mut().unwrap().push(open);
            ("PUT", format!("/v2/firewalls/{id}"), firewall)
        }
        "group" => {
            let mut pool = again(thing, &["name", "config", "droplet_template"]);
            pool["config"]["max_instances"] = json!(17);
            ("PUT", format!("/v2/droplets/autoscale/{id}"), pool)
        }
        "project" => {
            ("PATCH", format!("/v2/projects/{id}"), json!({ "purpose": "Just trying out DigitalOcean" }))
        }
        "read-replica" => (
            "PUT",
            format!("/v2/databases/{id}/resize"),
            json!({ "size": "db-s-8vcpu-32gb", "num_nodes": 1 }),
        ),
        other => panic!("nobody changes a {other} here"),
    }
}

/// Makes a second one with the very tags, description or name.
pub(crate) fn double(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    match address.kind() {
        "alarm" => {
            let mut policy = thing.row.clone();
            policy.as_object_mut().unwrap().remove("uuid");
            ("POST", "/v2/monitoring/alerts".to_owned(), policy)
        }
        "app" => {
            let mut machine = again(thing, &["name", "tags", "vpc_uuid"]);
            machine["region"] = thing.row["region"]["slug"].clone();
            machine["size"] = thing.row["size_slug"].clone();
            machine["image"] = thing.row["image"]["slug"].clone();
            ("POST", "/v2/droplets".to_owned(), machine)
        }
        "key" => {
            let other =
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAGqHu/8T0VLDj7D/XNlHlU8LSb2x9qtxMd2WGkqH3lj second";
            (
                "POST",
                "/v2/account/keys".to_owned(),
                json!({ "name": thing.text("name"), "public_key": other }),
            )
        }
        "read-replica" => {
            let mut replica = again(thing, &["size", "region", "tags", "private_network_uuid"]);
            replica["name"] = json!("by-hand");
            ("POST", format!("/v2/databases/{}/replicas", thing.text("cluster")), replica)
        }
        "volume" => {
            let mut volume = again(thing, &["size_gigabytes", "filesystem_type", "tags"]);
            volume["region"] = thing.row["region"]["slug"].clone();
            volume["name"] = json!("by-hand");
            ("POST", "/v2/volumes".to_owned(), volume)
        }
        other => panic!("nobody doubles a {other} here"),
    }
}

/// Things that look like ours: names without their hash, tags and descriptions that only begin as ours do.
pub(crate) fn foreign() -> Vec<Call> {
    let post = |path: &str, body: Value| ("POST", path.to_owned(), body);
    let volume = |name: &str, tag: &str| {
        let body = json!({ "name": name, "size_gigabytes": 10, "region": "nyc3", "tags": [tag] });
        post("/v2/volumes", body)
    };
    let machine = |name: &str, tags: Value| {
        let body = json!({ "name": name, "region": "nyc3", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "tags": tags });
        post("/v2/droplets", body)
    };
    let policy = |description: &str| {
        let body = json!({
            "type": "v1/insights/droplet/cpu", "description": description, "compare": "GreaterThan", "value": 50.0,
            "window": "5m", "entities": [], "tags": [], "alerts": { "email": ["x@example.org"], "slack": [] }, "enabled": true,
        });
        post("/v2/monitoring/alerts", body)
    };
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMOtxNM89mbt5+FiNfgTihxwZcCX2aonZiukCEyr3nhw somebody";
    vec![
        post(
            "/v2/projects",
            json!({ "name": "ll-teachers-project-main", "purpose": "Class project", "description": "loadline:teachers:project" }),
        ),
        post(
            "/v2/vpcs",
            json!({ "name": "ll-teachers-network-main", "region": "nyc3", "description": "loadline:teachers:network" }),
        ),
        post("/v2/account/keys", json!({ "name": "ll-teachers-key-operators", "public_key": key })),
        post(
            "/v2/firewalls",
            json!({
                "name": "ll-teachers-firewall-app", "droplet_ids": [], "tags": [],
                "inbound_rules": [{ "protocol": "tcp", "ports": "22", "sources": { "addresses": ["203.0.113.9"] } }],
            }),
        ),
        volume("almost", "loadline-teachers-volume-app-1"),
        volume("copy", "loadline:teachers:volume:app-1:copy"),
        machine("theirs", json!(["teachers", "xloadline:teachers:app:1", "app:1"])),
        machine("theirs", json!(["loadline:teachers-3:app:1"])),
        policy("teachers"),
        policy("loadline:teachers:alarm"),
        policy("loadline:teachers:alarm:app-cpu:mine"),
    ]
}
