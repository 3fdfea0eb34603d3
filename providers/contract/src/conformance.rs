//! What every account has to do, told as stories. A provider's tests give a [`Lab`]: an account that they can disturb from
//! outside, and the core to plan and carry out. Each story says what it did as it goes, so that a failure reads like a report.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::deploy::{Address, Resource};

/// How one run of the core ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The steps of the plan, worded: `create network/main`.
    pub steps: Vec<String>,
    /// Those that were not done, each with what was seen.
    pub not_done: Vec<String>,
}

/// Something that happens to an account from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disturbance {
    /// Somebody removes a thing.
    Removed(Address),
    /// Somebody changes a setting of a thing that can be changed in place.
    Changed(Address),
    /// Somebody makes things of their own, with names and tags that resemble ours.
    Foreign,
}

/// How a call fails once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Too many calls.
    Throttled,
    /// An error of the cloud's own.
    ServerError,
    /// No answer, and nothing done.
    TimedOut,
    /// Done, but the answer is lost.
    AnsweredButLost,
}

impl Failure {
    /// Every way to fail.
    pub const ALL: [Self; 4] = [Self::Throttled, Self::ServerError, Self::TimedOut, Self::AnsweredButLost];
}

/// An account that can be disturbed, and the core.
#[async_trait]
pub trait Lab: Send + Sync {
    /// Begins with an empty account and an empty journal.
    async fn reset(&self);
    /// Everything to make.
    fn stack(&self) -> Vec<Resource>;
    /// A thing of the stack that somebody can remove, and one that somebody can change.
    fn fragile(&self) -> (Address, Address);
    /// Plans towards `wanted` and carries it out; data stores may be removed.
    async fn apply(&self, wanted: &[Resource]) -> Applied;
    /// Does something from outside.
    async fn disturb(&self, disturbance: Disturbance);
    /// Lets the `nth` writing call from now on, counted from 1, fail once; `false`: this account has no such failure.
    async fn fail(&self, nth: usize, failure: Failure) -> bool;
    /// What exists of our deployment, found by other means than the account's own eyes: how many of each.
    async fn census(&self) -> BTreeMap<Address, usize>;
    /// How many things of others exist.
    async fn foreign(&self) -> usize;
}

/// One of each thing wanted.
fn one_of_each(wanted: &[Resource]) -> BTreeMap<Address, usize> {
    wanted.iter().map(|resource| (resource.address.clone(), 1)).collect()
}

/// A story under way.
struct Story(Vec<String>);

impl Story {
    fn tell(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
        if holds { Ok(()) } else { Err(format!("{}\n-> {}", self.0.join("\n"), otherwise())) }
    }

    async fn whole(&mut self, lab: &dyn Lab, wanted: &[Resource], line: &str) -> Result<Applied, String> {
        self.tell(line);
        let applied = lab.apply(wanted).await;
        self.expect(applied.not_done.is_empty(), || format!("not done: {}", applied.not_done.join("; ")))?;
        let there = lab.census().await;
        self.expect(there == one_of_each(wanted), || format!("what exists is {there:?}"))?;
        Ok(applied)
    }

    async fn no_changes(&mut self, lab: &dyn Lab, wanted: &[Resource]) -> Result<(), String> {
        let again = self.whole(lab, wanted, "plan again").await?;
        self.expect(again.steps.is_empty(), || {
            format!("it is not \"no changes\": {}", again.steps.join(", "))
        })
    }
}

/// Everything is made, nothing is left to do, and removing leaves nothing.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn from_nothing_to_nothing(lab: &dyn Lab) -> Result<(), String> {
    let mut story = Story(Vec::new());
    lab.reset().await;
    let stack = lab.stack();
    let made = story.whole(lab, &stack, "create everything in an empty account").await?;
    story.expect(made.steps.len() == stack.len(), || format!("{} steps", made.steps.len()))?;
    story.no_changes(lab, &stack).await?;
    story.whole(lab, &[], "remove everything").await?;
    story.no_changes(lab, &[]).await
}

/// What somebody changed or removed is seen and mended.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn drift_is_mended(lab: &dyn Lab) -> Result<(), String> {
    let mut story = Story(Vec::new());
    lab.reset().await;
    let stack = lab.stack();
    story.whole(lab, &stack, "create everything").await?;
    let (removed, changed) = lab.fragile();
    story.tell(format!("somebody changes {changed}"));
    lab.disturb(Disturbance::Changed(changed.clone())).await;
    let mended = story.whole(lab, &stack, "apply").await?;
    let expected = format!("change {changed}");
    story.expect(mended.steps == [expected], || format!("the plan was {}", mended.steps.join(", ")))?;
    story.no_changes(lab, &stack).await?;
    story.tell(format!("somebody removes {removed}"));
    lab.disturb(Disturbance::Removed(removed.clone())).await;
    let mended = story.whole(lab, &stack, "apply").await?;
    let expected = format!("create {removed}");
    story.expect(mended.steps.contains(&expected), || format!("the plan was {}", mended.steps.join(", ")))?;
    story.no_changes(lab, &stack).await
}

/// What others have is neither changed nor removed, however much it resembles ours.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn others_are_left_alone(lab: &dyn Lab) -> Result<(), String> {
    let mut story = Story(Vec::new());
    lab.reset().await;
    let stack = lab.stack();
    story.tell("somebody makes things that resemble ours");
    lab.disturb(Disturbance::Foreign).await;
    let before = lab.foreign().await;
    story.expect(before > 0, || "nothing of others is there".to_owned())?;
    story.whole(lab, &stack, "create everything").await?;
    story.whole(lab, &[], "remove everything").await?;
    let after = lab.foreign().await;
    story.expect(after == before, || format!("others had {before} things and have {after}"))
}

/// Whichever call fails once, and however, the world ends up the same. Looks at every `stride`-th call.
///
/// # Errors
/// The story up to where it went wrong.
pub async fn each_call_may_fail_once(lab: &dyn Lab, stride: usize) -> Result<(), String> {
    let stack = lab.stack();
    for failure in Failure::ALL {
        for nth in (1..=stack.len()).step_by(stride.max(1)) {
            let mut story = Story(Vec::new());
            lab.reset().await;
            story.tell(format!("call {nth} will fail once: {failure:?}"));
            if !lab.fail(nth, failure).await {
                continue;
            }
            story.whole(lab, &stack, "create everything").await?;
            if lab.fail(nth, failure).await {
                story.whole(lab, &[], "remove everything").await?;
            }
        }
    }
    Ok(())
}
