//! A story under way: what it has told so far, and what it expects.

use std::collections::BTreeMap;

use super::{Applied, Goal, Lab, Unable};
use crate::deploy::Address;

/// A story that came to a good end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// What happened, line by line.
    pub lines: Vec<String>,
    /// What could not be tried on this account, and why.
    pub skipped: Vec<String>,
}

/// A story under way.
#[derive(Debug, Default)]
pub(super) struct Story(Told);

impl Story {
    pub(super) fn tell(&mut self, line: impl Into<String>) {
        self.0.lines.push(line.into());
    }

    pub(super) fn skip(&mut self, what: &str, Unable(why): &Unable) {
        let line = format!("skipped: {what}, because {why}");
        if !self.0.skipped.contains(&line) {
            self.tell(line.clone());
            self.0.skipped.push(line);
        }
    }

    pub(super) fn expect(&self, holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
        if holds { Ok(()) } else { Err(format!("{}\n-> {}", self.0.lines.join("\n"), otherwise())) }
    }

    /// One run that has to do everything: afterwards there is one of each thing wanted, and nothing else of ours.
    pub(super) async fn whole(&mut self, lab: &dyn Lab, goal: Goal, line: &str) -> Result<Applied, String> {
        self.tell(line);
        let applied = lab.apply(goal).await;
        self.expect(applied.not_done.is_empty(), || format!("not done: {}", applied.not_done.join("; ")))?;
        let (there, wanted) = (lab.census().await, one_of_each(lab, goal));
        self.expect(there == wanted, || difference(&there, &wanted))?;
        Ok(applied)
    }

    /// A run that has nothing to do.
    pub(super) async fn no_changes(&mut self, lab: &dyn Lab, goal: Goal) -> Result<(), String> {
        let again = self.whole(lab, goal, "plan again").await?;
        self.expect(again.steps.is_empty(), || {
            format!("it is not \"no changes\": {}", again.steps.join(", "))
        })
    }

    /// A run with this step in its plan, after which another has nothing to do.
    pub(super) async fn mended(&mut self, lab: &dyn Lab, expected: &str) -> Result<Applied, String> {
        let mended = self.whole(lab, Goal::Everything, "apply").await?;
        self.expect(mended.steps.iter().any(|step| step == expected), || {
            format!("`{expected}` is not in the plan: {}", mended.steps.join(", "))
        })?;
        self.no_changes(lab, Goal::Everything).await?;
        Ok(mended)
    }

    pub(super) fn end(self) -> Told {
        self.0
    }
}

fn one_of_each(lab: &dyn Lab, goal: Goal) -> BTreeMap<Address, usize> {
    match goal {
        Goal::Everything => lab.everything().into_iter().map(|address| (address, 1)).collect(),
        Goal::Nothing => BTreeMap::new(),
    }
}

/// What there is too much or too little of.
fn difference(there: &BTreeMap<Address, usize>, wanted: &BTreeMap<Address, usize>) -> String {
    let mut said = Vec::new();
    for (address, count) in there.iter().filter(|(address, count)| wanted.get(*address) != Some(count)) {
        said.push(format!("{count} x {address} instead of {}", wanted.get(address).unwrap_or(&0)));
    }
    for address in wanted.keys().filter(|address| !there.contains_key(*address)) {
        said.push(format!("no {address}"));
    }
    format!("there is {}", said.join(", "))
}
