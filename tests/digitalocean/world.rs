//! What exists at the double, seen from inside: whose it is, and what it is called in its deployment.

use std::collections::BTreeMap;

use loadline_contract::deploy::Address;
use serde_json::Value;

/// The deployment of the spec.
pub(crate) const OURS: &str = "teachers";

/// One thing.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) family: String,
    /// The deployment that its tags, its description or its name say.
    owner: Option<String>,
    /// `None`: it is no thing of its own, as a machine of a pool or the tag of one thing.
    address: Option<Address>,
    pub(crate) row: Value,
}

/// All things.
#[derive(Debug, Clone)]
pub(crate) struct World(Vec<Thing>);

/// What a tag or a description says: `loadline:DEPLOYMENT`, then a part of the stack or `KIND:NAME`.
fn said(text: &str) -> Option<(String, Option<Address>)> {
    match text.split(':').collect::<Vec<_>>()[..] {
        ["loadline", deployment, kind, name] if kind != "storage" => {
            Some((deployment.to_owned(), Some(Address::new(kind, name))))
        }
        ["loadline", deployment, ..] => Some((deployment.to_owned(), None)),
        _ => None,
    }
}

/// What an exact name says: `ll-DEPLOYMENT-KIND-NAME-HASH`.
fn named(kind: &str, name: &str) -> Option<(String, Option<Address>)> {
    let (front, hash) = name.strip_prefix("ll-")?.rsplit_once('-')?;
    if hash.len() != 8 || !hash.chars().all(|letter| letter.is_ascii_hexdigit()) {
        return None;
    }
    let (deployment, rest) = front.split_once(&format!("-{kind}-"))?;
    Some((deployment.to_owned(), Some(Address::new(kind, rest))))
}

fn owner(family: &str, row: &Value) -> Option<(String, Option<Address>)> {
    let name = row["name"].as_str().unwrap_or_default();
    match family {
        // A tag of a part of the stack is a thing of its own; that of one thing goes with the thing.
        "tags" => match name.split(':').collect::<Vec<_>>()[..] {
            ["loadline", deployment, part] => Some((deployment.to_owned(), Some(Address::new("tag", part)))),
            _ => said(name).map(|(deployment, _)| (deployment, None)),
        },
        "policies" => said(row["description"].as_str()?),
        "projects" => named("project", name),
        "vpcs" => named("network", name),
        "keys" => named("key", name),
        "firewalls" => named("firewall", name),
        "load_balancers" => named("balancer", name),
        "pools" => named("group", name),
        _ => {
            let tags =
                || row["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).filter_map(said);
            tags().find(|(_, address)| address.is_some()).or_else(|| tags().next())
        }
    }
}

/// What the double notes of who belongs to what: no things.
const NOTES: &[&str] = &["members", "actions"];

impl World {
    /// What the double says: things by family.
    pub(crate) fn of(said: &Value) -> Self {
        let families =
            said.as_object().unwrap().iter().filter(|(family, _)| !NOTES.contains(&family.as_str()));
        let things = families.flat_map(|(family, rows)| {
            rows.as_array().unwrap().iter().map(|row| {
                let (owner, address) = owner(family, row).unzip();
                Thing { family: family.clone(), owner, address: address.flatten(), row: row.clone() }
            })
        });
        Self(things.collect())
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

    /// What belongs to nobody or another deployment, with all that is known of it.
    pub(crate) fn others(&self, deployment: &str) -> BTreeMap<String, String> {
        let theirs = self.0.iter().filter(|thing| thing.owner.as_deref() != Some(deployment));
        theirs.map(|it| (format!("{} {}", it.family, it.id()), it.row.to_string())).collect()
    }

    /// Our thing of that address.
    pub(crate) fn find(&self, address: &Address) -> &Thing {
        let is =
            |thing: &&Thing| thing.owner.as_deref() == Some(OURS) && thing.address.as_ref() == Some(address);
        self.0.iter().find(is).unwrap_or_else(|| panic!("there is no {address}"))
    }
}

impl Thing {
    /// What its path ends with.
    pub(crate) fn id(&self) -> String {
        let id = ["id", "uuid", "name"].iter().map(|key| &self.row[*key]).find(|it| !it.is_null());
        match id {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }
}
