//! One event as a line for a person or a program.

use std::time::Duration;

use loadline_contract::deploy::{Action, CloudError, ErrorClass, Step};

use crate::event::{Event, Happening};
use crate::plan::Plan;

/// `03:21`: minutes and seconds of the cloud's time.
pub(super) fn clock(at: Duration) -> String {
    let seconds = at.as_secs();
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

/// What a step does, to what: `create database/main`.
pub fn doing(step: &Step) -> String {
    let verb = match step.action {
        Action::Create => "create",
        Action::Update => "change",
        Action::Delete => "remove",
        Action::Await => "wait for",
    };
    format!("{verb} {}", step.address)
}

/// What a class means, for a person.
pub(super) fn class(error: &CloudError) -> &'static str {
    match &error.class {
        ErrorClass::NotFound => "not found",
        ErrorClass::AlreadyExists => "already there",
        ErrorClass::Conflict => "in use just now",
        ErrorClass::OutOfCapacity => "no capacity",
        ErrorClass::OverQuota => "over quota",
        ErrorClass::NotAllowed { .. } => "not allowed",
        ErrorClass::NotAuthenticated => "not signed in",
        ErrorClass::RateLimited { .. } => "too many calls",
        ErrorClass::Unavailable => "no answer",
        ErrorClass::Rejected { .. } => "not accepted",
        ErrorClass::Unexpected => "unexpected",
    }
}

/// The event as one line; `None`: nothing that a person has to see again.
pub fn event_line(event: &Event, plan: &Plan) -> Option<String> {
    let step = plan.steps.get(event.step)?;
    let what = match &event.what {
        Happening::Began => doing(step),
        Happening::Underway { .. } => return None,
        Happening::Retrying { after, error } => format!(
            "{}: {}, again in {:.1} s ({})",
            doing(step),
            class(error),
            after.as_secs_f64(),
            error.said
        ),
        Happening::Done { took } => format!("{}: done in {}", doing(step), clock(*took)),
        Happening::Failed { error } => format!("{}: failed, {}: {}", doing(step), class(error), error.said),
        Happening::Skipped { because_of } => {
            let other = plan.steps.get(*because_of).map(doing).unwrap_or_default();
            format!("{}: skipped, it needs `{other}`", doing(step))
        }
        Happening::Left => format!("{}: left, the run was stopped", doing(step)),
    };
    Some(format!("{} {what}", clock(event.at)))
}
