//! Distinct worlds: requirements that would lead to the same purchase are one scenario.

use std::collections::BTreeMap;

use super::super::{Requirements, Scenario};

/// Scenarios at most: a choice is priced once for each.
const MOST: usize = 40;

/// Cores, memory and storage of one world, as steps of a grid.
type Cell = [i64; 5];

/// At most 40 scenarios; each asks, tier by tier, for the most that any of its worlds asks for.
pub(super) fn scenarios(worlds: &[Requirements]) -> Vec<Scenario> {
    let count = worlds.len().max(1) as f64;
    let mut step = 0.0;
    let groups = loop {
        let mut groups: BTreeMap<Cell, Vec<&Requirements>> = BTreeMap::new();
        for world in worlds {
            groups.entry(cell(world, step)).or_default().push(world);
        }
        if groups.len() <= MOST {
            break groups;
        }
        // Whole cores and GiB first, then ever coarser ratios.
        step = if step == 0.0 { 0.1 } else { step * 1.4 };
    };
    groups
        .into_values()
        .map(|members| Scenario {
            weight: members.len() as f64 / count,
            requirements: most_demanding(&members),
        })
        .collect()
}

fn cell(world: &Requirements, step: f64) -> Cell {
    let on_grid = |value: f64, unit: f64| {
        let units = (value / unit).max(1e-3);
        if step == 0.0 { units.ceil() as i64 } else { (units.ln() / f64::ln_1p(step)).ceil() as i64 }
    };
    let (database, cache) = (world.database.as_ref(), world.cache.as_ref());
    [
        on_grid(world.app.cores, 1.0),
        database.map_or(0, |of| on_grid(of.cores, 1.0)),
        database.map_or(0, |of| on_grid(of.memory_gib, 1.0)),
        database.map_or(0, |of| on_grid(of.storage_gib, 100.0)),
        cache.map_or(0, |of| on_grid(of.memory_gib, 1.0)),
    ]
}

fn most_demanding(members: &[&Requirements]) -> Requirements {
    let largest = |of: &dyn Fn(&Requirements) -> f64| {
        members
            .iter()
            .copied()
            .max_by(|a, b| of(a).total_cmp(&of(b)))
            .expect("a group has at least one member")
    };
    let most = |of: &dyn Fn(&Requirements) -> f64| of(largest(of));
    let mut found = largest(&|r| r.app.cores).clone();
    found.app.memory_shared_gib = most(&|r| r.app.memory_shared_gib);
    let database =
        |of: fn(&super::super::DatabaseRequirement) -> f64| most(&|r| r.database.as_ref().map_or(0.0, of));
    if let Some(mut tier) = largest(&|r| r.database.as_ref().map_or(0.0, |d| d.cores)).database.clone() {
        tier.memory_gib = database(|d| d.memory_gib);
        tier.storage_gib = database(|d| d.storage_gib);
        found.database = Some(tier);
    }
    found.cache = largest(&|r| r.cache.as_ref().map_or(0.0, |c| c.memory_gib)).cache.clone();
    found
}
