//! What a blueprint becomes, rule by rule.

mod blueprints;
mod objections;
mod properties;
mod security;
mod stack;

use loadline_contract::deploy::{Blueprint, Resource, Value};

/// Everything that a blueprint becomes.
fn made(blueprint: &Blueprint) -> Vec<Resource> {
    super::translate(blueprint).unwrap_or_else(|objections| panic!("{objections:?}"))
}

fn find<'a>(resources: &'a [Resource], address: &str) -> &'a Resource {
    let found = resources.iter().find(|it| it.address.to_string() == address);
    found.unwrap_or_else(|| panic!("there is no {address}"))
}

fn setting<'a>(resources: &'a [Resource], address: &str, name: &str) -> &'a Value {
    find(resources, address).settings.get(name).unwrap_or_else(|| panic!("{address} has no {name}"))
}

fn of(address: &str) -> Value {
    Value::of(&address.parse().unwrap())
}
