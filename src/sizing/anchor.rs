//! The load line where a simulation replaced the formulas: they give the shape of a response-time limit over the users,
//! the simulation says how high it lies. So line and prediction agree at the spec's users. Decides no other limit.

use super::load_line::reached;
use super::response_need::{Measure, wanted};
use super::solved::Solved;
use super::wording::time;
use super::{LimitKind, LoadLine, Method, Model, Prediction, Reached};

impl Model {
    /// The load line with response-time limits scaled to a simulated prediction; as it is beside any other.
    pub(super) fn anchored(&self, line: LoadLine, solved: &Solved, prediction: &Prediction) -> LoadLine {
        let users = prediction.users as u32;
        if prediction.method != Method::Simulation || users == 0 || users > line.searched_to {
            return line;
        }
        let mut limits = line.limits.clone();
        for (measure, objective_s) in wanted(&self.spec.objectives) {
            let formula = |n: u32| match measure {
                Measure::Mean => solved.response_s(n),
                _ => measure.of(&solved.response_times(&self.few, n.max(1)).all),
            };
            let simulated_s = measure.of_estimates(&prediction.response);
            let scale = simulated_s / formula(users);
            if !scale.is_finite() || scale <= 0.0 {
                continue;
            }
            let label = format!("{} {}", measure.name(), time(objective_s));
            let met = |n: u32| scale * formula(n) <= objective_s;
            let found = reached(label, LimitKind::Objective, line.searched_to, met);
            replace(&mut limits, found);
        }
        self.drawn(limits, line.searched_to, line.curve)
    }
}

fn replace(limits: &mut [Reached], found: Reached) {
    if let Some(same) = limits.iter_mut().find(|limit| limit.limit == found.limit) {
        *same = found;
    }
}
