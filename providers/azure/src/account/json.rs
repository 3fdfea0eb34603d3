//! Ways to read what the cloud answers, and to write over it.

use std::collections::BTreeMap;

use loadline_contract::deploy::Value;
use serde_json::Value as Json;

use super::ids;

pub(super) fn text<'a>(json: &'a Json, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// A text of a row, which has no depth.
pub(super) fn word<'a>(row: &'a Json, name: &str) -> &'a str {
    row.get(name).and_then(Json::as_str).unwrap_or_default()
}

pub(super) fn rows<'a>(json: &'a Json, pointer: &str) -> &'a [Json] {
    json.pointer(pointer).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text as a setting.
pub(super) fn said(json: &Json, pointer: &str) -> Option<Value> {
    text(json, pointer).map(Value::from)
}

/// An id as a setting, in its one form.
pub(super) fn id(json: &Json, pointer: &str) -> Option<Value> {
    text(json, pointer).map(|id| Value::from(ids::canonical(id)))
}

/// A whole number as a setting; some services write them as fractions.
pub(super) fn count(json: &Json, pointer: &str) -> Option<Value> {
    let number = json.pointer(pointer)?;
    let whole = number.as_i64().or_else(|| {
        let fraction = number.as_f64().filter(|fraction| fraction.fract() == 0.0)?;
        // Casting saturates.
        Some(fraction as i64)
    });
    whole.map(Value::Count)
}

pub(super) fn flag(json: &Json, pointer: &str) -> Option<Value> {
    json.pointer(pointer)?.as_bool().map(Value::from)
}

/// Zones, in the order of their names.
pub(super) fn zones(json: &Json) -> Option<Value> {
    let mut zones: Vec<&str> = rows(json, "/zones").iter().filter_map(Json::as_str).collect();
    zones.sort_unstable();
    Some(Value::texts(zones))
}

/// Settings that the cloud tells; those that it does not are left out.
pub(super) fn settings<const N: usize>(told: [(&str, Option<Value>); N]) -> BTreeMap<String, Value> {
    told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// A map as a setting, of what is told.
pub(super) fn map<const N: usize>(told: [(&str, Option<Value>); N]) -> Value {
    Value::Map(settings(told))
}

/// Writes over what is there; what is not written stays, lists are taken whole.
pub(super) fn merge(there: &mut Json, ours: &Json) {
    match (there, ours) {
        (Json::Object(there), Json::Object(ours)) => {
            for (name, value) in ours {
                merge(there.entry(name.clone()).or_insert(Json::Null), value);
            }
        }
        (there, ours) => *there = ours.clone(),
    }
}

/// The entries of an object that are not `null`: a body without what is not wanted.
pub(super) fn present(body: Json) -> Json {
    match body {
        Json::Object(entries) => {
            let kept = entries.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(kept.map(|(name, value)| (name, present(value))).collect())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(present).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_ours_stays_when_ours_is_written_over_it() {
        let mut there =
            json!({ "tags": { "team": "blue", "a": "1" }, "properties": { "x": 1, "list": [1, 2] } });
        merge(&mut there, &json!({ "tags": { "a": "2" }, "properties": { "list": [3] } }));
        assert_eq!(
            there,
            json!({ "tags": { "team": "blue", "a": "2" }, "properties": { "x": 1, "list": [3] } })
        );
    }

    #[test]
    fn numbers_are_read_in_either_form() {
        let json = json!({ "a": 5, "b": 5.0, "c": 5.5, "d": "5" });
        let read = |name: &str| count(&json, name);
        assert_eq!((read("/a"), read("/b")), (Some(Value::Count(5)), Some(Value::Count(5))));
        assert_eq!((read("/c"), read("/d")), (None, None));
    }

    #[test]
    fn nothing_is_written_where_nothing_is_wanted() {
        assert_eq!(
            present(json!({ "a": null, "b": [{ "c": null }], "d": false })),
            json!({ "b": [{}], "d": false })
        );
    }
}
