//! Designs and bills as JSON.

use loadline_contract::Lifecycle;
use serde_json::{Value, json};

use super::prediction::{findings, load_line, prediction};
use super::{amount_or_null, exact_or_null, number, number_or_null, text_or_null};
use crate::market::{Bill, Candidate, Completeness, Design, LeastRegret, LifecycleNote, Pick, Tier};
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
        "notes": findings(&candidate.notes),
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

/// The design that is least regretted over the worlds of uncertain inputs, then every design that is best in one of them.
pub(super) fn least_regret(least: &LeastRegret) -> Value {
    // Where a price is unknown, a difference of prices is too.
    let difference = |usd| amount_or_null(complete(&least.bill).then_some(usd));
    let regrets: Vec<Value> = least
        .regrets
        .iter()
        .map(|regret| {
            json!({
                "products": regret.products, "expected_usd": difference(regret.expected_usd),
                "worst_usd": difference(regret.worst_usd), "adequate": number(regret.adequate),
            })
        })
        .collect();
    json!({
        "monthly_usd": amount_or_null(Some(least.bill.total)),
        "complete": complete(&least.bill),
        "tiers": tiers(&least.design),
        "lines": lines(&least.bill),
        "regrets": regrets,
        "unserved": number(least.unserved),
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

/// One entry for each tier that can have a product, each with the same fields: null where the design has none of it.
fn tiers(design: &Design) -> Value {
    let none = |tier: Tier| {
        json!({
            "tier": tier.word(), "offer": null, "count": null, "term": null, "availability": null, "by": null,
            "family": null, "vcpus": null, "cores": null, "memory_gib": null, "disk_gib": null,
        })
    };
    let picked = |tier: Tier, pick: Option<&Pick>, disk_gib: Option<f64>| {
        let mut fields = none(tier);
        if let Some(pick) = pick {
            fields["offer"] = pick.offer.sku.as_str().into();
            fields["count"] = pick.count.into();
            fields["term"] = pick.term.word().into();
            fields["availability"] = pick.availability.word().into();
            fields["by"] = pick.by.word().into();
            fields["family"] = pick.offer.family.as_str().into();
            fields["vcpus"] = number_or_null(pick.offer.shape.vcpus);
            fields["cores"] = number_or_null(pick.offer.shape.cores);
            fields["memory_gib"] = number_or_null(pick.offer.shape.memory_gib);
            fields["disk_gib"] = number_or_null(disk_gib);
        }
        fields
    };
    let mut balancer = none(Tier::Balancer);
    if let Some(taken) = &design.balancer {
        balancer["offer"] = taken.sku.as_str().into();
        balancer["count"] = taken.nodes.into();
    }
    json!([
        picked(Tier::App, Some(&design.app), Some(design.app_disk_gib)),
        picked(Tier::Database, design.database.as_ref(), design.database_storage_gib),
        picked(Tier::Cache, design.cache.as_ref(), None),
        balancer,
    ])
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
                "monthly_usd": amount_or_null(line.amount), "as_of": text_or_null(&line.as_of), "source": text_or_null(&line.source),
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
