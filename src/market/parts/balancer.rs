//! What a load balancer uses: hours, nodes for the peak, capacity units and GB at the mean of the month.

use loadline_contract::{Charge, HOURS_PER_MONTH, Meter};

use super::super::Tier;
use super::super::shop::Charges;
use super::{Basis, Part, Sink};
use crate::sizing::BalancerRequirement;

/// Parts of the balancer of that name.
pub(in crate::market) fn balancer_parts<'a>(
    charges: &Charges<'a>,
    requirement: &BalancerRequirement,
    sku: &str,
    sink: &mut Sink<'_, 'a>,
) {
    let hours = f64::from(HOURS_PER_MONTH);
    for &charge in charges.balancers.iter().filter(|charge| charge_is_for(charge, sku)) {
        match &charge.meter {
            Meter::BalancerHours => {
                sink(Part::charge(Tier::Balancer, charge, hours, Basis::OneBalancer));
            }
            Meter::BalancerNodes { .. } => {
                let (nodes, dimension) = nodes(&charge.meter, requirement);
                // Nodes are billed by the month or by the hour, as the unit of the charge says.
                let each = if charge.unit.contains("hour") { hours } else { 1.0 };
                let used = f64::from(nodes) * each;
                sink(Part::charge(Tier::Balancer, charge, used, Basis::Nodes { nodes, dimension }));
            }
            Meter::BalancerUnits { minimum_units, .. } => {
                let (peak, dimension) = largest(&unit_dimensions(&charge.meter, requirement));
                let mean = peak * requirement.duty;
                let (units, dimension) =
                    if mean < *minimum_units { (*minimum_units, "the minimum") } else { (mean, dimension) };
                let basis = Basis::Units { units, dimension, duty: requirement.duty };
                sink(Part::charge(Tier::Balancer, charge, units * hours, basis));
            }
            Meter::BalancerGb => {
                let used = requirement.gb_per_hour * requirement.duty * hours;
                let basis = Basis::BalancerTraffic {
                    peak_gb_per_hour: requirement.gb_per_hour,
                    duty: requirement.duty,
                };
                sink(Part::charge(Tier::Balancer, charge, used, basis));
            }
            _ => {}
        }
    }
}

/// Nodes that a balancer needs at the peak: 1 where the cloud sells none.
pub(in crate::market) fn balancer_nodes(
    charges: &Charges<'_>,
    requirement: &BalancerRequirement,
    sku: &str,
) -> u32 {
    let own = charges.balancers.iter().filter(|charge| charge_is_for(charge, sku));
    own.filter(|charge| matches!(charge.meter, Meter::BalancerNodes { .. }))
        .map(|charge| nodes(&charge.meter, requirement).0)
        .max()
        .unwrap_or(1)
}

/// Whether a charge is part of the price of a balancer: its own, or one for all of them.
fn charge_is_for(charge: &Charge, sku: &str) -> bool {
    match &charge.balancer {
        Some(only) => only == sku,
        None => charge.sku == sku || charge.role == loadline_contract::ChargeRole::Default,
    }
}

fn nodes(meter: &Meter, requirement: &BalancerRequirement) -> (u32, &'static str) {
    let Meter::BalancerNodes { requests_per_s, connections, new_tls_per_s } = meter else { return (1, "") };
    let (needed, dimension) = largest(&[
        (requirement.requests_per_s / requests_per_s, "requests"),
        (requirement.active_connections / connections, "open connections"),
        (requirement.new_connections_per_s / new_tls_per_s, "new TLS connections"),
    ]);
    // A float above u32::MAX saturates.
    ((needed.ceil() as u32).max(1), dimension)
}

fn unit_dimensions(meter: &Meter, requirement: &BalancerRequirement) -> Vec<(f64, &'static str)> {
    let Meter::BalancerUnits {
        new_connections_per_s, active_connections, gb_per_hour, requests_per_s, ..
    } = meter
    else {
        return Vec::new();
    };
    [
        (requirement.new_connections_per_s, *new_connections_per_s, "new connections"),
        (requirement.active_connections, *active_connections, "open connections"),
        (requirement.gb_per_hour, *gb_per_hour, "GB per hour"),
        (requirement.requests_per_s, *requests_per_s, "requests"),
    ]
    .into_iter()
    .filter_map(|(used, one, name)| one.map(|one| (used / one, name)))
    .collect()
}

/// The largest share and its name; the first of equals.
fn largest(dimensions: &[(f64, &'static str)]) -> (f64, &'static str) {
    dimensions.iter().copied().fold((0.0, ""), |best, next| if next.0 > best.0 { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::Tally;

    fn requirement() -> BalancerRequirement {
        BalancerRequirement {
            tally: Tally { needs: Vec::new(), binding: "requests" },
            requests_per_s: 5000.0,
            new_connections_per_s: 50.0,
            active_connections: 2000.0,
            gb_per_hour: 162.0,
            duty: 0.25,
        }
    }

    #[test]
    fn the_largest_dimension_decides_the_units() {
        let meter = Meter::BalancerUnits {
            new_connections_per_s: Some(25.0),
            active_connections: Some(3000.0),
            gb_per_hour: Some(1.0),
            requests_per_s: None,
            minimum_units: 0.0,
        };
        assert_eq!(largest(&unit_dimensions(&meter, &requirement())), (162.0, "GB per hour"));
    }

    #[test]
    fn nodes_are_whole_and_at_least_one() {
        let meter =
            Meter::BalancerNodes { requests_per_s: 10_000.0, connections: 10_000.0, new_tls_per_s: 20.0 };
        assert_eq!(nodes(&meter, &requirement()), (3, "new TLS connections"));
        let idle = BalancerRequirement {
            requests_per_s: 0.0,
            new_connections_per_s: 0.0,
            active_connections: 0.0,
            ..requirement()
        };
        assert_eq!(nodes(&meter, &idle).0, 1);
    }
}
