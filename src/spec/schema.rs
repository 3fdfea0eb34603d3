//! The JSON Schema of a spec, for editors: made from the key table.
//!
//! It says what one key may hold; bounds of quantities with units and what depends on several keys only `read` can say.

use serde_json::{Map, Value, json};

use super::interval;
use super::keys::{self, Clouds, Filled, Key, Kind, Low, Presence, Range, Spread};
use super::reference;
use super::units::Dimension;
use super::value;
use super::vocabulary::{CloudWords, Vocabulary};

/// The schema, JSON Schema draft 2020-12, for these clouds and regions.
pub fn json_schema(vocabulary: &Vocabulary) -> Value {
    let mut schema = Maker { vocabulary }.map_of("");
    let head = [
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("title", json!("Loadline spec")),
        ("description", json!("What a web stack should carry.")),
    ];
    schema.extend(head.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(schema)
}

/// Makes the parts that depend on which clouds there are.
struct Maker<'a> {
    vocabulary: &'a Vocabulary,
}

impl Maker<'_> {
    /// A map with the keys below a path of the table, and no others.
    fn map_of(&self, parent: &str) -> Map<String, Value> {
        let properties: Map<String, Value> =
            keys::children(parent).map(|key| (key.name().to_owned(), self.one(key))).collect();
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
    fn map_or_nothing(&self, parent: &str) -> Value {
        let mut map = self.map_of(parent);
        if !map.contains_key("required") {
            map.insert("type".to_owned(), json!(["object", "null"]));
        }
        Value::Object(map)
    }

    fn by_cloud(&self, key: &Key, which: Clouds) -> Value {
        let one = |cloud: &CloudWords| {
            let mut map = self.map_or_nothing(&format!("{}.*", key.path));
            if which == Clouds::Considered {
                map["properties"]["region"] = json!({
                    "title": format!("clouds.{}.region", cloud.name),
                    "description": "Region.",
                    "enum": cloud.regions,
                    "default": cloud.default_region,
                });
            }
            (cloud.name.clone(), map)
        };
        let properties: Map<String, Value> = self.vocabulary.clouds.iter().map(one).collect();
        let mut map = json!({"type": "object", "properties": properties, "additionalProperties": false});
        if which == Clouds::Considered {
            map["minProperties"] = json!(1);
        }
        map
    }

    fn one(&self, key: &Key) -> Value {
        let mut schema = match &key.kind {
            Kind::Map => self.map_or_nothing(key.path),
            Kind::ChoiceOrMap(words) => json!({"anyOf": [{"enum": words}, self.map_or_nothing(key.path)]}),
            Kind::List(filled) => {
                let entries = Value::Object(self.map_of(&format!("{}[]", key.path)));
                let least = if *filled == Filled::AtLeastOne { 1 } else { 0 };
                json!({"type": "array", "minItems": least, "items": entries})
            }
            Kind::ByCloud(which) => self.by_cloud(key, *which),
            plain => value_of(plain),
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
}

/// A value without keys of its own below it.
fn value_of(kind: &Kind) -> Value {
    match kind {
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
        Kind::Map | Kind::ChoiceOrMap(_) | Kind::List(_) | Kind::ByCloud(_) => {
            unreachable!("maps and lists are made by `Maker::one`")
        }
    }
}

/// What an editor shows beside the key: meaning, what may be written, what silence means.
fn description(key: &Key) -> String {
    let mut text = key.doc.to_owned();
    if let Kind::Quantity(dimension, ..) = key.kind {
        text += &format!(" Takes: {}", reference::value(&key.kind));
        if dimension != Dimension::Number {
            text += &format!("; units: {}", dimension.list());
        }
        text.push('.');
    }
    match key.presence {
        Presence::Required | Presence::Filled => {}
        Presence::Default { value, reason, .. } => text += &format!(" Default {value}: {reason}."),
        Presence::Computed { value, .. } => text += &format!(" Default: {value}."),
        Presence::Absent(meaning) => text += &format!(" When left out: {meaning}."),
    }
    text
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
        return json!({"type": "string", "pattern": dimension.pattern(), "examples": [dimension.written("5")]});
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
