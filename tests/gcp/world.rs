//! What exists at the double, seen from inside: whose it is, and what it is called in its deployment.

use std::collections::BTreeMap;

use loadline_contract::deploy::Address;
use serde_json::Value;

use crate::double::PROJECT;

/// The deployment of the spec.
pub(crate) const OURS: &str = "teachers";

/// One thing.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    family: String,
    /// Deployment and address that its labels or its description name.
    owner: Option<(String, Address)>,
    pub(crate) row: Value,
}

/// All things.
#[derive(Debug, Clone)]
pub(crate) struct World(Vec<Thing>);

impl World {
    /// What the double says: things by family.
    pub(crate) fn of(said: &Value) -> Self {
        let families = said.as_object().unwrap().iter();
        let things = families.flat_map(|(family, rows)| {
            rows.as_array().unwrap().iter().map(|row| Thing {
                family: family.clone(),
                owner: owner(family, row),
                row: row.clone(),
            })
        });
        Self(things.filter(|thing| !PARTS.contains(&thing.family.as_str())).collect())
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
        theirs.map(|it| (format!("{} {}", it.family, it.name()), it.row.to_string())).collect()
    }

    /// Our thing of that address.
    pub(crate) fn find(&self, address: &Address) -> &Thing {
        let is = |thing: &&Thing| thing.owner.as_ref().is_some_and(|it| it.0 == OURS && it.1 == *address);
        self.0.iter().find(is).unwrap_or_else(|| panic!("there is no {address}"))
    }
}

impl Thing {
    /// Its name, which for some is a path.
    pub(crate) fn name(&self) -> &str {
        self.row["name"].as_str().or_else(|| self.row["network"].as_str()).unwrap_or_default()
    }
}

/// Families whose things are parts of others, or what is left of them: machines of a group, backups of databases.
const PARTS: &[&str] =
    &["compute.instances", "compute.regionInstanceGroups", "secretmanager.versions", "sql.backups"];

fn owner(family: &str, row: &Value) -> Option<(String, Address)> {
    for labels in [&row["labels"], &row["userLabels"], &row["settings"]["userLabels"]] {
        let label = |name: &str| labels[name].as_str();
        if let (Some(deployment), Some(kind), Some(name)) =
            (label("loadline-deployment"), label("loadline-kind"), label("loadline-name"))
        {
            return Some((deployment.to_owned(), Address::new(kind, name)));
        }
    }
    if family == "servicenetworking.connections" {
        // It carries no mark: it is whose the network is.
        let network = row["network"].as_str()?.rsplit('/').next()?;
        let deployment =
            network.split("-network-main-").next().filter(|it| network.len() == it.len() + 22)?;
        return Some((deployment.to_owned(), Address::new("service-connection", "services")));
    }
    let (deployment, address) = row["description"].as_str()?.strip_prefix("loadline ")?.split_once(' ')?;
    let address: Address = address.parse().ok()?;
    let name = loadline_gcp::names::name(&deployment.parse().ok()?, &address);
    (row["name"] == name.as_str()).then(|| (deployment.to_owned(), address))
}

/// The path of a thing of Compute Engine that has no region.
pub(crate) fn global(collection: &str, name: &str) -> String {
    format!("compute.googleapis.com/compute/v1/projects/{PROJECT}/global/{collection}/{name}")
}
