//! The tables of docs/json.md, and a walk that holds a JSON value against them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Objects by name, each with its fields and their types.
pub(crate) struct Contract {
    shapes: BTreeMap<String, BTreeMap<String, String>>,
}

/// What walks have found so far.
#[derive(Default)]
pub(crate) struct Seen {
    /// Fields that held something else than null or an empty list, as `shape.field`.
    filled: BTreeSet<String>,
    /// What does not hold, each with its place.
    pub(crate) wrong: Vec<String>,
}

impl Contract {
    /// Reads the tables: a heading names an object, a row is a field, its type and its meaning.
    pub(crate) fn read(markdown: &str) -> Self {
        let mut shapes: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut name = "";
        for line in markdown.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                name = heading;
            }
            if let Some(row) = line.strip_prefix("| `") {
                let (field, rest) = row.split_once("` | ").unwrap();
                let (kind, _) = rest.split_once(" | ").unwrap();
                let fields = shapes.entry(name.to_owned()).or_default();
                assert!(fields.insert(field.to_owned(), kind.to_owned()).is_none(), "{name}.{field} twice");
            }
        }
        Self { shapes }
    }

    /// Holds a value against an object of the contract.
    pub(crate) fn walk(&self, value: &Value, shape: &str, seen: &mut Seen) {
        self.object(value, shape, shape, seen);
    }

    /// Fields that no walk has seen filled.
    pub(crate) fn never_filled(&self, seen: &Seen) -> Vec<String> {
        let all = self
            .shapes
            .iter()
            .flat_map(|(shape, fields)| fields.keys().map(move |field| format!("{shape}.{field}")));
        all.filter(|field| !seen.filled.contains(field)).collect()
    }

    fn object(&self, value: &Value, shape: &str, place: &str, seen: &mut Seen) {
        let fields = self.shapes.get(shape).unwrap_or_else(|| panic!("{place}: no table `{shape}`"));
        let Some(object) = value.as_object() else {
            return seen.wrong.push(format!("{place}: no object"));
        };
        for extra in object.keys().filter(|key| !fields.contains_key(*key)) {
            seen.wrong.push(format!("{place}.{extra}: not in the contract"));
        }
        for (field, kind) in fields {
            let place = format!("{place}.{field}");
            match object.get(field) {
                None => seen.wrong.push(format!("{place}: missing")),
                Some(value) => {
                    if !is_empty(value) {
                        seen.filled.insert(format!("{shape}.{field}"));
                    }
                    self.value(value, kind, &place, seen);
                }
            }
        }
    }

    fn value(&self, value: &Value, kind: &str, place: &str, seen: &mut Seen) {
        if let Some(certain) = kind.strip_suffix('?') {
            if !value.is_null() {
                self.value(value, certain, place, seen);
            }
            return;
        }
        if let Some(kind) = kind.strip_prefix("map of ") {
            let Some(map) = value.as_object() else {
                return seen.wrong.push(format!("{place}: no object"));
            };
            return map
                .iter()
                .for_each(|(name, value)| self.value(value, kind, &format!("{place}.{name}"), seen));
        }
        let inside = |open: char, close: char| kind.strip_prefix(open)?.strip_suffix(close);
        if let Some(shape) = inside('{', '}') {
            return self.object(value, shape, place, seen);
        }
        if let Some(kind) = inside('[', ']') {
            let Some(list) = value.as_array() else {
                return seen.wrong.push(format!("{place}: no list"));
            };
            return list.iter().enumerate().for_each(|(index, value)| {
                self.value(value, kind, &format!("{place}[{index}]"), seen);
            });
        }
        if !is(value, kind) {
            seen.wrong.push(format!("{place}: {value} is no {kind}"));
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn is(value: &Value, kind: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let decimal = |text: &str, places: fn(usize) -> bool| match text.trim_start_matches('-').split_once('.') {
        Some((whole, cents)) => digits(whole) && digits(cents) && places(cents.len()),
        None => digits(text) && places(0),
    };
    match kind {
        "any" => true,
        "number" => value.is_number(),
        "flag" => value.is_boolean(),
        "text" => value.is_string(),
        "time" => {
            value.as_str().is_some_and(|text| text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok())
        }
        "usd" => value.as_str().is_some_and(|text| decimal(text, |places| places == 2)),
        "price" => value.as_str().is_some_and(|text| decimal(text, |_| true)),
        "date" => value.as_str().is_some_and(|text| {
            let parts: Vec<&str> = text.split('-').collect();
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            parts.iter().all(|part| digits(part)) && [4, 2, 2].starts_with(&lengths)
        }),
        _ => panic!("docs/json.md names an unknown type `{kind}`"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(value: &Value) -> Vec<String> {
        let text = "## box\n| field | type | meaning |\n| `price` | usd? | |\n| `kinds` | [{kind}] | |\n\
                    ## kind\n| `on` | date | |\n";
        let mut seen = Seen::default();
        Contract::read(text).walk(value, "box", &mut seen);
        seen.wrong
    }

    #[test]
    fn maps_and_times_are_held_against_their_types() {
        let text = "## box\n| field | type | meaning |\n| `by_name` | map of number | |\n| `at` | time | |\n";
        let found = |value: &Value| {
            let mut seen = Seen::default();
            Contract::read(text).walk(value, "box", &mut seen);
            seen.wrong
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(found(&json!({ "by_name": { "a": 1 }, "at": "2026-11-24T08:00:00.5Z" })), none);
        assert_eq!(
            found(&json!({ "by_name": { "a": "1" }, "at": "2026-11-24 08:00" })),
            ["box.at: \"2026-11-24 08:00\" is no time", "box.by_name.a: \"1\" is no number"]
        );
    }

    #[test]
    fn what_is_as_written_passes() {
        let none: Vec<String> = Vec::new();
        assert_eq!(wrong(&json!({ "price": null, "kinds": [] })), none);
        assert_eq!(wrong(&json!({ "price": "-12.50", "kinds": [{ "on": "2026-10" }] })), none);
    }

    #[test]
    fn a_missing_a_foreign_and_a_wrong_field_are_each_found() {
        assert_eq!(wrong(&json!({ "kinds": [] })), ["box.price: missing"]);
        assert_eq!(wrong(&json!({ "price": null, "kinds": [], "x": 1 })), ["box.x: not in the contract"]);
        assert_eq!(wrong(&json!({ "price": 12.5, "kinds": [] })), ["box.price: 12.5 is no usd"]);
        assert_eq!(wrong(&json!({ "price": "12.5", "kinds": [] })), ["box.price: \"12.5\" is no usd"]);
        assert_eq!(
            wrong(&json!({ "price": null, "kinds": [{ "on": "today" }] })),
            ["box.kinds[0].on: \"today\" is no date"]
        );
        assert_eq!(wrong(&json!({ "price": null, "kinds": null })), ["box.kinds: no list"]);
    }
}
