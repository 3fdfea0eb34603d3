//! What a managed database or cache uses: its hours, extra prices for old versions, storage, IOPS and backups.

use loadline_contract::{Availability, HOURS_PER_MONTH, Meter, Money, Offer, Term};

use super::super::Tier;
use super::super::lifecycle::surcharge_for;
use super::super::money::{cents, quantity};
use super::super::shop::Charges;
use super::{Basis, Item, Part, Role, Sink};
use crate::sizing::{CacheRequirement, DatabaseRequirement};

/// Parts of a database, with those of its read replicas: each a server of its own, with the storage of the database and
/// without its backups.
pub(in crate::market) fn database_parts<'a>(
    charges: &Charges<'a>,
    requirement: &DatabaseRequirement,
    offer: &'a Offer,
    (term, availability): (Term, Availability),
    today: &str,
    sink: &mut Sink<'_, 'a>,
) {
    server_parts(charges, requirement, offer, (term, availability, 1), today, sink);
    for &charge in &charges.database {
        if charge.availability.is_some_and(|only| only != availability) {
            continue;
        }
        let Meter::DatabaseBackupGib { free_share } = charge.meter else { continue };
        let free_gib = free_share * requirement.storage_gib;
        let used = requirement.backup_gib - free_gib;
        if used > 0.0 {
            let basis = Basis::Backups { held_gib: requirement.backup_gib, free_gib };
            sink(Part::charge(Tier::Database, charge, used, basis));
        }
    }
    if requirement.read_replicas > 0 {
        let way = (term, Availability::Single, requirement.read_replicas);
        server_parts(charges, requirement, offer, way, today, &mut |part| {
            sink(Part { role: Role::ReadReplica, ..part });
        });
    }
}

/// Hours, storage and operations of so many database servers alike.
fn server_parts<'a>(
    charges: &Charges<'a>,
    requirement: &DatabaseRequirement,
    offer: &'a Offer,
    (term, availability, count): (Term, Availability, u32),
    today: &str,
    sink: &mut Sink<'_, 'a>,
) {
    sink(Part::product(charges, Tier::Database, offer, (term, availability), count));
    let version = (requirement.engine.as_str(), requirement.version.as_str());
    surcharge_part(charges, Tier::Database, version, offer, (availability, count, today))
        .into_iter()
        .for_each(&mut *sink);
    let included_gib = offer.shape.disk_gib;
    let each = f64::from(count);
    let storage_gib = each * (requirement.storage_gib - included_gib.unwrap_or(0.0)).max(0.0);
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
                (each * (peak - included), Basis::Iops { peak, included })
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
    (availability, count, today): (Availability, u32, &str),
) -> Option<Part<'a>> {
    // A server of another engine that answers the same protocol has no such version.
    let runs = offer.engines.iter().any(|own| own == engine);
    let surcharge = surcharge_for(charges.surcharges, (engine, version), today)
        .filter(|surcharge| runs && surcharge.from.as_str() <= today)?;
    let nodes = f64::from(count) * if availability == Availability::Standby { 2.0 } else { 1.0 };
    let vcpus = offer.shape.vcpus.map(|each| each * nodes);
    let hours = quantity(vcpus.unwrap_or(nodes) * f64::from(HOURS_PER_MONTH));
    let price = surcharge.per_vcpu_hour.amount.filter(|_| vcpus.is_some());
    let amount = price.map(|price| cents(price * hours));
    Some(Part {
        tier,
        role: Role::Main,
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
        surcharge_part(charges, Tier::Cache, version, offer, (availability, 1, today))
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
