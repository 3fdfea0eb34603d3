//! What was counted of a part of a level: histograms with a relative error below 0.1 %, whoever sent the requests.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::client::{NoAnswer, Unusable};
use crate::load::measured::{Answers, Ending, Generator, Level, OWN_FAILURE, Second, Times};
use crate::load::plan::{Drive, Kind, Test};

/// Digits of a time that are kept.
const DIGITS: u8 = 3;
/// Status from which on an answer is an error.
pub(super) const FIRST_ERROR: u16 = 400;

/// What was counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) requests: u64,
    pub(super) errors: u64,
    pub(super) sum_us: u64,
}

impl Counted {
    /// Of numbers that were not read at once: there are no more errors than requests.
    pub(super) fn of(requests: u64, errors: u64, sum_us: u64) -> Self {
        Self { requests, errors: errors.min(requests), sum_us }
    }

    #[allow(clippy::cast_precision_loss)]
    pub(super) fn mean_ms(&self) -> Option<f64> {
        let well = self.requests - self.errors;
        (well > 0).then(|| self.sum_us as f64 / well as f64 / 1e3)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.sum_us += other.sum_us;
    }
}

/// Counts of one part of a level.
pub(super) struct Set {
    pub(super) kinds: Vec<(Counted, Histogram<u64>)>,
    pub(super) statuses: BTreeMap<u16, u64>,
    pub(super) failures: BTreeMap<NoAnswer, u64>,
    pub(super) lag: Histogram<u64>,
    pub(super) received: u64,
    pub(super) opened: u64,
    pub(super) seconds: Vec<Counted>,
}

impl Set {
    pub(super) fn new(kinds: usize, most_us: u64) -> Self {
        Self {
            kinds: (0..kinds).map(|_| (Counted::default(), histogram(most_us))).collect(),
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            lag: histogram(most_us),
            received: 0,
            opened: 0,
            seconds: Vec::new(),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for ((counted, times), (others, more)) in self.kinds.iter_mut().zip(&other.kinds) {
            counted.add(*others);
            add(times, more);
        }
        for (status, number) in &other.statuses {
            *self.statuses.entry(*status).or_default() += number;
        }
        for (failure, number) in &other.failures {
            *self.failures.entry(failure.clone()).or_default() += number;
        }
        add(&mut self.lag, &other.lag);
        self.received += other.received;
        self.opened += other.opened;
        if self.seconds.len() < other.seconds.len() {
            self.seconds.resize(other.seconds.len(), Counted::default());
        }
        for (second, others) in self.seconds.iter_mut().zip(&other.seconds) {
            second.add(*others);
        }
    }

    /// Whether nothing was counted.
    pub(super) fn is_empty(&self) -> bool {
        self.kinds.iter().all(|(counted, _)| counted.requests == 0)
    }

    /// The level as it was measured.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn level(self, part: Part<'_>) -> Level {
        let Part { drive, kinds, most_us, started_at, duration_s, cpu_share, ending } = part;
        let (mut all, mut every) = (Counted::default(), histogram(most_us));
        for (counted, times) in &self.kinds {
            all.add(*counted);
            add(&mut every, times);
        }
        let well = all.requests - all.errors;
        let throughput_rps = if duration_s > 0.0 { well as f64 / duration_s } else { 0.0 };
        let answers = answers(&all, &every);
        let lag_p99_ms = self.lag.value_at_quantile(0.99) as f64 / 1e3;
        let mut generator = Generator::judged(cpu_share, lag_p99_ms, answers.times.map(|times| times.p50_ms));
        generator.saturated |= self.failures.keys().any(|failure| failure.starts_with(OWN_FAILURE));
        let second = |(index, counted): (usize, &Counted)| Second {
            at_s: index as f64,
            requests: counted.requests,
            errors: counted.errors,
            mean_ms: counted.mean_ms(),
        };
        Level {
            drive,
            started_at,
            duration_s,
            in_flight: throughput_rps * answers.times.map_or(0.0, |times| times.mean_ms / 1e3),
            kinds: kinds
                .iter()
                .zip(&self.kinds)
                .map(|(kind, (counted, times))| (kind.name.clone(), self::answers(counted, times)))
                .collect(),
            all: answers,
            throughput_rps,
            received_bytes: self.received,
            connections: self.opened,
            statuses: self.statuses,
            failures: self.failures,
            seconds: self.seconds.iter().enumerate().map(second).collect(),
            generator,
            ending,
        }
    }
}

/// A level of which nothing could be sent, after others were.
pub(super) fn not_driven(test: &Test, drive: Drive, error: &Unusable) -> Level {
    let mut set = Set::new(test.kinds.len(), 2);
    set.failures.insert(format!("{OWN_FAILURE}{error}"), 1);
    set.level(Part {
        drive,
        kinds: &test.kinds,
        most_us: 2,
        started_at: jiff::Timestamp::now().to_string(),
        duration_s: 0.0,
        cpu_share: 0.0,
        ending: Ending::Errors,
    })
}

/// What else is known of a part of a level.
pub(super) struct Part<'a> {
    pub(super) drive: Drive,
    pub(super) kinds: &'a [Kind],
    /// Longest time that the histograms hold, us.
    pub(super) most_us: u64,
    /// RFC 3339.
    pub(super) started_at: String,
    pub(super) duration_s: f64,
    pub(super) cpu_share: f64,
    pub(super) ending: Ending,
}

fn histogram(most_us: u64) -> Histogram<u64> {
    Histogram::new_with_bounds(1, most_us.max(2), DIGITS)
        .expect("bounds from 1 to at least 2, and 3 digits, are valid")
}

fn add(one: &mut Histogram<u64>, other: &Histogram<u64>) {
    one.add(other).expect("both have the same bounds");
}

#[allow(clippy::cast_precision_loss)]
fn answers(counted: &Counted, times: &Histogram<u64>) -> Answers {
    let at = |quantile: f64| times.value_at_quantile(quantile) as f64 / 1e3;
    let times = (!times.is_empty()).then(|| Times {
        mean_ms: counted.mean_ms().unwrap_or(0.0),
        p50_ms: at(0.5),
        p90_ms: at(0.9),
        p95_ms: at(0.95),
        p99_ms: at(0.99),
        max_ms: times.max() as f64 / 1e3,
    });
    Answers { requests: counted.requests, errors: counted.errors, times }
}
