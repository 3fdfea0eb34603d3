//! What the master of Locust writes, read.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::set::{Counted, Part, Set};
use crate::load::measured::{Ending, Level, OWN_FAILURE};
use crate::load::plan::{Drive, Test};

/// What stands before each line that is meant for this program.
const MARK: &str = "loadline:";
/// Seconds of a level beyond which a count belongs to no second.
const MOST_SECONDS: usize = 31 * 86_400;

/// A line of the master.
#[derive(Debug)]
pub(super) enum Line {
    /// The level has ended.
    End(Box<End>),
    /// A second has passed.
    Second(Second),
}

/// What came to its end in a second.
#[derive(Debug, Deserialize)]
pub(super) struct Second {
    pub(super) requests: u64,
    pub(super) errors: u64,
    pub(super) sum_us: u64,
}

/// How a level ended, and what was counted.
#[derive(Debug, Deserialize)]
pub(super) struct End {
    ending: String,
    elapsed_s: f64,
    began: String,
    cpu_share: f64,
    lost: u64,
    before: Counts,
    counted: Counts,
}

/// Requests, errors, and the time of those that were answered well, us.
type Sums = (u64, u64, u64);

#[derive(Debug, Deserialize)]
struct Counts {
    kinds: Vec<(u64, u64, u64, BTreeMap<u64, u64>)>,
    statuses: BTreeMap<u16, u64>,
    failures: BTreeMap<String, u64>,
    lag: BTreeMap<u64, u64>,
    received: u64,
    opened: u64,
    seconds: BTreeMap<usize, Sums>,
}

/// Reads a line; `None`: it is not meant for this program.
///
/// # Errors
/// If it is, and says something else than was agreed.
pub(super) fn read(line: &str) -> Result<Option<Line>, String> {
    let Some(text) = line.strip_prefix(MARK) else { return Ok(None) };
    let line = serde_json::from_str::<serde_json::Value>(text).and_then(|value| match value.get("ending") {
        Some(_) => serde_json::from_value(value).map(|end| Line::End(Box::new(end))),
        None => serde_json::from_value(value).map(Line::Second),
    });
    line.map(Some).map_err(|error| format!("a line that cannot be read: {error}"))
}

/// `locust 2.47.0` of what `locust --version` says.
pub(super) fn version(text: &str) -> Option<String> {
    let mut words = text.lines().find(|line| line.starts_with("locust "))?.split_whitespace();
    Some(format!("{} {}", words.next()?, words.next()?))
}

impl End {
    /// The level as it was measured. Where it ended before its counted part began, what there was before.
    pub(super) fn level(self, test: &Test, drive: Drive, interrupted: bool) -> Level {
        let ending = match self.ending.as_str() {
            _ if interrupted => Ending::Interrupted,
            "errors" => Ending::Errors,
            _ => Ending::Whole,
        };
        // Answers are waited for no longer than the timeout, late or not.
        let most_us = ((test.timeout_s + 2.0) * 1e6) as u64;
        let kinds = test.kinds.len();
        let (mut set, mut from) = (self.counted.set(kinds, most_us), test.ramp_s + test.warm_up_s);
        if ending != Ending::Whole && set.is_empty() {
            (set, from) = (self.before.set(kinds, most_us), 0.0);
        }
        if self.lost > 0 {
            set.failures.insert(format!("{OWN_FAILURE}workers of Locust were lost"), self.lost);
        }
        let began = self.began.parse::<jiff::Timestamp>().unwrap_or_else(|_| jiff::Timestamp::now());
        let counted_from = began + jiff::SignedDuration::from_secs_f64(from);
        set.level(Part {
            drive,
            kinds: &test.kinds,
            most_us,
            started_at: counted_from.to_string(),
            duration_s: (self.elapsed_s - from).max(0.0),
            cpu_share: self.cpu_share,
            ending,
        })
    }
}

impl Counts {
    fn set(self, kinds: usize, most_us: u64) -> Set {
        let mut set = Set::new(kinds, most_us);
        for ((requests, errors, sum_us, times), (counted, histogram)) in
            self.kinds.into_iter().zip(&mut set.kinds)
        {
            *counted = Counted::of(requests, errors, sum_us);
            for (us, number) in times {
                histogram.saturating_record_n(us, number);
            }
        }
        for (us, number) in self.lag {
            set.lag.saturating_record_n(us, number);
        }
        let last = self.seconds.keys().copied().filter(|second| *second < MOST_SECONDS).max();
        set.seconds = vec![Counted::default(); last.map_or(0, |last| last + 1)];
        for (second, (requests, errors, sum_us)) in self.seconds {
            if let Some(place) = set.seconds.get_mut(second) {
                *place = Counted::of(requests, errors, sum_us);
            }
        }
        Set {
            statuses: self.statuses,
            failures: self.failures,
            received: self.received,
            opened: self.opened,
            ..set
        }
    }
}
