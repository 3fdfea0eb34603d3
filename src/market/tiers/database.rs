//! Which managed databases fit, and what they cost with storage, I/O, backups and extra prices for old versions.

use loadline_contract::{Availability, Kind, Offer, RegionOffers, Term};

use super::super::parts::{Cost, database_parts};
use super::super::shop::Charges;
use super::super::survey::{Amount, Keep, Misfit, Survey, at_least};
use super::{servers, service_fit, standing_misfit, whole_servers};
use crate::sizing::DatabaseRequirement;

/// The database tier of an ask in one region.
#[derive(Debug, Clone, Copy)]
pub(in crate::market) struct DatabaseTier<'a> {
    requirement: &'a DatabaseRequirement,
    charges: &'a Charges<'a>,
    today: &'a str,
}

impl<'a> DatabaseTier<'a> {
    /// The tier.
    pub(in crate::market) fn of(
        requirement: &'a DatabaseRequirement,
        charges: &'a Charges<'a>,
        today: &'a str,
    ) -> Self {
        Self { requirement, charges, today }
    }

    /// Every database judged at one commitment and availability.
    pub(in crate::market) fn survey(
        &self,
        sold: &'a RegionOffers,
        term: Term,
        availability: Availability,
        keep: Keep,
    ) -> Survey<'a> {
        Survey::of(&sold.offers, Kind::Database, (keep, self.today), |offer, misfits| {
            misfits.extend(standing_misfit(offer, self.today).or_else(|| self.engine(offer)));
            if misfits.is_empty() {
                misfits.extend(self.sizes(offer));
            }
            service_fit(offer, (term, availability), misfits, || self.cost(offer, term, availability))
        })
    }

    /// What an offer costs with everything that depends on it.
    pub(in crate::market) fn cost(&self, offer: &'a Offer, term: Term, availability: Availability) -> Cost {
        let mut cost = Cost::default();
        database_parts(
            self.charges,
            self.requirement,
            offer,
            (term, availability),
            self.today,
            &mut |part| {
                cost.add(&part);
            },
        );
        cost
    }

    /// Limits that a named offer misses; empty when it meets all.
    pub(in crate::market) fn lacks(&self, offer: &'a Offer) -> Vec<Misfit<'a>> {
        let flat = standing_misfit(offer, self.today).into_iter().chain(self.engine(offer));
        flat.chain(self.sizes(offer)).collect()
    }

    fn engine(&self, offer: &'a Offer) -> Option<Misfit<'a>> {
        let wanted = self.requirement.engine.as_str();
        let has = offer.engines.first().map_or(Amount::Unknown, |engine| Amount::Words(engine));
        let runs = offer.engines.iter().any(|engine| engine == wanted);
        (!runs).then(|| Misfit::flat("engine", Amount::Words(wanted), has))
    }

    fn sizes(&self, offer: &'a Offer) -> impl Iterator<Item = Misfit<'a>> {
        let requirement = self.requirement;
        let cores = servers(&offer.shape, requirement.cpu_measured_on);
        let whole = cores.map(|cores| f64::from(whole_servers(cores)));
        let needed = requirement.pinned_cores.map_or(requirement.cores, f64::from);
        let connections = |count| Amount::Count(count, "connections");
        let most = offer.connections.map(|limit| f64::from(limit.maximum));
        let wanted = f64::from(requirement.max_connections);
        // An unknown connection limit is not taken for too low: the design says that it is unknown.
        let connection_misfit =
            most.and_then(|most| at_least("connections", wanted, Some(most), connections));
        at_least("cores", needed, whole, |count| Amount::Count(count, "cores"))
            .into_iter()
            .chain(at_least("memory", requirement.memory_gib, offer.shape.memory_gib, Amount::Gib))
            .chain(connection_misfit)
    }
}
