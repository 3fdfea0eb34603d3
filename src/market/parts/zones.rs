//! What a design uses because of its zones: traffic between them, NAT gateways and public addresses; and alarms.

use loadline_contract::{HOURS_PER_MONTH, Meter};

use super::super::Tier;
use super::super::shop::Charges;
use super::{Basis, Part, Sink};
use crate::sizing::Requirements;
use crate::spec::Survive;

/// NAT gateways: one for each zone when every zone is to survive alone, else one.
fn nat_gateways(survive: Survive, zones: u32) -> u32 {
    if survive == Survive::Zone { zones.max(1) } else { 1 }
}

/// Parts that depend on zones, and the alarms.
pub(in crate::market) fn zone_parts<'a>(
    charges: &Charges<'a>,
    requirements: &Requirements,
    zones: u32,
    sink: &mut Sink<'_, 'a>,
) {
    let zones = zones.max(1);
    let hours = f64::from(HOURS_PER_MONTH);
    let gateways = nat_gateways(requirements.app.survive, zones);
    for &charge in &charges.zones {
        match charge.meter {
            Meter::CrossZoneGb { directions } if zones > 1 => {
                // The app is spread evenly and what it talks to is in one zone: (zones - 1) / zones of it crosses.
                let internal_gb = requirements.traffic.internal_bytes / 1e9;
                let crossing = internal_gb * f64::from(zones - 1) / f64::from(zones);
                let basis = Basis::CrossZone { internal_gb, zones, directions };
                sink(Part::charge(Tier::Network, charge, crossing * directions, basis));
            }
            Meter::NatHours => {
                let used = f64::from(gateways) * hours;
                sink(Part::charge(Tier::Network, charge, used, Basis::Gateways { gateways }));
            }
            Meter::PublicIpHours { per_balancer_zone, fewest } => {
                // A float above u32::MAX saturates.
                let balancer = if per_balancer_zone { zones } else { 1 }.max(fewest.ceil() as u32);
                let nat = charges.nat_addresses(gateways);
                let used = f64::from(balancer + nat) * hours;
                sink(Part::charge(Tier::Network, charge, used, Basis::Addresses { balancer, nat }));
            }
            _ => {}
        }
    }
    for &charge in charges.alarms.iter().filter(|_| requirements.alarms > 0) {
        sink(Part::charge(Tier::Watching, charge, f64::from(requirements.alarms), Basis::Alarms));
    }
}
