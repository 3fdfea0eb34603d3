//! Choosing and billing on a small region made by hand. Expected values are worked out in the comments.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod bills;
mod choices;
mod clouds;
mod pins;
mod properties;
mod regret;
mod support;
