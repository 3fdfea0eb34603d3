//! What a journal holds: numbered entries, each written once and never changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use loadline_contract::deploy::{Action, Address, Resource};
use serde::{Deserialize, Serialize};

use super::Holder;
use crate::plan::Costs;

/// The form of the entries; a program refuses forms that it does not know.
pub const SCHEMA: u32 = 1;

/// One entry: a file or object named by its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The form.
    pub schema: u32,
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// The run that wrote it.
    pub run: String,
    /// When, by that run's clock.
    pub at: Timestamp,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Line {
    /// A run holds the deployment from here on.
    Opened {
        /// Who.
        by: Holder,
        /// What for: the command.
        why: String,
        /// Version of the program.
        tool: String,
        /// Until when, unless it is renewed.
        lease_until: Timestamp,
        /// The run whose lease had expired or whose process was gone.
        takes_over: Option<String>,
        /// What the entries before this one add up to.
        so_far: Box<SoFar>,
    },
    /// What a run sets out to have.
    Wanted(Box<Wanted>),
    /// A call that changes something is about to be made.
    Intent(Intent),
    /// How such a call ended.
    Outcome {
        /// The token of the intent.
        token: String,
        /// How.
        result: CallResult,
    },
    /// The run is still at work.
    Renewed {
        /// Until when, unless it is renewed again.
        lease_until: Timestamp,
    },
    /// The run has let go.
    Closed {
        /// Steps that it left undone.
        left: usize,
    },
}

/// What a run set out to have: the last applied design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// Cloud, short name.
    pub cloud: String,
    /// Region.
    pub region: String,
    /// Hash of the spec.
    pub spec: String,
    /// Everything that should be there; empty: nothing.
    pub resources: Vec<Resource>,
    /// What that costs a month.
    pub costs: Costs,
}

/// A call that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Idempotency token: names the intent.
    pub token: String,
    /// What is done.
    pub action: Action,
    /// To what.
    pub address: Address,
    /// The cloud's id of it, where there is one already.
    pub id: Option<String>,
    /// Hash of what it should be like; `None` when it is removed.
    pub settings: Option<String>,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallResult {
    /// It is done.
    Done,
    /// The cloud took it on; the run ended before it was finished.
    Accepted,
    /// It certainly changed nothing; what the cloud said.
    Refused(String),
    /// Nobody knows whether it changed something; what was seen.
    Unknown(String),
}

/// What entries add up to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SoFar {
    /// Intents written so far.
    pub intents: u64,
    /// The last applied design; `None`: nothing was applied yet.
    pub wanted: Option<Wanted>,
    /// Intents whose outcome is not known, and creations that were taken on and may not show yet, by token.
    pub open: BTreeMap<String, Intent>,
}

impl SoFar {
    /// Adds what happened next.
    pub(super) fn add(&mut self, line: Line) {
        match line {
            Line::Opened { so_far, .. } => *self = *so_far,
            Line::Wanted(wanted) => self.wanted = Some(*wanted),
            Line::Intent(intent) => {
                self.intents += 1;
                self.open.insert(intent.token.clone(), intent);
            }
            Line::Outcome { token, result } => {
                let creates = self.open.get(&token).is_some_and(|intent| intent.action == Action::Create);
                let known = match result {
                    CallResult::Done | CallResult::Refused(_) => true,
                    // Lists may not show it yet: the next run has to wait for it.
                    CallResult::Accepted => !creates,
                    CallResult::Unknown(_) => false,
                };
                if known {
                    self.open.remove(&token);
                }
            }
            Line::Renewed { .. } | Line::Closed { .. } => {}
        }
    }
}
