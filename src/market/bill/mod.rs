//! A design's monthly bill: every part of it as a line, their sum, and what it leaves out. Quantities come from
//! `parts`; this module puts them in order and adds them up.

mod left_out;
mod line;

use loadline_contract::{Money, RegionOffers};

use super::money::quantity;
use super::parts::{
    MachineTraffic, Part, app_parts, balancer_parts, cache_parts, database_parts, zone_parts,
};
use super::shop::Charges;
use super::{Bill, Completeness, Design, Tier};
use crate::sizing::Requirements;

/// The bill of a design for a month at the requirements' traffic.
///
/// Amounts are in US dollars, each line rounded to the cent and the total their sum. A price that the book does not
/// know leaves its line without an amount and the bill incomplete.
pub fn bill(design: &Design, requirements: &Requirements, sold: &RegionOffers, today: &str) -> Bill {
    let charges = Charges::of(sold);
    let mut parts: Vec<Part<'_>> = Vec::new();
    let sink = &mut |part| parts.push(part);
    let traffic = MachineTraffic::of(&charges, &requirements.traffic);
    let app = &design.app;
    app_parts(&traffic, &requirements.app, &app.offer, (app.term, app.count), sink);
    if let (Some(pick), Some(requirement)) = (&design.database, &requirements.database) {
        let way = (pick.term, pick.availability);
        database_parts(&charges, requirement, &pick.offer, way, today, sink);
    }
    if let (Some(pick), Some(requirement)) = (&design.cache, &requirements.cache) {
        cache_parts(&charges, requirement, &pick.offer, (pick.term, pick.availability), today, sink);
    }
    if let Some(balancer) = &design.balancer {
        balancer_parts(&charges, &requirements.balancer, &balancer.sku, sink);
    }
    // No balancer in the book, or one that the book only names: still one that has to be paid for.
    if !parts.iter().any(|part| part.tier == Tier::Balancer) {
        let hours = f64::from(loadline_contract::HOURS_PER_MONTH);
        let what = ("load balancer", "hour");
        parts.push(Part::unpriced(Tier::Balancer, what, hours, super::parts::Basis::OneBalancer));
    }
    let sink = &mut |part| parts.push(part);
    zone_parts(&charges, requirements, design.zones, sink);
    parts.sort_by_key(|part| part.tier);
    let lines: Vec<_> = parts.iter().map(line::line).collect();
    let total = lines.iter().filter_map(|line| line.amount).sum();
    let unknown: Vec<String> =
        lines.iter().filter(|line| line.amount.is_none()).map(|line| line.what.clone()).collect();
    let completeness =
        if unknown.is_empty() { Completeness::Complete } else { Completeness::Incomplete(unknown) };
    let per_1000_requests = per_1000(total, &completeness, requirements.traffic.requests);
    let left_out = left_out::left_out(&charges, requirements, design);
    Bill { lines, total, completeness, per_1000_requests, left_out }
}

fn per_1000(total: Money, completeness: &Completeness, requests: f64) -> Option<Money> {
    let requests = quantity(requests);
    let known = *completeness == Completeness::Complete && requests > Money::ZERO;
    known
        .then(|| total.checked_mul(Money::ONE_THOUSAND)?.checked_div(requests))
        .flatten()
        .map(|each| each.round_dp(6))
}
