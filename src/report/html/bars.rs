//! Cost bars: one for each cloud, stacked by tier; a bill with unknown prices ends open. Lengths are shares in percent, so that the
//! page can be as wide or as narrow as its reader's screen.

use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::axis::px;
use crate::market::{CloudOutcome, Comparison, Completeness};
use crate::report::bill::{tier_totals, total_text, unknown_text};
use crate::report::words::{Standing, TIERS, Word};

/// The drawing; `null` when no cloud has a bill.
pub(super) fn bars(comparison: &Comparison) -> Value {
    let ranked: Vec<&CloudOutcome> =
        comparison.ranking.iter().filter_map(|&index| comparison.clouds.get(index)).collect();
    let totals = ranked.iter().filter_map(|outcome| outcome.main());
    let dearest = totals.map(|main| main.bill.total.to_f64().unwrap_or(0.0)).fold(0.0, f64::max);
    if dearest <= 0.0 {
        return Value::Null;
    }
    let legend: Vec<&str> = TIERS.iter().map(Word::word).filter(|tier| has_part(&ranked, tier)).collect();
    json!({ "rows": ranked.iter().map(|outcome| row(outcome, dearest)).collect::<Value>(), "legend": legend })
}

fn has_part(ranked: &[&CloudOutcome], tier: &str) -> bool {
    let mains = ranked.iter().filter_map(|outcome| outcome.main());
    mains
        .flat_map(|main| tier_totals(&main.bill))
        .any(|total| total.tier.word() == tier && !total.known.is_zero())
}

fn row(outcome: &CloudOutcome, dearest: f64) -> Value {
    let Some(main) = outcome.main() else {
        return json!({
            "name": outcome.title, "region": outcome.region, "total": "no design is possible", "gap": null,
            "length": "0", "parts": [], "open": false, "said": "no design is possible",
        });
    };
    let totals = tier_totals(&main.bill);
    let said: Vec<String> =
        totals.iter().map(|total| format!("{} {}", total.tier.word(), total.text())).collect();
    let sum = main.bill.total.to_f64().unwrap_or(0.0);
    let parts: Vec<Value> = totals
        .iter()
        .zip(&said)
        .map(|(total, said)| (total, said, total.known.to_f64().unwrap_or(0.0)))
        .filter(|(_, _, known)| *known > 0.0)
        .map(|(total, said, known)| {
            json!({ "tier": total.tier.word(), "share": px(known / sum * 100.0), "title": said })
        })
        .collect();
    let gap = match Standing::of(outcome) {
        Standing::FallsShort => Some("less than was asked for".to_owned()),
        _ => unknown_text(&main.bill),
    };
    json!({
        "name": outcome.title, "region": outcome.region, "total": total_text(&main.bill), "gap": gap,
        "length": px(sum / dearest * 100.0), "parts": parts, "said": said.join(", "),
        "open": main.bill.completeness != Completeness::Complete,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    fn number(value: &Value) -> f64 {
        value.as_str().unwrap().parse().unwrap()
    }

    #[test]
    fn the_dearest_bar_is_whole_and_the_others_are_in_proportion() {
        let drawing = bars(&fixtures::comparison());
        assert_eq!(drawing["rows"][0]["length"], "100");
        // South: 708.00 of 1692.80.
        assert_eq!(drawing["rows"][1]["length"], "41.8");
    }

    #[test]
    fn the_parts_fill_their_bar_and_say_their_amount() {
        let drawing = bars(&fixtures::comparison());
        let parts = drawing["rows"][0]["parts"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| number(&part["share"])).sum();
        assert!((sum - 100.0).abs() < 0.5, "{sum}");
        // East, app: 992.80 of 1692.80.
        assert_eq!(parts[0]["share"], "58.6");
        assert_eq!(parts[0]["title"], "app $992.80");
    }

    #[test]
    fn an_incomplete_bar_ends_open_and_an_impossible_one_has_no_parts() {
        let drawing = bars(&fixtures::comparison());
        assert_eq!(drawing["rows"][0]["open"], false);
        assert_eq!(drawing["rows"][2]["open"], true);
        assert_eq!(drawing["rows"][2]["gap"], "2 prices unknown");
        assert_eq!(drawing["rows"][3]["parts"].as_array().unwrap().len(), 0);
    }
}
