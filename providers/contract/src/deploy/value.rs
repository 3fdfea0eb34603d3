//! Values of settings: plain data, and references to other resources that only the account can resolve.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Address;

/// The value of a setting. Secrets are never values: they are made in and read from the cloud's own secret store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Count(i64),
    /// A text.
    Text(String),
    /// Something of another resource.
    Of(Reference),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name.
    Map(BTreeMap<String, Value>),
}

/// Something of another resource: its id, or one of its outputs such as an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The other resource.
    #[serde(rename = "$of")]
    pub of: Address,
    /// Which output of it; `id` for itself.
    #[serde(rename = "$output")]
    pub output: String,
}

impl Value {
    /// The id of another resource.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        Self::Of(Reference { of: address.clone(), output: "id".to_owned() })
    }

    /// An output of another resource.
    #[must_use]
    pub fn output(address: &Address, output: &str) -> Self {
        Self::Of(Reference { of: address.clone(), output: output.to_owned() })
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::Text(text.into())).collect())
    }

    /// A map.
    #[must_use]
    pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Self {
        Self::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Calls `visit` with every reference inside.
    pub fn references<'a>(&'a self, visit: &mut dyn FnMut(&'a Reference)) {
        match self {
            Self::Flag(_) | Self::Count(_) | Self::Text(_) => {}
            Self::Of(reference) => visit(reference),
            Self::List(values) => values.iter().for_each(|value| value.references(visit)),
            Self::Map(values) => values.values().for_each(|value| value.references(visit)),
        }
    }
}

/// Read by hand: of an account of 10,000 things, half the time would go into trying one case after the other.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a flag, a whole number, a text, a list, a map or a reference")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E>(self, count: i64) -> Result<Value, E> {
        Ok(Value::Count(count))
    }

    fn visit_u64<E: de::Error>(self, count: u64) -> Result<Value, E> {
        i64::try_from(count)
            .map(Value::Count)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(count), &self))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            values.insert(name, value);
        }
        if let (2, Some(Value::Text(of)), Some(Value::Text(output))) =
            (values.len(), values.get("$of"), values.get("$output"))
            && let Ok(of) = of.parse()
        {
            return Ok(Value::Of(Reference { of, output: output.clone() }));
        }
        Ok(Value::Map(values))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(i64::from(count))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut join = |open: &str, close: &str, parts: &mut dyn Iterator<Item = String>| {
            out.write_str(open)?;
            for (index, part) in parts.enumerate() {
                if index > 0 {
                    out.write_str(", ")?;
                }
                out.write_str(&part)?;
            }
            out.write_str(close)
        };
        match self {
            Self::Flag(flag) => write!(out, "{flag}"),
            Self::Count(count) => write!(out, "{count}"),
            Self::Text(text) => out.write_str(text),
            Self::Of(Reference { of, output }) if output == "id" => write!(out, "{of}"),
            Self::Of(Reference { of, output }) => write!(out, "{output} of {of}"),
            Self::List(values) => join("[", "]", &mut values.iter().map(ToString::to_string)),
            Self::Map(values) => {
                join("{", "}", &mut values.iter().map(|(name, value)| format!("{name}: {value}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_survives_json_and_a_map_is_never_taken_for_a_reference() {
        let address = Address::new("network", "main");
        let value = Value::map([
            ("a", Value::of(&address)),
            ("b", Value::texts(["x", "y"])),
            ("c", Value::from(7_u32)),
            ("d", Value::from(true)),
            ("e", Value::map([("of", Value::from("z"))])),
        ]);
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        let mut found = Vec::new();
        value.references(&mut |reference| found.push(reference.of.to_string()));
        assert_eq!(found, ["network/main"]);
    }

    #[test]
    fn a_fraction_a_null_and_a_number_too_large_are_no_values() {
        for text in ["1.5", "null", "9223372036854775808", "{\"a\": null}"] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::from_str::<Value>("-7").unwrap(), Value::Count(-7));
    }
}
