//! The tables of a load test, already written for a person: text and page show the same cells.

use super::super::tidy;
use super::named;
use crate::load::judge::{Answer, Compared, Judged, Verdict};
use crate::load::measured::{Answers, Level};
use crate::load::plan::Test;

/// The verdict in a word and a sentence.
pub(super) fn headline(test: &Test, answer: &Answer) -> (&'static str, String) {
    let at = answer.counts.and_then(|index| answer.levels.get(index)).map(|one| named(one.level.drive));
    let at = at.unwrap_or_else(|| "no level".to_owned());
    let target = test.target.shown();
    match answer.verdict {
        Verdict::Pass => ("PASS", format!("{target} meets every objective at {at}.")),
        Verdict::Fail => {
            let missed: Vec<&str> = answer
                .objectives
                .iter()
                .filter(|it| it.verdict == Verdict::Fail)
                .map(|it| it.objective)
                .collect();
            ("FAIL", format!("{target} misses {} at {at}.", missed.join(", ")))
        }
        Verdict::Unknown => {
            ("----", format!("No verdict about {target} at {at}: what was measured cannot be relied on."))
        }
    }
}

/// The level whose kinds and failures are shown: the one that counts, or the last.
pub(super) fn shown(answer: &Answer) -> Option<&Compared> {
    answer.counts.or(answer.levels.len().checked_sub(1)).and_then(|index| answer.levels.get(index))
}

/// Objective, limit, measured, predicted, verdict.
pub(super) fn objectives(answer: &Answer) -> Vec<[String; 5]> {
    let row = |one: &Judged| {
        let share = one.objective == "errors";
        let shown = |value: Option<f64>| match value {
            Some(value) if share => tidy::percent(value),
            value => ms(value),
        };
        let predicted = if share { "-".to_owned() } else { shown(one.predicted) };
        let word = match one.verdict {
            Verdict::Pass => "PASS",
            Verdict::Fail => "FAIL",
            Verdict::Unknown => "unknown",
        };
        [one.objective.to_owned(), shown(Some(one.limit)), shown(one.measured), predicted, word.to_owned()]
    };
    answer.objectives.iter().map(row).collect()
}

/// Level; throughput, mean, p95 and p99, each with its difference from what was predicted; errors.
pub(super) fn levels(answer: &Answer) -> Vec<[String; 10]> {
    let row = |Compared { level, predicted }: &Compared| {
        let times = level.all.times.as_ref();
        let time = |value: f64| tidy::duration(value / 1e3);
        let response = &predicted.response;
        let rate = |rate| tidy::significant(rate, 4);
        let [rps, rps_by] = beside(Some(level.throughput_rps), predicted.throughput_rps.value, rate);
        let [mean, mean_by] = beside(times.map(|it| it.mean_ms), response.mean_s.value * 1e3, time);
        let [p95, p95_by] = beside(times.map(|it| it.p95_ms), response.p95_s.value * 1e3, time);
        let [p99, p99_by] = beside(times.map(|it| it.p99_ms), response.p99_s.value * 1e3, time);
        let errors = level.error_share().map_or_else(|| "unknown".to_owned(), tidy::percent);
        [named(level.drive), rps, rps_by, mean, mean_by, p95, p95_by, p99, p99_by, errors]
    };
    answer.levels.iter().map(row).collect()
}

/// Kind, requests, mean, p95, p99, errors; nothing where there is one kind only.
pub(super) fn kinds(level: &Level) -> Vec<[String; 6]> {
    let row = |(name, answers): &(String, Answers)| {
        let times = answers.times.as_ref();
        [
            name.clone(),
            tidy::count(answers.requests as f64),
            ms(times.map(|it| it.mean_ms)),
            ms(times.map(|it| it.p95_ms)),
            ms(times.map(|it| it.p99_ms)),
            tidy::count(answers.errors as f64),
        ]
    };
    if level.kinds.len() < 2 { Vec::new() } else { level.kinds.iter().map(row).collect() }
}

/// Answers other than wanted, and how many.
pub(super) fn failures(level: &Level) -> Vec<[String; 2]> {
    let bad = level.statuses.iter().filter(|(status, _)| **status >= 300);
    let statuses = bad.map(|(status, number)| (format!("status {status}"), *number));
    let failures = level.failures.iter().map(|(failure, number)| (failure.clone(), *number));
    statuses.chain(failures).map(|(what, number)| [what, tidy::count(number as f64)]).collect()
}

/// What to do after such a test.
pub(super) fn next(answer: &Answer) -> &'static str {
    match answer.verdict {
        Verdict::Pass => "Keep it with --out FILE; loadline calibrate fits the spec to it.",
        Verdict::Fail => {
            "Compare what was measured with what was predicted: loadline calibrate fits the spec to it."
        }
        Verdict::Unknown => "Run again with what is said above mended.",
    }
}

fn ms(value: Option<f64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| tidy::duration(value / 1e3))
}

/// `measured` and by how much it differs from what was predicted.
fn beside(measured: Option<f64>, predicted: f64, shown: impl Fn(f64) -> String) -> [String; 2] {
    let measured_text = measured.map_or_else(|| "unknown".to_owned(), &shown);
    let difference =
        measured.filter(|_| predicted > 0.0).map(|measured| (measured / predicted - 1.0) * 100.0);
    let difference = difference.map_or_else(String::new, |percent| format!("{percent:+.0} %"));
    [measured_text, difference]
}
