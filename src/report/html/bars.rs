//! Cost bars: one for each cloud, stacked by tier; a bill with unknown prices ends open.

use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::axis::{Axis, px};
use crate::market::{Comparison, Completeness};
use crate::report::bill::{tier_totals, total_text, unknown_text};
use crate::report::tidy;
use crate::report::words::{TIERS, Word};

/// Left end of the bars: room for the names of the clouds.
const LEFT: f64 = 168.0;
/// Right end of the longest bar: room for the totals.
const RIGHT: f64 = 740.0;
/// Width of the drawing.
const WIDTH: f64 = 960.0;
/// Height of a bar and of the gap under it.
const BAR: f64 = 34.0;
const GAP: f64 = 20.0;
/// Top of the first bar.
const TOP: f64 = 8.0;
/// Least width in which the name of a tier is written into its part.
const ROOM_FOR_NAME: f64 = 62.0;

/// The drawing; `null` when no cloud has a bill.
pub(super) fn bars(comparison: &Comparison) -> Value {
    let total =
        |index: &usize| comparison.clouds[*index].main().map(|main| main.bill.total.to_f64().unwrap_or(0.0));
    let order: Vec<usize> =
        comparison.ranking.iter().copied().filter(|index| *index < comparison.clouds.len()).collect();
    let dearest = order.iter().filter_map(total).fold(0.0, f64::max);
    if dearest <= 0.0 {
        return Value::Null;
    }
    let axis = Axis { end: dearest, from: LEFT, to: RIGHT };
    let rows: Vec<Value> = order
        .iter()
        .enumerate()
        .map(|(place, &index)| row(comparison, index, TOP + place as f64 * (BAR + GAP), &axis))
        .collect();
    let bottom = TOP + rows.len() as f64 * (BAR + GAP) - GAP / 2.0;
    let ticks: Vec<Value> = axis
        .ticks()
        .into_iter()
        .map(|tick| json!({ "x": px(axis.at(tick)), "text": format!("${}", tidy::significant(tick, 3)) }))
        .collect();
    let legend: Vec<&str> =
        TIERS.iter().filter(|tier| has_part(comparison, tier.word())).map(Word::word).collect();
    json!({
        "width": px(WIDTH), "height": px(bottom + 26.0), "bottom": px(bottom), "tick_text": px(bottom + 18.0),
        "bar": px(BAR), "rows": rows, "ticks": ticks, "legend": legend,
        "name_x": px(LEFT - 12.0),
    })
}

fn has_part(comparison: &Comparison, tier: &str) -> bool {
    let mains = comparison.clouds.iter().filter_map(|outcome| outcome.main());
    mains
        .flat_map(|main| tier_totals(&main.bill))
        .any(|total| total.tier.word() == tier && !total.known.is_zero())
}

fn row(comparison: &Comparison, index: usize, y: f64, axis: &Axis) -> Value {
    let outcome = &comparison.clouds[index];
    let middle = y + BAR / 2.0 + 5.0;
    let Some(main) = outcome.main() else {
        return json!({
            "name": outcome.title, "note": outcome.region, "y": px(y), "middle": px(middle),
            "upper": px(middle - 8.0), "lower": px(middle + 8.0), "parts": [],
            "total": "no design is possible", "total_x": px(LEFT + 4.0), "open": null, "gap": null,
        });
    };
    let mut x = LEFT;
    let mut parts = Vec::new();
    for total in tier_totals(&main.bill) {
        let width = axis.at(total.known.to_f64().unwrap_or(0.0)) - LEFT;
        if width > 0.0 {
            let name = if width >= ROOM_FOR_NAME { total.tier.word() } else { "" };
            parts.push(json!({
                "tier": total.tier.word(), "x": px(x), "width": px(width), "name": name, "name_x": px(x + 8.0),
                "title": format!("{}: {} {}", outcome.title, total.tier.word(), total.text()),
            }));
            x += width;
        }
    }
    let open = main.bill.completeness != Completeness::Complete;
    json!({
        "name": outcome.title, "note": outcome.region, "y": px(y), "middle": px(middle),
        "upper": px(middle - 8.0), "lower": px(middle + 9.0), "parts": parts,
        "total": total_text(&main.bill), "total_x": px(if open { x + 40.0 } else { x + 10.0 }),
        "open": open.then(|| px(x)), "gap": unknown_text(&main.bill),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn the_longest_bar_reaches_the_end_and_the_others_are_in_proportion() {
        let drawing = bars(&fixtures::comparison());
        let length = |row: usize| {
            let parts = drawing["rows"][row]["parts"].as_array().unwrap();
            parts.iter().map(|part| part["width"].as_str().unwrap().parse::<f64>().unwrap()).sum::<f64>()
        };
        assert!((length(0) - (RIGHT - LEFT)).abs() < 0.5);
        // South: 708.00 of 1692.80.
        assert!((length(1) / length(0) - 0.418).abs() < 0.002);
    }

    #[test]
    fn an_incomplete_bar_ends_open_and_an_impossible_one_has_no_parts() {
        let drawing = bars(&fixtures::comparison());
        assert!(drawing["rows"][0]["open"].is_null());
        assert!(drawing["rows"][2]["open"].is_string());
        assert_eq!(drawing["rows"][2]["gap"], "2 prices unknown");
        assert_eq!(drawing["rows"][3]["parts"].as_array().unwrap().len(), 0);
    }
}
