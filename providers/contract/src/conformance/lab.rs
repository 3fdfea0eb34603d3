//! An account that can be disturbed, and the core: what a provider's tests give to the stories.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use crate::deploy::Address;

/// What a run sets out to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The whole stack.
    Everything,
    /// Nothing of it; data stores may be removed.
    Nothing,
}

/// How one run of the core ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The steps of the plan, worded: `create network/main`, `change ...`, `remove ...`, `wait for ...`.
    pub steps: Vec<String>,
    /// Those that were not done, each with what was seen; and whatever else stood in the way.
    pub not_done: Vec<String>,
}

/// Something that happens to an account from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disturbance {
    /// Somebody removes a thing.
    Removed(Address),
    /// Somebody changes a setting of a thing that can be changed in place.
    Changed(Address),
    /// There is a second thing with the same tags: what a repeated call leaves at a cloud that does not recognise it.
    Doubled(Address),
    /// Somebody makes things of their own, with names and tags that resemble ours.
    Foreign,
}

/// How a call fails once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Too many calls; nothing is done.
    Throttled,
    /// An error of the cloud's own; nothing is done.
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

/// An account does not have what was asked for; why not, one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unable(pub &'static str);

/// An account that can be disturbed, and the core.
#[async_trait(?Send)]
pub trait Lab {
    /// Begins with an account in which nothing of ours is, an empty journal, and nothing that goes wrong.
    async fn reset(&self);
    /// Everything that the stack consists of.
    fn everything(&self) -> BTreeSet<Address>;
    /// Things of the stack that somebody can remove by hand.
    fn removable(&self) -> Vec<Address>;
    /// Things of the stack of which somebody can change a setting.
    fn changeable(&self) -> Vec<Address>;
    /// Things of the stack that can be there twice.
    fn doublable(&self) -> Vec<Address>;
    /// Plans towards the goal and carries it out; data stores may be removed.
    async fn apply(&self, goal: Goal) -> Applied;
    /// Does something from outside.
    ///
    /// # Errors
    /// If nobody can do this here.
    async fn disturb(&self, disturbance: &Disturbance) -> Result<(), Unable>;
    /// Lets the `nth` writing call from now on, counted from 1 in an order of the account's own, fail once; takes back what was
    /// asked for before.
    ///
    /// # Errors
    /// If no call fails so here.
    async fn fail(&self, nth: usize, failure: Failure) -> Result<(), Unable>;
    /// How many calls have failed since the last [`Self::fail`].
    async fn struck(&self) -> u64;
    /// Lets lists come in pages of at most so many.
    ///
    /// # Errors
    /// If lists have no pages here.
    async fn shorten_pages(&self, most: usize) -> Result<(), Unable>;
    /// Lets lists show what was just made only after some seconds of the cloud's time.
    ///
    /// # Errors
    /// If lists never lag here.
    async fn delay_lists(&self) -> Result<(), Unable>;
    /// What exists of our deployment, found by other means than the account's own eyes: how many of each.
    async fn census(&self) -> BTreeMap<Address, usize>;
    /// What exists of others, by its id, with all that is known of it.
    async fn foreign(&self) -> BTreeMap<String, String>;
}
