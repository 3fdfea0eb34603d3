//! `loadline check` against real servers: MariaDB, Redis, OpenSSH, and web servers that answer well, fail, flap, hang and show
//! certificates that end soon.
#![cfg(feature = "check")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(clippy::print_stderr, reason = "a test that is left out says why")]

#[path = "../support/sshd.rs"]
mod sshd;

mod components;
mod hosts;
mod rounds;
mod servers;
mod stores;
mod support;
mod web;
