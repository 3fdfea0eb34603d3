//! Counts: histograms with a relative error below 0.1 %, in shards so that hardly anybody waits for another to write.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::time::Instant;

use super::client::NoAnswer;
use crate::load::measured::{Answers, Ending, Generator, Level, OWN_FAILURE, Second, Times};
use crate::load::plan::{Drive, Kind};

/// Digits of a time that are kept.
const DIGITS: u8 = 3;
/// Status from which on an answer is an error.
const FIRST_ERROR: u16 = 400;

/// What was counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) requests: u64,
    pub(super) errors: u64,
    sum_us: u64,
}

impl Counted {
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn mean_ms(&self) -> Option<f64> {
        let well = self.requests - self.errors;
        (well > 0).then(|| self.sum_us as f64 / well as f64 / 1e3)
    }

    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.sum_us += other.sum_us;
    }
}

/// Counts of one part of a level.
struct Set {
    kinds: Vec<(Counted, Histogram<u64>)>,
    statuses: BTreeMap<u16, u64>,
    failures: BTreeMap<NoAnswer, u64>,
    lag: Histogram<u64>,
    received: u64,
    opened: u64,
    seconds: Vec<Counted>,
}

impl Set {
    fn new(kinds: usize, most_us: u64) -> Self {
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

    fn merge(&mut self, other: &Self) {
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
}

fn histogram(most_us: u64) -> Histogram<u64> {
    Histogram::new_with_bounds(1, most_us.max(2), DIGITS)
        .expect("bounds from 1 to at least 2, and 3 digits, are valid")
}

fn add(one: &mut Histogram<u64>, other: &Histogram<u64>) {
    one.add(other).expect("both have the same bounds");
}

/// The counts of a level.
pub(super) struct Meter {
    /// Of each shard, what was meant to be sent before the counted part, and in it.
    shards: Vec<Mutex<[Set; 2]>>,
    names: Vec<String>,
    most_us: u64,
    begins: Instant,
    counted: (Instant, Instant),
    /// Requests, errors and time of the running second.
    now: [AtomicU64; 3],
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn microseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Meter {
    pub(super) fn new(kinds: &[Kind], timeout_s: f64, begins: Instant, counted: (Instant, Instant)) -> Self {
        let most_us = microseconds(Duration::from_secs_f64(timeout_s + 1.0));
        let shards = std::thread::available_parallelism().map_or(2, |number| 2 * number.get()).min(64);
        let set = || Set::new(kinds.len(), most_us);
        Self {
            shards: (0..shards).map(|_| Mutex::new([set(), set()])).collect(),
            names: kinds.iter().map(|kind| kind.name.clone()).collect(),
            most_us,
            begins,
            counted,
            now: Default::default(),
        }
    }

    /// Counts a request by when it was meant to be sent, when it was, and when it came to its end.
    pub(super) fn record(
        &self,
        place: usize,
        kind: usize,
        (meant, sent, done): (Instant, Instant, Instant),
        answer: Result<(u16, u64, bool), NoAnswer>,
    ) {
        if meant >= self.counted.1 {
            return;
        }
        let counts = usize::from(meant >= self.counted.0);
        let took_us = microseconds(done.saturating_duration_since(meant)).clamp(1, self.most_us);
        let lag_us = microseconds(sent.saturating_duration_since(meant)).clamp(1, self.most_us);
        let well = matches!(&answer, Ok((status, ..)) if *status < FIRST_ERROR);
        let one = Counted { requests: 1, errors: u64::from(!well), sum_us: if well { took_us } else { 0 } };
        for (counter, number) in self.now.iter().zip([one.requests, one.errors, one.sum_us]) {
            counter.fetch_add(number, Ordering::Relaxed);
        }
        let from = if counts == 1 { self.counted.0 } else { self.begins };
        let second = usize::try_from(meant.saturating_duration_since(from).as_secs()).unwrap_or(usize::MAX);
        let mut shard = held(&self.shards[place % self.shards.len()]);
        let set = &mut shard[counts];
        if set.seconds.len() <= second {
            set.seconds.resize(second + 1, Counted::default());
        }
        set.seconds[second].add(one);
        set.lag.saturating_record(lag_us);
        let (counted, times) = &mut set.kinds[kind];
        counted.add(one);
        if well {
            times.saturating_record(took_us);
        }
        match answer {
            Ok((status, bytes, opened)) => {
                *set.statuses.entry(status).or_default() += 1;
                set.received += bytes;
                set.opened += u64::from(opened);
            }
            Err(failure) => *set.failures.entry(failure).or_default() += 1,
        }
    }

    /// What came to its end since the last time this was asked.
    pub(super) fn second(&self) -> Counted {
        let [requests, errors, sum_us] =
            [0, 1, 2].map(|index: usize| self.now[index].swap(0, Ordering::Relaxed));
        // The three are not read at once: no more errors than requests.
        Counted { requests, errors: errors.min(requests), sum_us }
    }

    /// The level as it was measured. Where it ended before its counted part began, what there was before.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn level(
        &self,
        drive: Drive,
        ended: Instant,
        started_at: jiff::Timestamp,
        cpu_share: f64,
        ending: Ending,
    ) -> Level {
        let merged = |part: usize| {
            let mut set = Set::new(self.names.len(), self.most_us);
            self.shards.iter().for_each(|shard| set.merge(&held(shard)[part]));
            set
        };
        let (mut set, mut from) = (merged(1), self.counted.0);
        // What was stopped before anything counted is reported over what there was.
        if ending != Ending::Whole && set.kinds.iter().all(|(counted, _)| counted.requests == 0) {
            (set, from) = (merged(0), self.begins);
        }
        let duration_s = ended.saturating_duration_since(from).as_secs_f64();
        let (mut all, mut every) = (Counted::default(), histogram(self.most_us));
        for (counted, times) in &set.kinds {
            all.add(*counted);
            add(&mut every, times);
        }
        let well = all.requests - all.errors;
        let throughput_rps = if duration_s > 0.0 { well as f64 / duration_s } else { 0.0 };
        let answers = answers(&all, &every);
        let lag_p99_ms = set.lag.value_at_quantile(0.99) as f64 / 1e3;
        let mut generator = Generator::judged(cpu_share, lag_p99_ms, answers.times.map(|times| times.p50_ms));
        generator.saturated |= set.failures.keys().any(|failure| failure.starts_with(OWN_FAILURE));
        let second = |(index, counted): (usize, &Counted)| Second {
            at_s: index as f64,
            requests: counted.requests,
            errors: counted.errors,
            mean_ms: counted.mean_ms(),
        };
        Level {
            drive,
            started_at: started_at.to_string(),
            duration_s,
            in_flight: throughput_rps * answers.times.map_or(0.0, |times| times.mean_ms / 1e3),
            kinds: self
                .names
                .iter()
                .zip(&set.kinds)
                .map(|(name, (counted, times))| (name.clone(), self::answers(counted, times)))
                .collect(),
            all: answers,
            throughput_rps,
            received_bytes: set.received,
            connections: set.opened,
            statuses: set.statuses,
            failures: set.failures,
            seconds: set.seconds.iter().enumerate().map(second).collect(),
            generator,
            ending,
        }
    }
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
