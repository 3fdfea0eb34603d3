//! Settings with ids in place of references, and ways to read them.

use std::collections::BTreeMap;

use crate::deploy::{CloudError, ErrorClass, Reference, Resource, Value};

/// Settings of one thing, with the cloud's ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    whose: String,
    values: BTreeMap<String, Value>,
}

impl Settings {
    /// Puts ids in place of references, and lists of ids in the order in which they are read back.
    pub(super) fn resolved(
        resource: &Resource,
        known: &BTreeMap<Reference, String>,
    ) -> Result<Self, CloudError> {
        let whose = resource.address.to_string();
        let mut values = BTreeMap::new();
        for (name, value) in &resource.settings {
            values.insert(name.clone(), resolve(value, known, &whose)?);
        }
        Ok(Self { whose, values })
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.values.iter()
    }

    /// Whether a setting is wanted and is not so among those that are there.
    pub fn differs(&self, name: &str, there: &BTreeMap<String, Value>) -> bool {
        self.values.get(name).is_some_and(|value| there.get(name) != Some(value))
    }

    fn missing(&self, name: &str) -> CloudError {
        let doing = format!("reading the setting `{name}` of {}", self.whose);
        CloudError::new(ErrorClass::Unexpected, doing, "it is missing or of another form: please report this")
    }

    /// A text.
    ///
    /// # Errors
    /// If it is missing or no text.
    pub fn text(&self, name: &str) -> Result<&str, CloudError> {
        self.maybe_text(name).ok_or_else(|| self.missing(name))
    }

    /// A text, if it is there.
    pub fn maybe_text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// If it is missing or none.
    pub fn count(&self, name: &str) -> Result<i32, CloudError> {
        self.maybe_count(name).ok_or_else(|| self.missing(name))
    }

    /// A whole number, if it is there.
    pub fn maybe_count(&self, name: &str) -> Option<i32> {
        match self.values.get(name) {
            Some(Value::Count(count)) => i32::try_from(*count).ok(),
            _ => None,
        }
    }

    /// Whether it is `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.values.get(name) == Some(&Value::Flag(true))
    }

    /// A list as texts.
    ///
    /// # Errors
    /// If it is missing or no list.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, CloudError> {
        match self.values.get(name) {
            Some(Value::List(values)) => Ok(values.iter().map(ToString::to_string).collect()),
            _ => Err(self.missing(name)),
        }
    }

    /// A list.
    ///
    /// # Errors
    /// If it is missing or no list.
    pub fn list(&self, name: &str) -> Result<&[Value], CloudError> {
        match self.values.get(name) {
            Some(Value::List(values)) => Ok(values),
            _ => Err(self.missing(name)),
        }
    }

    /// A map.
    ///
    /// # Errors
    /// If it is missing or no map.
    pub fn map(&self, name: &str) -> Result<&BTreeMap<String, Value>, CloudError> {
        match self.values.get(name) {
            Some(Value::Map(values)) => Ok(values),
            _ => Err(self.missing(name)),
        }
    }
}

fn resolve(value: &Value, known: &BTreeMap<Reference, String>, whose: &str) -> Result<Value, CloudError> {
    Ok(match value {
        Value::Of(reference) => match known.get(reference) {
            Some(id) => Value::Text(id.clone()),
            None => {
                let doing = format!("working on {whose}");
                let said = format!("{} of {} is not there yet", reference.output, reference.of);
                return Err(CloudError::new(ErrorClass::Conflict, doing, said));
            }
        },
        Value::List(values) => {
            let mut resolved =
                values.iter().map(|value| resolve(value, known, whose)).collect::<Result<Vec<_>, _>>()?;
            resolved.sort_by_key(ToString::to_string);
            Value::List(resolved)
        }
        Value::Map(values) => {
            let mut resolved = BTreeMap::new();
            for (name, value) in values {
                resolved.insert(name.clone(), resolve(value, known, whose)?);
            }
            Value::Map(resolved)
        }
        other => other.clone(),
    })
}
