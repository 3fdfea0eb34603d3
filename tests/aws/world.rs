//! What exists at the double, seen from inside: whose it is, and what it is called in its deployment.

use std::collections::{BTreeMap, BTreeSet};

use loadline_contract::deploy::Address;
use serde_json::Value;

/// The deployment of the spec.
pub(crate) const OURS: &str = "teachers";

/// One thing.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    /// Kind, in the double's words.
    what: String,
    pub(crate) id: String,
    /// Deployment and address that its tags name, or those of what it is a part of.
    owner: Option<(String, Address)>,
    pub(crate) row: Value,
}

/// All things.
#[derive(Debug, Clone)]
pub(crate) struct World(Vec<Thing>);

impl World {
    /// What the double says.
    pub(crate) fn of(said: &Value) -> Self {
        let rows = said.as_array().unwrap();
        let whole: BTreeMap<&str, &Value> =
            rows.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect();
        let thing = |row: &Value| {
            let parent = row["of"].as_str().and_then(|id| whole.get(id));
            let what = row["what"].as_str().unwrap();
            // What carries no tags of its own is called as what it is a part of.
            let owner = match (what, parent) {
                ("policy", Some(group)) => owner(group).map(|it| named(it, "scaling-policy")),
                ("subscription", Some(topic)) => owner(topic).map(|it| named(it, "subscription")),
                ("rules", Some(firewall)) => owner(firewall).map(|it| named(it, "rules")),
                // The machines of a group are its own; without it they are orphans.
                ("machine", Some(_)) => None,
                ("machine", None) => owner(row).map(|it| named(it, "orphan")),
                _ => owner(row),
            };
            let id = row["id"].as_str().unwrap().to_owned();
            Thing { what: what.to_owned(), id, owner, row: row["row"].clone() }
        };
        Self(rows.iter().map(thing).collect())
    }

    /// How many there are of each thing of a deployment.
    pub(crate) fn census(&self, deployment: &str) -> BTreeMap<Address, usize> {
        let mut counts = BTreeMap::new();
        for (_, address) in self.0.iter().filter_map(|it| it.owner.as_ref()).filter(|it| it.0 == deployment) {
            *counts.entry(address.clone()).or_default() += 1;
        }
        counts
    }

    /// What belongs to nobody or another deployment, by id, with all that is known of it.
    pub(crate) fn others(&self, deployment: &str) -> BTreeMap<String, String> {
        let ours: BTreeSet<&str> = self
            .0
            .iter()
            .filter(|thing| thing.owner.as_ref().is_some_and(|it| it.0 == deployment))
            .map(|thing| thing.id.as_str())
            .collect();
        let theirs = self.0.iter().filter(|thing| !ours.contains(thing.id.as_str()));
        theirs
            .map(|thing| (format!("{} {}", thing.what, thing.id), lasting(&thing.row).to_string()))
            .collect()
    }

    /// Our thing of that address.
    pub(crate) fn find(&self, address: &Address) -> &Thing {
        let is = |thing: &&Thing| thing.owner.as_ref().is_some_and(|it| it.0 == OURS && it.1 == *address);
        self.0.iter().find(is).unwrap_or_else(|| panic!("there is no {address}"))
    }
}

fn owner(row: &Value) -> Option<(String, Address)> {
    let tag = |name: &str| row["tags"][name].as_str();
    Some((tag("loadline:deployment")?.to_owned(), tag("loadline:address")?.parse().unwrap()))
}

fn named((deployment, address): (String, Address), kind: &str) -> (String, Address) {
    (deployment, Address::new(kind, address.name()))
}

/// Without what changes as time passes.
fn lasting(row: &Value) -> Value {
    let mut row = row.clone();
    if let Some(fields) = row.as_object_mut() {
        fields.remove("LatestRestorableTime");
    }
    row
}
