//! A run for a program: one JSON object a line, an event each, and the ending last.

use std::time::Duration;

use loadline_contract::deploy::{Changed, CloudError, ErrorClass, Step};
use serde_json::{Value, json};

use super::RunView;
use crate::event::{Event, Happening};
use crate::plan::Plan;
use crate::report::json::SCHEMA;

/// The event as one line of the stream.
pub fn event_json(event: &Event, plan: &Plan) -> Value {
    let step = plan.steps.get(event.step);
    let mut value = json!({
        "schema": SCHEMA,
        "at_s": seconds(event.at),
        "step": event.step,
        "action": step.map(|step| step.action),
        "address": step.map(|step| &step.address),
    });
    let (name, more) = match &event.what {
        Happening::Began => ("began", None),
        Happening::Underway { doing } => ("underway", Some(("doing", json!(doing)))),
        Happening::Retrying { after, error } => {
            value["after_s"] = seconds(*after);
            ("retrying", Some(("error", failure(error))))
        }
        Happening::Done { took } => ("done", Some(("took_s", seconds(*took)))),
        Happening::Failed { error } => ("failed", Some(("error", failure(error)))),
        Happening::Skipped { because_of } => ("skipped", Some(("because_of", numbered(plan, *because_of)))),
        Happening::Left => ("left", None),
    };
    value["event"] = json!(name);
    if let Some((field, more)) = more {
        value[field] = more;
    }
    value
}

/// The last line of the stream.
pub fn ending_json(view: RunView<'_>) -> Value {
    let RunView { plan, ending, timeline, .. } = view;
    let steps = |numbers: &[usize]| numbers.iter().map(|number| numbered(plan, *number)).collect::<Vec<_>>();
    let failed = ending.failed.iter().map(|(number, error)| {
        let mut step = numbered(plan, *number);
        step["error"] = failure(error);
        step
    });
    let skipped = ending.skipped.iter().map(|(number, cause)| {
        let mut step = numbered(plan, *number);
        step["because_of"] = numbered(plan, *cause);
        step
    });
    json!({
        "schema": SCHEMA,
        "event": "ended",
        "at_s": seconds(timeline.took()),
        "done": steps(&ending.done),
        "failed": failed.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
        "left": steps(&ending.left),
        "stopped": ending.lost.as_ref().map(ToString::to_string),
        "remaining": view.after.map(|steps| steps.iter().map(named).collect::<Vec<_>>()),
        "notes": view.notes,
    })
}

/// A step by what it does and to what: a thing that is made anew has two steps.
fn named(step: &Step) -> Value {
    json!({ "action": step.action, "address": step.address })
}

fn numbered(plan: &Plan, number: usize) -> Value {
    plan.steps.get(number).map_or(Value::Null, named)
}

fn failure(error: &CloudError) -> Value {
    let changed = match error.changed {
        Changed::Nothing => "nothing",
        Changed::Unknown => "unknown",
    };
    json!({
        "class": code(&error.class),
        "doing": error.doing,
        "said": error.said,
        "changed": changed,
        "hint": error.hint,
    })
}

/// Seconds to the millisecond.
fn seconds(time: Duration) -> Value {
    json!((time.as_secs_f64() * 1000.0).round() / 1000.0)
}

fn code(class: &ErrorClass) -> &'static str {
    match class {
        ErrorClass::NotFound => "not-found",
        ErrorClass::AlreadyExists => "already-exists",
        ErrorClass::Conflict => "conflict",
        ErrorClass::OutOfCapacity => "out-of-capacity",
        ErrorClass::OverQuota => "over-quota",
        ErrorClass::NotAllowed { .. } => "not-allowed",
        ErrorClass::NotAuthenticated => "not-authenticated",
        ErrorClass::RateLimited { .. } => "rate-limited",
        ErrorClass::Unavailable => "unavailable",
        ErrorClass::Rejected { .. } => "rejected",
        ErrorClass::Unexpected => "unexpected",
    }
}
