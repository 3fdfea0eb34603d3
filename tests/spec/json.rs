//! YAML to JSON as an editor sees it: plain words become numbers and booleans by the core schema of YAML 1.2.
//!
//! Apart from the reader under test, so that the schema is judged by somebody else's eyes. Knows no aliases.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

enum Open {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

pub(crate) fn from_yaml(text: &str) -> Value {
    let mut stack: Vec<Open> = Vec::new();
    let mut root = Value::Null;
    for event in Parser::new_from_str(text) {
        let value = match event.unwrap().0 {
            Event::SequenceStart(..) => {
                stack.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                stack.push(Open::Map(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop().unwrap() {
                Open::List(items) => Value::Array(items),
                Open::Map(map, _) => Value::Object(map),
            },
            Event::Scalar(text, style, ..) => {
                if let Some(Open::Map(_, key @ None)) = stack.last_mut() {
                    *key = Some(text.into_owned());
                    continue;
                }
                if style == ScalarStyle::Plain { plain(&text) } else { Value::from(text.into_owned()) }
            }
            Event::Alias(_) => panic!("an example with an alias"),
            _ => continue,
        };
        match stack.last_mut() {
            Some(Open::List(items)) => items.push(value),
            Some(Open::Map(map, key)) => drop(map.insert(key.take().unwrap(), value)),
            None => root = value,
        }
    }
    root
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| Value::from(text), Value::Number)
        }
    }
}
