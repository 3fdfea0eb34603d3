//! A blueprint to everything that has to be made here. Pure: the same blueprint gives the same resources.
//!
//! Settings are written as the account reads them back: lists sorted where the cloud knows no order, numbers as numbers, fractions
//! as text. Droplets have public addresses of their own, behind the firewall: there is no NAT gateway to make.

mod alarms;
mod balancer;
mod cache;
mod database;
mod first_start;
mod machines;
mod security;
#[cfg(test)]
mod tests;

use loadline_contract::RegionOffers;
use loadline_contract::deploy::{Address, Blueprint, Objection, Resource, Value};

/// Resources and objections so far.
struct Draft<'a> {
    blueprint: &'a Blueprint,
    resources: Vec<Resource>,
    objections: Vec<Objection>,
}

/// What all parts of a stack refer to.
struct Base {
    project: Address,
    network: Address,
    /// The tag of the application's machines.
    tag: Address,
}

impl Draft<'_> {
    fn add(&mut self, resource: Resource) -> Address {
        let address = resource.address.clone();
        self.resources.push(resource);
        address
    }

    fn object(&mut self, what: &str, why: impl Into<String>) {
        self.objections.push(Objection { what: what.to_owned(), why: why.into() });
    }

    fn region(&self) -> Value {
        self.blueprint.region.as_str().into()
    }
}

/// A list in the order of its words: the cloud keeps none.
fn sorted(mut values: Vec<Value>) -> Value {
    values.sort_by_key(ToString::to_string);
    Value::List(values)
}

/// Everything to make; `sold` is what the price books know of the region: how much disk a machine comes with.
pub(crate) fn translate(blueprint: &Blueprint, sold: &RegionOffers) -> Result<Vec<Resource>, Vec<Objection>> {
    let mut draft = Draft { blueprint, resources: Vec::new(), objections: Vec::new() };
    if blueprint.zones.len() > 1 {
        draft.object("zones", "a DigitalOcean region is one data centre without zones; ask for one zone");
    }
    let base = base(&mut draft);
    let balancer = balancer::add(&mut draft, &base);
    let firewall = security::add(&mut draft, &base, &balancer);
    let database = database::add(&mut draft, &base);
    let cache = cache::add(&mut draft, &base);
    machines::add(&mut draft, &base, &firewall, sold);
    alarms::add(&mut draft, &base, &alarms::Watched { balancer, database, cache });
    if draft.objections.is_empty() { Ok(draft.resources) } else { Err(draft.objections) }
}

fn base(draft: &mut Draft<'_>) -> Base {
    let project = draft.add(Resource::new(
        Address::new("project", "main"),
        [("purpose", "Service or API".into()), ("environment", "Production".into())],
    ));
    // No address range: networks of one account must not overlap, and the cloud picks one that is free.
    let region = draft.region();
    let network = draft.add(Resource::new(Address::new("network", "main"), [("region", region)]));
    // A tag is its name, and the name is made from the address.
    let tag = draft.add(Resource::new(Address::new("tag", "app"), []));
    Base { project, network, tag }
}
