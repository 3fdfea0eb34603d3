//! Carries out a plan, one small step at a time: intent written before, outcome after, every call.
//!
//! Decides what may begin when, what is tried again, and when to stop; never what should be there. Kill it at any instant
//! and run again: the cloud says what exists, the journal what may be on its way.

mod engine;
pub mod journal;
mod limits;
mod retry;
mod settle;
mod step;

pub use engine::{Ending, Means, Pace, Stop, run};
pub use settle::{observe, settled};
