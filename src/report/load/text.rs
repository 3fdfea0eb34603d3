//! A load test for a person: the verdict, measured beside predicted, and what is to be known.

use super::super::look::{Look, Tone};
use super::super::page::{Grid, Page, Set};
use super::super::tidy;
use super::named;
use crate::load::judge::{Answer, Compared, Judged, Verdict};
use crate::load::measured::Level;
use crate::load::plan::Test;

/// What was measured, beside what was predicted.
pub fn load_text(test: &Test, answer: &Answer, look: &Look) -> String {
    let mut page = Page::new(look);
    let (tone, mark, sentence) = headline(test, answer);
    page.marked(tone, mark, 5, &sentence);
    objectives(&mut page, answer);
    levels(&mut page, answer);
    let last =
        answer.counts.or(answer.levels.len().checked_sub(1)).and_then(|index| answer.levels.get(index));
    if let Some(one) = last {
        kinds(&mut page, &one.level);
        failures(&mut page, &one.level);
    }
    if !answer.findings.is_empty() {
        page.heading("To be known");
        for finding in &answer.findings {
            page.marked(Tone::Plain, "-", 2, finding);
        }
    }
    page.heading("Next");
    page.sentence(match answer.verdict {
        Verdict::Pass => "Keep it with --out FILE; loadline calibrate fits the spec to it.",
        Verdict::Fail => {
            "Compare what was measured with what was predicted: loadline calibrate fits the spec to it."
        }
        Verdict::Unknown => "Run again with what is said above mended.",
    });
    page.finish()
}

fn headline(test: &Test, answer: &Answer) -> (Tone, &'static str, String) {
    let at = answer.counts.and_then(|index| answer.levels.get(index)).map(|one| named(one.level.drive));
    let at = at.unwrap_or_else(|| "no level".to_owned());
    let target = test.target.shown();
    match answer.verdict {
        Verdict::Pass => (Tone::Good, "PASS", format!("{target} meets every objective at {at}.")),
        Verdict::Fail => {
            let missed: Vec<&str> = answer
                .objectives
                .iter()
                .filter(|it| it.verdict == Verdict::Fail)
                .map(|it| it.objective)
                .collect();
            (Tone::Bad, "FAIL", format!("{target} misses {} at {at}.", missed.join(", ")))
        }
        Verdict::Unknown => (
            Tone::Warning,
            "----",
            format!("No verdict about {target} at {at}: what was measured cannot be relied on."),
        ),
    }
}

fn ms(value: Option<f64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| tidy::duration(value / 1e3))
}

fn objectives(page: &mut Page<'_>, answer: &Answer) {
    if answer.objectives.is_empty() {
        return;
    }
    page.heading("Objectives");
    let mut grid = Grid::new(&[
        ("", Set::Left),
        ("limit", Set::Right),
        ("measured", Set::Right),
        ("predicted", Set::Right),
        ("", Set::Left),
    ]);
    for one in &answer.objectives {
        let share = one.objective == "errors";
        let shown = |value: Option<f64>| match value {
            Some(value) if share => tidy::percent(value),
            value => ms(value),
        };
        let predicted = if share { "-".to_owned() } else { shown(one.predicted) };
        grid.row(&[
            one.objective.to_owned(),
            shown(Some(one.limit)),
            shown(one.measured),
            predicted,
            word(one).to_owned(),
        ]);
    }
    page.table(&grid);
}

fn word(one: &Judged) -> &'static str {
    match one.verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
        Verdict::Unknown => "unknown",
    }
}

/// `measured` and by how much it differs from what was predicted.
fn beside(measured: Option<f64>, predicted: f64, shown: impl Fn(f64) -> String) -> [String; 2] {
    let measured_text = measured.map_or_else(|| "unknown".to_owned(), &shown);
    let difference =
        measured.filter(|_| predicted > 0.0).map(|measured| (measured / predicted - 1.0) * 100.0);
    let difference = difference.map_or_else(String::new, |percent| format!("{percent:+.0} %"));
    [measured_text, difference]
}

fn levels(page: &mut Page<'_>, answer: &Answer) {
    page.heading("Measured, and how it differs from what was predicted");
    let mut grid = Grid::new(&[
        ("level", Set::Left),
        ("rps", Set::Right),
        ("", Set::Right),
        ("mean", Set::Right),
        ("", Set::Right),
        ("p95", Set::Right),
        ("", Set::Right),
        ("p99", Set::Right),
        ("", Set::Right),
        ("errors", Set::Right),
    ]);
    for Compared { level, predicted } in &answer.levels {
        let times = level.all.times.as_ref();
        let time = |value: f64| tidy::duration(value / 1e3);
        let response = &predicted.response;
        let mut row = vec![named(level.drive)];
        row.extend(beside(Some(level.throughput_rps), predicted.throughput_rps.value, |rate| {
            tidy::significant(rate, 4)
        }));
        row.extend(beside(times.map(|it| it.mean_ms), response.mean_s.value * 1e3, time));
        row.extend(beside(times.map(|it| it.p95_ms), response.p95_s.value * 1e3, time));
        row.extend(beside(times.map(|it| it.p99_ms), response.p99_s.value * 1e3, time));
        row.push(level.error_share().map_or_else(|| "unknown".to_owned(), tidy::percent));
        grid.row(&row);
    }
    page.table(&grid);
}

fn kinds(page: &mut Page<'_>, level: &Level) {
    if level.kinds.len() < 2 {
        return;
    }
    page.heading(&format!("Kinds of requests at {}", named(level.drive)));
    let mut grid = Grid::new(&[
        ("", Set::Left),
        ("requests", Set::Right),
        ("mean", Set::Right),
        ("p95", Set::Right),
        ("p99", Set::Right),
        ("errors", Set::Right),
    ]);
    for (name, answers) in &level.kinds {
        let times = answers.times.as_ref();
        grid.row(&[
            name.clone(),
            tidy::count(answers.requests as f64),
            ms(times.map(|it| it.mean_ms)),
            ms(times.map(|it| it.p95_ms)),
            ms(times.map(|it| it.p99_ms)),
            tidy::count(answers.errors as f64),
        ]);
    }
    page.table(&grid);
}

fn failures(page: &mut Page<'_>, level: &Level) {
    let bad = level.statuses.iter().filter(|(status, _)| **status >= 300);
    let mut lines: Vec<(String, u64)> =
        bad.map(|(status, number)| (format!("status {status}"), *number)).collect();
    lines.extend(level.failures.iter().map(|(failure, number)| (failure.clone(), *number)));
    if lines.is_empty() {
        return;
    }
    page.heading(&format!("Other answers than wanted at {}", named(level.drive)));
    let mut grid = Grid::new(&[("", Set::Left), ("requests", Set::Right)]);
    for (what, number) in lines {
        grid.row(&[what, tidy::count(number as f64)]);
    }
    page.table(&grid);
}
