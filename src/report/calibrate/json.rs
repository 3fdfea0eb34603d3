//! A calibration for a program.

use serde_json::{Value, json};

use super::CalibrateView;
use crate::calibrate::{CONFIDENCE, Contention, Demand, Estimate, Level};

/// Version of the contract.
const SCHEMA: u32 = 1;

/// What was learned; docs/json.md names every field.
pub fn calibrate_json(view: CalibrateView<'_>) -> Value {
    let found = view.found;
    json!({
        "schema": SCHEMA,
        "results": view.results.iter().map(|(file, format, requests)| json!({
            "file": file, "format": format, "requests": requests,
        })).collect::<Vec<_>>(),
        "confidence": CONFIDENCE,
        "windows": found.windows,
        "levels": found.levels.iter().map(|it| level(it, view.kinds)).collect::<Vec<_>>(),
        "think_s": found.think_s,
        "demands": found.demands.iter().map(|it| demand(it, view.kinds)).collect::<Vec<_>>(),
        "waits": view.kinds.iter().zip(&found.waits_s).map(|(name, wait)| json!({
            "name": name, "wait_ms": wait.map(|it| estimate(it.times(1e3))),
        })).collect::<Vec<_>>(),
        "contention": found.contention.as_ref().map(contention),
        "changes": found.changes.iter().map(|change| json!({
            "path": change.path(),
            "name": change.name(),
            "before_ms": change.is_time().then_some(change.before * 1e3),
            "after_ms": change.is_time().then(|| estimate(change.after.times(1e3))),
            "before_share": (!change.is_time()).then_some(change.before),
            "after_share": (!change.is_time()).then(|| estimate(change.after)),
        })).collect::<Vec<_>>(),
        "difference": view.difference(),
        "written": view.written,
        "findings": found.findings,
    })
}

fn number(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { Value::Null }
}

fn estimate(estimate: Estimate) -> Value {
    json!({ "low": number(estimate.low), "mid": number(estimate.mid), "high": number(estimate.high) })
}

fn level(level: &Level, kinds: &[String]) -> Value {
    json!({
        "users": level.users,
        "duration_s": level.seconds,
        "requests": level.requests,
        "throughput_rps": level.throughput_rps,
        "mean_ms": level.response_s * 1e3,
        "by_request": kinds.iter().zip(&level.per_request_s).map(|(name, mean)| json!({
            "name": name, "mean_ms": mean.map(|it| it * 1e3),
        })).collect::<Vec<_>>(),
        "utilisation": level.utilisation,
        "predicted_rps": level.predicted.map(|it| it.0),
        "predicted_ms": level.predicted.map(|it| it.1 * 1e3),
    })
}

fn demand(demand: &Demand, kinds: &[String]) -> Value {
    json!({
        "component": demand.component.word(),
        "cores": demand.cores,
        "mean_ms": estimate(demand.mean_s.times(1e3)),
        "by_request": kinds.iter().zip(&demand.per_request_s).map(|(name, of)| json!({
            "name": name, "cpu_ms": of.map(|it| estimate(it.times(1e3))),
        })).collect::<Vec<_>>(),
        "background_cores": demand.background_cores.map(estimate),
        "scaling": demand.scaling.map(|found| json!({
            "contention": estimate(found.contention),
            "coherency": estimate(found.coherency),
            "slowdown": estimate(found.slowdown),
            "tested_to_cores": found.tested_to,
            "seen": found.is_seen(),
        })),
        "limit_rps": demand.limit_rps().map(number),
        "told_apart": demand.told_apart,
        "condition": number(demand.condition),
        "residual_cores": number(demand.residual_cores),
        "highest_utilisation": demand.highest,
        "windows": demand.windows,
    })
}

fn contention(law: &Contention) -> Value {
    json!({
        "alpha": estimate(law.alpha),
        "beta": estimate(law.beta),
        "gamma_rps": estimate(law.gamma_rps),
        "peak_rps": estimate(law.peak_rps),
        "peak_in_flight": law.peak_in_flight.map(estimate),
        "tested_to_in_flight": number(law.tested_to),
    })
}
