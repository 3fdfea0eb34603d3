//! Values with their confidence interval: the value shows the digits that the interval leaves it, no more.

use super::number::{duration, rps, significant};
use crate::report::Look;
use crate::sizing::Estimate;
use crate::spec::grouped;

/// What an estimate measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, shown in the unit a person would take.
    Time,
    /// Requests per second.
    Rate,
}

/// A value and, where it was simulated, its half width: `451.2 ± 0.3 ms`; a value from a formula stands alone.
pub fn estimate(estimate: Estimate, unit: Unit, look: &Look) -> String {
    let Estimate { value, half_width } = estimate;
    let half_width = half_width.filter(|half_width| half_width.is_finite() && value.is_finite());
    let Some(half_width) = half_width else {
        return match unit {
            Unit::Time => duration(value),
            Unit::Rate => rps(value),
        };
    };
    let (scale, name) = match unit {
        Unit::Time if value < 0.9995 => (1e3, "ms"),
        Unit::Time => (1.0, "s"),
        Unit::Rate => (1.0, "rps"),
    };
    let half_width = significant(half_width * scale, 1);
    let decimals = half_width.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let value = grouped(&format!("{:.decimals$}", value * scale));
    format!("{value} {} {half_width} {name}", look.plus_minus())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulated_value_shows_its_interval_and_only_the_digits_it_leaves() {
        let look = Look::plain(80);
        let simulated = |value, half_width| Estimate { value, half_width: Some(half_width) };
        assert_eq!(estimate(simulated(0.45123, 0.000_31), Unit::Time, &look), "451.2 \u{b1} 0.3 ms");
        assert_eq!(estimate(simulated(1.5, 0.02), Unit::Time, &look), "1.50 \u{b1} 0.02 s");
        assert_eq!(estimate(simulated(5068.4, 9.2), Unit::Rate, &look), "5,068 \u{b1} 9 rps");
    }

    #[test]
    fn a_value_from_a_formula_stands_alone() {
        let exact = Estimate { value: 0.2, half_width: None };
        assert_eq!(estimate(exact, Unit::Time, &Look::plain(80)), "200 ms");
    }
}
