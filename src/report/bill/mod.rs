//! One bill for a person: every line as quantity x unit price = amount, with its date; and the sums that other forms show.

mod text;

pub use text::bill_text;

use loadline_contract::Money;

use super::tidy;
use super::words::{TIERS, plural};
use crate::market::{Bill, CloudOutcome, Completeness, Tier};

/// The part of a bill that one tier makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TierTotal {
    /// Tier.
    pub(crate) tier: Tier,
    /// Sum of the known amounts, US dollars a month.
    pub(crate) known: Money,
    /// Lines without a known amount.
    pub(crate) unknown: usize,
    /// All lines.
    pub(crate) lines: usize,
}

impl TierTotal {
    /// `$12.00`, `at least $12.00`, `unknown`.
    pub(crate) fn text(&self) -> String {
        match self.unknown {
            0 => tidy::money(self.known),
            unknown if unknown == self.lines => "unknown".to_owned(),
            _ => tidy::at_least(self.known),
        }
    }
}

/// The sum of each tier that has lines, in the order of a bill.
pub(crate) fn tier_totals(bill: &Bill) -> Vec<TierTotal> {
    let total = |tier: Tier| {
        let lines: Vec<_> = bill.lines.iter().filter(|line| line.tier == tier).collect();
        TierTotal {
            tier,
            known: lines.iter().filter_map(|line| line.amount).sum(),
            unknown: lines.iter().filter(|line| line.amount.is_none()).count(),
            lines: lines.len(),
        }
    };
    TIERS.into_iter().map(total).filter(|total| total.lines > 0).collect()
}

/// `$1,926.11`, or `at least $1,926.11`.
pub(crate) fn total_text(bill: &Bill) -> String {
    match bill.completeness {
        Completeness::Complete => tidy::money(bill.total),
        Completeness::Incomplete(_) => tidy::at_least(bill.total),
    }
}

/// `2 prices unknown`; `None` when all are known.
pub(crate) fn unknown_text(bill: &Bill) -> Option<String> {
    match &bill.completeness {
        Completeness::Complete => None,
        Completeness::Incomplete(lines) => Some(format!("{} unknown", plural(lines.len(), "price"))),
    }
}

/// How much dearer the pinned design is, US dollars a month; `None` unless both bills are complete.
pub(crate) fn pinned_minus_chosen(outcome: &CloudOutcome) -> Option<Money> {
    let (pinned, chosen) = (outcome.pinned.as_ref()?, outcome.chosen.as_ref()?);
    let complete = |bill: &Bill| bill.completeness == Completeness::Complete;
    (complete(&pinned.bill) && complete(&chosen.bill)).then(|| pinned.bill.total - chosen.bill.total)
}

/// The dates of the prices of some bills: `prices of 2024-07 to 2026-10-03`.
pub(crate) fn dates<'a>(bills: impl Iterator<Item = &'a Bill>) -> Option<String> {
    let dates: Vec<&str> = bills
        .flat_map(|bill| &bill.lines)
        .map(|line| line.as_of.as_str())
        .filter(|date| !date.is_empty())
        .collect();
    let (first, last) = (dates.iter().min()?, dates.iter().max()?);
    Some(if first == last { format!("prices of {first}") } else { format!("prices of {first} to {last}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn tier_sums_add_up_to_the_known_total() {
        for outcome in &fixtures::comparison().clouds {
            for candidate in outcome.pinned.iter().chain(&outcome.chosen) {
                let sum: Money = tier_totals(&candidate.bill).iter().map(|total| total.known).sum();
                assert_eq!(sum, candidate.bill.total);
            }
        }
    }

    #[test]
    fn a_tier_of_only_unknown_lines_is_unknown_and_never_zero() {
        let total = TierTotal { tier: Tier::Network, known: Money::ZERO, unknown: 2, lines: 2 };
        assert_eq!(total.text(), "unknown");
        assert_eq!(TierTotal { lines: 3, ..total }.text(), "at least $0.00");
    }

    #[test]
    fn the_dates_span_the_oldest_and_the_newest_price() {
        let comparison = fixtures::comparison();
        let bills = comparison.clouds.iter().filter_map(|outcome| outcome.main()).map(|main| &main.bill);
        assert_eq!(dates(bills).as_deref(), Some("prices of 2024-07 to 2026-10-03"));
    }

    #[test]
    fn a_difference_with_an_unknown_price_in_it_is_not_named() {
        let mut outcome = fixtures::comparison().clouds.remove(2);
        assert!(pinned_minus_chosen(&outcome).is_some());
        if let Some(chosen) = &mut outcome.chosen {
            chosen.bill.completeness = Completeness::Incomplete(vec!["egress".into()]);
        }
        assert_eq!(pinned_minus_chosen(&outcome), None);
    }
}
