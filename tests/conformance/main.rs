//! The stories of the contract, borne out by a rehearsal account of each cloud, with the core in this process.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod core;
mod rehearsal;
mod stack;
mod stories;
