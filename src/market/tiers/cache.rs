//! Which managed caches fit, and what they cost with their snapshots.

use loadline_contract::{Availability, Kind, Offer, RegionOffers, Term};

use super::super::parts::{Cost, cache_parts};
use super::super::shop::Charges;
use super::super::survey::{Amount, Fit, Keep, Misfit, Survey, at_least};
use super::database::nodes;
use super::{price, standing_misfit};
use crate::sizing::CacheRequirement;

/// The cache tier of an ask in one region.
#[derive(Debug, Clone, Copy)]
pub(in crate::market) struct CacheTier<'a> {
    requirement: &'a CacheRequirement,
    charges: &'a Charges<'a>,
    today: &'a str,
}

impl<'a> CacheTier<'a> {
    /// The tier.
    pub(in crate::market) fn of(
        requirement: &'a CacheRequirement,
        charges: &'a Charges<'a>,
        today: &'a str,
    ) -> Self {
        Self { requirement, charges, today }
    }

    /// Every cache judged at one commitment and availability.
    pub(in crate::market) fn survey(
        &self,
        sold: &'a RegionOffers,
        term: Term,
        availability: Availability,
        keep: Keep,
    ) -> Survey<'a> {
        Survey::of(&sold.offers, Kind::Cache, (keep, self.today), |offer, misfits| {
            misfits.extend(self.lacks(offer));
            match price(offer, term, availability) {
                Ok(known) if misfits.is_empty() => {
                    let cost = self.cost(offer, term, availability);
                    return Some(Fit {
                        offer,
                        count: nodes(availability),
                        term,
                        availability,
                        cost,
                        price: known,
                    });
                }
                Ok(_) => {}
                Err(misfit) => misfits.push(misfit),
            }
            None
        })
    }

    /// What an offer costs with everything that depends on it.
    pub(in crate::market) fn cost(&self, offer: &'a Offer, term: Term, availability: Availability) -> Cost {
        let mut cost = Cost::default();
        let way = (term, availability);
        cache_parts(self.charges, self.requirement, offer, way, self.today, &mut |part| cost.add(&part));
        cost
    }

    /// Limits that an offer misses; empty when it meets all.
    pub(in crate::market) fn lacks(&self, offer: &'a Offer) -> Vec<Misfit<'a>> {
        let memory = self.requirement.memory_gib;
        standing_misfit(offer, self.today)
            .into_iter()
            .chain(self.engine(offer))
            .chain(at_least("memory", memory, offer.shape.memory_gib, Amount::Gib))
            .collect()
    }

    /// Valkey answers the Redis protocol, so a wish for `redis` is met by it; a wish for `valkey` is a wish for its
    /// licence too and is not met by `redis`.
    fn engine(&self, offer: &'a Offer) -> Option<Misfit<'a>> {
        let wanted = self.requirement.engine.as_str();
        let runs = |engine: &str| offer.engines.iter().any(|own| own == engine);
        if runs(wanted) || (wanted == "redis" && runs("valkey")) {
            return None;
        }
        let has = offer.engines.first().map_or(Amount::Unknown, |engine| Amount::Words(engine));
        Some(Misfit::flat("engine", Amount::Words(wanted), has))
    }
}
