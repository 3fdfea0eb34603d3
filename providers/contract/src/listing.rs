//! A region's prices as plain rows, for looking them up. Decides nothing but their order.

use crate::{Availability, ChargeRole, Kind, Lifecycle, Money, PriceUnit, RegionOffers, Term};

/// One price with everything a person needs to check it.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceRow {
    /// `compute`, `database`, `cache`, `balancer`, or `network` for what is shared.
    pub kind: &'static str,
    /// Product name.
    pub sku: String,
    /// Region.
    pub region: String,
    /// Commitment; `None` where there is none to choose.
    pub term: Option<Term>,
    /// One node or a pair; `None` where it makes no difference.
    pub availability: Option<Availability>,
    /// Virtual CPUs; `None` unknown or not applicable.
    pub vcpus: Option<f64>,
    /// Memory, GiB; `None` unknown or not applicable.
    pub memory_gib: Option<f64>,
    /// What the price buys: `hour`, `month`, `GB-month from 400`.
    pub unit: String,
    /// US dollars; `None`: unknown, or (with an empty `source`) not sold.
    pub price: Option<Money>,
    /// Date of the price.
    pub as_of: String,
    /// Where it was read.
    pub source: String,
    /// Whether it can still be bought.
    pub lifecycle: Lifecycle,
    /// Engines, the line's text, derivation, assumptions.
    pub note: String,
}

/// Every price of a region, offers before charges before surcharges, each in the order of the book.
pub fn listing(region: &str, known: &RegionOffers) -> Vec<PriceRow> {
    let mut rows = Vec::new();
    for offer in &known.offers {
        let row = PriceRow {
            kind: word(Some(offer.kind)),
            sku: offer.sku.clone(),
            region: region.to_owned(),
            term: None,
            availability: None,
            vcpus: offer.shape.vcpus,
            memory_gib: offer.shape.memory_gib,
            unit: String::new(),
            price: None,
            as_of: String::new(),
            source: String::new(),
            lifecycle: offer.lifecycle.clone(),
            note: joined(&[&offer.engines.join(", "), &offer.note]),
        };
        if offer.rates.is_empty() {
            rows.push(row.clone());
        }
        rows.extend(offer.rates.iter().map(|rate| PriceRow {
            term: Some(rate.term),
            availability: Some(rate.availability),
            unit: match rate.price.unit {
                PriceUnit::Hour => "hour".to_owned(),
                PriceUnit::Month => "month".to_owned(),
            },
            price: rate.price.amount,
            as_of: rate.price.source.as_of.clone(),
            source: rate.price.source.place.clone(),
            note: joined(&[&row.note, &rate.price.note]),
            ..row.clone()
        }));
    }
    for charge in &known.charges {
        let role = match charge.role {
            ChargeRole::Default => "",
            ChargeRole::Listed => "not used in bills",
        };
        rows.extend(charge.steps.iter().map(|step| PriceRow {
            kind: word(charge.tier),
            sku: charge.sku.clone(),
            region: region.to_owned(),
            term: None,
            availability: charge.availability,
            vcpus: None,
            memory_gib: None,
            unit: if step.from.is_zero() {
                charge.unit.clone()
            } else {
                format!("{} from {}", charge.unit, step.from)
            },
            price: step.amount,
            as_of: step.source.as_of.clone(),
            source: step.source.place.clone(),
            lifecycle: Lifecycle::Current,
            note: joined(&[&charge.what, role, &charge.note]),
        }));
    }
    rows.extend(known.surcharges.iter().map(|surcharge| PriceRow {
        kind: word(known.offers.iter().find(|it| it.engines.contains(&surcharge.engine)).map(|it| it.kind)),
        sku: format!("{} {}", surcharge.engine, surcharge.version),
        region: region.to_owned(),
        term: None,
        availability: None,
        vcpus: None,
        memory_gib: None,
        unit: "vCPU-hour".to_owned(),
        price: surcharge.per_vcpu_hour.amount,
        as_of: surcharge.per_vcpu_hour.source.as_of.clone(),
        source: surcharge.per_vcpu_hour.source.place.clone(),
        lifecycle: Lifecycle::Current,
        note: joined(&[
            &format!("{} from {}", surcharge.what, surcharge.from),
            &surcharge.until.as_ref().map(|day| format!("until {day}")).unwrap_or_default(),
            &surcharge.per_vcpu_hour.note,
        ]),
    }));
    rows
}

/// A kind in one word.
fn word(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Compute) => "compute",
        Some(Kind::Database) => "database",
        Some(Kind::Cache) => "cache",
        Some(Kind::Balancer) => "balancer",
        None => "network",
    }
}

/// The parts that say something.
fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("; ")
}
