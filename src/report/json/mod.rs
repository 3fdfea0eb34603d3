//! Values as JSON: the field names are a contract. Money is text, unknown and absent are null, and no number is ever infinite.

mod bill;
mod compare;
mod objectives;
mod prediction;
mod requirements;
mod size;

pub use compare::compare_json;
pub use size::size_json;

use loadline_contract::Money;
use serde_json::Value;

/// Version of the JSON contract; raised when a field changes its meaning or goes.
pub(crate) const SCHEMA: u32 = 1;

/// A number with nine significant digits, so that the last bits of a sum do not show; null when it is not finite.
pub(crate) fn number(value: f64) -> Value {
    if !value.is_finite() {
        return Value::Null;
    }
    let rounded: f64 = format!("{value:.8e}").parse().unwrap_or(value);
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        Value::from(rounded as i64)
    } else {
        Value::from(rounded)
    }
}

/// [`number`] or null.
pub(crate) fn number_or_null(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

/// Text, or null when it is empty: a date or a source that nobody states is unknown, not blank.
pub(crate) fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

/// An amount: a decimal string with two places, or null when unknown.
pub(crate) fn amount_or_null(amount: Option<Money>) -> Value {
    amount.map_or(Value::Null, |amount| {
        let cents = amount.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        Value::from(format!("{cents:.2}"))
    })
}

/// A price: its exact decimal string, or null when unknown.
pub(crate) fn exact_or_null(price: Option<Money>) -> Value {
    price.map_or(Value::Null, |price| Value::from(price.normalize().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_finite_become_null() {
        assert_eq!(number(f64::NAN), Value::Null);
        assert_eq!(number(f64::INFINITY), Value::Null);
    }

    #[test]
    fn whole_numbers_are_integers_and_the_noise_of_sums_is_gone() {
        assert_eq!(number(2000.0), Value::from(2000));
        assert_eq!(number(0.1 + 0.2), Value::from(0.3));
    }

    #[test]
    fn amounts_have_two_places_and_unknown_is_null() {
        assert_eq!(amount_or_null(Some("1926.1".parse().unwrap())), Value::from("1926.10"));
        assert_eq!(amount_or_null(None), Value::Null);
        assert_eq!(exact_or_null(Some("0.83523200".parse().unwrap())), Value::from("0.835232"));
    }
}
