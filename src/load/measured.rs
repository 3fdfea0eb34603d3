//! What was measured at a level.

use std::collections::BTreeMap;

use super::plan::Drive;

/// Response times, ms; from the moment at which a request was meant to be sent to the last byte of its answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Mean.
    pub mean_ms: f64,
    /// Median.
    pub p50_ms: f64,
    /// 90th percentile.
    pub p90_ms: f64,
    /// 95th percentile.
    pub p95_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// Largest.
    pub max_ms: f64,
}

/// One kind of request, or all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// Requests that came to an end, well or not.
    pub requests: u64,
    /// Of them, those that had no answer, or one of 400 and above.
    pub errors: u64,
    /// Times of those that were answered well; `None`: there were none.
    pub times: Option<Times>,
}

/// A second of a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Second {
    /// Since the counted part of the level began, s.
    pub at_s: f64,
    /// Requests that came to an end in it.
    pub requests: u64,
    /// Of them, errors.
    pub errors: u64,
    /// Mean time of those that were answered well, ms; `None`: there were none.
    pub mean_ms: Option<f64>,
}

/// The machine that sent the requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Generator {
    /// Share of the processors that it may use which it did use, 0..=1.
    pub cpu_share: f64,
    /// How much later than meant 99 % of the requests were sent at most, ms.
    pub lag_p99_ms: f64,
    /// Whether it set the pace itself.
    pub saturated: bool,
}

/// Above this share of the processors the generator may set the pace (k6 documentation, running large tests: keep 20 % idle).
pub const MOST_CPU_SHARE: f64 = 0.8;
/// Above this lag, and above a tenth of the median, the generator sets the pace, ms.
pub const MOST_LAG_MS: f64 = 10.0;

/// What failures begin with that are this machine's and not the target's.
pub const OWN_FAILURE: &str = "this machine: ";

impl Generator {
    /// Judges the generator of a level whose median response time is known.
    pub fn judged(cpu_share: f64, lag_p99_ms: f64, p50_ms: Option<f64>) -> Self {
        let lags = lag_p99_ms > MOST_LAG_MS && p50_ms.is_none_or(|p50| lag_p99_ms > p50 / 10.0);
        Self { cpu_share, lag_p99_ms, saturated: cpu_share > MOST_CPU_SHARE || lags }
    }
}

/// How the drive of a level ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its whole time was measured.
    Whole,
    /// Too many errors: it was stopped.
    Errors,
    /// Somebody asked for its end.
    Interrupted,
}

/// A level.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// How it was driven.
    pub drive: Drive,
    /// When its counted part began, RFC 3339.
    pub started_at: String,
    /// How long the counted part was, s.
    pub duration_s: f64,
    /// Requests of all kinds.
    pub all: Answers,
    /// Each kind, by name.
    pub kinds: Vec<(String, Answers)>,
    /// Requests answered well, 1/s.
    pub throughput_rps: f64,
    /// Requests under way on average: throughput x mean time (Little).
    pub in_flight: f64,
    /// Bytes of bodies received.
    pub received_bytes: u64,
    /// Connections opened.
    pub connections: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Errors without an answer by kind: `timeout`, `connect: refused`, ...
    pub failures: BTreeMap<String, u64>,
    /// Second by second.
    pub seconds: Vec<Second>,
    /// The machine that sent them.
    pub generator: Generator,
    /// How it ended.
    pub ending: Ending,
}

impl Level {
    /// Share of the requests that were errors, 0..=1; `None` without a request.
    #[allow(clippy::cast_precision_loss)]
    pub fn error_share(&self) -> Option<f64> {
        (self.all.requests > 0).then(|| self.all.errors as f64 / self.all.requests as f64)
    }
}
