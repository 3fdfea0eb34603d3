//! What the doing half says while it works: one thing that just happened, for a person or a program.

use std::time::Duration;

use loadline_contract::deploy::CloudError;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Since the run began, in the cloud's time: in a rehearsal that passes faster than the clock on the wall.
    pub at: Duration,
    /// The step, by its position in the plan.
    pub step: usize,
    /// What.
    pub what: Happening,
}

/// What happened to a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// It was begun.
    Began,
    /// The cloud is at work on it.
    Underway {
        /// In the cloud's words.
        doing: String,
    },
    /// It went wrong in a way that passes, and is tried again.
    Retrying {
        /// After this time.
        after: Duration,
        /// What was seen.
        error: CloudError,
    },
    /// It is done.
    Done {
        /// How long it took.
        took: Duration,
    },
    /// It went wrong.
    Failed {
        /// What was seen.
        error: CloudError,
    },
    /// It was not begun, because this other step was not done.
    Skipped {
        /// Position of the other step.
        because_of: usize,
    },
    /// The run stopped before it was finished.
    Left,
}
