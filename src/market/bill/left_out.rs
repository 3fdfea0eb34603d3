//! What a bill does not hold, one sentence each: things no spec asks for, and things the region's book has no price for.

use loadline_contract::Meter;

use super::super::Design;
use super::super::shop::Charges;
use crate::sizing::Requirements;

/// Always left out, and why.
const ALWAYS: [&str; 5] = [
    "logs, metrics and traces: the spec does not say how much is written",
    "support plans, taxes and currency: they depend on the contract",
    "the container registry, domain names and certificates",
    "free tiers of new accounts, credits and negotiated discounts",
    "traffic of updates, tests and staging systems beyond the assumption stated with the lines",
];

/// Sentences for a design.
pub(super) fn left_out(charges: &Charges<'_>, requirements: &Requirements, design: &Design) -> Vec<String> {
    let mut sentences: Vec<String> = ALWAYS.iter().map(|sentence| (*sentence).to_owned()).collect();
    let mut missing = |what: &str| {
        sentences.push(format!("{what}: the price book has no price for it"));
    };
    let zone_charge = |wanted: fn(&Meter) -> bool| charges.zones.iter().any(|charge| wanted(&charge.meter));
    if design.zones > 1 && !zone_charge(|meter| matches!(meter, Meter::CrossZoneGb { .. })) {
        missing("traffic between zones");
    }
    if !zone_charge(|meter| matches!(meter, Meter::PublicIpHours { .. })) {
        missing("public addresses");
    }
    if charges.nat_addresses(1) == 0 {
        missing("NAT");
    }
    let database_backups = requirements.database.as_ref().is_some_and(|database| database.backup_days > 0);
    if database_backups
        && !charges.database.iter().any(|charge| matches!(charge.meter, Meter::DatabaseBackupGib { .. }))
    {
        missing("backups of the database");
    }
    let cache_backups = requirements.cache.as_ref().is_some_and(|cache| cache.backup_days > 0);
    if cache_backups && charges.cache.is_empty() {
        missing("snapshots of the cache");
    }
    if requirements.alarms > 0 && charges.alarms.is_empty() {
        missing("alarms");
    }
    sentences
}
