//! The load curve: response time above, throughput below, over one axis of users, with the load line and the spec's users.

use serde_json::{Value, json};

use super::axis::{Axis, px};
use super::plot::{Points, across, label, largest, panel, path, ticks};
use crate::report::tidy;
use crate::sizing::{CurvePoint, LoadLine};
use crate::spec::Spec;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 860.0;
/// Top and bottom of the upper and of the lower panel.
const UPPER: (f64, f64) = (52.0, 292.0);
const LOWER: (f64, f64) = (332.0, 482.0);
const HEIGHT: f64 = 530.0;

/// The drawing; `null` without points.
pub(super) fn curve(spec: &Spec, line: &LoadLine) -> Value {
    let Some(last) = line.curve.last().map(|point| f64::from(point.users)).filter(|users| *users > 0.0)
    else {
        return Value::Null;
    };
    let asked = spec.load.users.mid;
    let reached = line.limits.iter().filter_map(|reached| reached.at_users).map(f64::from);
    let interesting = reached.chain([asked, f64::from(line.users)]).fold(0.0, f64::max) * 1.08;
    let users = Axis { end: interesting.min(last).max(asked * 1.02), from: LEFT, to: RIGHT };
    let seen: Vec<&CurvePoint> =
        line.curve.iter().filter(|point| f64::from(point.users) <= users.end * 1.1).collect();
    let objectives = [("mean", spec.objectives.mean_s), ("p95", spec.objectives.p95_s)];
    let slowest = response_end(&seen, &objectives);
    let response = Axis { end: slowest, from: UPPER.1, to: UPPER.0 };
    let fastest = largest(seen.iter().map(|point| point.throughput_rps)).max(1.0) * 1.12;
    let throughput = Axis { end: fastest, from: LOWER.1, to: LOWER.0 };
    let mean: Points = seen.iter().map(|point| (f64::from(point.users), Some(point.mean_s))).collect();
    let p95: Points = seen.iter().map(|point| (f64::from(point.users), point.p95_s)).collect();
    let rps: Points = seen.iter().map(|point| (f64::from(point.users), Some(point.throughput_rps))).collect();
    let levels: Vec<Value> = objectives
        .iter()
        .filter_map(|(name, limit_s)| limit_s.map(|limit_s| (name, limit_s)))
        .filter_map(|(name, limit_s)| {
            across(limit_s, &response, &format!("{name} asked for: {}", tidy::duration(limit_s)))
        })
        .collect();
    json!({
        "width": px(WIDTH), "height": px(HEIGHT), "left": px(LEFT), "right": px(RIGHT),
        "inner": px(RIGHT - LEFT), "tick_x": px(LEFT - 10.0),
        "upper": panel(UPPER, &response, tidy::duration),
        "lower": panel(LOWER, &throughput, |rate| tidy::significant(rate, 3)),
        "users_ticks": ticks(&users, tidy::count),
        "users_text": px(LOWER.1 + 20.0), "users_title": px(LOWER.1 + 42.0), "middle": px((LEFT + RIGHT) / 2.0),
        "mean": path(&mean, &users, &response), "p95": path(&p95, &users, &response),
        "rps": path(&rps, &users, &throughput),
        "mean_end": label(&mean, &users, &response, "mean"), "p95_end": label(&p95, &users, &response, "p95"),
        "rps_end": label(&rps, &users, &throughput, "rps"),
        "levels": levels,
        "load_line": upright(f64::from(line.users), asked, &users, "load line"),
        "asked": upright(asked, f64::from(line.users), &users, "spec"),
        "points": table(&seen),
    })
}

/// Response times beyond saturation grow without end: the axis shows twice the objective, or the whole curve where it is lower.
fn response_end(seen: &[&CurvePoint], objectives: &[(&str, Option<f64>)]) -> f64 {
    let highest = largest(seen.iter().flat_map(|point| [Some(point.mean_s), point.p95_s]).flatten());
    let asked = largest(objectives.iter().filter_map(|(_, limit_s)| *limit_s));
    let first = seen.first().map_or(0.0, |point| point.p95_s.unwrap_or(point.mean_s));
    let most = if asked > 0.0 { (asked * 2.0).max(first * 1.5) } else { first * 6.0 };
    let end = if most.is_finite() && most > 0.0 { highest.min(most) } else { highest };
    end.max(asked * 1.15).max(1e-6)
}

/// An upright line at a number of users; its text stands on the side away from the other line.
fn upright(at: f64, other: f64, users: &Axis, name: &str) -> Value {
    if at > users.end {
        return Value::Null;
    }
    let x = users.at(at);
    let leftwards = if x > RIGHT - 170.0 { true } else { x > LEFT + 170.0 && at < other };
    let (anchor, text_x) = if leftwards { ("end", x - 6.0) } else { ("start", x + 6.0) };
    json!({
        "x": px(x), "text_x": px(text_x), "anchor": anchor,
        "text": format!("{name}: {} users", tidy::count(at)),
    })
}

/// At most sixteen of the points that have every value, for readers of tables.
fn table(seen: &[&CurvePoint]) -> Value {
    let whole: Vec<&&CurvePoint> = seen.iter().filter(|point| point.p95_s.is_some()).collect();
    let seen = if whole.is_empty() { seen.iter().collect() } else { whole };
    let every = seen.len().div_ceil(16).max(1);
    seen.iter()
        .step_by(every)
        .map(|point| {
            json!([
                tidy::count(f64::from(point.users)),
                tidy::significant(point.throughput_rps, 3),
                tidy::duration(point.mean_s),
                point.p95_s.map_or_else(|| "not worked out".to_owned(), tidy::duration),
                tidy::percent(point.app_utilisation),
            ])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn the_load_line_and_the_spec_stand_at_their_users() {
        let drawing = curve(&fixtures::spec(), &fixtures::sizing().load_line);
        let x = |name: &str| drawing[name]["x"].as_str().unwrap().parse::<f64>().unwrap();
        // The axis ends at the last point, 3200 users, and is 776 long: 1972 and 2000 users are 6.8 apart.
        assert!((x("load_line") - (84.0 + 1972.0 / 3200.0 * 776.0)).abs() < 0.1);
        assert!((x("asked") - (84.0 + 2000.0 / 3200.0 * 776.0)).abs() < 0.1);
        assert_eq!(drawing["load_line"]["anchor"], "end", "the two texts stand on different sides");
        assert_eq!(drawing["asked"]["anchor"], "start");
    }

    #[test]
    fn a_curve_that_explodes_does_not_flatten_the_part_that_matters() {
        let mut line = fixtures::sizing().load_line;
        line.curve[31].p95_s = Some(60.0);
        let seen: Vec<&CurvePoint> = line.curve.iter().collect();
        assert_eq!(response_end(&seen, &[("p95", Some(0.5))]), 1.0);
    }
}
