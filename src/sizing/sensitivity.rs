//! Sensitivity: what +-10 % of each input does to utilisation, mean response and load line.
//!
//! Elasticity e = d ln(output) / d ln(input), from the two ends. Inputs that move none of the three are left out.

use rayon::prelude::*;

use super::inputs::{list, with_values, within_range};
use super::{Capacity, Effort, Extent, Model, Sensitivity};
use crate::spec::Spec;

/// Elasticities smaller than this are noise of whole users and few samples.
const SMALLEST: f64 = 0.02;

/// The three outputs.
struct Outputs {
    app_utilisation: f64,
    mean_s: f64,
    load_line: f64,
}

/// Elasticities of the inputs that matter, strongest first.
pub(crate) fn sensitivity(spec: &Spec, effort: &Effort, capacity: &Capacity) -> Vec<Sensitivity> {
    let inputs = list(spec);
    let mut found: Vec<Sensitivity> = inputs
        .par_iter()
        .enumerate()
        .filter(|(_, (_, quantity))| quantity.mid > 0.0)
        .filter_map(|(index, (path, quantity))| {
            let at = |factor: f64| {
                let value = within_range(path, quantity.mid * factor);
                let mut values = vec![None; inputs.len()];
                values[index] = Some(value);
                (value, outputs(&with_values(spec, &values), effort, capacity))
            };
            let ((low, below), (high, above)) = (at(0.9), at(1.1));
            let step = (high / low).ln();
            let elasticity = |above: f64, below: f64| {
                if above > 0.0 && below > 0.0 && step > 0.0 { (above / below).ln() / step } else { 0.0 }
            };
            let one = Sensitivity {
                input: path.clone(),
                app_utilisation: elasticity(above.app_utilisation, below.app_utilisation),
                mean: elasticity(above.mean_s, below.mean_s),
                load_line: elasticity(above.load_line, below.load_line),
            };
            (strength(&one) >= SMALLEST).then_some(one)
        })
        .collect();
    found.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then_with(|| a.input.cmp(&b.input)));
    found
}

fn strength(of: &Sensitivity) -> f64 {
    of.app_utilisation.abs().max(of.mean.abs()).max(of.load_line.abs())
}

fn outputs(spec: &Spec, effort: &Effort, capacity: &Capacity) -> Outputs {
    let model = Model::coarse(spec, effort);
    let assessed = model.assess_anew(model.servers(capacity), Extent::Skip);
    let users = model.users();
    Outputs {
        app_utilisation: assessed.solved.app_utilisation(users),
        mean_s: assessed.solved.response_s(users),
        load_line: f64::from(model.load_line_on(&assessed, capacity).users),
    }
}
