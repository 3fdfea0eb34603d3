//! Designs and bills as JSON.

use loadline_contract::Lifecycle;
use serde_json::{Value, json};

use super::prediction::{findings, load_line, prediction};
use super::{amount_or_null, exact_or_null, number, number_or_null};
use crate::market::{Bill, Candidate, Completeness, Design, LifecycleNote, Pick, Tier};
use crate::report::words::Word;

/// A design with its bill; the same fields as a cloud has at its top.
pub(super) fn candidate(candidate: &Candidate) -> Value {
    json!({
        "monthly_usd": amount_or_null(Some(candidate.bill.total)),
        "complete": complete(&candidate.bill),
        "unknown": unknown(&candidate.bill),
        "per_1000_requests_usd": exact_or_null(candidate.bill.per_1000_requests),
        "meets_objectives": candidate.misses.is_empty(),
        "misses": findings(&candidate.misses),
        "zones": candidate.design.zones,
        "tiers": tiers(&candidate.design),
        "tier_totals": tier_totals(&candidate.bill),
        "lines": lines(&candidate.bill),
        "lifecycle": lifecycle(&candidate.lifecycle),
        "left_out": candidate.bill.left_out,
        "prediction": prediction(&candidate.prediction),
        "load_line": load_line(&candidate.load_line),
    })
}

fn complete(bill: &Bill) -> bool {
    bill.completeness == Completeness::Complete
}

/// The lines whose price no source states; null means unknown, so the total is then only a lower bound.
fn unknown(bill: &Bill) -> &[String] {
    match &bill.completeness {
        Completeness::Complete => &[],
        Completeness::Incomplete(lines) => lines,
    }
}

/// One entry for each tier that can have a product; offer and count are null where the design has none.
fn tiers(design: &Design) -> Value {
    let pick = |tier: Tier, pick: Option<&Pick>| match pick {
        Some(pick) => json!({
            "tier": tier.word(), "offer": pick.offer.sku, "count": pick.count, "term": pick.term.word(),
            "by": pick.by.word(), "family": pick.offer.family, "vcpus": number_or_null(pick.offer.shape.vcpus),
            "cores": number_or_null(pick.offer.shape.cores),
            "memory_gib": number_or_null(pick.offer.shape.memory_gib),
        }),
        None => json!({ "tier": tier.word(), "offer": null, "count": null }),
    };
    let mut tiers = vec![
        pick(Tier::App, Some(&design.app)),
        pick(Tier::Database, design.database.as_ref()),
        pick(Tier::Cache, design.cache.as_ref()),
    ];
    tiers[0]["disk_gib"] = number(design.app_disk_gib);
    tiers[1]["storage_gib"] = number_or_null(design.database_storage_gib);
    tiers.push(match &design.balancer {
        Some(balancer) => {
            json!({ "tier": Tier::Balancer.word(), "offer": balancer.sku, "count": balancer.nodes })
        }
        None => json!({ "tier": Tier::Balancer.word(), "offer": null, "count": null }),
    });
    Value::Array(tiers)
}

/// Known sum of each tier that has lines, and whether it is the whole sum.
fn tier_totals(bill: &Bill) -> Value {
    crate::report::bill::tier_totals(bill)
        .into_iter()
        .map(|total| {
            json!({
                "tier": total.tier.word(), "monthly_usd": amount_or_null(Some(total.known)),
                "complete": total.unknown == 0,
            })
        })
        .collect()
}

fn lines(bill: &Bill) -> Value {
    bill.lines
        .iter()
        .map(|line| {
            json!({
                "tier": line.tier.word(), "what": line.what, "sku": line.sku, "quantity": exact_number(line.quantity),
                "unit": line.unit, "unit_price_usd": exact_or_null(line.unit_price),
                "monthly_usd": amount_or_null(line.amount), "as_of": line.as_of, "source": line.source,
                "note": line.note,
            })
        })
        .collect()
}

/// A decimal as a number, for quantities.
fn exact_number(value: loadline_contract::Money) -> Value {
    number(value.normalize().to_string().parse().unwrap_or(f64::NAN))
}

fn lifecycle(notes: &[LifecycleNote]) -> Value {
    notes
        .iter()
        .map(|note| {
            let (on, successor, source) = match &note.lifecycle {
                Lifecycle::Current => (None, None, None),
                Lifecycle::Legacy { successor, source } => (None, Some(successor), Some(source)),
                Lifecycle::Retiring { on, successor, source, .. }
                | Lifecycle::Retired { on, successor, source } => (Some(on), Some(successor), Some(source)),
            };
            json!({
                "sku": note.sku, "state": note.lifecycle.word(), "on": on, "successor": successor,
                "sentence": note.sentence, "source": source,
            })
        })
        .collect()
}
