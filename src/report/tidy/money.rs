//! Money as a person writes it. Unknown is a word, never a zero.

use loadline_contract::Money;
use rust_decimal::RoundingStrategy;

use crate::spec::grouped;

/// The amount to the cent, halves away from zero: `$1,254.14`.
pub fn money(amount: Money) -> String {
    let cents = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let sign = if cents.is_sign_negative() && !cents.is_zero() { "-" } else { "" };
    format!("{sign}${}", grouped(&format!("{:.2}", cents.abs())))
}

/// [`money`], or the word `unknown`.
pub fn money_or_unknown(amount: Option<Money>) -> String {
    amount.map_or_else(|| "unknown".to_owned(), money)
}

/// A sum in which prices are missing: `at least $1,254.14`.
pub fn at_least(known: Money) -> String {
    format!("at least {}", money(known))
}

/// The price of one unit with all its digits, two decimals at least: `$0.0225`, `$336.00`, or `unknown`.
pub fn unit_price(price: Option<Money>) -> String {
    let Some(price) = price else { return "unknown".to_owned() };
    let price = price.normalize();
    let digits = if price.scale() < 2 { format!("{price:.2}") } else { price.to_string() };
    match digits.strip_prefix('-') {
        Some(digits) => format!("-${}", grouped(digits)),
        None => format!("${}", grouped(&digits)),
    }
}

/// A quantity with at most four decimals and no needless zeros: `730`, `1,024`, `5.84`.
pub fn exact(quantity: Money) -> String {
    grouped(&quantity.round_dp(4).normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dollars(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_carry_cents_and_separators() {
        assert_eq!(money(dollars("1254.14")), "$1,254.14");
        assert_eq!(money(dollars("0.005")), "$0.01");
        assert_eq!(money(dollars("-0.001")), "$0.00");
        assert_eq!(money(dollars("-12345.6")), "-$12,345.60");
        assert_eq!(money(dollars("1000000")), "$1,000,000.00");
    }

    #[test]
    fn an_unknown_amount_is_a_word_and_a_zero_is_a_zero() {
        assert_eq!(money_or_unknown(None), "unknown");
        assert_eq!(money_or_unknown(Some(Money::ZERO)), "$0.00");
        assert_eq!(unit_price(None), "unknown");
    }

    #[test]
    fn a_sum_with_gaps_says_at_least() {
        assert_eq!(at_least(dollars("1926.11")), "at least $1,926.11");
    }

    #[test]
    fn unit_prices_keep_every_digit() {
        assert_eq!(unit_price(Some(dollars("0.835232"))), "$0.835232");
        assert_eq!(unit_price(Some(dollars("336"))), "$336.00");
        assert_eq!(unit_price(Some(dollars("0.680"))), "$0.68");
    }

    #[test]
    fn quantities_have_no_needless_zeros() {
        assert_eq!(exact(dollars("730.000")), "730");
        assert_eq!(exact(dollars("11100.12345")), "11,100.1234");
    }
}
