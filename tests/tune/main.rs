//! Hosts that are tuned and brought back: real shells on real files and a real network stack, in namespaces of their own.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its host should stop")]

mod boot;
mod confirm;
mod faults;
mod host;
mod kills;
mod machine;
mod old_files;
#[cfg(feature = "ssh")]
mod over_ssh;
mod program;
mod property;
mod rendered;
mod round;
mod services;
#[cfg(feature = "ssh")]
#[path = "../support/sshd.rs"]
mod sshd;
mod support;
