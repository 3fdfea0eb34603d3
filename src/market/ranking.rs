//! Which cloud comes first: complete bills that meet everything by price, then those that miss something, then
//! incomplete ones, then none at all.

use loadline_contract::Money;

use super::{CloudOutcome, Completeness, ObjectionSeverity};

/// Indices of the outcomes, best first; equal ones in the order given.
pub(super) fn ranking(outcomes: &[CloudOutcome]) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..outcomes.len()).collect();
    indices.sort_by_key(|&index| place(&outcomes[index]));
    indices
}

fn place(outcome: &CloudOutcome) -> (u8, Money) {
    let Some(candidate) = outcome.main() else { return (3, Money::ZERO) };
    let total = candidate.bill.total;
    if candidate.bill.completeness != Completeness::Complete {
        return (2, total);
    }
    let reduced = outcome.objections.iter().any(|objection| match objection.severity {
        ObjectionSeverity::Reduced | ObjectionSeverity::Impossible => true,
    });
    if reduced || !candidate.misses.is_empty() { (1, total) } else { (0, total) }
}
