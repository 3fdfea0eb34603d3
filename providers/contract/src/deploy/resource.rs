//! A [`Resource`] that we want and an [`Observed`] one that is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Address, Reference, Value};

/// A thing we want in the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its name inside the deployment.
    pub address: Address,
    /// What it should be like, by setting. A setting that is not here is left as the cloud has it.
    pub settings: BTreeMap<String, Value>,
}

impl Resource {
    /// A resource with these settings.
    #[must_use]
    pub fn new<const N: usize>(address: Address, settings: [(&str, Value); N]) -> Self {
        let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { address, settings }
    }

    /// A setting that is a text; `None`: it is missing, or of another form.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.settings.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A setting that is a count; `None`: it is missing, or of another form.
    pub fn count(&self, name: &str) -> Option<i64> {
        match self.settings.get(name) {
            Some(Value::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// A short text that differs whenever a setting does: what a cloud does not notice by itself.
    pub fn revision(&self) -> String {
        let text: Vec<String> = self.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        blake3::hash(text.join("\n").as_bytes()).to_hex()[..16].to_owned()
    }

    /// Every reference in the settings.
    pub fn references(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        for value in self.settings.values() {
            value.references(&mut |reference| found.push(reference));
        }
        found
    }
}

/// How a thing that is there is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Usable.
    Ready,
    /// The cloud is still making or changing it.
    Changing,
    /// The cloud is removing it.
    Leaving,
    /// The cloud gave up on it; the text is the cloud's.
    Failed(String),
}

/// A thing that is there and carries our tag. A name that merely contains ours is never ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Its name inside the deployment.
    pub address: Address,
    /// The cloud's id of it.
    pub id: String,
    /// How it is doing.
    pub state: State,
    /// What it is like. Ids of our own resources are given as references, so that they compare with what is wanted.
    pub settings: BTreeMap<String, Value>,
    /// What it offers to others and to people: addresses, endpoints.
    pub outputs: BTreeMap<String, String>,
    /// How many of our things refer to this very one: of two with the same address, the one in use is kept. 0 as well where
    /// the account cannot tell.
    pub users: usize,
}
