//! Load tests against servers that answer well, slowly, wrongly and not at all; and the same test run by other tools.
#![cfg(feature = "load")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(clippy::print_stdout, reason = "a test that is left out says why")]

mod faults;
#[cfg(feature = "ssh")]
mod locust;
mod measured;
mod program;
mod secured;
mod server;
#[cfg(feature = "ssh")]
#[path = "../support/sshd.rs"]
mod sshd;
mod support;
mod tools;
