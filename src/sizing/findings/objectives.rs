//! Objectives that no machine can meet. (Objectives that contradict each other are refused when the spec is read.)

use super::super::Finding;
use super::super::response_need::{Measure, wanted};
use super::super::wording::time;
use super::{Rule, View, error};

pub(super) const RULES: &[Rule] = &[unreachable];

fn unreachable(view: &View<'_>) -> Vec<Finding> {
    let objectives = wanted(&view.spec.objectives);
    if objectives.is_empty() {
        return Vec::new();
    }
    // A single user meets no queue.
    let alone = view.model.solved(&view.prediction.capacity, 1).response_times(&view.model.sampler, 1).all;
    let wait_s = super::super::demand::Mix::of(view.spec).wait_s;
    objectives
        .into_iter()
        .filter_map(|(measure, objective_s)| {
            let least_s = measure.of(&alone);
            if least_s < objective_s {
                return None;
            }
            let (code, name) = match measure {
                Measure::Mean => ("mean-unreachable", "mean"),
                Measure::P95 => ("p95-unreachable", "p95"),
                Measure::P99 => ("p99-unreachable", "p99"),
            };
            let sentence = format!(
                "A single user on idle machines already sees a {name} of {}, of which {} is waiting outside on average: \
                 no number of cores brings it below {}.",
                time(least_s),
                time(wait_s),
                time(objective_s)
            );
            Some(error(code, sentence, "Shorten the waiting (move it into a background task), or ask for less.", &format!("objectives.{name}")))
        })
        .collect()
}
