//! Entries of the maps that settings hold.

use std::collections::BTreeMap;

use loadline_contract::deploy::{CloudError, Value};

use super::malformed;

type Map = BTreeMap<String, Value>;

pub(super) fn text(map: &Map, name: &str) -> Result<String, CloudError> {
    match map.get(name) {
        Some(Value::Text(text)) => Ok(text.clone()),
        _ => Err(malformed("setting", name)),
    }
}

pub(super) fn count(map: &Map, name: &str) -> Result<i64, CloudError> {
    match map.get(name) {
        Some(Value::Count(count)) => Ok(*count),
        _ => Err(malformed("setting", name)),
    }
}
