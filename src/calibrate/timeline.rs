//! All runs on one line of time: a test whose load comes from several generators is one test.

use std::collections::BTreeMap;

use super::names::Meaning;
use super::observed::{Cell, Clock, Run};
use super::options::Unclear;

/// Requests and users by second.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// Requests that ended in each second, by kind.
    pub(super) seconds: BTreeMap<i64, Vec<Cell>>,
    /// People at work in each second; empty where one of the files does not say.
    pub(super) users: BTreeMap<i64, f64>,
    /// First and last second of each level, where every file states its own and none overlaps another; else empty.
    pub(super) stated: Vec<(i64, i64)>,
}

impl Timeline {
    /// The line of all runs that say when they were; `kinds` is how many kinds of requests the spec has.
    pub(super) fn of(runs: &[Run], meanings: &[Vec<Meaning>], kinds: usize) -> Result<Self, Unclear> {
        let timed: Vec<(&Run, &Vec<Meaning>)> =
            runs.iter().zip(meanings).filter(|(run, _)| run.clock == Clock::Absolute).collect();
        twice(&timed.iter().map(|(run, _)| *run).collect::<Vec<_>>())?;
        let mut line = Self::default();
        for (run, meanings) in &timed {
            for ((second, name), cell) in &run.cells {
                let cells = line.seconds.entry(*second).or_insert_with(|| vec![Cell::default(); kinds]);
                if let Meaning::Kind(kind) = meanings[*name] {
                    cells[kind].add(*cell);
                }
            }
        }
        if timed.iter().all(|(run, _)| !run.users.is_empty()) {
            for (run, _) in &timed {
                line.add_users(run);
            }
        }
        if timed.iter().all(|(run, _)| !run.levels.is_empty()) {
            let mut stated: Vec<(i64, i64)> =
                timed.iter().flat_map(|(run, _)| run.levels.iter().copied()).collect();
            stated.retain(|(first, last)| first <= last);
            stated.sort_unstable();
            if stated.windows(2).all(|pair| pair[0].1 < pair[1].0) {
                line.stated = stated;
            }
        }
        Ok(line)
    }

    /// What a file last said holds until it says something else, from its first to its last second.
    fn add_users(&mut self, run: &Run) {
        let (Some((first, last)), Some((begin, _))) = (run.span(), run.users.first_key_value()) else {
            return;
        };
        let mut now = 0.0;
        for second in first.min(*begin)..=last {
            now = run.users.get(&second).copied().unwrap_or(now);
            *self.users.entry(second).or_default() += now;
        }
    }
}

/// The same test in two files would count every request twice.
fn twice(runs: &[&Run]) -> Result<(), Unclear> {
    for (index, one) in runs.iter().enumerate() {
        for other in &runs[index + 1..] {
            let (done, again) = (one.total().done, other.total().done);
            if one.span() == other.span() && (done - again).abs() <= done * 1e-9 {
                let sentence = format!(
                    "{} and {} hold {done} requests each, from the same seconds: the same test twice would count double",
                    one.file, other.file
                );
                return Err(Unclear::new(sentence, "name one of the two"));
            }
        }
    }
    Ok(())
}
