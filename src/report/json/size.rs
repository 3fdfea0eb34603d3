//! `size --json`.

use serde_json::{Value, json};

use super::objectives::objectives;
use super::prediction::{findings, load_line, prediction};
use super::requirements::requirements;
use super::{SCHEMA, number};
use crate::sizing::{ASSUMPTIONS, Sizing, Uncertainty};
use crate::spec::{self, Spec};

/// Everything that sizing says of a spec, for a program. Seconds become milliseconds where the name says so.
pub fn size_json(spec: &Spec, sizing: &Sizing) -> Value {
    let sensitivity: Vec<Value> = sizing
        .sensitivity
        .iter()
        .map(|one| {
            json!({
                "input": one.input, "app_utilisation": number(one.app_utilisation), "mean": number(one.mean),
                "load_line": number(one.load_line),
            })
        })
        .collect();
    let defaults: Vec<Value> = spec::explain(spec)
        .into_iter()
        .map(
            |one| json!({ "path": one.path, "value": one.value, "reason": one.reason, "source": one.source }),
        )
        .collect();
    let assumptions: Vec<Value> = ASSUMPTIONS
        .iter()
        .map(|one| json!({ "what": one.what, "value": one.value, "reason": one.reason }))
        .collect();
    json!({
        "schema": SCHEMA,
        "name": spec.name,
        "objectives": objectives(&spec.objectives),
        "prediction": prediction(&sizing.prediction),
        "requirements": requirements(&sizing.requirements),
        "load_line": load_line(&sizing.load_line),
        "findings": findings(&sizing.findings),
        "sensitivity": sensitivity,
        "uncertainty": sizing.uncertainty.as_ref().map(uncertainty),
        "defaults": defaults,
        "assumptions": assumptions,
    })
}

fn uncertainty(uncertainty: &Uncertainty) -> Value {
    let spreads: Vec<Value> = uncertainty
        .spreads
        .iter()
        .map(|spread| {
            json!({
                "what": spread.what, "unit": spread.unit, "p5": number(spread.p5), "p50": number(spread.p50),
                "p95": number(spread.p95),
            })
        })
        .collect();
    json!({
        "samples": uncertainty.samples, "meets_objectives": number(uncertainty.meets_objectives), "spreads": spreads,
        "scenarios": uncertainty.scenarios.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn the_contract_fields_are_there_with_their_types() {
        let value = size_json(&fixtures::spec(), &fixtures::sizing());
        assert_eq!(value["schema"], 1);
        assert!(value["name"].is_string());
        let prediction = &value["prediction"];
        assert_eq!(prediction["users"], 2000);
        assert!(prediction["throughput_rps"].is_number() && prediction["in_flight"].is_number());
        assert!(["mean", "p50", "p95", "p99"].iter().all(|key| prediction["response_ms"][key].is_number()));
        assert!(["app", "database", "tasks"].iter().all(|key| prediction["utilisation"][key].is_number()));
        assert_eq!(prediction["method"], "convolution");
        for tier in ["app", "database", "cache", "balancer", "tasks"] {
            assert!(value["requirements"][tier]["binding"].is_string(), "{tier}");
        }
        assert_eq!(value["load_line"]["users"], 1972);
        assert_eq!(value["load_line"]["binding"], "app cpu 70 %");
        let limits = value["load_line"]["limits"].as_array().unwrap();
        assert!(limits.iter().all(|limit| limit["limit"].is_string()));
        assert_eq!(limits[0]["at_users"], 1972);
        for finding in value["findings"].as_array().unwrap() {
            assert!(["code", "severity", "sentence", "hint"].iter().all(|key| finding[key].is_string()));
        }
    }

    #[test]
    fn milliseconds_are_milliseconds() {
        let value = size_json(&fixtures::spec(), &fixtures::sizing());
        assert_eq!(value["prediction"]["response_ms"]["p95"], 451);
        assert_eq!(value["prediction"]["confirmation"]["response_ms_half_width"]["p95"], 0.3);
        assert!(value["prediction"]["response_ms_half_width"]["p95"].is_null(), "a formula has no interval");
    }

    #[test]
    fn absent_tiers_and_unbounded_numbers_are_null() {
        let mut sizing = fixtures::sizing();
        sizing.requirements.database = None;
        sizing.prediction.database_utilisation = None;
        sizing.prediction.response.p99_s.value = f64::INFINITY;
        sizing.load_line.months = Some(f64::NAN);
        let value = size_json(&fixtures::spec(), &sizing);
        assert!(value["requirements"]["database"].is_null());
        assert!(value["prediction"]["utilisation"]["database"].is_null());
        assert!(value["prediction"]["response_ms"]["p99"].is_null());
        assert!(value["load_line"]["months"].is_null());
        let text = value.to_string();
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }
}
