//! What is doubtful about a calibration, and why there is none: the warnings of the capacity model, section 5.

use super::component::Component;
use super::contention::Contention;
use super::demand::Demand;
use super::load::Load;
use super::observed::Run;
use super::options::Unclear;
use super::scaling::CoreScaling;
use super::timeline::Timeline;
use super::windows::{MOST_ERRORS, Windows};
use super::{Calibration, Level};
use crate::spec::Spec;

/// Levels that a calibration should have.
const LEVELS: usize = 6;
/// Length of a level, s.
const LEVEL_S: f64 = 120.0;
/// Requests in a level.
const LEVEL_REQUESTS: f64 = 10_000.0;
/// The highest rate over the lowest: below it a demand is known to a tenth at best.
const RANGE: f64 = 2.0;
/// Up to which utilisation a test should go for waits and bends to be told.
const TESTED: f64 = 0.7;
/// A prediction further off than this is no description of what was measured.
const OFF: f64 = 0.15;

/// No window could be used.
pub(super) fn nothing(windows: &Windows) -> Unclear {
    let sentence = if windows.erroneous > 0 {
        format!("in every window more than {} % of the requests failed", MOST_ERRORS * 100.0)
    } else {
        "no load stood still for as long as three windows".to_owned()
    };
    Unclear::new(
        sentence,
        "repeat the test with levels of two minutes (loadline load --steps 10%,25%,50%,75%,95%)",
    )
}

/// Nothing of the application or the database was measured while requests came.
pub(super) fn apart(load: &Load, line: &Timeline) -> Unclear {
    let at = |seconds: f64| {
        jiff::Timestamp::from_second(seconds as i64).map_or_else(|_| "?".to_owned(), |it| it.to_string())
    };
    let test = line.seconds.first_key_value().zip(line.seconds.last_key_value());
    match (load.span(), test) {
        (Some((from_s, to_s)), Some(((first, _), (last, _))))
            if to_s < *first as f64 || from_s > *last as f64 =>
        {
            let sentence = format!(
                "the utilisation is of {} to {}, and the test ran from {} to {}",
                at(from_s),
                at(to_s),
                at(*first as f64),
                at(*last as f64)
            );
            Unclear::new(
                sentence,
                "check the clocks and time zones of both, or name the file of the same test",
            )
        }
        _ => Unclear::new(
            "no utilisation of the application or the database was measured while the load stood still",
            "record it at least every ten seconds: loadline check SPEC --json --continuous --interval 5",
        ),
    }
}

/// Everything that is to be known about a calibration.
pub(super) fn about(
    spec: &Spec,
    found: &Calibration,
    windows: &Windows,
    runs: &[Run],
    load: &Load,
) -> Vec<String> {
    let mut sentences = Vec::new();
    design(&found.levels, &mut sentences);
    left_out(windows, runs, &mut sentences);
    for demand in &found.demands {
        fit(demand, &mut sentences);
    }
    for component in load.measured().filter(|it| !found.demands.iter().any(|demand| demand.component == *it))
    {
        sentences.push(format!(
            "The {} was measured, and the spec has nothing that it could be written to.",
            component.word()
        ));
    }
    if spec.database.is_some() && !found.demands.iter().any(|it| it.component == Component::Database) {
        sentences.push("The database was not measured: its time is part of the waits now, and does not grow with the load.".into());
    }
    if found.waits_s.iter().all(Option::is_none) {
        sentences.push("No level was below 85 % of its cores: the waits are left as they are.".into());
    }
    bend(found.contention.as_ref(), &mut sentences);
    misses(&found.levels, &mut sentences);
    sentences
}

fn design(levels: &[Level], sentences: &mut Vec<String>) {
    let count = levels.len();
    if count < LEVELS {
        let had = if count == 1 { "one level".to_owned() } else { format!("{count} levels") };
        sentences.push(format!(
            "The test had {had}; {LEVELS} tell more, from a tenth of the full load to beyond it."
        ));
    }
    let short =
        levels.iter().filter(|level| level.seconds < LEVEL_S || level.requests < LEVEL_REQUESTS).count();
    if short > 0 {
        sentences.push(format!(
            "After the warm-up, {short} of {count} levels are shorter than {LEVEL_S} s or have fewer than {LEVEL_REQUESTS} requests."
        ));
    }
    let rates = levels.iter().map(|level| level.throughput_rps);
    let (low, high) = rates.fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
    if high < low * RANGE {
        sentences.push(format!(
            "The rates reach from {low:.0} to {high:.0} requests a second: too narrow a range to tell demands well."
        ));
    }
}

fn left_out(windows: &Windows, runs: &[Run], sentences: &mut Vec<String>) {
    if windows.never_still {
        sentences.push("The load never stood still: all of it was taken, and responses may belong to another load than they are counted at.".into());
    }
    if windows.erroneous > 0 {
        sentences.push(format!(
            "{} windows are left out: more than {} % of their requests failed.",
            windows.erroneous,
            MOST_ERRORS * 100.0
        ));
    }
    let dropped: f64 = runs.iter().map(|run| run.dropped).sum();
    if dropped > 0.0 {
        sentences.push(format!(
            "The generator could not begin {dropped} requests in time: it may have been the bottleneck."
        ));
    }
}

fn fit(demand: &Demand, sentences: &mut Vec<String>) {
    let word = demand.component.word();
    if demand.background_cores.is_none() {
        sentences.push(format!("What the {word} does without requests could not be told from what it does for them, and counts as theirs."));
    }
    if !demand.told_apart && demand.per_request_s.iter().flatten().count() > 1 {
        sentences.push(format!(
            "On the {word} the kinds of requests could not be told apart: the mix hardly varied from level to level (condition number {}). The spec's values are all scaled by one factor; tests of one kind each tell more.",
            if demand.condition.is_finite() { format!("{:.0}", demand.condition) } else { "infinite".into() }
        ));
    }
    match demand.scaling.filter(CoreScaling::is_seen) {
        Some(found) => sentences.push(format!(
            "With {:.1} cores of the {word} at work a request took {:.2} times the CPU of one alone: {word}.contention and {word}.coherency say so, and hold for about as many cores.",
            found.tested_to, found.slowdown.mid
        )),
        None if demand.scaling.is_none() && !demand.law.is_none() => sentences.push(format!(
            "Whether the cores of the {word} get in each other's way is not told by this test: what the spec says of it was taken."
        )),
        None => {}
    }
    if demand.highest < TESTED {
        sentences.push(format!(
            "The {word} was at most {:.0} % busy: what happens above {:.0} % is what the model says, not what was seen.",
            demand.highest * 100.0, TESTED * 100.0
        ));
    }
    if demand.mean_s.relative().is_none_or(|half| half > 0.1) {
        sentences.push(format!(
            "The demand of the {word} is known to {} only.",
            demand
                .mean_s
                .relative()
                .map_or_else(|| "nothing".into(), |half| format!("{:.0} %", half * 100.0))
        ));
    }
}

fn bend(contention: Option<&Contention>, sentences: &mut Vec<String>) {
    match contention {
        None => sentences.push("Too few different levels to say how throughput bends.".into()),
        Some(law) if law.peak_in_flight.is_none() => {
            sentences.push(format!("Where throughput is highest cannot be told: the test went to {:.1} requests in flight, which is not near enough.", law.tested_to));
        }
        Some(_) => {}
    }
}

fn misses(levels: &[Level], sentences: &mut Vec<String>) {
    for level in levels {
        let Some((_, predicted_s)) = level.predicted else { continue };
        if (predicted_s / level.response_s - 1.0).abs() > OFF {
            sentences.push(format!(
                "At {:.0} requests a second the calibrated spec says {:.1} ms and {:.1} ms were measured: something else than CPU and a constant wait is at work (locks, pools, single-threaded workers).",
                level.throughput_rps, predicted_s * 1e3, level.response_s * 1e3
            ));
        }
    }
}
