//! The program on its rehearsal account, as a process: killed, interrupted, started twice, starved.
#![allow(clippy::unwrap_used, reason = "a test that cannot run its program should stop")]

mod buckets;
mod changes;
mod crash;
mod operators;
mod support;
