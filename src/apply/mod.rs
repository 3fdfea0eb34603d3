//! Carries out a plan, one small step at a time: intent written before, outcome after, every call.
pub mod journal;
