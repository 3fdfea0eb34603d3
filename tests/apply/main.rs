//! Plans carried out on the rehearsal account: order, retries, faults, stops, the journal and its lock.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod faults;
mod journal;
mod order;
mod support;
#[path = "../plan/toy.rs"]
mod toy;
