//! Ways to read a translation in a test: a thing by its address, a setting as a person reads it.

use crate::deploy::{Resource, Value};

fn is(resource: &Resource, address: &str) -> bool {
    resource.address.to_string() == address || resource.address.kind() == address
}

/// The thing of that address, or of that kind alone where there is one.
///
/// # Panics
/// If there is none, or more than one.
pub fn one(resources: &[Resource], address: &str) -> Resource {
    let mut found = resources.iter().filter(|it| is(it, address));
    let only = found.next().unwrap_or_else(|| panic!("no {address}"));
    assert!(found.next().is_none(), "more than one {address}");
    only.clone()
}

/// Whether there is something of that address or kind.
pub fn has(resources: &[Resource], address: &str) -> bool {
    resources.iter().any(|it| is(it, address))
}

/// A setting, into maps by slashes, as a person reads it.
///
/// # Panics
/// If there is no such setting.
pub fn setting(resource: &Resource, path: &str) -> String {
    let mut names = path.split('/');
    let first = names.next().unwrap_or_default();
    let mut value = resource.settings.get(first).unwrap_or_else(|| panic!("no {first}"));
    for name in names {
        let Value::Map(entries) = value else { panic!("{path} is no map") };
        value = entries.get(name).unwrap_or_else(|| panic!("no {name} in {path}"));
    }
    value.to_string()
}
