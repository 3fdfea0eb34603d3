//! A round and a message for a program.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::CheckView;
use crate::check::{Alert, Finding};

/// Version of the contract.
const SCHEMA: u32 = 1;

/// The round for a program; docs/json.md names every field.
pub fn check_json(view: CheckView<'_>) -> Value {
    let round = view.round;
    json!({
        "schema": SCHEMA,
        "deployment": view.deployment,
        "at": time(round.at),
        "verdict": round.verdict().word(),
        "findings": round.findings().map(|(it, at)| finding(it, at)).collect::<Vec<_>>(),
        "not_checked": round.not_checked,
    })
}

/// A message about a component for a webhook; `text` is what a chat shows.
pub fn alert_json(deployment: &str, alert: &Alert) -> Value {
    let what = alert.turn.word();
    let first = alert.findings.iter().max_by_key(|it| it.verdict).map_or("", |it| it.sentence.as_str());
    json!({
        "schema": SCHEMA,
        "deployment": deployment,
        "component": alert.component,
        "event": what,
        "since": time(alert.since),
        "at": time(alert.at),
        "rounds": alert.rounds,
        "text": format!("{deployment}: {} has {what}. {first}", alert.component).trim_end(),
        "findings": alert.findings.iter().map(|it| finding(it, alert.at)).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding, at: Timestamp) -> Value {
    // Neither is ever infinite where it is measured; JSON could not say it.
    let number = |value: Option<f64>| value.filter(|value| value.is_finite());
    json!({
        "component": finding.component,
        "check": finding.check,
        "value": number(finding.value),
        "limit": number(finding.limit),
        "unit": finding.unit.word(),
        "verdict": finding.verdict.word(),
        "sentence": finding.sentence,
        "hint": finding.hint,
        "at": time(at),
    })
}

fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}
