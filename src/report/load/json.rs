//! A load test as JSON.

use serde_json::{Map, Value, json};

use crate::load::judge::{Answer, Compared, Judged, Verdict};
use crate::load::measured::{Answers, Ending, Times};
use crate::load::plan::{Drive, Test};

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Unknown => "no-verdict",
    }
}

/// Everything that was measured, with what was predicted.
pub fn load_json(test: &Test, answer: &Answer) -> Value {
    let model = if matches!(test.levels.first(), Some(Drive::Rate(_))) { "open" } else { "closed" };
    let objective = |one: &Judged| {
        json!({
            "objective": one.objective,
            "limit": one.limit,
            "measured": one.measured,
            "predicted": one.predicted,
            "verdict": verdict(one.verdict),
        })
    };
    json!({
        "schema": 1,
        "target": test.target.shown(),
        "model": model,
        "started_at": answer.levels.first().map(|one| &one.level.started_at),
        "levels": answer.levels.iter().map(level).collect::<Vec<_>>(),
        "counts": answer.counts,
        "objectives": answer.objectives.iter().map(objective).collect::<Vec<_>>(),
        "verdict": verdict(answer.verdict),
        "findings": answer.findings,
    })
}

fn level(one: &Compared) -> Value {
    let (level, predicted) = (&one.level, &one.predicted);
    let (users, rate) = match level.drive {
        Drive::Users(users) => (Some(users), None),
        Drive::Rate(rate) => (None, Some(rate)),
    };
    let response = &predicted.response;
    let ms = |seconds: f64| seconds * 1e3;
    let statuses: Map<String, Value> =
        level.statuses.iter().map(|(status, number)| (status.to_string(), (*number).into())).collect();
    json!({
        "users": users,
        "rate_rps": rate,
        "started_at": level.started_at,
        "duration_s": level.duration_s,
        "ending": match level.ending {
            Ending::Whole => "whole",
            Ending::Errors => "errors",
            Ending::Interrupted => "interrupted",
        },
        "requests": level.all.requests,
        "errors": level.all.errors,
        "error_share": level.error_share(),
        "throughput_rps": level.throughput_rps,
        "in_flight": level.in_flight,
        "response_ms": times(level.all.times.as_ref()),
        "predicted": {
            "throughput_rps": predicted.throughput_rps.value,
            "in_flight": predicted.in_flight,
            "response_ms": {
                "mean": ms(response.mean_s.value),
                "p50": ms(response.p50_s.value),
                "p95": ms(response.p95_s.value),
                "p99": ms(response.p99_s.value),
            },
            "app_utilisation": predicted.app_utilisation,
            "database_utilisation": predicted.database_utilisation,
        },
        "by_request": level.kinds.iter().map(|(name, answers)| by_request(name, answers)).collect::<Vec<_>>(),
        "received_bytes": level.received_bytes,
        "connections": level.connections,
        "statuses": statuses,
        "failures": level.failures,
        "seconds": level.seconds.iter().map(|second| json!({
            "at_s": second.at_s,
            "requests": second.requests,
            "errors": second.errors,
            "mean_ms": second.mean_ms,
        })).collect::<Vec<_>>(),
        "generator": {
            "cpu_share": level.generator.cpu_share,
            "lag_ms_p99": level.generator.lag_p99_ms,
            "saturated": level.generator.saturated,
        },
    })
}

fn by_request(name: &str, answers: &Answers) -> Value {
    json!({
        "name": name,
        "requests": answers.requests,
        "errors": answers.errors,
        "response_ms": times(answers.times.as_ref()),
    })
}

fn times(times: Option<&Times>) -> Option<Value> {
    times.map(|times| {
        json!({
            "mean": times.mean_ms,
            "p50": times.p50_ms,
            "p90": times.p90_ms,
            "p95": times.p95_ms,
            "p99": times.p99_ms,
            "max": times.max_ms,
        })
    })
}
