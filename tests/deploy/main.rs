//! Releases: files that agree with each other, and hosts that change their release without losing anybody's request. Each host is a
//! namespace of its own over this machine's files; its container engine is `docker.py`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(clippy::print_stdout, reason = "a test that is left out says why")]

#[path = "../tune/host.rs"]
#[allow(dead_code, unused_macros, unused_imports, reason = "these tests need a part of it")]
mod host;

#[cfg(feature = "ssh")]
#[path = "../support/sshd.rs"]
mod sshd;

#[path = "../lint/support.rs"]
#[allow(dead_code, reason = "these tests need a part of it")]
mod lint_support;

mod batches;
mod cut_off;
mod locks;
#[cfg(feature = "ssh")]
mod over_ssh;
mod program;
mod releases;
mod rendered;
mod support;
mod watched;
