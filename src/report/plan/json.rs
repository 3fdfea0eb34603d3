//! A plan as JSON: what `plan --json` prints and `plan --out` keeps. Reading it back gives the same plan.

use loadline_contract::deploy::Obstacle;
use serde_json::{Value, json};

use crate::plan::Plan;
use crate::report::json::{SCHEMA, amount_or_null};

/// The plan, with the kind of each step beside its address, what would stop it, and what a person was told.
pub fn plan_json(plan: &Plan, obstacles: &[Obstacle], notes: &[String]) -> Value {
    // Every part of a plan has a JSON form.
    let mut value = serde_json::to_value(plan).unwrap_or_default();
    if let Some(steps) = value.get_mut("steps").and_then(Value::as_array_mut) {
        for (written, step) in steps.iter_mut().zip(&plan.steps) {
            written["kind"] = json!(step.address.kind());
            written["monthly_usd"] = amount_or_null(step.monthly_usd);
        }
    }
    if let Some(survives) = value.get_mut("survives").and_then(Value::as_array_mut) {
        for (written, left) in survives.iter_mut().zip(&plan.survives) {
            written["monthly_usd"] = amount_or_null(left.monthly_usd);
        }
    }
    value["monthly_usd_before"] = amount_or_null(plan.monthly_usd_before);
    value["monthly_usd_after"] = amount_or_null(plan.monthly_usd_after);
    value["schema"] = json!(SCHEMA);
    value["obstacles"] = obstacles
        .iter()
        .map(|it| json!({ "address": it.address, "sentence": it.sentence, "hint": it.hint }))
        .collect();
    value["notes"] = json!(notes);
    value
}
