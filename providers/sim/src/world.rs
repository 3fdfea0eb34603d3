//! What is in the account: things, and the changes to them, one line each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use loadline_contract::deploy::{Address, Deployment, Observed, State, Value};
use serde::{Deserialize, Serialize};

/// A thing in the account. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// The cloud's id.
    pub id: String,
    /// Whose it is: the exact tag.
    pub deployment: Deployment,
    /// Its name inside the deployment.
    pub address: Address,
    /// What it is like.
    pub settings: BTreeMap<String, Value>,
    /// The idempotency token that it was made with.
    pub token: String,
    /// From when on lists show it.
    pub visible_at: u64,
    /// From when on it is usable.
    pub ready_at: u64,
    /// From when on it is gone; `None`: it stays.
    pub gone_at: Option<u64>,
    /// What the cloud said when it gave up on it.
    pub failed: Option<String>,
}

impl Thing {
    /// Whether it still exists.
    pub(crate) fn exists(&self, now: u64) -> bool {
        self.gone_at.is_none_or(|gone| gone > now)
    }

    pub(crate) fn state(&self, now: u64) -> State {
        match &self.failed {
            _ if self.gone_at.is_some() => State::Leaving,
            _ if self.ready_at > now => State::Changing,
            Some(said) => State::Failed(said.clone()),
            None => State::Ready,
        }
    }

    pub(crate) fn observed(&self, now: u64) -> Observed {
        Observed {
            address: self.address.clone(),
            id: self.id.clone(),
            state: self.state(now),
            settings: self.settings.clone(),
            outputs: outputs(self),
            // A reference means any thing of its address here.
            users: 0,
        }
    }
}

/// What somebody else does to a thing.
impl Thing {
    /// The thing with another value of a setting.
    #[must_use]
    pub fn with(mut self, setting: &str, value: Value) -> Self {
        self.settings.insert(setting.to_owned(), value);
        self
    }

    /// The thing as it is when somebody has removed it.
    #[must_use]
    pub fn removed(mut self) -> Self {
        self.gone_at = Some(0);
        self
    }
}

/// What a person may ask for: names that cannot resolve anywhere (RFC 2606 reserves `.invalid`).
fn outputs(thing: &Thing) -> BTreeMap<String, String> {
    let host =
        format!("{}-{}.{}.rehearsal.invalid", thing.address.kind(), thing.address.name(), thing.deployment);
    BTreeMap::from([("id".to_owned(), thing.id.clone()), ("address".to_owned(), host)])
}

/// One change of the world: what a line of the file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// A thing is made or is different.
    Put(Thing),
    /// The number of things made so far: ids are never used twice.
    Made(u64),
}

/// Everything in the account.
#[derive(Debug, Default)]
pub(crate) struct World {
    things: BTreeMap<String, Thing>,
    /// Ids by address, of every deployment.
    by_address: HashMap<Address, Vec<String>>,
    /// Ids of what refers to an address, of every deployment.
    users: HashMap<Address, BTreeSet<String>>,
    made: u64,
}

impl World {
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Made(made) => self.made = made,
            Change::Put(thing) => {
                self.forget(&thing.id);
                self.by_address.entry(thing.address.clone()).or_default().push(thing.id.clone());
                for value in thing.settings.values() {
                    value.references(&mut |reference| {
                        self.users.entry(reference.of.clone()).or_default().insert(thing.id.clone());
                    });
                }
                self.things.insert(thing.id.clone(), thing);
            }
        }
    }

    fn forget(&mut self, id: &str) {
        let Some(old) = self.things.remove(id) else { return };
        if let Some(ids) = self.by_address.get_mut(&old.address) {
            ids.retain(|other| other != id);
        }
        for value in old.settings.values() {
            value.references(&mut |reference| {
                if let Some(users) = self.users.get_mut(&reference.of) {
                    users.remove(id);
                }
            });
        }
    }

    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    pub(crate) fn get(&self, id: &str, now: u64) -> Option<&Thing> {
        self.things.get(id).filter(|thing| thing.exists(now))
    }

    pub(crate) fn all(&self, now: u64) -> impl Iterator<Item = &Thing> {
        self.things.values().filter(move |thing| thing.exists(now))
    }

    /// Everything of that address that exists.
    pub(crate) fn at(&self, deployment: &Deployment, address: &Address, now: u64) -> Vec<&Thing> {
        let ids = self.by_address.get(address).into_iter().flatten();
        ids.filter_map(|id| self.get(id, now)).filter(|thing| thing.deployment == *deployment).collect()
    }

    /// Something that refers to an address and exists.
    pub(crate) fn user(&self, deployment: &Deployment, address: &Address, now: u64) -> Option<&Thing> {
        let users = self.users.get(address).into_iter().flatten();
        users.filter_map(|id| self.get(id, now)).find(|thing| thing.deployment == *deployment)
    }
}
