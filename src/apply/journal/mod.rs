//! The journal: intent before, outcome after, every call that changes something; and the lock between operators.
//!
//! Entries are numbered and never changed. Two writers cannot both make entry 18, so whoever makes it holds the
//! deployment. The cloud stays the record of what exists: the journal only says what may be on its way.

mod entry;
mod error;
mod holder;
mod reading;
mod store;
mod writing;

pub use entry::{CallResult, Entry, Intent, Line, SCHEMA, SoFar, Wanted};
pub use error::JournalError;
pub use holder::Holder;
pub use reading::{History, LastRun, read};
pub use store::Shelf;
pub use writing::{Journal, LEASE, Opening, open};
