//! What goes wrong with a journal.

use jiff::Timestamp;

use super::Holder;

/// A journal that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The place does not answer, is read-only, is full.
    #[error("the journal in {place}: {problem}")]
    Unreachable {
        /// Place.
        place: String,
        /// What was seen.
        problem: String,
    },
    /// An entry that cannot be read.
    #[error("the journal entry {entry} is damaged: {problem}")]
    Damaged {
        /// The entry.
        entry: String,
        /// What was seen.
        problem: String,
    },
    /// Another run holds the deployment.
    #[error(
        "{by} holds the deployment since {since} for `{why}`; its lease ends at {until} unless it is renewed"
    )]
    Held {
        /// Who.
        by: Box<Holder>,
        /// Since when.
        since: Timestamp,
        /// What for.
        why: String,
        /// Until when.
        until: Timestamp,
    },
    /// Another run took the deployment over while this one held it.
    #[error("another run took the deployment over: {0}")]
    Fenced(String),
}
