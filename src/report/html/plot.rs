//! Lines over an axis that several panels share: ticks, paths, and the names at their ends.

use serde_json::{Value, json};

use super::axis::{Axis, px};

/// Places along the shared axis with values; `None`: not known there.
pub(in crate::report) type Points = Vec<(f64, Option<f64>)>;

/// The largest of those that are finite; 0 without one.
pub(in crate::report) fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// A panel between two heights, with its ticks.
pub(in crate::report) fn panel(
    (top, bottom): (f64, f64),
    axis: &Axis,
    write: impl Fn(f64) -> String,
) -> Value {
    let ticks: Vec<Value> = axis
        .ticks()
        .into_iter()
        .map(|tick| json!({ "y": px(axis.at(tick)), "text_y": px(axis.at(tick) + 4.0), "text": write(tick) }))
        .collect();
    json!({ "top": px(top), "bottom": px(bottom), "height": px(bottom - top), "title_y": px(top - 12.0), "ticks": ticks })
}

/// Ticks of the shared axis.
pub(in crate::report) fn ticks(along: &Axis, write: impl Fn(f64) -> String) -> Value {
    along.ticks().into_iter().map(|tick| json!({ "x": px(along.at(tick)), "text": write(tick) })).collect()
}

/// The line through the known points: percentiles are worked out at some places only. It ends where a value has no end.
pub(in crate::report) fn path(points: &Points, along: &Axis, axis: &Axis) -> String {
    let known = points.iter().filter_map(|(at, value)| value.map(|value| (*at, value)));
    let mut out = String::new();
    for (at, value) in known.take_while(|(_, value)| value.is_finite()) {
        // Far beyond the panel the position no longer matters: the panel clips it.
        let y = axis.at(value.min(axis.end * 4.0));
        out.push_str(&format!("{}{} {} ", if out.is_empty() { 'M' } else { 'L' }, px(along.at(at)), px(y)));
    }
    out.trim_end().to_owned()
}

/// Where a line leaves the panel or ends: its name stands there.
pub(in crate::report) fn label(points: &Points, along: &Axis, axis: &Axis, name: &str) -> Value {
    let inside = |(at, value): &&(f64, Option<f64>)| {
        *at <= along.end && value.is_some_and(|value| value.is_finite() && value <= axis.end)
    };
    match points.iter().rev().find(inside) {
        Some((at, Some(value))) => {
            json!({ "x": px(along.at(*at) + 8.0), "y": px(axis.at(*value) + 4.0), "text": name })
        }
        _ => Value::Null,
    }
}

/// A level across a panel with its text; nothing above the panel.
pub(in crate::report) fn across(value: f64, axis: &Axis, text: &str) -> Option<Value> {
    let y = axis.at(value);
    (value <= axis.end).then(|| json!({ "y": px(y), "text_y": px(y - 6.0), "text": text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_passes_over_what_is_not_worked_out_and_ends_where_a_value_has_no_end() {
        let points =
            vec![(0.0, Some(1.0)), (1.0, None), (2.0, Some(2.0)), (3.0, Some(f64::NAN)), (4.0, Some(3.0))];
        let axis = Axis { end: 4.0, from: 0.0, to: 40.0 };
        assert_eq!(path(&points, &axis, &axis), "M0 10 L20 20");
    }
}
