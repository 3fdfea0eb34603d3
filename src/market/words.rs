//! Numbers as a person reads them in sentences of this module. Decides rounding for display only.

use loadline_contract::{Availability, Kind, Money, Term};

/// A number with at most two decimals, none where they are zero: `16`, `13.35`.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    if trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

/// A size: `13.04 GiB`.
pub(super) fn gib(value: f64) -> String {
    format!("{} GiB", number(value))
}

/// A monthly amount: `$496.40`.
pub(super) fn dollars(amount: Money) -> String {
    format!("${amount:.2}")
}

/// A commitment as the spec writes it.
pub(super) fn term(term: Term) -> &'static str {
    match term {
        Term::OnDemand => "on-demand",
        Term::Reserved1y => "reserved-1y",
        Term::Reserved3y => "reserved-3y",
    }
}

/// One node or a pair.
pub(super) fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::Single => "one node",
        Availability::Standby => "a pair of nodes",
    }
}

/// A kind as a noun.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Compute => "machine",
        Kind::Database => "database",
        Kind::Cache => "cache",
        Kind::Balancer => "balancer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_zeros_but_not_digits() {
        assert_eq!(number(16.0), "16");
        assert_eq!(number(13.349), "13.35");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(-0.001), "0");
        assert_eq!(gib(8.5), "8.5 GiB");
    }
}
