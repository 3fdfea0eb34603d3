//! A calibration for a person: what was measured, what follows from it, what is doubtful, and the difference of the spec.

use super::super::escape::plain;
use super::super::look::{Look, Tone};
use super::super::page::{Grid, Page, Set};
use super::super::tidy;
use super::super::words::plural;
use super::CalibrateView;
use crate::calibrate::{Contention, CoreScaling, Demand, Estimate, Level};

/// What was learned.
pub fn calibrate_text(view: CalibrateView<'_>, look: &Look) -> String {
    let found = view.found;
    let mut page = Page::new(look);
    let requests: f64 = view.results.iter().map(|(_, _, requests)| requests).sum();
    let files: Vec<String> =
        view.results.iter().map(|(file, format, _)| format!("{file} ({format})")).collect();
    page.sentence(&plain(&format!(
        "{} requests in {}: {} in {}.",
        tidy::count(requests),
        files.join(", "),
        plural(found.levels.len(), "level"),
        plural(found.windows, "window")
    )));
    levels(&mut page, &found.levels);
    demands(&mut page, &found.demands, view.kinds);
    waits(&mut page, &found.waits_s, view.kinds);
    if let Some(law) = &found.contention {
        contention(&mut page, law);
    }
    if !found.findings.is_empty() {
        page.heading("To be known");
        for finding in &found.findings {
            page.marked(Tone::Plain, "-", 2, finding);
        }
    }
    let difference = view.difference();
    page.heading("The spec");
    if difference.is_empty() {
        page.sentence("It says what was measured already: nothing changes.");
    }
    for line in difference.lines() {
        let tone = match line.as_bytes().first() {
            Some(b'+') => Tone::Good,
            Some(b'-') => Tone::Bad,
            _ => Tone::Plain,
        };
        let painted = page.look().paint(tone, &plain(line));
        page.line(&painted);
    }
    if view.written {
        page.sentence(&format!("Written to {}. loadline size shows what follows from it.", plain(view.spec)));
    } else if !difference.is_empty() {
        page.sentence("Nothing was written. --write writes it; git can take it back.");
    }
    page.finish()
}

/// A value with its interval: `2.24 ms (2.19 to 2.30)`.
fn time(estimate: Estimate) -> String {
    let Estimate { mid, low, high } = estimate;
    format!("{} ({} to {})", tidy::duration(mid), tidy::duration(low), tidy::duration(high))
}

/// A share with its interval: `1.8 % (1.2 to 2.5)`.
fn share(estimate: Estimate) -> String {
    let shown = |value: f64| tidy::significant(value * 1e2, 2);
    format!("{} % ({} to {})", shown(estimate.mid), shown(estimate.low), shown(estimate.high))
}

fn figure(estimate: Estimate, digits: i32) -> String {
    let shown = |value| tidy::significant(value, digits);
    format!("{} ({} to {})", shown(estimate.mid), shown(estimate.low), shown(estimate.high))
}

fn levels(page: &mut Page<'_>, levels: &[Level]) {
    page.heading("Measured, and what the calibrated spec says");
    let mut grid = Grid::new(&[
        ("users", Set::Right),
        ("rps", Set::Right),
        ("says", Set::Right),
        ("mean", Set::Right),
        ("says", Set::Right),
        ("busiest", Set::Right),
        ("for", Set::Right),
    ]);
    let unknown = || "unknown".to_owned();
    for level in levels {
        let (rps, mean) = level.predicted.map_or_else(
            || (unknown(), unknown()),
            |(rps, response_s)| (tidy::significant(rps, 4), tidy::duration(response_s)),
        );
        grid.row(&[
            level.users.map_or_else(unknown, tidy::count),
            tidy::significant(level.throughput_rps, 4),
            rps,
            tidy::duration(level.response_s),
            mean,
            level.utilisation.map_or_else(unknown, tidy::percent),
            tidy::duration(level.seconds),
        ]);
    }
    page.table(&grid);
}

fn demands(page: &mut Page<'_>, demands: &[Demand], kinds: &[String]) {
    for demand in demands {
        let word = demand.component.word();
        page.heading(&format!("CPU of the {word}, on {}", tidy::amount(demand.cores, "cores")));
        let mut grid = Grid::new(&[("", Set::Left), ("CPU, and where it lies with 90 %", Set::Left)]);
        for (name, of) in kinds.iter().zip(&demand.per_request_s) {
            if let Some(of) = of {
                grid.row(&[name.clone(), time(*of)]);
            }
        }
        grid.row(&["a request of the mix".to_owned(), time(demand.mean_s)]);
        if let Some(background) = demand.background_cores {
            grid.row(&["without requests".to_owned(), format!("{} cores", figure(background, 2))]);
        }
        if let Some(found) = demand.scaling.filter(CoreScaling::is_seen) {
            grid.row(&["contention".to_owned(), share(found.contention)]);
            grid.row(&["coherency".to_owned(), share(found.coherency)]);
            let most = format!("at {} at work, times", tidy::amount(found.tested_to, "cores"));
            grid.row(&[most, figure(found.slowdown, 3)]);
        }
        if let Some(limit) = demand.limit_rps() {
            grid.row(&["its cores can do".to_owned(), tidy::rps(limit)]);
        }
        page.table(&grid);
    }
}

fn waits(page: &mut Page<'_>, waits_s: &[Option<Estimate>], kinds: &[String]) {
    page.heading("Waits");
    let mut grid = Grid::new(&[("", Set::Left), ("neither CPU nor queueing", Set::Left)]);
    for (name, wait) in kinds.iter().zip(waits_s) {
        grid.row(&[name.clone(), wait.map_or_else(|| "not told".to_owned(), time)]);
    }
    page.table(&grid);
}

fn contention(page: &mut Page<'_>, law: &Contention) {
    page.heading("How throughput bends");
    let mut grid = Grid::new(&[("", Set::Left), ("", Set::Left)]);
    grid.row(&["alpha (cannot be done at once)".to_owned(), figure(law.alpha, 2)]);
    grid.row(&["beta (agreeing with each other)".to_owned(), figure(law.beta, 2)]);
    grid.row(&["highest throughput, 1/s".to_owned(), figure(law.peak_rps, 3)]);
    let place = law.peak_in_flight.map_or_else(|| "not told".to_owned(), |it| figure(it, 3));
    grid.row(&["requests in flight there".to_owned(), place]);
    page.table(&grid);
}
