//! Sizing from a spec's text to its numbers, against values worked out by hand or published.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod closed_forms;
mod contradictions;
mod methods;
mod plan;
mod properties;
mod silence;
mod support;
mod uncertainty;
