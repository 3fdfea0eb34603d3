//! The program on the account of one cloud, against a stateful double that holds every request and answer against the cloud's own
//! descriptions (tests/doubles).
#![cfg(feature = "connect")]
#![allow(clippy::unwrap_used, reason = "a test that cannot run its program should stop")]

mod conformance;
mod crash;
mod disturb;
mod double;
mod faults;
mod lab;
mod obstacles;
mod policy;
#[path = "../support/double.rs"]
mod program;
#[path = "../support/lab.rs"]
mod runs;
mod story;
mod world;
