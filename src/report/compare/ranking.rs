//! The ranking in sentences. Only a complete bill that meets everything is ever called cheapest.

use loadline_contract::{Money, Pricing};
use rust_decimal::prelude::ToPrimitive;

use crate::market::{CloudOutcome, Comparison};
use crate::report::bill::{total_text, unknown_text};
use crate::report::tidy;
use crate::report::words::{Standing, listed};

/// One sentence for each cloud, best first.
pub(crate) fn ranking(comparison: &Comparison) -> Vec<String> {
    let ranked: Vec<&CloudOutcome> =
        comparison.ranking.iter().filter_map(|&index| comparison.clouds.get(index)).collect();
    let best = ranked.first().filter(|outcome| Standing::of(outcome) == Standing::Meets);
    let best_total = best.and_then(|outcome| outcome.main()).map(|candidate| candidate.bill.total);
    ranked
        .iter()
        .enumerate()
        .map(|(index, outcome)| match outcome.main() {
            None if outcome.pricing == Pricing::NotCovered => format!(
                "{}: no design is possible: the price books do not cover {}.",
                outcome.title, outcome.region
            ),
            None => {
                let why: Vec<&str> =
                    outcome.objections.iter().map(|objection| objection.what.as_str()).collect();
                let why = if why.is_empty() { String::new() } else { format!(" ({})", listed(&why)) };
                format!("{}: no design is possible{why}.", outcome.title)
            }
            Some(candidate) => {
                let total = total_text(&candidate.bill);
                match (Standing::of(outcome), best_total) {
                    (Standing::Meets, Some(_)) if index == 0 && ranked.len() > 1 => {
                        format!("{} is the cheapest that meets everything: {total} a month.", outcome.title)
                    }
                    (Standing::Meets, Some(best)) if index > 0 => {
                        format!("{}: {total}{}.", outcome.title, more(candidate.bill.total, best))
                    }
                    (Standing::Incomplete, _) => format!(
                        "{}: {total}, {}: not ranked by price.",
                        outcome.title,
                        unknown_text(&candidate.bill).unwrap_or_default(),
                    ),
                    (Standing::FallsShort, _) => {
                        let shortfall = super::shortfall(outcome).unwrap_or_default();
                        format!("{}: {total}, but less than was asked for ({shortfall}).", outcome.title)
                    }
                    _ => format!("{}: {total} a month, meets everything.", outcome.title),
                }
            }
        })
        .collect()
}

/// `, $318.10 more (+19.9 %)`.
fn more(total: Money, best: Money) -> String {
    let difference = total - best;
    let share = if best.is_zero() { None } else { (difference / best).to_f64() };
    let share = share.map(|share| format!(" (+{})", tidy::percent(share))).unwrap_or_default();
    format!(", {} more{share}", tidy::money(difference))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn an_incomplete_bill_in_first_place_is_still_not_called_cheapest() {
        let mut comparison = fixtures::comparison();
        comparison.ranking = vec![1, 0, 2, 3];
        assert!(ranking(&comparison).iter().all(|sentence| !sentence.contains("cheapest")));
    }

    #[test]
    fn a_dearer_bill_says_by_how_much() {
        let mut comparison = fixtures::comparison();
        let mut dearer = comparison.clouds[0].clone();
        dearer.title = "Dear Cloud".into();
        if let Some(candidate) = &mut dearer.chosen {
            candidate.bill.total = "2031.36".parse().unwrap();
        }
        comparison.clouds.push(dearer);
        comparison.ranking = vec![0, 4];
        // 2031.36 - 1692.80 = 338.56, a fifth of 1692.80.
        assert_eq!(ranking(&comparison)[1], "Dear Cloud: $2,031.36, $338.56 more (+20 %).");
    }

    #[test]
    fn a_region_without_prices_is_named_as_the_reason() {
        let mut comparison = fixtures::comparison();
        comparison.clouds[3].pricing = Pricing::NotCovered;
        let last = ranking(&comparison).pop().unwrap();
        assert_eq!(last, "North Cloud: no design is possible: the price books do not cover north-2.");
    }

    #[test]
    fn a_ranking_that_points_nowhere_is_ignored() {
        let mut comparison = fixtures::comparison();
        comparison.ranking = vec![0, 99];
        assert_eq!(ranking(&comparison).len(), 1);
    }
}
