//! The loop closed on a real application: nginx, two uvicorn processes, MariaDB, Redis and a Celery worker as plain processes; looked at,
//! loaded, calibrated, and then a prediction held against a measured run. docs/accuracy.md says what came of it.
#![cfg(all(feature = "check", feature = "load"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(clippy::print_stderr, reason = "a test that is left out says why")]
#![allow(clippy::print_stdout, reason = "the comparison is what the test is for")]

#[path = "../check/servers.rs"]
mod servers;

mod accuracy;
mod busy;
mod stack;
