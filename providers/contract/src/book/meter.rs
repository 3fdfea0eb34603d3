//! The names of the charging rules in a book, with their figures.

use super::words::{Attributes, Problem, float, shown};
use crate::Meter;

const KNOWN: &str = "balancer-hours, balancer-units, balancer-nodes, balancer-gb, app-disk, app-disk-steps, \
                     database-storage, database-iops, database-backup, cache-backup, egress-gb, egress-gib, cross-zone, \
                     nat-hours, nat-machine-hours, nat-gb, public-ip-hours, alarms, none";

/// Takes `meter=` and the figures of that rule.
pub(super) fn read(attributes: &mut Attributes<'_>) -> Result<Meter, Problem> {
    let name = attributes.need("meter")?;
    let mut some = |key: &str| attributes.take(key).map(float).transpose();
    let needed = |key: &str, value: Option<f64>| {
        value.ok_or_else(|| format!("the meter `{}` needs `{key}=`", name.escape_debug()))
    };
    Ok(match name {
        "balancer-hours" => Meter::BalancerHours,
        "balancer-units" => Meter::BalancerUnits {
            new_connections_per_s: some("new-per-s")?,
            active_connections: some("active")?,
            gb_per_hour: some("gb-per-hour")?,
            requests_per_s: some("requests-per-s")?,
            minimum_units: some("minimum")?.unwrap_or(0.0),
        },
        "balancer-nodes" => Meter::BalancerNodes {
            requests_per_s: needed("requests-per-s", some("requests-per-s")?)?,
            connections: needed("active", some("active")?)?,
            new_tls_per_s: needed("tls-per-s", some("tls-per-s")?)?,
        },
        "balancer-gb" => Meter::BalancerGb,
        "app-disk" => Meter::AppDiskGib,
        "app-disk-steps" => Meter::AppDiskSteps,
        "database-storage" => Meter::DatabaseStorageGib,
        "database-iops" => Meter::DatabaseIops {
            included: needed("included", some("included")?)?,
            included_per_gib: some("included-per-gib")?.unwrap_or(0.0),
            large_from_gib: some("large-from")?,
            large_included: some("large-included")?,
        },
        "database-backup" => {
            Meter::DatabaseBackupGib { free_share: needed("free-share", some("free-share")?)? }
        }
        "cache-backup" => {
            Meter::CacheBackupGib { free_snapshots: needed("free-snapshots", some("free-snapshots")?)? }
        }
        "egress-gb" => Meter::EgressGb,
        "egress-gib" => Meter::EgressGib,
        "cross-zone" => Meter::CrossZoneGb { directions: needed("directions", some("directions")?)? },
        "nat-hours" => Meter::NatHours,
        "nat-machine-hours" => Meter::NatMachineHours { cap: needed("cap", some("cap")?)? },
        "nat-gb" => Meter::NatGb,
        "public-ip-hours" => match attributes.take("addresses") {
            Some("zone") => {
                let fewest = attributes.take("at-least").map(float).transpose()?.unwrap_or(1.0);
                Meter::PublicIpHours { per_balancer_zone: true, fewest }
            }
            Some("one") => Meter::PublicIpHours { per_balancer_zone: false, fewest: 1.0 },
            _ => return Err("`public-ip-hours` needs `addresses=zone` or `addresses=one`".to_owned()),
        },
        "alarms" => Meter::Alarms,
        "none" => Meter::LookUpOnly,
        other => return Err(format!("unknown meter {}; known are {KNOWN}", shown(other))),
    })
}
