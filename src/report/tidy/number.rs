//! Counts, shares, times and sizes as a person writes them.

use crate::spec::grouped;

/// What is written where a number is not finite.
const NO_NUMBER: &str = "without end";

/// A number with that many significant digits; whole digits are never dropped and trailing zeros of a fraction are.
pub fn significant(value: f64, digits: i32) -> String {
    if !value.is_finite() {
        return NO_NUMBER.to_owned();
    }
    let magnitude = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let decimals = (digits - 1 - magnitude).clamp(0, 9) as usize;
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    grouped(if text == "-0" { "0" } else { text })
}

/// A whole number: `2,000`.
pub fn count(value: f64) -> String {
    if value.is_finite() { significant(value.round(), 1) } else { NO_NUMBER.to_owned() }
}

/// A share of one as a percentage with at most one decimal: `0.71` is `71 %`.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return NO_NUMBER.to_owned();
    }
    let tenths = (share * 1000.0).round() / 10.0;
    format!("{} %", significant(tenths, if tenths.abs() >= 100.0 { 4 } else { 3 }))
}

/// A time given in seconds: `0.373 ms`, `235 ms`, `1.25 s`, `15.6 min`, `3.2 h`.
pub fn duration(seconds: f64) -> String {
    match seconds.abs() {
        size if !size.is_finite() => NO_NUMBER.to_owned(),
        size if size < 0.9995 => format!("{} ms", significant(seconds * 1e3, 3)),
        size if size < 120.0 => format!("{} s", significant(seconds, 3)),
        size if size < 7200.0 => format!("{} min", significant(seconds / 60.0, 3)),
        _ => format!("{} h", significant(seconds / 3600.0, 3)),
    }
}

/// A size given in GiB: `512 MiB`, `26.1 GiB`, `1.5 TiB`.
pub fn gib(size_gib: f64) -> String {
    match size_gib.abs() {
        size if !size.is_finite() => NO_NUMBER.to_owned(),
        size if size > 0.0 && size < 1.0 => format!("{} MiB", significant(size_gib * 1024.0, 3)),
        size if size < 1024.0 => format!("{} GiB", significant(size_gib, 3)),
        _ => format!("{} TiB", significant(size_gib / 1024.0, 3)),
    }
}

/// A number in the unit that sizing names (`cores`, `GiB`, `1/s`, `connections`, ...).
pub fn amount(value: f64, unit: &str) -> String {
    match unit {
        "GiB" => gib(value),
        "1/s" => format!("{}/s", significant(value, 3)),
        "connections" | "slots" if value >= 10.0 => format!("{} {unit}", count(value.ceil())),
        _ => match (significant(value, 3).as_str(), unit) {
            ("1", "cores") => "1 core".to_owned(),
            ("1", "processes") => "1 process".to_owned(),
            ("1", "slots") => "1 slot".to_owned(),
            ("1", "connections") => "1 connection".to_owned(),
            (number, _) => format!("{number} {unit}"),
        },
    }
}

/// Months of growth: `6.1 months`, `1 month`.
pub fn months(months: f64) -> String {
    let text = significant(months, if months < 10.0 { 2 } else { 3 });
    if text == "1" { "1 month".to_owned() } else { format!("{text} months") }
}

/// Requests per second: `5,069 rps`.
pub fn rps(rate: f64) -> String {
    format!("{} rps", significant(rate, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_whole_digits_and_lose_false_precision() {
        assert_eq!(significant(5068.93, 3), "5,069");
        assert_eq!(significant(16.218, 3), "16.2");
        assert_eq!(significant(0.3728, 3), "0.373");
        assert_eq!(significant(2.0, 3), "2");
        assert_eq!(significant(0.0, 3), "0");
        assert_eq!(significant(-0.0001, 1), "-0.0001");
    }

    #[test]
    fn times_take_the_unit_a_person_would() {
        assert_eq!(duration(0.000_373), "0.373 ms");
        assert_eq!(duration(0.2351), "235 ms");
        assert_eq!(duration(0.99999), "1 s");
        assert_eq!(duration(1.254), "1.25 s");
        assert_eq!(duration(937.5), "15.6 min");
        assert_eq!(duration(86_400.0), "24 h");
    }

    #[test]
    fn sizes_take_the_unit_a_person_would() {
        assert_eq!(gib(0.5), "512 MiB");
        assert_eq!(gib(26.08), "26.1 GiB");
        assert_eq!(gib(1024.0), "1 TiB");
        assert_eq!(gib(0.0), "0 GiB");
    }

    #[test]
    fn shares_are_percentages_with_one_decimal_at_most() {
        assert_eq!(percent(0.71), "71 %");
        assert_eq!(percent(0.7096), "71 %");
        assert_eq!(percent(0.884), "88.4 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(1.2345), "123.5 %");
        assert_eq!(percent(0.999), "99.9 %");
    }

    #[test]
    fn what_is_not_finite_is_said_in_words() {
        for written in
            [significant(f64::NAN, 3), count(f64::INFINITY), percent(f64::NAN), duration(f64::INFINITY)]
        {
            assert_eq!(written, "without end");
        }
    }

    #[test]
    fn connections_are_rounded_up_and_cores_are_not() {
        assert_eq!(amount(1188.2, "connections"), "1,189 connections");
        assert_eq!(amount(16.218, "cores"), "16.2 cores");
        assert_eq!(amount(1.51, "GiB"), "1.51 GiB");
        assert_eq!(amount(5068.9, "1/s"), "5,069/s");
    }

    #[test]
    fn one_of_something_is_singular() {
        assert_eq!(amount(1.0, "cores"), "1 core");
        assert_eq!(amount(1.0, "processes"), "1 process");
        assert_eq!(amount(1.0, "slots"), "1 slot");
        assert_eq!(amount(0.96, "cores"), "0.96 cores");
        assert_eq!(amount(1.0, "Mbit/s"), "1 Mbit/s");
    }

    #[test]
    fn months_read_as_a_sentence_part() {
        assert_eq!(months(6.14), "6.1 months");
        assert_eq!(months(1.0), "1 month");
    }
}
