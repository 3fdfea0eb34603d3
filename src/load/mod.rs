//! Load tests: what is sent where at which levels, what came back, and what it says about the spec.
//!
//! [`plan`] and [`judge`] are pure; `engine` sends. A latency counts from the moment at which the request was meant to be sent, so a
//! target that stops answering cannot hide the requests that it kept from being sent (coordinated omission).

#[cfg(feature = "load")]
pub mod engine;
pub mod export;
pub mod judge;
pub mod measured;
pub mod plan;

/// What happens during a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A level begins.
    Level {
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// How it drives the target.
        drive: plan::Drive,
        /// How long it takes, warm-up included, s.
        seconds: f64,
    },
    /// A second has passed.
    Second {
        /// Since the level began, s.
        at_s: f64,
        /// Requests that were answered in it.
        requests: u64,
        /// Of them, errors.
        errors: u64,
        /// Their mean response time, ms; `None` without an answer.
        mean_ms: Option<f64>,
    },
}
