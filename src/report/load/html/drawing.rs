//! The drawings: what was measured and predicted over the levels, and one level second by second.

use serde_json::{Value, json};

use super::super::super::html::axis::{Axis, px};
use super::super::super::html::plot::{Points, across, label, largest, panel, path, ticks};
use super::super::super::tidy;
use super::super::named;
use crate::load::judge::{Answer, Compared};
use crate::load::measured::{Level, Second};
use crate::load::plan::{Drive, Test};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 500.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 850.0;
/// Top and bottom of the upper and of the lower panel.
const UPPER: (f64, f64) = (30.0, 250.0);
const LOWER: (f64, f64) = (300.0, 440.0);
/// Places that a drawing of seconds has at most.
const PLACES: usize = 240;

/// A line of a panel: its name, its look, its points, and whether these are marked.
type Line<'a> = (&'a str, &'a str, Points, bool);

/// Response times and throughput over the levels; `null` below two of them.
pub(super) fn levels(test: &Test, answer: &Answer) -> Value {
    let size = |one: &Compared| one.level.drive.size();
    let mut levels: Vec<&Compared> = answer.levels.iter().collect();
    levels.sort_by(|one, other| size(one).total_cmp(&size(other)));
    if levels.len() < 2 {
        return Value::Null;
    }
    let points = |of: &dyn Fn(&Compared) -> Option<f64>| -> Points {
        levels.iter().map(|one| (size(one), of(one))).collect()
    };
    let times = |of: fn(&crate::load::measured::Times) -> f64| {
        points(&|one| one.level.all.times.as_ref().map(|times| of(times) / 1e3))
    };
    let upper: [Line<'_>; 4] = [
        ("mean", "mean", times(|it| it.mean_ms), true),
        ("p95", "p95", times(|it| it.p95_ms), true),
        ("", "predicted", points(&|one| Some(one.predicted.response.mean_s.value)), false),
        ("", "predicted p95", points(&|one| Some(one.predicted.response.p95_s.value)), false),
    ];
    let lower: [Line<'_>; 2] = [
        ("rps", "rps", points(&|one| Some(one.level.throughput_rps)), true),
        ("", "predicted", points(&|one| Some(one.predicted.throughput_rps.value)), false),
    ];
    let along = match test.levels.first() {
        Some(Drive::Rate(_)) => "requests per second asked for",
        _ => "people at once",
    };
    let limits: Vec<(f64, String)> = answer
        .objectives
        .iter()
        .filter(|one| one.objective == "mean" || one.objective == "p95")
        .map(|one| {
            (one.limit / 1e3, format!("{} asked for: {}", one.objective, tidy::duration(one.limit / 1e3)))
        })
        .collect();
    let mut drawing = drawing("levels", (along, &|at: f64| tidy::count(at)), &upper, &lower, &limits);
    drawing["said"] = json!(
        "Response time and throughput at each level, as measured and as predicted; the table has the numbers."
    );
    drawing["key"] = json!([
        ["mean", "mean, measured"],
        ["p95", "95th percentile (p95), measured"],
        ["predicted", "predicted, of the same name"]
    ]);
    drawing
}

/// The counted part of a level second by second; `null` below two seconds.
pub(super) fn seconds(level: &Level) -> Value {
    let places = thinned(&level.seconds, level.duration_s);
    if places.len() < 2 {
        return Value::Null;
    }
    let of = |value: &dyn Fn(&Place) -> Option<f64>| -> Points {
        places.iter().map(|place| (place.at_s, value(place))).collect()
    };
    let upper: [Line<'_>; 1] = [("mean", "mean", of(&|place| place.mean_s), false)];
    let errors = of(&|place| Some(place.errors_rps));
    let mut lower: Vec<Line<'_>> = vec![("answers", "rps", of(&|place| Some(place.rps)), false)];
    let mut key = vec![json!(["mean", "mean response time; answers to requests of that second"])];
    if errors.iter().any(|(_, value)| *value > Some(0.0)) {
        lower.push(("errors", "errors", errors, false));
        key.push(json!(["errors", "errors"]));
    }
    let mut drawing =
        drawing("seconds", ("seconds of the counted part", &|at: f64| tidy::count(at)), &upper, &lower, &[]);
    drawing["said"] =
        json!(format!("Response time and throughput second by second at {}.", named(level.drive)));
    drawing["key"] = Value::Array(key);
    drawing
}

/// A second, or the mean of several.
struct Place {
    at_s: f64,
    mean_s: Option<f64>,
    rps: f64,
    errors_rps: f64,
}

/// At most [`PLACES`] of them; what the level broke off within a second is left out: its rate would be that of a part.
fn thinned(seconds: &[Second], duration_s: f64) -> Vec<Place> {
    let whole: Vec<&Second> = seconds.iter().filter(|one| one.at_s + 1.0 <= duration_s + 1e-6).collect();
    let every = whole.len().div_ceil(PLACES).max(1);
    let place = |group: &[&Second]| {
        let number = group.len() as f64;
        let well = |one: &Second| one.requests.saturating_sub(one.errors) as f64;
        let answered: f64 = group.iter().map(|one| well(one)).sum();
        let time: f64 = group.iter().filter_map(|one| one.mean_ms.map(|mean| mean * well(one))).sum();
        Place {
            at_s: group.first().map_or(0.0, |one| one.at_s),
            mean_s: (answered > 0.0).then(|| time / answered / 1e3),
            rps: answered / number,
            errors_rps: group.iter().map(|one| one.errors as f64).sum::<f64>() / number,
        }
    };
    whole.chunks(every).map(place).collect()
}

/// Two panels over one axis.
fn drawing(
    id: &str,
    (along_title, write): (&str, &dyn Fn(f64) -> String),
    upper: &[Line<'_>],
    lower: &[Line<'_>],
    limits: &[(f64, String)],
) -> Value {
    let furthest = largest(upper.iter().chain(lower).flat_map(|line| line.2.iter().map(|(at, _)| *at)));
    let along = Axis { end: furthest.max(1e-6) * 1.02, from: LEFT, to: RIGHT };
    let highest = |lines: &[Line<'_>]| {
        largest(lines.iter().flat_map(|line| line.2.iter().filter_map(|(_, value)| *value)))
    };
    let seen = highest(upper);
    // An objective is drawn where it lies within sight of what was measured.
    let limit = largest(limits.iter().map(|(limit, _)| *limit).filter(|limit| *limit <= seen * 3.0));
    let times = Axis { end: (seen.max(limit) * 1.12).max(1e-6), from: UPPER.1, to: UPPER.0 };
    let rates = Axis { end: (highest(lower) * 1.12).max(1e-6), from: LOWER.1, to: LOWER.0 };
    let lines = |lines: &[Line<'_>], axis: &Axis| -> Vec<Value> {
        lines
            .iter()
            .map(|(name, look, points, marked)| {
                let dot = |(at, value): &(f64, Option<f64>)| {
                    value.map(|value| json!({ "x": px(along.at(*at)), "y": px(axis.at(value)) }))
                };
                let dots: Vec<Value> =
                    if *marked { points.iter().filter_map(dot).collect() } else { Vec::new() };
                let end = if name.is_empty() { Value::Null } else { label(points, &along, axis, name) };
                json!({ "look": look, "d": path(points, &along, axis), "end": end, "dots": dots })
            })
            .collect()
    };
    let whole =
        |place: (f64, f64), axis: &Axis, title: &str, of: &[Line<'_>], write: &dyn Fn(f64) -> String| {
            let mut panel = panel(place, axis, write);
            panel["title"] = json!(title);
            panel["lines"] = Value::Array(lines(of, axis));
            panel["limits"] = json!([]);
            panel
        };
    let mut above = whole(UPPER, &times, "response time", upper, &tidy::duration);
    above["limits"] = limits.iter().filter_map(|(limit, text)| across(*limit, &times, text)).collect();
    let below = whole(LOWER, &rates, "requests per second", lower, &|rate| tidy::significant(rate, 3));
    json!({
        "id": id, "width": px(WIDTH), "height": px(HEIGHT), "left": px(LEFT), "right": px(RIGHT),
        "inner": px(RIGHT - LEFT), "tick_x": px(LEFT - 10.0), "text_x": px(LEFT + 8.0), "middle": px((LEFT + RIGHT) / 2.0),
        "along": ticks(&along, write), "along_text": px(LOWER.1 + 20.0), "along_title_y": px(LOWER.1 + 42.0),
        "along_title": along_title,
        "panels": [above, below],
    })
}
