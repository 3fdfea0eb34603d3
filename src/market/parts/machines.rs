//! What app machines use: their hours, their disks, and the traffic that depends on which and how many they are.

use loadline_contract::{Availability, Charge, Meter, Offer, Term};

use super::super::Tier;
use super::super::money::{fixed_size, quantity};
use super::super::shop::Charges;
use super::{Basis, Item, Part, Role, Sink};
use crate::sizing::{AppRequirement, Traffic};

/// Assumed traffic that each app machine fetches through NAT for itself, GB (10^9 bytes) a month: system updates of 1
/// to 2 GB and a release a week of an image of 1 to 2 GB. What the application calls outside is not in a spec.
const NAT_GB_PER_MACHINE: f64 = 10.0;

/// Bytes of a GB and of a GiB.
const GB: f64 = 1e9;
const GIB: f64 = 1_073_741_824.0;

/// Egress at its price with nothing included, computed once for all machines that include none.
#[derive(Debug, Clone)]
pub(in crate::market) struct MachineTraffic<'a> {
    egress_bytes: f64,
    charges: &'a Charges<'a>,
    plain_egress: Vec<Part<'a>>,
}

impl<'a> MachineTraffic<'a> {
    /// Prices a month's egress.
    pub(in crate::market) fn of(charges: &'a Charges<'a>, traffic: &Traffic) -> Self {
        let mut machine_traffic =
            Self { egress_bytes: traffic.egress_bytes, charges, plain_egress: Vec::new() };
        machine_traffic.plain_egress = charges
            .machine_traffic
            .iter()
            .filter_map(|charge| machine_traffic.egress(charge, Some(0.0)))
            .collect();
        machine_traffic
    }

    /// Egress beyond the transfer that the machines include together, GiB; `None` for a charge that is not egress.
    fn egress(&self, charge: &'a Charge, included_gib: Option<f64>) -> Option<Part<'a>> {
        let unit_bytes = match charge.meter {
            Meter::EgressGb => GB,
            Meter::EgressGib => GIB,
            _ => return None,
        };
        let sent = self.egress_bytes / unit_bytes;
        let included = included_gib.unwrap_or(0.0) * GIB / unit_bytes;
        let basis = Basis::Egress { sent, included, included_unknown: included_gib.is_none() };
        Some(Part::charge(Tier::Network, charge, sent - included, basis))
    }
}

/// Parts of `count` machines of one offer.
pub(in crate::market) fn app_parts<'a>(
    traffic: &MachineTraffic<'a>,
    requirement: &AppRequirement,
    offer: &'a Offer,
    (term, count): (Term, u32),
    sink: &mut Sink<'_, 'a>,
) {
    sink(Part::product(traffic.charges, Tier::App, offer, (term, Availability::Single), count));
    disk_parts(traffic.charges, requirement, offer, count, sink);
    match offer.shape.transfer_gib {
        Some(0.0) => traffic.plain_egress.iter().copied().for_each(&mut *sink),
        included => {
            let included = included.map(|each| each * f64::from(count));
            for charge in &traffic.charges.machine_traffic {
                traffic.egress(charge, included).into_iter().for_each(&mut *sink);
            }
        }
    }
    if traffic.egress_bytes > 0.0 && traffic.plain_egress.is_empty() {
        let sent = traffic.egress_bytes / GB;
        let basis = Basis::Egress { sent, included: 0.0, included_unknown: false };
        sink(Part::unpriced(Tier::Network, ("traffic to the internet", "GB"), sent, basis));
    }
    for charge in &traffic.charges.machine_traffic {
        let machines = f64::from(count);
        match charge.meter {
            Meter::NatMachineHours { cap } => {
                let charged = machines.min(cap);
                let basis = Basis::NatMachines { machines: count, charged };
                let hours = charged * f64::from(loadline_contract::HOURS_PER_MONTH);
                sink(Part::charge(Tier::Network, charge, hours, basis));
            }
            Meter::NatGb => {
                let basis = Basis::NatTraffic { machines: count, each_gb: NAT_GB_PER_MACHINE };
                sink(Part::charge(Tier::Network, charge, machines * NAT_GB_PER_MACHINE, basis));
            }
            _ => {}
        }
    }
}

/// Disk of each machine beyond what its price includes, GiB. An unknown inclusion counts as none: the bill may then
/// be too high, never too low.
pub(in crate::market) fn disk_beyond_gib(requirement: &AppRequirement, offer: &Offer) -> f64 {
    (requirement.disk_gib - offer.shape.disk_gib.unwrap_or(0.0)).max(0.0)
}

fn disk_parts<'a>(
    charges: &Charges<'a>,
    requirement: &AppRequirement,
    offer: &'a Offer,
    count: u32,
    sink: &mut Sink<'_, 'a>,
) {
    let beyond_gib = disk_beyond_gib(requirement, offer);
    if beyond_gib <= 0.0 {
        return;
    }
    let basis = |fixed_gib| Basis::Disk {
        machines: count,
        each_gib: requirement.disk_gib,
        included_gib: offer.shape.disk_gib,
        fixed_gib,
    };
    let machines = f64::from(count);
    for &charge in &charges.disks {
        if charge.meter == Meter::AppDiskSteps {
            sink(stepped_disk(charge, beyond_gib, count, basis));
        } else {
            sink(Part::charge(Tier::App, charge, machines * beyond_gib, basis(None)));
        }
    }
    if charges.disks.is_empty() {
        let used = machines * beyond_gib;
        sink(Part::unpriced(Tier::App, ("disks of the machines", "GiB-month"), used, basis(None)));
    }
}

fn stepped_disk<'a>(
    charge: &'a Charge,
    beyond_gib: f64,
    count: u32,
    basis: impl Fn(Option<f64>) -> Basis,
) -> Part<'a> {
    use rust_decimal::prelude::ToPrimitive;
    let step = fixed_size(&charge.steps, quantity(beyond_gib));
    let disks = loadline_contract::Money::from(count);
    let amount = step.and_then(|step| step.amount).map(|each| super::super::money::cents(each * disks));
    let item = Item::Charge { charge, basis: basis(step.and_then(|step| step.from.to_f64())) };
    Part { tier: Tier::App, role: Role::Main, item, quantity: disks, amount }
}
