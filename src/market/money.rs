//! Quantities times prices: how a float becomes an exact quantity, what tiered prices add up to, how an amount is
//! rounded. Decides no quantity and no price.

use loadline_contract::{Money, PriceStep, PriceUnit};
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::FromPrimitive;

/// Largest quantity that is priced: a million times the largest month anyone has been billed, and small enough that
/// no product with a price leaves the range of [`Money`].
const LARGEST_QUANTITY: f64 = 1e15;

/// A quantity with six decimals; below zero is zero, beyond [`LARGEST_QUANTITY`] is that.
pub(super) fn quantity(value: f64) -> Money {
    let bounded = if value.is_nan() { LARGEST_QUANTITY } else { value.clamp(0.0, LARGEST_QUANTITY) };
    Money::from_f64(bounded).expect("a float within 0..=1e15 is a decimal").round_dp(6)
}

/// An amount in dollars and cents, half a cent upwards.
pub(super) fn cents(amount: Money) -> Money {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Units of a price in a month: 730 hours, or one month.
pub(super) fn units_per_month(unit: PriceUnit) -> u32 {
    match unit {
        PriceUnit::Hour => loadline_contract::HOURS_PER_MONTH,
        PriceUnit::Month => 1,
    }
}

/// What a quantity costs at prices that change with the quantity, in cents; `None` when a step that is used has no
/// known price, or when there are no steps.
pub(super) fn tiered(steps: &[PriceStep], quantity: Money) -> Option<Money> {
    let mut total = Money::ZERO;
    for (step, used) in used_steps(steps, quantity) {
        total += step.amount? * used;
    }
    (!steps.is_empty()).then(|| cents(total))
}

/// The steps that a quantity reaches, each with the part of the quantity that falls into it.
pub(super) fn used_steps(steps: &[PriceStep], quantity: Money) -> impl Iterator<Item = (&PriceStep, Money)> {
    steps.iter().enumerate().filter_map(move |(index, step)| {
        let end = steps.get(index + 1).map_or(quantity, |next| next.from.min(quantity));
        (end > step.from).then(|| (step, end - step.from))
    })
}

/// The smallest of fixed sizes that holds a size; `None` when even the largest is too small.
pub(super) fn fixed_size(steps: &[PriceStep], size: Money) -> Option<&PriceStep> {
    steps.iter().filter(|step| step.from >= size).min_by(|left, right| left.from.cmp(&right.from))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use loadline_contract::Source;

    fn usd(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn step(from: Money, amount: Option<Money>) -> PriceStep {
        PriceStep { from, amount, source: Arc::new(Source { place: "list".into(), as_of: "2026".into() }) }
    }

    #[test]
    fn tiers_add_up_by_hand() {
        // 100 free, 9,900 x 0.09 = 891.00, 3,000 x 0.085 = 255.00
        let steps = [
            step(usd("0"), Some(usd("0"))),
            step(usd("100"), Some(usd("0.09"))),
            step(usd("10000"), Some(usd("0.085"))),
        ];
        assert_eq!(tiered(&steps, usd("13000")), Some(usd("1146.00")));
        assert_eq!(tiered(&steps, usd("100")), Some(usd("0")));
        assert_eq!(tiered(&steps, usd("0")), Some(usd("0")));
    }

    #[test]
    fn an_unknown_step_makes_the_amount_unknown_only_when_it_is_reached() {
        let steps = [step(usd("0"), Some(usd("0.12"))), step(usd("10"), None)];
        assert_eq!(tiered(&steps, usd("10")), Some(usd("1.20")));
        assert_eq!(tiered(&steps, usd("10.5")), None);
        assert_eq!(tiered(&[], usd("1")), None);
    }

    #[test]
    fn half_a_cent_rounds_up() {
        assert_eq!(cents(usd("10.005")), usd("10.01"));
        assert_eq!(cents(usd("10.0049")), usd("10.00"));
    }

    #[test]
    fn the_smallest_size_that_holds_the_disk_is_taken() {
        let steps = [step(usd("128"), Some(usd("10"))), step(usd("512"), Some(usd("40")))];
        assert_eq!(fixed_size(&steps, usd("128")).unwrap().from, usd("128"));
        assert_eq!(fixed_size(&steps, usd("500")).unwrap().from, usd("512"));
        assert!(fixed_size(&steps, usd("513")).is_none());
    }

    #[test]
    fn hostile_quantities_stay_in_range() {
        for value in [f64::NAN, f64::INFINITY, 1e308, -1.0] {
            assert!(quantity(value) >= Money::ZERO && quantity(value) <= usd("1000000000000000"));
        }
    }
}
