//! The JSON Schema is one, takes every example and refuses what the reader refuses.

use jsonschema::Validator;
use loadline::clouds::vocabulary;
use loadline::spec::{json_schema, keys};
use serde_json::Value;

use crate::json::from_yaml;
use crate::support::{FULL, SMALL, read};

fn validator() -> Validator {
    jsonschema::draft202012::new(&json_schema(&vocabulary())).unwrap()
}

fn takes(validator: &Validator, text: &str) -> Result<(), String> {
    let spec = from_yaml(text);
    let wrong: Vec<String> =
        validator.iter_errors(&spec).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

#[test]
fn the_schema_is_a_valid_schema_of_its_draft() {
    let schema = json_schema(&vocabulary());
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(jsonschema::draft202012::meta::validate(&schema).is_ok());
}

#[test]
fn every_example_is_taken() {
    let validator = validator();
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        takes(&validator, &text).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()));
        assert!(read(&text).is_ok(), "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} examples");
}

#[test]
fn what_the_reader_refuses_at_one_key_the_schema_refuses_as_well() {
    let validator = validator();
    for (from, to) in [
        ("think: 160 ms", "think: 160"),
        ("think: 160 ms", "think: 160 GiB"),
        ("think: 160 ms", "think: { low: 1 s }"),
        ("think: 160 ms", "think: { low: 1 s, high: 2 s, hihg: 3 s }"),
        ("users: 2000", "users: many"),
        ("users: 2000", "users: 0"),
        ("users: 2000", "user: 2000"),
        ("version: 1", "version: 2"),
        ("name: teachers", "name: Big School"),
        ("port: 8000", "port: 80000"),
        ("port: 8000", "port: 80.5"),
        ("engine: mysql", "engine: oracle"),
        ("database_standby: true", "database_standby: maybe"),
        ("survive: instance", "survive: everything"),
        ("terms: on-demand", "terms: reserved-9y"),
        ("gcp: { region: us-central1 }", "gpc: { region: us-central1 }"),
        ("region: us-central1", "region: us-east-1"),
        ("from: [203.0.113.0/24]", "from: 203.0.113.0/24"),
        ("email: ops@example.org", "email: [a]"),
        ("hosts: []", "hosts: {}"),
        ("max: 2x", "max: 2"),
    ] {
        assert!(FULL.contains(from), "{from}");
        let text = FULL.replacen(from, to, 1);
        assert!(takes(&validator, &text).is_err(), "the schema takes `{to}`");
        assert!(read(&text).is_err(), "the reader takes `{to}`");
    }
    for missing in ["version: 1\n", "name: school\n", "    cpu: 12 ms\n", "  users: 200\n"] {
        assert!(takes(&validator, &SMALL.replace(missing, "")).is_err(), "without {missing}");
    }
}

#[test]
fn what_the_reader_takes_the_schema_takes_as_well() {
    let validator = validator();
    for line in [
        "terms: { app: reserved-1y }",
        "cache:",
        "database: {}\nresilience:\n  autoscale:\n",
        "clouds: { aws: {}, gcp: , azure: { region: eastus } }",
        "app: { worker_memory: { low: 100 MiB, mid: 200 MiB, high: 1 GiB, confidence: 95 % } }",
        "app: { disk: 50GiB }",
        "database: { version: 8.4, data: 1.5e2 GiB }",
        "tune: { sysctl: { net.core.somaxconn: 4096, vm.overcommit_memory: '1' }, never: [vm.swappiness] }",
        "hosts: ['ubuntu@[2001:db8::1]:22']",
        "resilience: { backups: { keep: 2 weeks } }",
    ] {
        let text = format!("{SMALL}{line}\n");
        assert!(read(&text).is_ok(), "the reader refuses {line}");
        takes(&validator, &text).unwrap_or_else(|wrong| panic!("the schema refuses {line}: {wrong}"));
    }
}

#[test]
fn every_default_is_a_value_that_the_schema_itself_takes() {
    let schema = json_schema(&vocabulary());
    let mut seen = 0;
    each(&schema, &mut |part| {
        let Some(default) = part.get("default") else { return };
        let alone = jsonschema::draft202012::new(part).unwrap();
        assert!(alone.is_valid(default), "{}: {default}", part["title"]);
        seen += 1;
    });
    assert!(seen > 40, "only {seen} defaults");
}

#[test]
fn every_key_has_a_title_and_a_description_for_editors() {
    let mut titles = Vec::new();
    let schema = json_schema(&vocabulary());
    each(&schema, &mut |part| {
        if let (Some(title), Some(description)) = (part["title"].as_str(), part["description"].as_str()) {
            assert!(description.ends_with('.'), "{title}: {description}");
            titles.push(title.to_owned());
        }
    });
    for key in keys::all() {
        assert!(titles.iter().any(|title| title == key.path), "{}", key.path);
    }
}

#[test]
fn an_editor_can_offer_clouds_regions_and_words() {
    let schema = json_schema(&vocabulary());
    let clouds = &schema["properties"]["clouds"]["properties"];
    assert_eq!(clouds.as_object().unwrap().len(), 4);
    let regions = &clouds["digitalocean"]["properties"]["region"]["enum"];
    assert!(regions.as_array().unwrap().contains(&Value::from("nyc3")));
    let words = &schema["properties"]["resilience"]["properties"]["survive"]["enum"];
    assert_eq!(*words, serde_json::json!(["none", "instance", "zone"]));
}

/// Every map of a schema that may be a schema itself.
fn each(schema: &Value, visit: &mut dyn FnMut(&Value)) {
    match schema {
        Value::Object(map) => {
            visit(schema);
            map.values().for_each(|part| each(part, visit));
        }
        Value::Array(parts) => parts.iter().for_each(|part| each(part, visit)),
        _ => {}
    }
}
