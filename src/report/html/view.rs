//! The values that the templates show, already written for a person.

use serde_json::{Value, json};

use super::{bars::bars, curve::curve};
use crate::market::{BillLine, Candidate, CloudOutcome, Comparison, ObjectionSeverity};
use crate::report::bill::{tier_totals, total_text, unknown_text};
use crate::report::compare::{basis, left_out, lifecycle, pinned_beside_chosen, ranking, rows, terms};
use crate::report::findings::tally;
use crate::report::look::Look;
use crate::report::size::{
    Answer, NOT_MODELLED, headline, limit_rows, load_line_sentence, tiers, uncertainty_rows,
    uncertainty_sentence,
};
use crate::report::tidy;
use crate::report::words::{Standing, Word, plural};
use crate::sizing::{Finding, Prediction, Severity, Sizing, Tally};
use crate::spec::Spec;

/// Everything on the page.
pub(super) fn view(spec: &Spec, sizing: &Sizing, comparison: &Comparison) -> Value {
    let (answer, sentence) = headline(spec, sizing);
    let pinned: Vec<String> = comparison.clouds.iter().filter_map(pinned_beside_chosen).collect();
    json!({
        "title": format!("{}: size and cost", spec.name),
        "name": spec.name,
        "terms": terms(spec),
        "answer": match answer { Answer::Yes => "YES", Answer::No => "NO" },
        "headline": sentence,
        "load_line": load_line_sentence(spec, &sizing.load_line),
        "figures": figures(&sizing.prediction, comparison),
        "ranking": ranking(comparison),
        "bars": bars(comparison),
        "curve": curve(spec, &sizing.load_line),
        "clouds": clouds(spec, comparison),
        "limits": limit_rows(spec, &sizing.load_line),
        "tiers": tiers(&sizing.requirements).into_iter().map(tier).collect::<Value>(),
        "uncertainty": sizing.uncertainty.as_ref()
            .map(|one| json!({ "sentence": uncertainty_sentence(one), "rows": uncertainty_rows(one) })),
        "findings": findings(sizing.findings.iter().filter(|one| one.severity > Severity::Note)),
        "notes": findings(sizing.findings.iter().filter(|one| one.severity == Severity::Note)),
        "findings_tally": tally(&sizing.findings),
        "misses": misses(comparison),
        "objections": objections(comparison),
        "pinned": pinned,
        "lifecycle": lifecycle(comparison),
        "bills": comparison.clouds.iter().flat_map(bills).collect::<Value>(),
        "left_out": left_out(comparison),
        "defaults": crate::spec::explain(spec).into_iter()
            .map(|one| json!([one.path, one.value, one.reason, one.source])).collect::<Value>(),
        "basis": basis(comparison),
        "not_modelled": NOT_MODELLED,
        "today": comparison.today,
    })
}

/// The figures in the boxes at the top.
fn figures(prediction: &Prediction, comparison: &Comparison) -> Value {
    let look = Look::plain(80);
    let write = |one| tidy::estimate(one, tidy::Unit::Time, &look);
    let best = comparison.ranking.first().and_then(|&index| comparison.clouds.get(index));
    let best = best.filter(|outcome| Standing::of(outcome) == Standing::Meets).and_then(CloudOutcome::main);
    let mut figures: Vec<Value> =
        best.iter().map(|main| json!(["cheapest a month", total_text(&main.bill)])).collect();
    figures.extend([
        json!(["users", tidy::count(prediction.users)]),
        json!(["throughput", tidy::estimate(prediction.throughput_rps, tidy::Unit::Rate, &look)]),
        json!(["mean", write(prediction.response.mean_s)]),
        json!(["p95", write(prediction.response.p95_s)]),
        json!(["p99", write(prediction.response.p99_s)]),
        json!(["app CPU", tidy::percent(prediction.app_utilisation)]),
    ]);
    let database = prediction.database_utilisation.map(|share| json!(["database CPU", tidy::percent(share)]));
    figures.extend(database);
    Value::Array(figures)
}

fn clouds(spec: &Spec, comparison: &Comparison) -> Value {
    let titles: Vec<&str> = comparison.clouds.iter().map(|outcome| outcome.title.as_str()).collect();
    let rows: Vec<Value> = rows(spec, comparison)
        .into_iter()
        .map(|row| json!({ "label": row.label, "cells": row.cells }))
        .collect();
    json!({ "titles": titles, "rows": rows })
}

fn tier((name, summary, tally): (&str, String, &Tally)) -> Value {
    let needs: Vec<Value> = tally
        .needs
        .iter()
        .map(|need| {
            let binds = if need.limit == tally.binding { "binds" } else { "" };
            json!([need.limit, tidy::amount(need.value, need.unit), binds, need.arithmetic])
        })
        .collect();
    json!({ "name": name, "summary": summary, "needs": needs })
}

fn findings<'a>(findings: impl Iterator<Item = &'a Finding>) -> Value {
    findings
        .map(|one| {
            json!({
                "severity": one.severity.word(), "sentence": one.sentence, "hint": one.hint, "code": one.code,
                "path": one.path,
            })
        })
        .collect()
}

fn misses(comparison: &Comparison) -> Value {
    comparison
        .clouds
        .iter()
        .filter_map(|outcome| outcome.main().map(|main| (outcome, main)))
        .filter(|(_, main)| !main.misses.is_empty())
        .map(|(outcome, main)| json!({ "title": outcome.title, "findings": findings(main.misses.iter()) }))
        .collect()
}

fn objections(comparison: &Comparison) -> Value {
    let of = |outcome: &CloudOutcome| -> Vec<Value> {
        let write = |one: &crate::market::Objection| {
            let effect = match one.severity {
                ObjectionSeverity::Reduced => "the design does less",
                ObjectionSeverity::Impossible => "no design is possible",
            };
            json!([outcome.title, one.what, one.why, effect])
        };
        outcome.objections.iter().map(write).collect()
    };
    comparison.clouds.iter().flat_map(of).collect()
}

/// The pinned and the chosen bill of a cloud.
fn bills(outcome: &CloudOutcome) -> Vec<Value> {
    let bill = |by: &str, candidate: &Candidate| {
        let sums: Vec<Value> = tier_totals(&candidate.bill)
            .iter()
            .map(|total| {
                let lines = candidate.bill.lines.iter().filter(|line| line.tier == total.tier).map(line);
                json!({ "tier": total.tier.word(), "total": total.text(), "lines": lines.collect::<Value>() })
            })
            .collect();
        json!({
            "title": outcome.title, "region": outcome.region, "design": by, "total": total_text(&candidate.bill),
            "count": plural(candidate.bill.lines.len(), "line"), "unknown": unknown_text(&candidate.bill),
            "standing": match Standing::of(outcome) {
                Standing::Meets => "meets everything",
                Standing::FallsShort => "does less than was asked for",
                Standing::Incomplete => "prices unknown",
                Standing::Impossible => "not possible",
            },
            "tiers": sums,
        })
    };
    let pinned = outcome.pinned.as_ref().map(|candidate| bill("pinned", candidate));
    let chosen = outcome.chosen.as_ref().map(|candidate| bill("chosen", candidate));
    pinned.into_iter().chain(chosen).collect()
}

fn line(line: &BillLine) -> Value {
    let what = match &line.sku {
        Some(sku) if !line.what.contains(sku.as_str()) => format!("{} ({sku})", line.what),
        _ => line.what.clone(),
    };
    json!({
        "what": what, "quantity": tidy::exact(line.quantity), "unit": line.unit,
        "price": tidy::unit_price(line.unit_price), "amount": tidy::money_or_unknown(line.amount),
        "as_of": line.as_of, "source": line.source, "note": line.note,
    })
}
