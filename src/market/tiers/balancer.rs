//! Which load balancer is taken: the named one, or the cheapest of those that belong to every design.

use loadline_contract::ChargeRole;

use super::super::Balancer;
use super::super::parts::{Cost, balancer_nodes, balancer_parts};
use super::super::shop::Charges;
use crate::sizing::BalancerRequirement;

/// The balancer tier of an ask in one region.
#[derive(Debug, Clone, Copy)]
pub(in crate::market) struct BalancerTier<'a> {
    requirement: &'a BalancerRequirement,
    charges: &'a Charges<'a>,
}

impl<'a> BalancerTier<'a> {
    /// The tier.
    pub(in crate::market) fn of(requirement: &'a BalancerRequirement, charges: &'a Charges<'a>) -> Self {
        Self { requirement, charges }
    }

    /// The cheapest of the region's default balancers; `None` where the book has none.
    pub(in crate::market) fn cheapest(&self) -> Option<Balancer> {
        let defaults = balancer_names(self.charges, |role| role == ChargeRole::Default);
        let best = defaults.into_iter().min_by_key(|sku| {
            let cost = self.cost(sku);
            (cost.unknown_parts, cost.known, *sku)
        })?;
        Some(self.named(best))
    }

    /// A balancer of that name with the nodes it needs.
    pub(in crate::market) fn named(&self, sku: &str) -> Balancer {
        Balancer { sku: sku.to_owned(), nodes: balancer_nodes(self.charges, self.requirement, sku) }
    }

    fn cost(&self, sku: &str) -> Cost {
        let mut cost = Cost::default();
        balancer_parts(self.charges, self.requirement, sku, &mut |part| cost.add(&part));
        cost
    }
}

/// Names of the balancers in a book, each once: the group of its charges, or the charge itself where it has no group.
pub(in crate::market) fn balancer_names<'a>(
    charges: &Charges<'a>,
    role: impl Fn(ChargeRole) -> bool,
) -> Vec<&'a str> {
    let wanted = charges.balancers.iter().filter(|charge| role(charge.role));
    let mut names: Vec<&'a str> =
        wanted.map(|charge| charge.balancer.as_deref().unwrap_or(&charge.sku)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
