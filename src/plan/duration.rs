//! How long a plan takes, as experience has it: its longest chain of steps that wait for each other.

use super::Plan;

/// Minutes of the longest chain.
pub fn minutes(plan: &Plan) -> f64 {
    let mut ends: Vec<f64> = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        // Steps are in order: what is needed stands before.
        let begins = step.needs.iter().filter_map(|need| ends.get(*need)).fold(0.0, |a: f64, b| a.max(*b));
        ends.push(begins + step.minutes);
    }
    ends.into_iter().fold(0.0, f64::max)
}

/// The same for a person: `12 minutes`, `less than a minute`.
pub fn duration(plan: &Plan) -> String {
    let minutes = minutes(plan);
    if minutes < 1.0 {
        return "less than a minute".to_owned();
    }
    let rounded = minutes.round();
    format!("{rounded} minute{}", if rounded > 1.0 { "s" } else { "" })
}
