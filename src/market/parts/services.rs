//! What a managed database or cache uses: its hours, extra prices for old versions, storage, IOPS and backups.

use loadline_contract::{Availability, HOURS_PER_MONTH, Meter, Money, Offer, Term};

use super::super::Tier;
use super::super::lifecycle::surcharge_for;
use super::super::money::{cents, quantity};
use super::super::shop::Charges;
use super::{Basis, Item, Part, Sink};
use crate::sizing::{CacheRequirement, DatabaseRequirement};

/// Parts of a database.
pub(in crate::market) fn database_parts<'a>(
    charges: &Charges<'a>,
    requirement: &DatabaseRequirement,
    offer: &'a Offer,
    (term, availability): (Term, Availability),
    today: &str,
    sink: &mut Sink<'_, 'a>,
) {
    sink(Part::product(charges, Tier::Database, offer, (term, availability), 1));
    let version = (requirement.engine.as_str(), requirement.version.as_str());
    surcharge_part(charges, Tier::Database, version, offer, (availability, today))
        .into_iter()
        .for_each(&mut *sink);
    let included_gib = offer.shape.disk_gib;
    let storage_gib = (requirement.storage_gib - included_gib.unwrap_or(0.0)).max(0.0);
    let storage_basis = Basis::Storage { wanted_gib: requirement.storage_gib, included_gib };
    let mut storage_priced = storage_gib <= 0.0;
    for &charge in &charges.database {
        if charge.availability.is_some_and(|only| only != availability) {
            continue;
        }
        let (used, basis) = match charge.meter {
            Meter::DatabaseStorageGib => {
                storage_priced = true;
                (storage_gib, storage_basis)
            }
            Meter::DatabaseIops { included, included_per_gib, large_from_gib, large_included } => {
                let large = large_from_gib.is_some_and(|from| requirement.storage_gib >= from);
                let included = match large_included {
                    Some(included) if large => included,
                    _ => included + included_per_gib * requirement.storage_gib,
                };
                let peak = requirement.read_iops + requirement.write_iops;
                (peak - included, Basis::Iops { peak, included })
            }
            Meter::DatabaseBackupGib { free_share } => {
                let free_gib = free_share * requirement.storage_gib;
                (
                    requirement.backup_gib - free_gib,
                    Basis::Backups { held_gib: requirement.backup_gib, free_gib },
                )
            }
            _ => continue,
        };
        if used > 0.0 {
            sink(Part::charge(Tier::Database, charge, used, basis));
        }
    }
    if !storage_priced {
        let what = ("storage of the database", "GiB-month");
        sink(Part::unpriced(Tier::Database, what, storage_gib, storage_basis));
    }
}

/// The extra price of an old engine version; `None` where none is charged at that date.
fn surcharge_part<'a>(
    charges: &Charges<'a>,
    tier: Tier,
    (engine, version): (&str, &str),
    offer: &'a Offer,
    (availability, today): (Availability, &str),
) -> Option<Part<'a>> {
    // A server of another engine that answers the same protocol has no such version.
    let runs = offer.engines.iter().any(|own| own == engine);
    let surcharge = surcharge_for(charges.surcharges, (engine, version), today)
        .filter(|surcharge| runs && surcharge.from.as_str() <= today)?;
    let nodes = if availability == Availability::Standby { 2.0 } else { 1.0 };
    let vcpus = offer.shape.vcpus.map(|each| each * nodes);
    let hours = quantity(vcpus.unwrap_or(nodes) * f64::from(HOURS_PER_MONTH));
    let price = surcharge.per_vcpu_hour.amount.filter(|_| vcpus.is_some());
    let amount = price.map(|price| cents(price * hours));
    Some(Part {
        tier,
        item: Item::Surcharge { surcharge, offer, vcpus, availability },
        quantity: hours,
        amount,
    })
}

/// Parts of a cache.
pub(in crate::market) fn cache_parts<'a>(
    charges: &Charges<'a>,
    requirement: &CacheRequirement,
    offer: &'a Offer,
    (term, availability): (Term, Availability),
    today: &str,
    sink: &mut Sink<'_, 'a>,
) {
    sink(Part::product(charges, Tier::Cache, offer, (term, availability), 1));
    if let Some(version) = &requirement.version {
        let version = (requirement.engine.as_str(), version.as_str());
        surcharge_part(charges, Tier::Cache, version, offer, (availability, today))
            .into_iter()
            .for_each(&mut *sink);
    }
    for &charge in &charges.cache {
        let Meter::CacheBackupGib { free_snapshots } = charge.meter else { continue };
        let kept = f64::from(requirement.backup_days);
        let free = free_snapshots.min(kept);
        let each_gib = requirement.memory_used_gib;
        let used = (kept - free) * each_gib;
        if quantity(used) > Money::ZERO {
            sink(Part::charge(Tier::Cache, charge, used, Basis::Snapshots { kept, free, each_gib }));
        }
    }
}
