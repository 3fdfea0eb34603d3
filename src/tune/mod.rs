//! What hosts should be set to, how they are found to be, and how they are brought from one to the other.
//!
//! In data-flow order: [`profile`] (a spec to settings), [`facts`] (a host to what it is), [`judge`] (both to verdicts),
//! [`changes`] (verdicts to one script, its outcome back to a value), [`render`] (a profile to files), [`mod@run`] (the round trips).

mod blocks;
pub mod changes;
pub mod facts;
pub mod judge;
mod key;
mod paths;
pub mod profile;
pub mod render;
pub mod run;

pub use key::Key;
