//! Values of checks as a person reads them.

use crate::check::Unit;

/// A value in its unit.
pub(super) fn value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => format!("{} %", short(value * 100.0)),
        Unit::Seconds if value.abs() < 1.0 => format!("{} ms", short(value * 1000.0)),
        Unit::Seconds => format!("{} s", short(value)),
        Unit::PerSecond => format!("{}/s", short(value)),
        Unit::Days => format!("{value:.0} days"),
        Unit::Mbps => format!("{} Mbit/s", short(value)),
        Unit::Count | Unit::Status => short(value),
    }
}

/// Two or three figures of a number.
fn short(number: f64) -> String {
    let text = match number.abs() {
        large if large >= 100.0 => format!("{number:.0}"),
        middle if middle >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    };
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}
