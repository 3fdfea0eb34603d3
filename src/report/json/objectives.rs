//! What was asked for, so that a program can hold the prediction against it.

use serde_json::{Value, json};

use super::{number, number_or_null};
use crate::spec::Objectives;

/// Objectives; null where nothing was asked for. Shares are 0..1.
pub(super) fn objectives(objectives: &Objectives) -> Value {
    let milliseconds = |seconds: Option<f64>| number_or_null(seconds.map(|seconds| seconds * 1e3));
    json!({
        "mean_ms": milliseconds(objectives.mean_s), "p95_ms": milliseconds(objectives.p95_s),
        "p99_ms": milliseconds(objectives.p99_s),
        "cpu": number(objectives.cpu), "target_cpu": number(objectives.target_cpu),
        "connections": number(objectives.connections), "cache_memory": number(objectives.cache_memory),
        "io_wait": number(objectives.io_wait), "availability": number_or_null(objectives.availability),
        "task_wait_s": number_or_null(objectives.task_wait_s),
    })
}
