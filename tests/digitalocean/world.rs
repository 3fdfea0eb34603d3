//! What exists at the double, seen from inside: whose it is, and what it is called in its deployment.

use std::collections::{BTreeMap, BTreeSet};

use loadline_contract::deploy::Address;
use serde_json::Value;

/// The deployment of the spec.
pub(crate) const OURS: &str = "teachers";

/// One thing.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    family: String,
    /// Deployment and address that its tags, its description or its name say.
    owner: Option<(String, Address)>,
    pub(crate) row: Value,
}

/// All things.
#[derive(Debug, Clone)]
pub(crate) struct World(Vec<Thing>);

impl World {
    /// What the double says: things by family.
    pub(crate) fn of(said: &Value) -> Self {
        let mut things = Vec::new();
        for (family, rows) in said.as_object().unwrap() {
            for row in rows.as_array().unwrap() {
                things.push(Thing { family: family.clone(), owner: owner(family, row), row: row.clone() });
            }
        }
        let worn: BTreeSet<String> = things.iter().flat_map(tags).map(str::to_owned).collect();
        things.retain(|thing| !is_part(thing, &worn));
        Self(things)
    }

    /// How many there are of each thing of a deployment.
    pub(crate) fn census(&self, deployment: &str) -> BTreeMap<Address, usize> {
        let mut counts = BTreeMap::new();
        for (_, address) in self.0.iter().filter_map(|it| it.owner.as_ref()).filter(|it| it.0 == deployment) {
            *counts.entry(address.clone()).or_default() += 1;
        }
        counts
    }

    /// What belongs to nobody or another deployment, with all that is known of it.
    pub(crate) fn others(&self, deployment: &str) -> BTreeMap<String, String> {
        let theirs = self.0.iter().filter(|it| it.owner.as_ref().is_none_or(|owner| owner.0 != deployment));
        theirs.map(|it| (format!("{} {}", it.family, it.id()), it.row.to_string())).collect()
    }

    /// Our thing of that address.
    pub(crate) fn find(&self, address: &Address) -> &Thing {
        let is = |thing: &&Thing| thing.owner.as_ref().is_some_and(|it| it.0 == OURS && it.1 == *address);
        self.0.iter().find(is).unwrap_or_else(|| panic!("there is no {address}"))
    }
}

impl Thing {
    /// Its id: a number, a text, or for a tag its name.
    pub(crate) fn id(&self) -> String {
        let found = ["id", "uuid", "name"].iter().find_map(|name| self.row.get(name));
        found.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).unwrap_or_default()
    }

    /// What it is called.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.row[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.row))
    }
}

/// The tags that it wears, not those of what it looks after: a firewall's, a policy's.
fn tags(thing: &Thing) -> impl Iterator<Item = &str> {
    let wearing = ["volumes", "databases", "replicas", "droplets"].contains(&thing.family.as_str());
    thing.row["tags"].as_array().filter(|_| wearing).into_iter().flatten().filter_map(Value::as_str)
}

/// Deployment, kind and name of a text such as `loadline:teachers:app:1`.
fn marked(text: &str) -> Option<(String, Address)> {
    match text.split(':').collect::<Vec<_>>()[..] {
        ["loadline", deployment, kind, name] if kind != "storage" => {
            Some((deployment.to_owned(), Address::new(kind, name)))
        }
        _ => None,
    }
}

/// Things that take no tags: known by their exact names.
const NAMED: &[(&str, &str, &str)] = &[
    ("projects", "project", "main"),
    ("vpcs", "network", "main"),
    ("keys", "key", "operators"),
    ("load_balancers", "balancer", "main"),
    ("firewalls", "firewall", "app"),
    ("pools", "group", "app"),
];

fn owner(family: &str, row: &Value) -> Option<(String, Address)> {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    match family {
        "policies" => return marked(text("description")),
        "tags" => {
            let parts: Vec<&str> = text("name").split(':').collect();
            return match parts[..] {
                ["loadline", deployment, part] => Some((deployment.to_owned(), Address::new("tag", part))),
                // The tag of one thing, or of its storage.
                ["loadline", deployment, kind, name] => {
                    Some((deployment.to_owned(), Address::new("tag", &format!("{kind}-{name}"))))
                }
                _ => None,
            };
        }
        _ => {}
    }
    if let Some((_, kind, name)) = NAMED.iter().find(|it| it.0 == family) {
        let address = Address::new(kind, name);
        let (front, _) = text("name").strip_prefix("ll-")?.rsplit_once('-')?;
        let deployment = front.strip_suffix(&format!("-{kind}-{name}"))?;
        let ours = loadline_digitalocean::names::name(&deployment.parse().ok()?, &address);
        return (text("name") == ours).then(|| (deployment.to_owned(), address));
    }
    row["tags"].as_array()?.iter().filter_map(Value::as_str).find_map(marked)
}

/// What is no thing of its own: machines of a pool, which carry the application's tag alone, whose they are, and tags that things
/// wear. A tag of one thing that nothing wears any more was left behind.
fn is_part(thing: &Thing, worn: &BTreeSet<String>) -> bool {
    let of_pool = |tag: &str| tag.starts_with("loadline:") && tag.split(':').count() == 3;
    match thing.family.as_str() {
        "members" => true,
        "droplets" => thing.owner.is_none() && tags(thing).any(of_pool),
        "tags" => worn.contains(&thing.id()) && !of_pool(&thing.id()),
        _ => false,
    }
}
