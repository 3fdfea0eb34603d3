//! Counts of a level that is running, in shards so that hardly anybody waits for another to write.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::client::NoAnswer;
use super::set::{Counted, FIRST_ERROR, Part, Set};
use crate::load::measured::{Ending, Level};
use crate::load::plan::{Drive, Kind};

/// The counts of a level.
pub(super) struct Meter {
    /// Of each shard, what was meant to be sent before the counted part, and in it.
    shards: Vec<Mutex<[Set; 2]>>,
    kinds: Vec<Kind>,
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
            kinds: kinds.to_vec(),
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
        Counted::of(requests, errors, sum_us)
    }

    /// The level as it was measured. Where it ended before its counted part began, what there was before.
    pub(super) fn level(
        &self,
        drive: Drive,
        ended: Instant,
        started_at: jiff::Timestamp,
        cpu_share: f64,
        ending: Ending,
    ) -> Level {
        let merged = |part: usize| {
            let mut set = Set::new(self.kinds.len(), self.most_us);
            self.shards.iter().for_each(|shard| set.merge(&held(shard)[part]));
            set
        };
        let (mut set, mut from) = (merged(1), self.counted.0);
        // What was stopped before anything counted is reported over what there was.
        if ending != Ending::Whole && set.is_empty() {
            (set, from) = (merged(0), self.begins);
        }
        let duration_s = ended.saturating_duration_since(from).as_secs_f64();
        set.level(Part {
            drive,
            kinds: &self.kinds,
            most_us: self.most_us,
            started_at: started_at.to_string(),
            duration_s,
            cpu_share,
            ending,
        })
    }
}
