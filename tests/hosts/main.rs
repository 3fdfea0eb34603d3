//! Hosts as they are reached: real OpenSSH servers, real agents, real sudo.
#![cfg(feature = "ssh")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it inside of tests only, and helpers of tests stand outside"
)]

mod client;
mod faults;
mod login;
mod many;
mod scripts;
#[path = "../support/sshd.rs"]
mod sshd;
mod trust;
mod ways;
