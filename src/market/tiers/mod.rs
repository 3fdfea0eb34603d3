//! What fits each tier: machines for the app, a database, a cache, a balancer. Each decides which offers meet its
//! requirement, how many are needed and what they cost together with what depends on them.

mod app;
mod balancer;
mod cache;
mod database;
mod machines;
mod servers;

pub(super) use app::AppTier;
pub(super) use balancer::{BalancerTier, balancer_names};
pub(super) use cache::CacheTier;
pub(super) use database::DatabaseTier;
pub(super) use servers::{servers, whole_servers};

use loadline_contract::{Availability, Offer, Term};

use super::lifecycle::{Standing, standing};
use super::parts::{Cost, rate};
use super::survey::{Amount, Fit, Misfit, PriceKnown};
use super::words;

/// Limits that hold for every kind: still sold, not burstable. Writes down the first that is missed.
pub(super) fn standing_misfit<'a>(offer: &'a Offer, today: &str) -> Option<Misfit<'a>> {
    if standing(&offer.lifecycle, today) == Standing::Retired {
        return Some(Misfit::flat("retired", Amount::Words("sold today"), Amount::Words("no longer sold")));
    }
    offer.shape.burstable.then(|| {
        Misfit::flat(
            "burstable",
            Amount::Words("full CPU all the time"),
            Amount::Words("full CPU for short times only"),
        )
    })
}

/// Whether an offer can be paid for so, and whether the amount is known.
fn price<'a>(offer: &Offer, term: Term, availability: Availability) -> Result<PriceKnown, Misfit<'a>> {
    match rate(offer, term, availability) {
        Some(price) if price.amount.is_some() => Ok(PriceKnown::Known),
        Some(_) => Ok(PriceKnown::Unknown),
        None if offer.rates.iter().any(|rate| rate.availability == availability) => {
            let wanted = Amount::Words(words::term(term));
            Err(Misfit::flat("terms", wanted, Amount::Words("not sold so, or no source states the price")))
        }
        None => {
            let wanted = Amount::Words(words::availability(availability));
            let limit = if availability == Availability::Standby { "standby" } else { "price unknown" };
            Err(Misfit::flat(limit, wanted, Amount::Words("not sold so, or no source states the price")))
        }
    }
}

/// A managed service that meets every limit and can be paid for so; what it misses is written down.
fn service_fit<'a>(
    offer: &'a Offer,
    (term, availability): (Term, Availability),
    misfits: &mut Vec<Misfit<'a>>,
    cost: impl FnOnce() -> Cost,
) -> Option<Fit<'a>> {
    match price(offer, term, availability) {
        Ok(price) if misfits.is_empty() => {
            Some(Fit { offer, count: nodes(availability), term, availability, cost: cost(), price })
        }
        Ok(_) => None,
        Err(misfit) => {
            misfits.push(misfit);
            None
        }
    }
}

/// Nodes behind a rate.
pub(super) fn nodes(availability: Availability) -> u32 {
    match availability {
        Availability::Single => 1,
        Availability::Standby => 2,
    }
}
