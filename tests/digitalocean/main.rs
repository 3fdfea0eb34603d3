//! The program on the account of one cloud, against a stateful double that holds every request and answer against the cloud's own
//! description (tests/doubles), where there is one.
#![cfg(feature = "connect")]
#![allow(clippy::unwrap_used, reason = "a test that cannot run its program should stop")]
#![allow(clippy::print_stderr, reason = "a check that is left out says so")]

mod conformance;
mod crash;
mod disturb;
mod double;
mod faults;
mod lab;
mod obstacles;
#[path = "../support/double.rs"]
mod program;
#[path = "../support/lab.rs"]
mod runs;
mod story;
mod world;
