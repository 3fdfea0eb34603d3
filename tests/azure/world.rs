//! What exists at the double, seen from inside: whose it is, and what it is called in its deployment.

use std::collections::BTreeMap;

use loadline_contract::deploy::Address;
use serde_json::{Value, json};

use crate::double::Double;

/// The deployment of the spec.
pub(crate) const OURS: &str = "teachers";

/// One thing.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) kind: String,
    pub(crate) id: String,
    /// The deployment that its tags name, or those of what it is a part of.
    owner: Option<String>,
    /// `None`: it is no thing of its own.
    address: Option<Address>,
    pub(crate) row: Value,
}

/// All things.
#[derive(Debug, Clone)]
pub(crate) struct World(Vec<Thing>);

fn tagged(row: &Value) -> Option<(String, Address)> {
    let tag = |name: &str| row["tags"][name].as_str();
    Some((tag("loadline-deployment")?.to_owned(), tag("loadline-address")?.parse().unwrap()))
}

/// The address of a thing that carries no tags, by its type and name: `ll-teachers-subnet-app-1-0123abcd`.
fn named(kind: &str, name: &str, owner: &str) -> Option<Address> {
    let short = |kind: &str| {
        let rest = name.strip_prefix(&format!("ll-{owner}-{kind}-"))?;
        Some(Address::new(kind, rest.rsplit_once('-')?.0))
    };
    match kind {
        "Microsoft.Network/virtualNetworks/subnets" => short("subnet"),
        "Microsoft.Authorization/locks" => short("lock"),
        "Microsoft.Cache/redisEnterprise/databases" => Some(Address::new("cache-database", "main")),
        _ => None,
    }
}

impl World {
    /// What the double says, with what it keeps inside of other things.
    pub(crate) fn of(double: &Double) -> Self {
        let said = double.families();
        let rows: Vec<(String, Value)> = said
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(kind, rows)| rows.as_array().unwrap().iter().map(|row| (kind.clone(), row.clone())))
            .collect();
        let whole: Vec<(String, String)> = rows
            .iter()
            .filter_map(|(_, row)| Some((row["id"].as_str()?.to_lowercase(), tagged(row)?.0)))
            .collect();
        // Machines carry the tags of their set, and are its.
        let machine = |kind: &str| kind.to_lowercase().ends_with("virtualmachines");
        let mut things: Vec<Thing> = rows
            .into_iter()
            .filter(|(kind, _)| !machine(kind))
            .map(|(kind, row)| {
                let id = row["id"].as_str().unwrap_or_default().to_owned();
                let name = row["name"].as_str().unwrap_or_default();
                // The innermost of what it is in, but not the group: that says nothing of whose it is.
                let inside = |(of, _): &&(String, String)| {
                    id.to_lowercase().starts_with(&format!("{of}/")) && of.contains("/providers/")
                };
                let (owner, address) = match tagged(&row) {
                    Some((owner, address)) => (Some(owner), Some(address)),
                    None => {
                        let owner =
                            whole.iter().filter(inside).max_by_key(|(of, _)| of.len()).map(|it| it.1.clone());
                        let address = owner.as_ref().and_then(|owner| named(&kind, name, owner));
                        (owner, address)
                    }
                };
                Thing { kind, id, owner, address, row }
            })
            .collect();
        things.extend(things.iter().flat_map(|thing| inside(double, thing)).collect::<Vec<_>>());
        Self(things)
    }

    /// How many there are of each thing of a deployment.
    pub(crate) fn census(&self, deployment: &str) -> BTreeMap<Address, usize> {
        let mut counts = BTreeMap::new();
        let ours = self.0.iter().filter(|thing| thing.owner.as_deref() == Some(deployment));
        for address in ours.filter_map(|thing| thing.address.as_ref()) {
            *counts.entry(address.clone()).or_default() += 1;
        }
        counts
    }

    /// What belongs to nobody or another deployment, by id, with all that is known of it.
    pub(crate) fn others(&self, deployment: &str) -> BTreeMap<String, String> {
        let theirs = self.0.iter().filter(|thing| thing.owner.as_deref() != Some(deployment));
        theirs
            .map(|thing| (format!("{} {}", thing.kind, thing.id), settled(&thing.row).to_string()))
            .collect()
    }

    /// Our thing of that address.
    pub(crate) fn find(&self, address: &Address) -> &Thing {
        let is =
            |thing: &&Thing| thing.owner.as_deref() == Some(OURS) && thing.address.as_ref() == Some(address);
        self.0.iter().find(is).unwrap_or_else(|| panic!("there is no {address}"))
    }
}

/// Without how far the cloud is with what was asked for: that it gets done is no matter of ours.
fn settled(row: &Value) -> Value {
    match row {
        Value::Object(fields) => {
            let lasting =
                fields.iter().filter(|(name, _)| !["provisioningState", "etag"].contains(&name.as_str()));
            lasting.map(|(name, value)| (name.clone(), settled(value))).collect()
        }
        Value::Array(rows) => rows.iter().map(settled).collect(),
        other => other.clone(),
    }
}

/// Secrets of a vault, and parameters of a server that somebody has set.
fn inside(double: &Double, thing: &Thing) -> Vec<Thing> {
    let Some(address) = &thing.address else { return Vec::new() };
    let part = |kind: &str, id: &str, name: &str, row: Value| Thing {
        kind: kind.to_owned(),
        id: id.to_owned(),
        owner: thing.owner.clone(),
        address: Some(Address::new(kind, name)),
        row,
    };
    match address.kind() {
        "vault" => {
            let host = format!("{}.vault.azure.net", thing.row["name"].as_str().unwrap());
            let asked = json!({ "method": "GET", "path": "/secrets?api-version=7.5", "host": host });
            let said = double.ask("POST", "outside", &asked);
            let secrets = said["body"]["value"].as_array().cloned().unwrap_or_default();
            secrets
                .iter()
                .map(|row| {
                    part("secret", row["id"].as_str().unwrap(), tagged(row).unwrap().1.name(), row.clone())
                })
                .collect()
        }
        "database" | "read-replica" => {
            let path = format!("{}/configurations?api-version=2023-12-30", thing.id);
            let said = double.outside("GET", &path, &Value::Null);
            let set = said["body"]["value"].as_array().cloned().unwrap_or_default();
            if !set.iter().any(|row| row["properties"]["source"] == "user-override") {
                return Vec::new();
            }
            let name = match address.kind() {
                "database" => address.name().to_owned(),
                _ => format!("replica-{}", address.name()),
            };
            vec![part("db-parameters", &format!("{}/configurations", thing.id), &name, json!(null))]
        }
        _ => Vec::new(),
    }
}
