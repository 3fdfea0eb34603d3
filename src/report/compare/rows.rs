//! The rows of the side-by-side table, the essentials first: one label, one cell of a few lines for each cloud.

use loadline_contract::Pricing;

use super::{meets, times};
use crate::market::{Bill, Candidate, CloudOutcome, Comparison, Pick, PickedBy, Tier};
use crate::report::bill::{tier_totals, total_text, unknown_text};
use crate::report::tidy;
use crate::spec::Spec;

/// One row.
pub(crate) struct Row {
    /// What the row says.
    pub(crate) label: &'static str,
    /// One cell for each cloud, in the order of the comparison; a cell has one or more lines.
    pub(crate) cells: Vec<Vec<String>>,
}

/// The label of the only row of prose: where columns are narrow it stands below the table instead.
pub(crate) const BEST_FOR: &str = "best for";

/// The rows of a comparison; a row that no cloud has anything for is left out.
pub(crate) fn rows(spec: &Spec, comparison: &Comparison) -> Vec<Row> {
    let row = |label: &'static str, cell: &dyn Fn(&CloudOutcome) -> Vec<String>| Row {
        label,
        cells: comparison.clouds.iter().map(cell).collect(),
    };
    let main = |label: &'static str, cell: &dyn Fn(&Candidate) -> Vec<String>| {
        row(label, &|outcome: &CloudOutcome| outcome.main().map_or_else(|| vec!["-".to_owned()], cell))
    };
    let mut rows = vec![
        row("region", &region),
        main("a month", &|candidate| vec![total_text(&candidate.bill)]),
        row("all met", &|outcome| vec![meets(outcome)]),
        main("carries", &|candidate| {
            vec![format!("{} users", tidy::count(f64::from(candidate.load_line.users)))]
        }),
        main("p95", &|candidate| vec![tidy::duration(candidate.prediction.response.p95_s.value)]),
        main("1,000 requests", &|candidate| vec![per_1000(&candidate.bill)]),
    ];
    if !spec.pin.is_empty() {
        rows.push(main("design", &|candidate| vec![picked(candidate)]));
    }
    for tier in crate::report::words::TIERS {
        rows.push(main(crate::report::words::Word::word(&tier), &|candidate| tier_cell(candidate, tier)));
    }
    if comparison.clouds.iter().filter_map(CloudOutcome::main).any(|main| unknown_text(&main.bill).is_some())
    {
        rows.push(main("unknown", &|candidate| {
            vec![unknown_text(&candidate.bill).unwrap_or_else(|| "none".to_owned())]
        }));
    }
    rows.push(row(BEST_FOR, &|outcome| vec![outcome.best_for.clone()]));
    rows.retain(|row| row.cells.iter().any(|cell| cell.iter().any(|line| line != "-")));
    rows
}

fn region(outcome: &CloudOutcome) -> Vec<String> {
    match outcome.pricing {
        Pricing::Covered => vec![outcome.region.clone()],
        Pricing::NotCovered => vec![outcome.region.clone(), "(not priced)".to_owned()],
    }
}

/// The price of 1000 requests, with the digits it is worth.
pub(crate) fn per_1000(bill: &Bill) -> String {
    match bill.per_1000_requests {
        Some(price) => tidy::unit_price(Some(price.round_sf(3).unwrap_or(price))),
        None => "unknown".to_owned(),
    }
}

/// The product, how many, and what the tier costs with everything that belongs to it.
pub(crate) fn tier_cell(candidate: &Candidate, tier: Tier) -> Vec<String> {
    let design = &candidate.design;
    let pick = |pick: &Pick| times(pick.count, &pick.offer.sku);
    let product = match tier {
        Tier::App => Some(pick(&design.app)),
        Tier::Database => design.database.as_ref().map(pick),
        Tier::Cache => design.cache.as_ref().map(pick),
        Tier::Balancer => design.balancer.as_ref().map(|balancer| times(balancer.nodes, &balancer.sku)),
        Tier::Network | Tier::Watching => None,
    };
    let total =
        tier_totals(&candidate.bill).into_iter().find(|total| total.tier == tier).map(|total| total.text());
    let lines: Vec<String> = product.into_iter().chain(total).collect();
    if lines.is_empty() { vec!["-".to_owned()] } else { lines }
}

/// Who chose the products.
pub(crate) fn picked(candidate: &Candidate) -> String {
    let design = &candidate.design;
    let picks = [Some(&design.app), design.database.as_ref(), design.cache.as_ref()];
    let by = |by: PickedBy| picks.iter().flatten().filter(|pick| pick.by == by).count();
    match (by(PickedBy::Pin), by(PickedBy::Choice)) {
        (0, _) => "chosen".to_owned(),
        (_, 0) => "pinned".to_owned(),
        (pinned, _) => format!("pinned ({pinned}), rest chosen"),
    }
}
