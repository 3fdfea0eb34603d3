//! Which managed caches fit, and what they cost with their snapshots.

use loadline_contract::{Availability, Kind, Offer, RegionOffers, Term};

use super::super::lifecycle::{Standing, standing};
use super::super::parts::{Cost, cache_parts};
use super::super::shop::Charges;
use super::super::survey::{Amount, Keep, Misfit, Survey, at_least};
use super::{service_fit, standing_misfit};
use crate::sizing::CacheRequirement;

/// The cache tier of an ask in one region.
#[derive(Debug, Clone, Copy)]
pub(in crate::market) struct CacheTier<'a> {
    requirement: &'a CacheRequirement,
    charges: &'a Charges<'a>,
    today: &'a str,
    /// Whether the region sells a cache that runs the engine asked for.
    engine_sold: EngineSold,
}

/// Whether a region sells an engine at all, a retired product not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EngineSold {
    Yes,
    No,
}

impl<'a> CacheTier<'a> {
    /// The tier.
    pub(in crate::market) fn of(
        requirement: &'a CacheRequirement,
        charges: &'a Charges<'a>,
        sold: &RegionOffers,
        today: &'a str,
    ) -> Self {
        let runs_it = |offer: &Offer| {
            offer.kind == Kind::Cache
                && offer.engines.contains(&requirement.engine)
                && standing(&offer.lifecycle, today) != Standing::Retired
        };
        let engine_sold = if sold.offers.iter().any(runs_it) { EngineSold::Yes } else { EngineSold::No };
        Self { requirement, charges, today, engine_sold }
    }

    /// The engine that an offer runs instead of the one asked for; `None` where it runs that one.
    pub(in crate::market) fn other_engine(&self, offer: &'a Offer) -> Option<&'a str> {
        let wanted = &self.requirement.engine;
        offer.engines.first().filter(|_| !offer.engines.contains(wanted)).map(String::as_str)
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
            service_fit(offer, (term, availability), misfits, || self.cost(offer, term, availability))
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

    /// Valkey answers the Redis protocol, so a wish for `redis` is met by it. A wish for `valkey` is a wish for its
    /// licence too: `redis` meets it only where the region sells no Valkey, and then the cloud objects.
    fn engine(&self, offer: &'a Offer) -> Option<Misfit<'a>> {
        let wanted = self.requirement.engine.as_str();
        let runs = |engine: &str| offer.engines.iter().any(|own| own == engine);
        let same_protocol = match wanted {
            "redis" => runs("valkey"),
            "valkey" => runs("redis") && self.engine_sold == EngineSold::No,
            _ => false,
        };
        if runs(wanted) || same_protocol {
            return None;
        }
        let has = offer.engines.first().map_or(Amount::Unknown, |engine| Amount::Words(engine));
        Some(Misfit::flat("engine", Amount::Words(wanted), has))
    }
}
