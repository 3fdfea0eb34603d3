//! The JSON Schema: valid itself, takes what the reader takes, refuses what the reader refuses.

use jsonschema::Validator;
use loadline::spec::keys::{self, Kind, Presence};
use loadline::spec::{commented, json_schema};
use serde_json::{Value, json};

use crate::as_json::as_json;
use crate::example::examples;
use crate::support::{SMALL, read, small_and};

fn schema() -> Value {
    json_schema(&loadline::clouds::vocabulary())
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

#[test]
fn the_schema_is_a_valid_schema_of_draft_2020_12() {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_schema_takes_every_example_and_what_init_writes() {
    let validator = validator();
    let init = commented(&loadline::spec::InitAnswers::default());
    let mut texts: Vec<String> = examples().into_iter().map(|(_, text)| text).collect();
    texts.extend([SMALL.to_owned(), init, crate::every_key::EVERY_KEY.to_owned()]);
    for text in texts {
        let errors: Vec<String> = validator
            .iter_errors(&as_json(&text))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let validator = validator();
    for text in [
        "{}".to_owned(),
        "[]".to_owned(),
        SMALL.replace("version: 1", "version: 2"),
        SMALL.replace("name: school", "name: My School"),
        SMALL.replace("users: 200", "users: 0"),
        SMALL.replace("users: 200", "users: 1e9"),
        SMALL.replace("users: 200", "users: many"),
        SMALL.replace("users: 200", "users: { low: 5 }"),
        SMALL.replace("users: 200", "users: { low: 5, high: 9, middle: 7 }"),
        SMALL.replace("users: 200", "user: 200"),
        SMALL.replace("cpu: 12 ms", "cpu: 12"),
        SMALL.replace("cpu: 12 ms", "cpu: 12 parsec"),
        SMALL.replace("cpu: 12 ms", "cpu: -12 ms"),
        SMALL.replace("name: page, ", ""),
        SMALL.replace("  - { name: page, cpu: 12 ms }", "  []"),
        small_and("app: { port: 0 }\n"),
        small_and("app: { port: 8000.5 }\n"),
        small_and("app: { image: '$(x)' }\n"),
        small_and("database: { engine: postgresql }\n"),
        small_and("database: { storage: { low: 1 GiB, high: 2 GiB } }\n"),
        small_and("resilience: { database_standby: yes }\n"),
        small_and("resilience: { survive: everything }\n"),
        small_and("terms: monthly\n"),
        small_and("clouds: {}\n"),
        small_and("clouds: { amazon: {} }\n"),
        small_and("clouds: { aws: { region: nyc3 } }\n"),
        small_and("pin: { aws: { machine: x } }\n"),
        small_and("tune: { sysctl: { 'a b': 1 } }\n"),
        small_and("hosts: web1\n"),
        small_and("hosts:\n"),
        small_and("nonsense: 1\n"),
    ] {
        assert!(!validator.is_valid(&as_json(&text)), "the schema takes\n{text}");
        assert!(read(&text).is_err(), "the reader takes\n{text}");
    }
}

/// The schema at a path of the table.
fn at<'a>(schema: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(schema, |schema, part| {
        let map = |schema: &'a Value| match schema.get("anyOf") {
            Some(both) => &both[1]["properties"],
            None => &schema["properties"],
        };
        match part {
            "*" => &map(schema)["aws"],
            _ => match part.strip_suffix("[]") {
                Some(list) => &map(schema)[list]["items"],
                None => &map(schema)[part],
            },
        }
    })
}

#[test]
fn every_key_has_a_title_a_description_and_its_default() {
    let schema = schema();
    for key in keys::all() {
        let found = at(&schema, key.path);
        // A region is described for each cloud.
        let title = key.path.replace('*', if key.path.ends_with("region") { "aws" } else { "*" });
        assert_eq!(found["title"], json!(title), "{}", key.path);
        assert!(found["description"].as_str().is_some_and(|text| text.starts_with(key.doc)), "{}", key.path);
        match (key.presence, key.kind) {
            (Presence::Default { value, .. }, Kind::Flag) => {
                assert_eq!(found["default"].to_string(), value, "{}", key.path);
            }
            (Presence::Default { value, .. }, _) => {
                let shown = found["default"].as_str().map_or(found["default"].to_string(), str::to_owned);
                assert_eq!(shown, value, "{}", key.path);
                assert!(
                    jsonschema::is_valid(found, &found["default"]),
                    "the default of {} is refused",
                    key.path
                );
            }
            _ => {}
        }
        for example in found["examples"].as_array().into_iter().flatten() {
            assert!(jsonschema::is_valid(found, example), "the example {example} of {} is refused", key.path);
        }
        if let Kind::Choice(words) = key.kind {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let listed = found["enum"].as_array().unwrap();
            let listed: Vec<String> =
                listed.iter().map(|word| word.as_str().map_or(word.to_string(), str::to_owned)).collect();
            assert_eq!(listed, words, "{}", key.path);
        }
    }
}

#[test]
fn clouds_and_regions_are_offered_for_completion() {
    let schema = schema();
    let clouds = schema["properties"]["clouds"]["properties"].as_object().unwrap();
    for cloud in loadline::clouds::vocabulary().clouds {
        assert_eq!(clouds[&cloud.name]["properties"]["region"]["enum"], json!(cloud.regions));
    }
    assert_eq!(clouds.len(), 4);
}
