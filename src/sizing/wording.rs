//! Numbers as people write them, for sentences and arithmetic. Decides no value.

/// One GiB in bytes.
pub(crate) const GIB: f64 = 1_073_741_824.0;

/// A count or amount with three significant digits, whole from 100 on: `0.373`, `16.2`, `5069`.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1e7 {
        return format!("{value:.2e}");
    }
    let text = match size {
        s if !(5e-7..99.95).contains(&s) => return format!("{value:.0}"),
        s if s >= 9.995 => format!("{value:.1}"),
        s if s >= 0.9995 => format!("{value:.2}"),
        s if s >= 0.0995 => format!("{value:.3}"),
        s if s >= 0.00995 => format!("{value:.4}"),
        s if s >= 0.000_995 => format!("{value:.5}"),
        _ => format!("{value:.6}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A time in the unit that suits it: `2.24 ms`, `10 s`, `15.6 min`, `24 h`.
pub(crate) fn time(seconds: f64) -> String {
    match seconds.abs() {
        s if s < 1.0 && s > 0.0 => format!("{} ms", number(seconds * 1e3)),
        s if s < 120.0 => format!("{} s", number(seconds)),
        s if s < 7_200.0 => format!("{} min", number(seconds / 60.0)),
        s if s < 172_800.0 => format!("{} h", number(seconds / 3_600.0)),
        _ => format!("{} days", number(seconds / 86_400.0)),
    }
}

/// A share in percent: `0.706` is `70.6 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", number(share * 100.0))
}

/// Memory, GiB, in the unit that suits it: `300 MiB`, `26.1 GiB`.
pub(crate) fn memory(gib: f64) -> String {
    if gib > 0.0 && gib < 1.0 {
        format!("{} MiB", number(gib * 1_024.0))
    } else {
        format!("{} GiB", number(gib))
    }
}

/// A count with its noun, in the plural unless there is one: `1 core`, `16 cores`, `8 processes`.
pub(crate) fn count(of: f64, noun: &str) -> String {
    let count = number(of);
    let plural = match noun.ends_with('s') {
        _ if count == "1" => "",
        true => "es",
        false => "s",
    };
    format!("{count} {noun}{plural}")
}

/// Rounds up to a whole number, forgiving the last digits of floating point.
pub(crate) fn whole_up(value: f64) -> u32 {
    // Casting saturates: beyond u32 is u32::MAX, NaN is 0.
    (value - 1e-9 * value.abs().max(1.0)).ceil().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_like_a_person_wrote_them() {
        assert_eq!(number(5069.3), "5069");
        assert_eq!(number(16.22), "16.2");
        assert_eq!(number(0.373), "0.373");
        assert_eq!(number(2.0), "2");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(0.0), "0");
        assert_eq!(time(0.00224), "2.24 ms");
        assert_eq!(time(937.5), "15.6 min");
        assert_eq!(percent(0.706), "70.6 %");
        assert_eq!(number(0.022_812), "0.0228");
        assert_eq!(number(0.000_976_6), "0.000977");
        assert_eq!(memory(300.0 / 1024.0), "300 MiB");
        assert_eq!(memory(26.14), "26.1 GiB");
        assert_eq!((count(1.0, "core"), count(16.0, "core")), ("1 core".to_owned(), "16 cores".to_owned()));
    }

    #[test]
    fn rounding_up_forgives_the_last_digit_only() {
        assert_eq!(whole_up(64.000_000_000_1), 64);
        assert_eq!(whole_up(64.001), 65);
        assert_eq!(whole_up(0.0), 0);
        assert_eq!(whole_up(f64::NAN), 0);
    }
}
