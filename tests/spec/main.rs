//! The spec reader through the library's public face: what it accepts, what it says, where it points, and that nothing breaks it.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod bounds;
mod clouds;
mod defaults;
mod example;
mod hostile;
mod init;
mod intervals;
mod json;
mod keys;
mod overrides;
mod places;
mod random;
mod reference;
mod rules;
mod schema;
mod support;
mod texts;
mod units;
