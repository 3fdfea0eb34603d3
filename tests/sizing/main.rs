//! Sizing through the library: the plan for 2000 users, closed forms, where the simulator takes over, properties,
//! uncertainty, and every contradiction that a spec can express. Expected values are worked out in the comments.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod agreement;
mod contradictions;
mod laws;
mod plan;
mod properties;
mod scaling;
mod support;
mod takeover;
mod traps;
mod uncertainty;
