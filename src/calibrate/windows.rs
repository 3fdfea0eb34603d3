//! Windows of time in which the load stood still: what the fits are made from.
//!
//! A level is a stretch in which the number of people stays the same; the beginning of each is left out as MSER-5 says (White 1997:
//! the cut after which the mean of what remains is known best), and the rest is cut into windows.

use std::collections::BTreeMap;

use super::component::Component;
use super::load::{Busy, Load};
use super::observed::{Cell, Clock, LONGEST_TEST_S, Run};
use super::timeline::Timeline;

/// A change of users by more than this share ends a level.
const STILL: f64 = 0.02;
/// A level has this many windows at least: what is shorter is a ramp.
const LEAST_WINDOWS: f64 = 3.0;
/// Windows are this long unless the data ask for more, s.
const WINDOW_S: f64 = 10.0;
/// Shortest window, s.
const SHORTEST_S: f64 = 3.0;
/// A window has this many readings of utilisation.
const READINGS: f64 = 3.0;
/// A window is this many times as long as a response, so that what begins before it and ends in it weighs little.
const RESPONSES: f64 = 20.0;
/// Windows with a larger share of failed requests are left out (capacity-model, design of tests).
pub(super) const MOST_ERRORS: f64 = 0.01;

/// A window.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    /// Index of its level.
    pub(super) level: usize,
    /// Length, s.
    pub(super) seconds: f64,
    /// Requests that ended in it, by kind.
    pub(super) cells: Vec<Cell>,
    /// Mean number of people; `None`: not known.
    pub(super) users: Option<f64>,
    /// Utilisation of what was measured in it.
    pub(super) busy: BTreeMap<Component, Busy>,
}

impl Window {
    /// Requests of a kind that ended, 1/s.
    pub(super) fn rps(&self, kind: usize) -> f64 {
        self.cells[kind].done / self.seconds
    }

    /// All requests together.
    pub(super) fn total(&self) -> Cell {
        self.cells.iter().fold(Cell::default(), |mut sum, cell| {
            sum.add(*cell);
            sum
        })
    }

    /// All requests that ended, 1/s.
    pub(super) fn total_rps(&self) -> f64 {
        self.total().done / self.seconds
    }

    /// Mean response time of all, s.
    pub(super) fn response_s(&self) -> f64 {
        let total = self.total();
        total.response_sum_s / total.done
    }
}

/// All windows, and what was left out.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// Those that are used.
    pub(super) used: Vec<Window>,
    /// Length of those that are cut from a line of time, s; 0: none are.
    pub(super) window_s: f64,
    /// Seconds in which the load changed.
    pub(super) ramp_s: f64,
    /// Seconds at the beginning of levels.
    pub(super) warm_up_s: f64,
    /// Windows with too many errors.
    pub(super) erroneous: usize,
    /// Whether the load never stood still, so that all of it was taken.
    pub(super) never_still: bool,
}

/// Cuts the line of time and the summed runs into windows.
pub(super) fn cut(
    line: &Timeline,
    summed: &[(&Run, Vec<Cell>)],
    load: &Load,
    (wanted_s, warm_up_s): (Option<f64>, f64),
) -> Windows {
    let mut windows = Windows::default();
    let (longest_s, warm_up_s) = (LONGEST_TEST_S as f64, warm_up_s.min(LONGEST_TEST_S as f64));
    let window_s = wanted_s.unwrap_or_else(|| length_s(line, load)).round().clamp(1.0, longest_s);
    let stretches = stretches(line, window_s as i64);
    let least = (LEAST_WINDOWS * window_s) as i64;
    let (still, ramps): (Vec<_>, Vec<_>) =
        stretches.into_iter().partition(|(first, last)| last - first + 1 >= least);
    let levels = if still.is_empty() {
        windows.never_still = !line.seconds.is_empty();
        parts(line, window_s as i64)
    } else {
        windows.ramp_s = ramps.iter().map(|(first, last)| (last - first + 1) as f64).sum();
        still
    };
    if !line.seconds.is_empty() {
        windows.window_s = window_s;
    }
    for (level, (first, last)) in levels.into_iter().enumerate() {
        let cut = if windows.never_still || !line.stated.is_empty() {
            // The generator has left its warm-up out already.
            first + if windows.never_still { 0 } else { warm_up_s.ceil() as i64 }
        } else {
            settled(line, first, last, warm_up_s)
        };
        windows.warm_up_s += (cut - first) as f64;
        let mut begin = cut;
        while begin + window_s as i64 <= last + 1 {
            let end = begin + window_s as i64;
            windows.take(window(line, load, level, (begin, end)));
            begin = end;
        }
    }
    let timed = windows.used.last().map_or(0, |window| window.level + 1);
    for (index, (run, cells)) in summed.iter().enumerate() {
        let Clock::Summed { duration_s } = run.clock else { continue };
        let measured = load.measured().filter_map(|of| Some((of, load.during(of, &run.file)?)));
        windows.take(Window {
            level: timed + index,
            seconds: duration_s,
            cells: cells.clone(),
            users: run.users.values().next().copied(),
            busy: measured.collect(),
        });
    }
    windows
}

impl Windows {
    fn take(&mut self, window: Window) {
        let total = window.total();
        if total.done <= 0.0 {
            return;
        }
        if total.failed > total.done * MOST_ERRORS {
            self.erroneous += 1;
        } else {
            self.used.push(window);
        }
    }
}

/// How long windows are: as the data ask for, and where no level is long enough for that, as short as the data bear.
fn length_s(line: &Timeline, load: &Load) -> f64 {
    let mut all = Cell::default();
    line.seconds.values().flatten().for_each(|cell| all.add(*cell));
    let response_s = if all.done > 0.0 { all.response_sum_s / all.done } else { 0.0 };
    let readings = READINGS * load.spacing_s().unwrap_or(0.0);
    let least = SHORTEST_S.max(readings).max(RESPONSES * response_s).ceil();
    let longest = stretches(line, WINDOW_S as i64).iter().map(|(first, last)| last - first + 1).max();
    let fits = (longest.unwrap_or(0) as f64 / LEAST_WINDOWS).floor();
    least.max(WINDOW_S.min(fits))
}

/// Stretches of seconds without a gap as long as a window.
fn parts(line: &Timeline, gap: i64) -> Vec<(i64, i64)> {
    let mut parts: Vec<(i64, i64)> = Vec::new();
    for second in line.seconds.keys() {
        match parts.last_mut() {
            Some((_, last)) if second - *last < gap => *last = *second,
            _ => parts.push((*second, *second)),
        }
    }
    parts
}

/// Stretches without a gap in which the users stay the same, first and last second.
fn stretches(line: &Timeline, gap: i64) -> Vec<(i64, i64)> {
    if !line.stated.is_empty() {
        return line.stated.clone();
    }
    let mut stretches = Vec::new();
    for (first, last) in parts(line, gap) {
        let mut begin = first;
        let mut level = line.users.get(&first).copied();
        for second in first..=last {
            let now = line.users.get(&second).copied();
            if let (Some(was), Some(is)) = (level, now)
                && (is - was).abs() > (was * STILL).max(0.5)
            {
                stretches.push((begin, second - 1));
                (begin, level) = (second, now);
            }
            level = level.or(now);
        }
        stretches.push((begin, last));
    }
    stretches.retain(|(first, last)| first <= last);
    stretches
}

/// The first second after the warm-up of a level.
fn settled(line: &Timeline, first: i64, last: i64, warm_up_s: f64) -> i64 {
    const BATCH: i64 = 5;
    let batches: Vec<f64> = (first..=last)
        .step_by(BATCH as usize)
        .filter_map(|begin| {
            let mut sum = Cell::default();
            line.seconds
                .range(begin..(begin + BATCH).min(last + 1))
                .flat_map(|(_, cells)| cells)
                .for_each(|cell| sum.add(*cell));
            (sum.done > 0.0).then(|| sum.response_sum_s / sum.done)
        })
        .collect();
    let stated = first + warm_up_s.ceil() as i64;
    // The number after a level has changed may be of the second before.
    (first + BATCH * mser(&batches) as i64).max(stated).max(first + 1).min(last + 1)
}

/// How many of the first values to leave out, at most half: after which the variance of the mean of the rest is least.
fn mser(values: &[f64]) -> usize {
    // From the last value on, mean and sum of squared differences of what is behind (Welford 1962).
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    let mut best = (f64::INFINITY, 0);
    for (from, value) in values.iter().enumerate().rev() {
        count += 1.0;
        let step = value - mean;
        mean += step / count;
        squares += step * (value - mean);
        let worth = squares / (count * count);
        if from <= values.len() / 2 && worth <= best.0 {
            best = (worth, from);
        }
    }
    best.1
}

fn window(line: &Timeline, load: &Load, level: usize, (begin, end): (i64, i64)) -> Window {
    let mut cells: Vec<Cell> = Vec::new();
    for of in line.seconds.range(begin..end).map(|(_, cells)| cells) {
        cells.resize(of.len(), Cell::default());
        cells.iter_mut().zip(of).for_each(|(sum, cell)| sum.add(*cell));
    }
    let users: Vec<f64> = line.users.range(begin..end).map(|(_, users)| *users).collect();
    let (from_s, to_s) = (begin as f64, end as f64);
    Window {
        level,
        seconds: to_s - from_s,
        cells,
        users: (!users.is_empty()).then(|| users.iter().sum::<f64>() / users.len() as f64),
        busy: load.measured().filter_map(|of| Some((of, load.between(of, from_s, to_s)?))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::mser;

    #[test]
    fn a_slow_beginning_is_left_out_and_a_level_one_is_not() {
        assert_eq!(mser(&[9.0, 4.0, 1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0]), 2);
        assert_eq!(mser(&[1.0, 1.0, 1.0, 1.0]), 0);
        assert_eq!(mser(&[]), 0);
    }
}
