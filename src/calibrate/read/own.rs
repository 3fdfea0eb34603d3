//! Results of `loadline load --json`, schema 1 (docs/json.md, "load"): what each level counted, kind by kind.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{plausible, refused};
use crate::calibrate::observed::{Cell, Excess, Format, LONGEST_TEST_S, Run};
use crate::calibrate::unreadable::Unreadable;

/// The version of the format that is understood.
const SCHEMA: u64 = 1;
/// Longest level, s.
const LONGEST_S: f64 = 86_400.0;

/// Whether this is one.
pub(super) fn fits(value: &Value) -> bool {
    value["levels"].is_array() && value.get("schema").is_some()
}

/// Reads it.
pub(super) fn read(file: &str, value: &Value) -> Result<Run, Unreadable> {
    let help = "docs/json.md describes the fields of loadline load --json";
    if value["schema"].as_u64() != Some(SCHEMA) {
        let message = format!("results of schema {}; schema {SCHEMA} is understood", value["schema"]);
        let help = "use the loadline that wrote it, or write it anew with this one";
        return Err(Unreadable::whole(file, message, help));
    }
    let wrong = |place: &str, what: &str| Unreadable::whole(file, format!("{place} has no {what}"), help);
    let number = |of: &Value| of.as_f64().filter(|value| plausible(*value));
    let excess = |excess| refused(file, excess);
    let mut run = Run::new(file, Format::Loadline);
    let mut all_s = 0.0;
    for (index, level) in value["levels"].as_array().into_iter().flatten().enumerate() {
        let place = format!("levels[{index}]");
        let start_s = level["started_at"].as_str().and_then(super::clock::seconds);
        let start_s = start_s.ok_or_else(|| wrong(&place, "time `started_at` (RFC 3339)"))?;
        let seconds = number(&level["duration_s"]).filter(|seconds| (0.001..=LONGEST_S).contains(seconds));
        let seconds = seconds.ok_or_else(|| wrong(&place, "length `duration_s` from 0.001 to 86400"))?;
        all_s += seconds;
        if all_s > LONGEST_TEST_S as f64 {
            return Err(excess(Excess::Days((all_s / 86_400.0) as i64)));
        }
        run.levels.push((start_s.ceil() as i64, (start_s + seconds).floor() as i64 - 1));
        if let Some(users) = number(&level["users"]) {
            let (first, last) = (start_s.floor() as i64, (start_s + seconds - 1e-9).floor() as i64);
            run.at_work(first, last, users).map_err(excess)?;
        }
        let kinds = level["by_request"].as_array().ok_or_else(|| wrong(&place, "list `by_request`"))?;
        let mut seen = BTreeSet::new();
        for (index, kind) in kinds.iter().enumerate() {
            let place = format!("{place}.by_request[{index}]");
            let name = kind["name"].as_str().ok_or_else(|| wrong(&place, "text `name`"))?;
            let done = number(&kind["requests"]).ok_or_else(|| wrong(&place, "number `requests`"))?;
            let failed = number(&kind["errors"]).ok_or_else(|| wrong(&place, "number `errors`"))?;
            let mean_ms = match number(&kind["response_ms"]["mean"]) {
                Some(mean) => mean,
                None if done <= failed => 0.0,
                None => return Err(wrong(&place, "number `response_ms.mean`")),
            };
            let name = run.name(name).map_err(excess)?;
            if !seen.insert(name) {
                return Err(wrong(&place, "name of its own"));
            }
            if done > 0.0 {
                let cell = Cell { done, failed, response_sum_s: done * mean_ms / 1e3 };
                run.spread(start_s, start_s + seconds, name, cell).map_err(excess)?;
            }
        }
    }
    Ok(run)
}
