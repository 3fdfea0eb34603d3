//! What a design uses of each price: the [`Part`]s that both the choice (their sum) and the bill (their text) are made
//! of, so that the two cannot disagree. Decides quantities by the rules of [`loadline_contract::Meter`].

mod balancer;
mod basis;
mod machines;
mod services;
mod zones;

use loadline_contract::{Availability, Charge, Money, Offer, Price, Surcharge, Term};

pub(super) use balancer::{balancer_nodes, balancer_parts};
pub(super) use basis::Basis;
pub(super) use machines::{MachineTraffic, app_parts, disk_beyond_gib};
pub(super) use services::{cache_parts, database_parts};
pub(super) use zones::zone_parts;

use super::Tier;
use super::lifecycle;
use super::money::{cents, quantity, tiered, units_per_month};
use super::shop::Charges;

/// One quantity at one price.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// Tier it is shown under.
    pub(super) tier: Tier,
    /// Whose it is within the tier.
    pub(super) role: Role,
    /// What is paid for.
    pub(super) item: Item<'a>,
    /// How much of it a month.
    pub(super) quantity: Money,
    /// US dollars a month in cents; `None`: unknown.
    pub(super) amount: Option<Money>,
}

/// Whose a part is within its tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What serves, with its standby.
    Main,
    /// Copies of the database that answer reads.
    ReadReplica,
}

/// What a part pays for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    /// Machines or a managed service.
    Product {
        /// The offer.
        offer: &'a Offer,
        /// Its price; `None`: the book has none for this term and availability.
        price: Option<&'a Price>,
        /// The successor whose price it is, where a retired product has none of its own; `None`: its own price.
        successor: Option<&'a Offer>,
        /// Commitment.
        term: Term,
        /// One node or a pair.
        availability: Availability,
        /// Machines; 1 for a managed service.
        count: u32,
    },
    /// An extra price for an old version.
    Surcharge {
        /// The extra price.
        surcharge: &'a Surcharge,
        /// What it is paid on.
        offer: &'a Offer,
        /// vCPUs that are charged, a standby's included; `None`: unknown.
        vcpus: Option<f64>,
        /// One node or a pair.
        availability: Availability,
    },
    /// A charge of the region.
    Charge {
        /// The charge.
        charge: &'a Charge,
        /// Why this quantity.
        basis: Basis,
    },
    /// Needed, and no price of any kind in the book.
    Unpriced {
        /// What is needed.
        what: &'static str,
        /// Unit of the quantity.
        unit: &'static str,
        /// Why this quantity.
        basis: Basis,
    },
}

/// Takes parts one by one.
pub(super) type Sink<'s, 'a> = dyn FnMut(Part<'a>) + 's;

/// A sum of parts: what is known of it, and whether that is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cost {
    /// US dollars a month.
    pub(super) known: Money,
    /// Whether a part has no known price.
    pub(super) unknown_parts: u32,
}

impl Cost {
    /// Adds a part.
    pub(super) fn add(&mut self, part: &Part<'_>) {
        match part.amount {
            Some(amount) => self.known += amount,
            None => self.unknown_parts += 1,
        }
    }
}

impl<'a> Part<'a> {
    /// Machines or a managed service for a month.
    pub(super) fn product(
        charges: &Charges<'a>,
        tier: Tier,
        offer: &'a Offer,
        (term, availability): (Term, Availability),
        count: u32,
    ) -> Self {
        let (price, successor) = payable(charges.offers, offer, term, availability);
        let units = price.map_or(loadline_contract::HOURS_PER_MONTH, |price| units_per_month(price.unit));
        let quantity = Money::from(u64::from(units) * u64::from(count));
        let amount = price.and_then(|price| price.amount).map(|amount| cents(amount * quantity));
        let item = Item::Product { offer, price, successor, term, availability, count };
        Self { tier, role: Role::Main, item, quantity, amount }
    }

    /// A charge at its tiered price.
    pub(super) fn charge(tier: Tier, charge: &'a Charge, used: f64, basis: Basis) -> Self {
        let quantity = quantity(used);
        let amount = tiered(&charge.steps, quantity);
        Self { tier, role: Role::Main, item: Item::Charge { charge, basis }, quantity, amount }
    }

    /// Something needed that the book has no price for.
    pub(super) fn unpriced(
        tier: Tier,
        (what, unit): (&'static str, &'static str),
        used: f64,
        basis: Basis,
    ) -> Self {
        let item = Item::Unpriced { what, unit, basis };
        Self { tier, role: Role::Main, item, quantity: quantity(used), amount: None }
    }
}

/// The price that is paid for an offer, and the successor whose price it is where a retired offer has no known one of
/// its own: nobody sells it any more, so what takes its place is what would be paid.
pub(super) fn payable<'a>(
    offers: &'a [Offer],
    offer: &'a Offer,
    term: Term,
    availability: Availability,
) -> (Option<&'a Price>, Option<&'a Offer>) {
    let own = rate(offer, term, availability);
    if own.is_some_and(|price| price.amount.is_some()) {
        return (own, None);
    }
    let successor = lifecycle::successor(offer, offers);
    let price = successor.and_then(|successor| rate(successor, term, availability));
    if price.is_some() { (price, successor) } else { (own, None) }
}

/// The price of an offer for a commitment and availability; `None`: the book has none. Its amount may still be unknown.
pub(super) fn rate(offer: &Offer, term: Term, availability: Availability) -> Option<&Price> {
    let fits = |rate: &&loadline_contract::Rate| rate.term == term && rate.availability == availability;
    offer.rates.iter().find(fits).map(|rate| &rate.price)
}
