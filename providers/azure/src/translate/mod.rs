//! A blueprint to everything that has to be made here. Pure: the same blueprint gives the same resources.
//!
//! Settings are written as the account reads them back: lists sorted where the cloud knows no order, numbers as numbers, fractions
//! as text, words as the cloud spells them.

mod alarms;
mod balancer;
mod cache;
mod database;
mod image;
mod machines;
mod network;
mod security;
#[cfg(test)]
mod tests;

use loadline_contract::deploy::{Address, Blueprint, Objection, Resource, Value};

use network::Network;

use crate::profile::PROFILE;

/// Resources and objections so far.
struct Draft<'a> {
    blueprint: &'a Blueprint,
    group: Address,
    resources: Vec<Resource>,
    objections: Vec<Objection>,
}

impl Draft<'_> {
    /// Adds a resource that stands in the resource group.
    fn add(&mut self, mut resource: Resource) -> Address {
        resource.settings.insert("resource_group".to_owned(), Value::of(&self.group));
        self.add_inside(resource)
    }

    /// Adds a resource that stands inside another one, and goes where that goes.
    fn add_inside(&mut self, resource: Resource) -> Address {
        let address = resource.address.clone();
        self.resources.push(resource);
        address
    }

    fn object(&mut self, what: &str, why: impl Into<String>) {
        self.objections.push(Objection { what: what.to_owned(), why: why.into() });
    }

    /// Every zone of the region: what is spread over all of them survives whichever fails.
    fn all_zones(&self) -> Value {
        let zones = PROFILE.region(&self.blueprint.region).map_or(&[][..], |region| region.zones);
        Value::texts(zones.iter().copied())
    }
}

/// Everything to make.
pub(crate) fn translate(blueprint: &Blueprint) -> Result<Vec<Resource>, Vec<Objection>> {
    let group = Address::new("resource-group", "main");
    let mut draft = Draft { blueprint, group: group.clone(), resources: Vec::new(), objections: Vec::new() };
    draft.add_inside(Resource::new(group, [("region", blueprint.region.as_str().into())]));
    let network = Network::add(&mut draft);
    let front = balancer::add(&mut draft, &network);
    let database = database::add(&mut draft, &network);
    let cache = cache::add(&mut draft, &network);
    let groups = machines::add(&mut draft, &network, &front);
    alarms::add(&mut draft, &alarms::Watched { front, groups, database, cache });
    if draft.objections.is_empty() { Ok(draft.resources) } else { Err(draft.objections) }
}
