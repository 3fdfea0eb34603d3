//! Predictions, load lines and findings as JSON.

use serde_json::{Map, Value, json};

use super::{number, number_or_null};
use crate::report::words::Word;
use crate::sizing::{Estimate, Finding, LoadLine, Prediction, ResponseTimes};

/// Response times in milliseconds.
fn response_ms(response: &ResponseTimes) -> Value {
    fields(response, |estimate| number(estimate.value * 1e3))
}

/// Half widths of the 95 % confidence intervals in milliseconds; null where a value comes from a formula.
fn half_widths_ms(response: &ResponseTimes) -> Value {
    fields(response, |estimate| number_or_null(estimate.half_width.map(|half_width| half_width * 1e3)))
}

fn fields(response: &ResponseTimes, write: fn(Estimate) -> Value) -> Value {
    json!({
        "mean": write(response.mean_s), "p50": write(response.p50_s),
        "p95": write(response.p95_s), "p99": write(response.p99_s),
    })
}

/// What the system will do.
pub(super) fn prediction(prediction: &Prediction) -> Value {
    let per_request: Vec<Value> = prediction
        .per_request
        .iter()
        .map(|(name, response)| json!({ "name": name, "response_ms": response_ms(response) }))
        .collect();
    let confirmation = prediction.confirmation.as_ref().map(|confirmation| {
        json!({
            "throughput_rps": number(confirmation.throughput_rps.value),
            "throughput_rps_half_width": number_or_null(confirmation.throughput_rps.half_width),
            "response_ms": response_ms(&confirmation.response),
            "response_ms_half_width": half_widths_ms(&confirmation.response),
            "replications": confirmation.replications, "events": confirmation.events,
        })
    });
    json!({
        "users": number(prediction.users),
        "throughput_rps": number(prediction.throughput_rps.value),
        "throughput_rps_half_width": number_or_null(prediction.throughput_rps.half_width),
        "response_ms": response_ms(&prediction.response),
        "response_ms_half_width": half_widths_ms(&prediction.response),
        "per_request": per_request,
        "in_flight": number(prediction.in_flight),
        "utilisation": {
            "app": number(prediction.app_utilisation),
            "database": number_or_null(prediction.database_utilisation),
            "tasks": number_or_null(prediction.tasks_utilisation),
        },
        "connections": number(prediction.connections_used),
        "memory_gib": {
            "app": number(prediction.memory.app_gib),
            "database": number_or_null(prediction.memory.database_gib),
            "cache": number_or_null(prediction.memory.cache_gib),
        },
        "network_mbps": number(prediction.network_mbps),
        "capacity": {
            "app_servers": prediction.capacity.app_servers, "app_machines": prediction.capacity.app_machines,
            "app_memory_gib": number_or_null(prediction.capacity.app_memory_gib),
            "database_servers": prediction.capacity.database_servers,
            "max_connections": prediction.capacity.max_connections,
        },
        "method": prediction.method.word(),
        "caveats": prediction.caveats,
        "confirmation": confirmation,
    })
}

/// How far the system carries; `binding` is null when no limit is reached in the range that was searched.
pub(super) fn load_line(line: &LoadLine) -> Value {
    let limits: Vec<Value> = line
        .limits
        .iter()
        .map(|reached| json!({ "limit": reached.limit, "at_users": reached.at_users, "kind": reached.kind.word() }))
        .collect();
    let curve: Vec<Value> = line
        .curve
        .iter()
        .map(|point| {
            json!({
                "users": point.users, "throughput_rps": number(point.throughput_rps),
                "mean_ms": number(point.mean_s * 1e3), "p95_ms": number_or_null(point.p95_s.map(|p95_s| p95_s * 1e3)),
                "app_utilisation": number(point.app_utilisation),
            })
        })
        .collect();
    let binding = (!line.binding.is_empty()).then_some(line.binding.as_str());
    json!({
        "users": line.users, "binding": binding, "limits": limits, "searched_to": line.searched_to,
        "months": number_or_null(line.months), "curve": curve,
    })
}

/// Findings, in their order.
pub(super) fn findings(findings: &[Finding]) -> Value {
    findings
        .iter()
        .map(|finding| {
            let mut fields = Map::new();
            fields.insert("code".into(), finding.code.into());
            fields.insert("severity".into(), finding.severity.word().into());
            fields.insert("sentence".into(), finding.sentence.as_str().into());
            fields.insert("hint".into(), finding.hint.as_str().into());
            fields.insert("path".into(), finding.path.as_str().into());
            Value::Object(fields)
        })
        .collect()
}
