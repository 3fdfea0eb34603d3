//! Points in time as files write them: seconds, milliseconds, microseconds or nanoseconds since 1970, or RFC 3339.

/// Numbers from here on are not seconds but milliseconds: as seconds they would lie after the year 5000.
const MILLISECONDS_FROM: f64 = 1e11;
/// Likewise microseconds.
const MICROSECONDS_FROM: f64 = 1e14;
/// Likewise nanoseconds.
const NANOSECONDS_FROM: f64 = 1e17;
/// Earlier seconds (before September 2001) are offsets, not points in time.
const EARLIEST_S: f64 = 1e9;

/// Seconds since 1970; `None`: the text is no point in time.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number);
    }
    let moment: jiff::Timestamp = text.parse().ok()?;
    of_number(moment.as_millisecond() as f64)
}

/// Seconds since 1970 of a number in whatever unit its size tells.
pub(super) fn of_number(number: f64) -> Option<f64> {
    let seconds = match number {
        number if number >= NANOSECONDS_FROM => number / 1e9,
        number if number >= MICROSECONDS_FROM => number / 1e6,
        number if number >= MILLISECONDS_FROM => number / 1e3,
        number => number,
    };
    (seconds.is_finite() && (EARLIEST_S..MILLISECONDS_FROM).contains(&seconds)).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_moment_is_the_same_moment() {
        for text in
            ["1795687200", "1795687200000", "1795687200000000", "1795687200000000000", "2026-11-26T10:00:00Z"]
        {
            assert_eq!(seconds(text), Some(1_795_687_200.0), "{text}");
        }
        assert_eq!(seconds("2026-11-26T11:00:00.5+01:00"), Some(1_795_687_200.5));
    }

    #[test]
    fn an_offset_or_a_word_is_no_moment() {
        for text in ["0", "12.5", "", "noon", "NaN", "inf", "-1795687200", "2026-11-26"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
