//! How many machines autoscaling may reach: no more than the database has connections for.

use crate::sizing::Requirements;
use crate::spec::Spec;

/// Connections kept for migrations, administration and exporters (operations handbook: at least 10).
const RESERVED: f64 = 10.0;

/// The largest number of machines, and a sentence where the database decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ceiling {
    pub(super) most: u32,
    pub(super) note: Option<String>,
}

/// The pool equation: machines x connections of a machine + reserve <= usable share x limit. A machine's connections are
/// what its processes' pools may open, or what is in use at the peak where no pool is stated.
pub(super) fn ceiling(spec: &Spec, requirements: &Requirements, count: u32) -> Ceiling {
    let Some(wish) = spec.resilience.autoscale_max else { return Ceiling { most: count, note: None } };
    let wanted = ((f64::from(count) * wish).floor() as u32).max(count);
    let Some(database) = &requirements.database else { return Ceiling { most: wanted, note: None } };
    let machines = f64::from(count.max(1));
    let (each, whence) = match spec.app.pool {
        Some(pool) => (f64::from(pool) * f64::from(requirements.app.processes) / machines, "may open"),
        None => (database.connections_used / machines, "uses at the peak"),
    };
    let usable = spec.objectives.connections * f64::from(database.max_connections) - RESERVED;
    let held = if each > 0.0 { (usable / each).floor().max(0.0) as u32 } else { wanted };
    if held >= wanted {
        return Ceiling { most: wanted, note: None };
    }
    let most = held.max(count);
    let note = format!(
        "autoscaling stops at {most} machines instead of {wanted}: each {whence} {each:.0} connections, and {:.0} % of \
         {} less {RESERVED} for administration are {usable:.0}",
        spec.objectives.connections * 100.0,
        database.max_connections
    );
    Ceiling { most, note: Some(note) }
}
