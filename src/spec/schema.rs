//! The JSON Schema of a spec, for editors: made from the key table.
//!
//! It says what one key may hold; what depends on several keys (shares that add up, tiers that must be there) only `read`
//! can say. The caller brings the clouds, so that an editor can offer their names and regions.

use serde_json::{Map, Value, json};

use super::interval;
use super::keys::{self, Clouds, Filled, Key, Kind, Low, Presence, Range, Spread};
use super::units::Dimension;
use super::value;
use super::vocabulary::{CloudWords, Vocabulary};

/// The schema, JSON Schema draft 2020-12.
pub fn json_schema(vocabulary: &Vocabulary) -> Value {
    let mut schema = map_of("", vocabulary);
    let head = [
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("title", json!("Loadline spec")),
        ("description", json!("What a web stack should carry.")),
    ];
    schema.extend(head.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(schema)
}

/// A map with the keys below a path of the table, and no others.
fn map_of(parent: &str, vocabulary: &Vocabulary) -> Map<String, Value> {
    let properties: Map<String, Value> =
        keys::children(parent).map(|key| (key.name().to_owned(), one(key, vocabulary))).collect();
    let required: Vec<&str> = keys::children(parent)
        .filter(|key| matches!(key.presence, Presence::Required))
        .map(Key::name)
        .collect();
    let mut map = Map::new();
    map.insert("type".to_owned(), json!("object"));
    map.insert("properties".to_owned(), Value::Object(properties));
    map.insert("additionalProperties".to_owned(), json!(false));
    if !required.is_empty() {
        map.insert("required".to_owned(), json!(required));
    }
    map
}

/// A map that may also be left without any line below its key.
fn map_or_nothing(parent: &str, vocabulary: &Vocabulary) -> Value {
    let mut map = map_of(parent, vocabulary);
    if !map.contains_key("required") {
        map.insert("type".to_owned(), json!(["object", "null"]));
    }
    Value::Object(map)
}

fn one(key: &Key, vocabulary: &Vocabulary) -> Value {
    let mut schema = match &key.kind {
        Kind::Quantity(dimension, range, Spread::Single) => quantity(*dimension, *range),
        Kind::Quantity(dimension, range, Spread::Interval) => {
            json!({"anyOf": [quantity(*dimension, *range), interval_of(*dimension, *range)]})
        }
        Kind::Count(low, high) => json!({"type": "integer", "minimum": low, "maximum": high}),
        // A word that is a number, as in `version: 1`, is a number to YAML.
        Kind::Choice(words) => json!({"enum": words.iter().map(|word| word_value(word)).collect::<Vec<_>>()}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Text(format) => {
            // `version: 8.4` without quotes is a number to YAML.
            let kind = if format.pattern().starts_with("^[0-9][") {
                json!(["string", "number"])
            } else {
                json!("string")
            };
            json!({"type": kind, "pattern": format.pattern(), "examples": [format.example]})
        }
        Kind::Texts(format) => json!({
            "type": "array",
            "items": {"type": "string", "pattern": format.pattern(), "examples": [format.example]},
        }),
        Kind::Table(names, contents) => json!({
            "type": "object",
            "propertyNames": {"pattern": names.pattern()},
            "additionalProperties": {"type": ["string", "number", "boolean"], "pattern": contents.pattern()},
        }),
        Kind::Map => map_or_nothing(key.path, vocabulary),
        Kind::ChoiceOrMap(words) => {
            json!({"anyOf": [{"enum": words}, map_or_nothing(key.path, vocabulary)]})
        }
        Kind::List(filled) => {
            let entries = Value::Object(map_of(&format!("{}[]", key.path), vocabulary));
            let least = if *filled == Filled::AtLeastOne { 1 } else { 0 };
            json!({"type": "array", "minItems": least, "items": entries})
        }
        Kind::ByCloud(which) => by_cloud(key, *which, vocabulary),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert("title".to_owned(), json!(key.path));
        schema.insert("description".to_owned(), json!(description(key)));
        if let Presence::Default { value: shown, .. } = key.presence {
            schema.insert("default".to_owned(), default_value(&key.kind, shown));
        }
    }
    schema
}

/// A map by cloud: the names of the clouds are its only keys, and a region is one of those that the cloud has.
fn by_cloud(key: &Key, which: Clouds, vocabulary: &Vocabulary) -> Value {
    let cloud = |words: &CloudWords| {
        let mut map = map_or_nothing(&format!("{}.*", key.path), vocabulary);
        if which == Clouds::Considered {
            let region = &mut map["properties"]["region"];
            region["enum"] = json!(words.regions);
            region["default"] = json!(words.default_region);
        }
        (words.name.clone(), map)
    };
    let properties: Map<String, Value> = vocabulary.clouds.iter().map(cloud).collect();
    let least = if which == Clouds::Considered { 1 } else { 0 };
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": least,
    })
}

fn description(key: &Key) -> String {
    match key.presence {
        Presence::Required | Presence::Filled => key.doc.to_owned(),
        Presence::Default { value, reason, .. } => format!("{} Default {value}: {reason}.", key.doc),
        Presence::Computed { value, .. } => format!("{} Default: {value}.", key.doc),
        Presence::Absent(meaning) => format!("{} When left out: {meaning}.", key.doc),
    }
}

fn word_value(word: &str) -> Value {
    word.parse::<u64>().map_or_else(|_| json!(word), |number| json!(number))
}

fn default_value(kind: &Kind, shown: &str) -> Value {
    match kind {
        Kind::Flag => json!(shown == "true"),
        Kind::Choice(_) => word_value(shown),
        Kind::Count(..) | Kind::Quantity(Dimension::Number, ..) => {
            shown.parse::<u64>().map_or(json!(shown), |n| json!(n))
        }
        _ => json!(shown),
    }
}

fn quantity(dimension: Dimension, range: Range) -> Value {
    if dimension != Dimension::Number {
        return json!({"type": "string", "pattern": dimension.pattern(), "examples": [range.high]});
    }
    let number = |text: &str| {
        value::bounded("bound", text, dimension, Range { low: Low::From("0"), high: "1e12" })
            .expect("the bounds of the key table are plain numbers")
    };
    let (low_word, low) = match range.low {
        Low::From(low) => ("minimum", low),
        Low::Above(low) => ("exclusiveMinimum", low),
    };
    json!({"type": "number", low_word: number(low), "maximum": number(range.high)})
}

fn interval_of(dimension: Dimension, range: Range) -> Value {
    let end = quantity(dimension, range);
    let properties: Map<String, Value> = interval::KEYS
        .iter()
        .map(|(name, doc)| {
            let mut end = end.clone();
            if *name == "confidence" {
                end = json!({"type": "string", "pattern": Dimension::Share.pattern(), "default": "90 %"});
            }
            end["description"] = json!(doc);
            ((*name).to_owned(), end)
        })
        .collect();
    json!({"type": "object", "properties": properties, "required": ["low", "high"], "additionalProperties": false})
}
