//! A plan in a file: how it was made, so that it can be made again and compared before it is carried out.

use std::path::{Path, PathBuf};

use loadline_contract::deploy::{Action, Address, Step};
use serde::{Deserialize, Serialize};

use super::super::exit::Failure;
use crate::plan::{BasedOn, Plan};
use crate::report;

/// What the plan was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MadeWith {
    pub(super) spec: PathBuf,
    pub(super) set: Vec<(String, String)>,
    pub(super) cloud: String,
    pub(super) region: String,
    pub(super) rehearse: bool,
    pub(super) consent: Vec<Address>,
}

/// A plan from a file.
#[derive(Debug, Deserialize)]
pub(super) struct Saved {
    pub(super) made_with: MadeWith,
    #[serde(flatten)]
    pub(super) plan: Plan,
}

/// The plan in a file; `None`: the file is a spec.
pub(super) fn read(path: &Path) -> Result<Option<Saved>, Failure> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(None) };
    if !text.trim_start().starts_with('{') || !text.contains("\"made_with\"") {
        return Ok(None);
    }
    serde_json::from_str(&text).map(Some).map_err(|error| {
        Failure::usage(format!("{}: it looks like a plan, but cannot be read: {error}", path.display()))
            .hint("make it again with loadline plan --out")
    })
}

/// Where a plan made now differs from the one in the file; empty: it holds.
pub(super) fn differences(saved: &Plan, now: &Plan) -> Vec<String> {
    let BasedOn { spec, observed, prices, tool } = &saved.based_on;
    let mut different = Vec::new();
    if *tool != now.based_on.tool {
        different.push(format!("loadline was {tool} and is {}", now.based_on.tool));
    }
    if *spec != now.based_on.spec {
        different.push("the spec says something else".to_owned());
    }
    if *prices != now.based_on.prices {
        different.push(format!("prices were of {prices} and are of {}", now.based_on.prices));
    }
    if *observed != now.based_on.observed {
        different.push("the account holds something else".to_owned());
    }
    let words = |plan: &Plan| -> Vec<String> { plan.steps.iter().map(worded).collect() };
    let (old, new) = (words(saved), words(now));
    let gone = old.iter().filter(|step| !new.contains(step)).map(|step| format!("no longer: {step}"));
    different.extend(shortened(gone.collect()));
    let added = new.iter().filter(|step| !old.contains(step)).map(|step| format!("now also: {step}"));
    different.extend(shortened(added.collect()));
    different
}

/// Steps of a plan that nobody was shown. What was shown and has become less, because the cloud went on with what an earlier run
/// began, surprises nobody.
pub(super) fn surprises(shown: &Plan, now: &Plan) -> Vec<String> {
    let known = |step: &Step| {
        shown.steps.iter().any(|it| {
            (it.action, &it.address, &it.resource, &it.changes, &it.id)
                == (step.action, &step.address, &step.resource, &step.changes, &step.id)
        })
    };
    now.steps
        .iter()
        .filter(|step| step.action != Action::Await && !known(step))
        .map(|step| format!("now also: {}", worded(step)))
        .collect()
}

fn worded(step: &Step) -> String {
    format!("{} ({})", report::doing(step), step.reason)
}

/// So many lines that a person reads them, and how many more there are.
fn shortened(mut lines: Vec<String>) -> Vec<String> {
    const SHOWN: usize = 8;
    let more = lines.len().saturating_sub(SHOWN);
    // One line more takes no more room than the line that would say so.
    if more > 1 {
        lines.truncate(SHOWN);
        lines.push(format!("and {more} steps more"));
    }
    lines
}
