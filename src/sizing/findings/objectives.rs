//! Objectives that contradict each other or that no machine can meet.

use super::super::Finding;
use super::super::response_need::{Measure, wanted};
use super::super::wording::{percent, time};
use super::{Rule, View, error, note, warning};

pub(super) const RULES: &[Rule] = &[unreachable, target_above_limit, out_of_order];

fn unreachable(view: &View<'_>) -> Vec<Finding> {
    let objectives = wanted(&view.spec.objectives);
    if objectives.is_empty() {
        return Vec::new();
    }
    // A single user meets no queue.
    let alone = view.model.solved(&view.prediction.capacity, 1).response_times(&view.model.few, 1).all;
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

fn target_above_limit(view: &View<'_>) -> Vec<Finding> {
    let objectives = &view.spec.objectives;
    if objectives.target_cpu <= objectives.cpu {
        return Vec::new();
    }
    let sentence = format!(
        "The utilisation to size for ({}) is above the one not to be exceeded ({}).",
        percent(objectives.target_cpu),
        percent(objectives.cpu)
    );
    vec![warning(
        "target-above-limit",
        sentence,
        "Set objectives.target_cpu below objectives.cpu.",
        "objectives.target_cpu",
    )]
}

fn out_of_order(view: &View<'_>) -> Vec<Finding> {
    let objectives = wanted(&view.spec.objectives);
    objectives
        .windows(2)
        .filter(|pair| pair[0].1 > pair[1].1 && pair[0].0 != Measure::Mean)
        .map(|pair| {
            let ((lower, lower_s), (higher, higher_s)) = (pair[0], pair[1]);
            let sentence = format!(
                "{} {} is asked for, but {} {}: the stricter one is the only one that counts.",
                lower.name(),
                time(lower_s),
                higher.name(),
                time(higher_s)
            );
            note(
                "objectives-out-of-order",
                sentence,
                "Check the two values.",
                &format!("objectives.{}", lower.name()),
            )
        })
        .collect()
}
