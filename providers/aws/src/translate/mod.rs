//! A blueprint to everything that has to be made here. Pure: the same blueprint gives the same resources.
//!
//! Settings are written as the account reads them back: lists sorted where the cloud knows no order, numbers as numbers, fractions
//! as text.

mod alarms;
mod balancer;
mod cache;
mod database;
mod machines;
mod network;
mod security;
#[cfg(test)]
mod tests;

use loadline_contract::deploy::{Address, Blueprint, Objection, Resource};

use network::Network;

/// Resources and objections so far.
pub(super) struct Draft<'a> {
    pub(super) blueprint: &'a Blueprint,
    pub(super) resources: Vec<Resource>,
    objections: Vec<Objection>,
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
}

/// Everything to make.
pub(crate) fn translate(blueprint: &Blueprint) -> Result<Vec<Resource>, Vec<Objection>> {
    let mut draft = Draft { blueprint, resources: Vec::new(), objections: Vec::new() };
    let Some(network) = Network::add(&mut draft) else { return Err(draft.objections) };
    let firewalls = security::add(&mut draft, &network);
    let database = database::add(&mut draft, &network, &firewalls);
    let cache = cache::add(&mut draft, &network, &firewalls);
    let front = balancer::add(&mut draft, &network, &firewalls);
    let group = machines::add(&mut draft, &network, &firewalls, &front);
    alarms::add(&mut draft, &alarms::Watched { front, group, database, cache });
    if draft.objections.is_empty() { Ok(draft.resources) } else { Err(draft.objections) }
}
