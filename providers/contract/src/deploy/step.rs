//! One small step of a plan.

use serde::{Deserialize, Serialize};

use super::{Address, Resource, Value};
use crate::Money;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Makes a thing.
    Create,
    /// Changes a thing in place.
    Update,
    /// Removes a thing.
    Delete,
    /// Waits until what an earlier run began is usable or gone; changes nothing.
    Await,
}

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// The setting.
    pub setting: String,
    /// What it is; `None`: not set, or no such thing.
    pub from: Option<Value>,
    /// What it should be.
    pub to: Option<Value>,
}

/// One call, or a few that belong together, on one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// To what.
    pub address: Address,
    /// What it should be; `None` when it is removed or waited for.
    pub resource: Option<Resource>,
    /// The cloud's id of what is there; `None` when it is made.
    pub id: Option<String>,
    /// What changes.
    pub changes: Vec<SettingChange>,
    /// Why, one sentence.
    pub reason: String,
    /// What it adds to a month's bill, US dollars; `None`: unknown.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub monthly_usd: Option<Money>,
    /// What cannot be taken back, one sentence; `None`: everything can.
    pub irreversible: Option<String>,
    /// Minutes that it takes, as experience has it.
    pub minutes: f64,
    /// Order: those of a lower rank have at least been asked for before one of a higher rank begins.
    pub rank: u32,
    /// Positions in the plan, from 0, of the steps that have to be done before this one can begin.
    pub needs: Vec<usize>,
}
