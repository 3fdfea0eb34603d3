//! What uncertain inputs do to the answer: spreads of the requirements, the chance of meeting every objective, and
//! the distinct worlds among which a choice of least regret is made.
//!
//! Inputs are drawn from a two-piece lognormal that passes through low, mid and high (`lognormal`), by Latin
//! hypercube with a fixed seed. Requirements are closed formulas; each world's prediction uses few samples, scaled to
//! the full sample at the middle values.

mod clusters;
mod lognormal;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::demand::Demand;
use super::inputs::{list, with_values, within_range};
use super::model::requirements;
use super::response_need::ResponseNeed;
use super::{Capacity, Confirm, Effort, Model, Prediction, Progress, Requirements, Spread, Uncertainty};
use crate::spec::Spec;

/// Worlds drawn: P5 and P95 then rest on 50 worlds each.
const WORLDS: usize = 1_000;
/// Samples for the percentiles of one world; they share their random numbers.
const SAMPLES: usize = 512;

/// The spread of the answers; `None` when no input has an interval.
pub(crate) fn uncertainty(
    model: &Model,
    middle: &Requirements,
    capacity: &Capacity,
    prediction: &Prediction,
    progress: &(dyn Fn(Progress) + Sync),
) -> Option<Uncertainty> {
    let inputs = list(&model.spec);
    if inputs.iter().all(|(_, quantity)| quantity.range.is_none()) {
        return None;
    }
    let say = |done| progress(Progress { step: "drawing uncertain inputs", done, of: 1 });
    say(0);
    let worlds = worlds(&model.spec, model.effort.seed);
    let effort = Effort { samples: SAMPLES, confirm: Confirm::Never, ..model.effort.clone() };
    let scale = percentile_scale(model, &effort, capacity, prediction);
    let slow = response_factor(middle);
    let found: Vec<(Requirements, bool)> = worlds
        .par_iter()
        .map(|spec| {
            let requirements = world_requirements(spec, slow);
            let world = Model::new(spec, &effort);
            let mut seen = world.predict(capacity, world.users(), &|_| {});
            seen.response.p95_s.value *= scale[0];
            seen.response.p99_s.value *= scale[1];
            (requirements, world.misses(&seen).is_empty())
        })
        .collect();
    let met = found.iter().filter(|(_, met)| *met).count();
    let requirements: Vec<Requirements> = found.into_iter().map(|(requirements, _)| requirements).collect();
    say(1);
    Some(Uncertainty {
        samples: WORLDS as u32,
        spreads: spreads(&requirements),
        meets_objectives: met as f64 / WORLDS as f64,
        scenarios: clusters::scenarios(&requirements),
    })
}

/// Specs with every uncertain input drawn: each input visits each of its equally likely slices exactly once.
fn worlds(spec: &Spec, seed: u64) -> Vec<Spec> {
    let inputs = list(spec);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let columns: Vec<Option<Vec<f64>>> = inputs
        .iter()
        .map(|(path, quantity)| {
            quantity.range?;
            let mut slices: Vec<usize> = (0..WORLDS).collect();
            slices.shuffle(&mut random);
            let value = |slice: usize| {
                let share = (slice as f64 + 0.5) / WORLDS as f64;
                within_range(path, lognormal::quantile(quantity, share))
            };
            Some(slices.into_iter().map(value).collect())
        })
        .collect();
    (0..WORLDS)
        .map(|world| {
            let values: Vec<Option<f64>> =
                columns.iter().map(|column| column.as_ref().map(|values| values[world])).collect();
            with_values(spec, &values)
        })
        .collect()
}

/// Full sample over few samples at the middle values, for p95 and p99.
fn percentile_scale(model: &Model, few: &Effort, capacity: &Capacity, full: &Prediction) -> [f64; 2] {
    let seen = Model::new(&model.spec, few).predict(capacity, model.users(), &|_| {});
    let ratio = |full: f64, few: f64| if few > 0.0 { full / few } else { 1.0 };
    [
        ratio(full.response.p95_s.value, seen.response.p95_s.value),
        ratio(full.response.p99_s.value, seen.response.p99_s.value),
    ]
}

/// Cores over those that utilisation alone asks for, at the middle values: app, database. A response-time objective
/// that binds there is taken to bind by the same factor in every world.
fn response_factor(middle: &Requirements) -> [f64; 2] {
    let factor =
        |cores: f64, busy: f64, target: f64| if busy > 0.0 { (cores * target / busy).max(1.0) } else { 1.0 };
    let target = middle.app.target_utilisation;
    [
        factor(middle.app.cores, middle.app.busy_cores, target),
        middle.database.as_ref().map_or(1.0, |database| factor(database.cores, database.busy_cores, target)),
    ]
}

fn world_requirements(spec: &Spec, factor: [f64; 2]) -> Requirements {
    let mut found = requirements(spec, &Demand::of(spec), &ResponseNeed::default());
    found.app.cores *= factor[0];
    if let Some(database) = &mut found.database {
        database.cores *= factor[1];
    }
    found
}

fn spreads(worlds: &[Requirements]) -> Vec<Spread> {
    let spread = |what, unit, of: &dyn Fn(&Requirements) -> Option<f64>| {
        let mut values: Vec<f64> = worlds.iter().map(of).collect::<Option<_>>()?;
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() as f64 * share) as usize).min(values.len() - 1)];
        Some(Spread { what, unit, p5: at(0.05), p50: at(0.5), p95: at(0.95) })
    };
    [
        spread("throughput", "1/s", &|r| Some(r.balancer.requests_per_s)),
        spread("app cores", "cores", &|r| Some(r.app.cores)),
        spread("app memory", "GiB", &|r| Some(r.app.memory_per_machine_gib + r.app.memory_shared_gib)),
        spread("database cores", "cores", &|r| Some(r.database.as_ref()?.cores)),
        spread("database memory", "GiB", &|r| Some(r.database.as_ref()?.memory_gib)),
        spread("storage", "GiB", &|r| Some(r.database.as_ref()?.storage_gib)),
        spread("cache memory", "GiB", &|r| Some(r.cache.as_ref()?.memory_resident_gib)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
