//! What is there, with the cloud's ids, and how ids become references.

use std::collections::{BTreeMap, BTreeSet};

use crate::deploy::{Address, Observed, Reference, State, Value};

/// A thing as a kind's calls read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub address: Address,
    /// The cloud's id.
    pub id: String,
    /// How it is.
    pub state: State,
    /// Ids of other things stand as texts.
    pub settings: BTreeMap<String, Value>,
    /// What others refer to beside the id, and what `status` shows, by name.
    pub outputs: BTreeMap<String, String>,
}

impl Found {
    /// One without outputs.
    pub fn new<const N: usize>(
        address: Address,
        id: Option<&str>,
        state: State,
        settings: [(&str, Value); N],
    ) -> Self {
        Self {
            address,
            id: id.unwrap_or_default().to_owned(),
            state,
            settings: settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            outputs: BTreeMap::new(),
        }
    }

    /// Sets a setting.
    pub fn set(&mut self, name: &str, value: Value) {
        self.settings.insert(name.to_owned(), value);
    }

    /// Adds an output, where there is one.
    #[must_use]
    pub fn output(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.outputs.insert(name.to_owned(), value.to_owned());
        }
        self
    }
}

/// A list of ids in the order of their text.
pub fn ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> Value {
    let mut ids: Vec<&str> = ids.into_iter().collect();
    ids.sort_unstable();
    Value::texts(ids)
}

/// Things whose ids are references, lists in the order of their words.
pub(super) fn observed(found: Vec<Found>) -> Vec<Observed> {
    let mut references: BTreeMap<String, Reference> = BTreeMap::new();
    for thing in &found {
        for (output, value) in thing.outputs.iter().filter(|(output, _)| *output != "address") {
            let reference = Reference { of: thing.address.clone(), output: output.clone() };
            references.insert(value.clone(), reference);
        }
        references.insert(thing.id.clone(), Reference { of: thing.address.clone(), output: "id".to_owned() });
    }
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for value in found.iter().flat_map(|thing| thing.settings.values()) {
        count(value, &mut users);
    }
    let used = |thing: &Found| {
        let names = thing.outputs.values().chain([&thing.id]).collect::<BTreeSet<_>>();
        names.into_iter().filter_map(|name| users.get(name)).sum()
    };
    found
        .into_iter()
        .map(|thing| Observed {
            users: used(&thing),
            address: thing.address,
            id: thing.id,
            state: thing.state,
            settings: thing
                .settings
                .into_iter()
                .map(|(name, value)| (name, referring(value, &references)))
                .collect(),
            outputs: thing.outputs,
        })
        .collect()
}

/// Counts each text of a value.
fn count(value: &Value, users: &mut BTreeMap<String, usize>) {
    match value {
        Value::Text(text) => *users.entry(text.clone()).or_default() += 1,
        Value::List(values) => values.iter().for_each(|value| count(value, users)),
        Value::Map(values) => values.values().for_each(|value| count(value, users)),
        _ => {}
    }
}

fn referring(value: Value, references: &BTreeMap<String, Reference>) -> Value {
    match value {
        Value::Text(text) => match references.get(&text) {
            Some(reference) => Value::Of(reference.clone()),
            None => Value::Text(text),
        },
        Value::List(values) => {
            let mut values: Vec<Value> =
                values.into_iter().map(|value| referring(value, references)).collect();
            values.sort_by_key(ToString::to_string);
            Value::List(values)
        }
        Value::Map(values) => {
            Value::Map(values.into_iter().map(|(name, value)| (name, referring(value, references))).collect())
        }
        other => other,
    }
}
