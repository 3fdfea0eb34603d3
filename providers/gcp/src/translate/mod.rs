//! Translates a blueprint into the resources of Google Cloud, or says everything that it cannot build as asked.
//!
//! Settings carry the field names of Google's APIs in snake case and hold what the APIs answer, flattened where they nest
//! for no gain; fractions, which a setting cannot hold, are percent or decimal text. Names, labels and descriptions are
//! no settings: `names` derives them from the address.

pub(crate) mod addresses;
mod alarms;
mod balancer;
mod cache;
mod database;
mod machines;
mod network;

use loadline_contract::deploy::{Blueprint, Objection, Resource};

/// What one part of a blueprint becomes.
type Part = Result<Vec<Resource>, Vec<Objection>>;

/// Everything to make: same blueprint, same resources.
pub(crate) fn translate(blueprint: &Blueprint) -> Part {
    let parts = [
        network::network(blueprint),
        machines::machines(blueprint),
        database::database(blueprint),
        cache::cache(blueprint),
        balancer::balancer(blueprint),
        alarms::alarms(blueprint),
    ];
    let (mut resources, mut objections) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Ok(more) => resources.extend(more),
            Err(more) => objections.extend(more),
        }
    }
    if objections.is_empty() { Ok(resources) } else { Err(objections) }
}

/// The resources, unless something speaks against them.
fn unless(objections: Vec<Objection>, resources: impl FnOnce() -> Vec<Resource>) -> Part {
    if objections.is_empty() { Ok(resources()) } else { Err(objections) }
}

fn objection(what: impl Into<String>, why: impl Into<String>) -> Objection {
    Objection { what: what.into(), why: why.into() }
}

#[cfg(test)]
pub(crate) mod tests;
