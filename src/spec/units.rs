//! Quantities with units: which units each dimension has, and text to a number in base units and back.
//!
//! Base units: seconds, bytes, 1/s, shares as 0..=1, months, days. Does not know keys or bounds.

use super::complaints::{Fault, nearest, quoted, shown};

/// What a number measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// A plain number: people, queries, entries.
    Number,
    /// Time, base unit s.
    Time,
    /// Size, base unit byte.
    Size,
    /// Rate, base unit 1/s.
    Rate,
    /// Share, 0..=1.
    Share,
    /// Growth, share a month.
    Growth,
    /// Multiple.
    Factor,
    /// Span of planning, base unit month.
    Months,
    /// Span of keeping, base unit day.
    Days,
}

/// One unit: a number in it, its decimal point moved by `shift`, times `times`, divided by `over`, is in base units. The
/// point is moved in the text, so that `2.24 ms` is exactly the double nearest to 0.00224.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// As written.
    pub name: &'static str,
    shift: i32,
    times: f64,
    over: f64,
}

const fn decimal(name: &'static str, shift: i32) -> Unit {
    Unit { name, shift, times: 1.0, over: 1.0 }
}

const fn times(name: &'static str, times: f64) -> Unit {
    Unit { name, shift: 0, times, over: 1.0 }
}

const fn per(name: &'static str, over: f64) -> Unit {
    Unit { name, shift: 0, times: 1.0, over }
}

const KIB: f64 = 1024.0;
const TIME: &[Unit] = &[
    decimal("us", -6),
    decimal("ms", -3),
    decimal("s", 0),
    times("min", 60.0),
    times("h", 3600.0),
    times("d", 86_400.0),
    times("day", 86_400.0),
    times("days", 86_400.0),
    decimal("µs", -6),
];
const SIZE: &[Unit] = &[
    decimal("B", 0),
    decimal("kB", 3),
    decimal("MB", 6),
    decimal("GB", 9),
    decimal("TB", 12),
    times("KiB", KIB),
    times("MiB", KIB * KIB),
    times("GiB", KIB * KIB * KIB),
    times("TiB", KIB * KIB * KIB * KIB),
];
const RATE: &[Unit] = &[decimal("/s", 0), per("/min", 60.0), per("/h", 3600.0), per("/d", 86_400.0)];
const MONTHS: &[Unit] =
    &[times("months", 1.0), times("month", 1.0), times("years", 12.0), times("year", 12.0)];
const SHARE: &[Unit] = &[decimal("%", -2)];
const GROWTH: &[Unit] = &[decimal("%/month", -2)];
const FACTOR: &[Unit] = &[decimal("x", 0)];
const DAYS: &[Unit] =
    &[times("days", 1.0), times("day", 1.0), times("d", 1.0), times("weeks", 7.0), times("week", 7.0)];

impl Unit {
    /// A number in this unit, as text that is known to be a number, in base units.
    fn base(&self, number: &str) -> Option<f64> {
        let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let moved = format!("{digits}e{}", exponent.saturating_add(self.shift));
        // Adding zero turns minus zero into zero.
        Some(moved.parse::<f64>().ok()? * self.times / self.over + 0.0)
    }
}

impl Dimension {
    /// The units that may be written; none for a plain number.
    pub const fn units(self) -> &'static [Unit] {
        match self {
            Self::Number => &[],
            Self::Time => TIME,
            Self::Size => SIZE,
            Self::Rate => RATE,
            Self::Share => SHARE,
            Self::Growth => GROWTH,
            Self::Factor => FACTOR,
            Self::Months => MONTHS,
            Self::Days => DAYS,
        }
    }

    /// The word for it in the reference.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Time => "time",
            Self::Size => "size",
            Self::Rate => "rate",
            Self::Share => "share",
            Self::Growth => "growth",
            Self::Factor => "factor",
            Self::Months => "months",
            Self::Days => "days",
        }
    }

    /// The unit that is shown to somebody who forgot one.
    const fn usual(self) -> &'static str {
        match self {
            Self::Number => "",
            Self::Time => "ms",
            Self::Size => "MiB",
            Self::Rate => "/s",
            Self::Share => "%",
            Self::Growth => "%/month",
            Self::Factor => "x",
            Self::Months => "months",
            Self::Days => "days",
        }
    }

    /// The number and its usual unit, as a person writes it.
    fn written(self, number: &str) -> String {
        let gap = if matches!(self, Self::Rate | Self::Factor | Self::Number) { "" } else { " " };
        format!("{number}{gap}{}", self.usual())
    }

    /// The units, listed for a sentence.
    pub(super) fn list(self) -> String {
        let names: Vec<&str> = self.units().iter().map(|unit| unit.name).collect();
        names.join(", ")
    }

    /// A regular expression that every quantity of this dimension matches.
    pub(super) fn pattern(self) -> String {
        let names: Vec<&str> = self.units().iter().map(|unit| unit.name).collect();
        let number = r"^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?";
        match self {
            Self::Number => format!("{number}$"),
            _ => format!("{number} ?({})$", names.join("|")),
        }
    }
}

/// Text such as `231 ms` to base units.
///
/// `key` is the key it stands at, for the message.
pub(super) fn parse(key: &str, text: &str, dimension: Dimension) -> Result<f64, Fault> {
    let text = text.trim();
    let (number, unit_text) = split(text);
    if number.is_empty() || number == "-" || number == "+" {
        return Err(not_a_number(key, text, dimension));
    }
    if number.contains(['_', ',']) || unit_text.starts_with(['_', ',']) {
        return Err(separators(key, text, number));
    }
    let Ok(value) = number.parse::<f64>() else {
        return Err(not_a_number(key, text, dimension));
    };
    if !value.is_finite() {
        let message = format!("`{key}`: {} is too large for any quantity", quoted(text));
        return Err(Fault::new("out-of-range", message, "write a number that was measured or counted"));
    }
    let unit_name: String = unit_text.chars().filter(|character| *character != ' ').collect();
    let units = dimension.units();
    if units.is_empty() {
        // Adding zero turns minus zero into zero.
        return if unit_name.is_empty() {
            Ok(value + 0.0)
        } else {
            Err(unit_not_wanted(key, number, value, &unit_name))
        };
    }
    if let Some(unit) = units.iter().find(|unit| unit.name == unit_name) {
        return unit.base(number).ok_or_else(|| not_a_number(key, text, dimension));
    }
    if unit_name.is_empty() {
        Err(no_unit(key, number, value, dimension))
    } else {
        Err(bad_unit(key, &unit_name, dimension))
    }
}

/// Splits `4.8/s` into the number and the rest.
fn split(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let after_exponent = end > 0 && matches!(bytes[end - 1], b'e' | b'E');
        let fits = match bytes[end] {
            b'0'..=b'9' | b'.' => true,
            b'_' | b',' => end > 0 && bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
            b'+' | b'-' => end == 0 || after_exponent,
            // An exponent only where a number follows, so that `5 exabytes` is not half a number.
            b'e' | b'E' => end > 0 && exponent_follows(&bytes[end + 1..]),
            _ => false,
        };
        if !fits {
            break;
        }
        end += 1;
    }
    (&text[..end], text[end..].trim())
}

fn exponent_follows(rest: &[u8]) -> bool {
    let digits = if matches!(rest.first(), Some(b'+' | b'-')) { &rest[1..] } else { rest };
    digits.first().is_some_and(u8::is_ascii_digit)
}

fn not_a_number(key: &str, text: &str, dimension: Dimension) -> Fault {
    let seen = if text.is_empty() { "an empty text".to_owned() } else { quoted(text) };
    let wanted = if dimension == Dimension::Number {
        "a number".to_owned()
    } else {
        format!("a {}", dimension.title())
    };
    Fault::new(
        "not-a-number",
        format!("`{key}` is {seen}, not {wanted}"),
        format!("write for example `{key}: {}`", dimension.written("5")),
    )
}

fn no_unit(key: &str, number: &str, value: f64, dimension: Dimension) -> Fault {
    // A share such as 0.7 was meant as 70 %, and only there does the missing unit change the number.
    let number = if dimension == Dimension::Share && value > 0.0 && value <= 1.0 {
        format!("{}", (value * 1e10).round() / 1e8)
    } else {
        shown(number)
    };
    let message = format!("`{key}` needs a unit");
    let help = format!("write `{key}: {}`; units: {}", dimension.written(&number), dimension.list());
    Fault::new("missing-unit", message, help)
}

fn bad_unit(key: &str, unit_name: &str, dimension: Dimension) -> Fault {
    let meant = match (dimension, unit_name) {
        (Dimension::Size, "KB" | "kb" | "Kb") => Some("kB` (1000 bytes) or `KiB"),
        (Dimension::Time, "m") => Some("min` or `ms"),
        (Dimension::Time, "sec" | "secs" | "second" | "seconds") => Some("s"),
        _ => nearest(unit_name, dimension.units().iter().map(|unit| unit.name)),
    };
    let valid = format!("valid units of a {}: {}", dimension.title(), dimension.list());
    let help = meant.map_or(valid.clone(), |meant| format!("did you mean `{meant}`? {valid}"));
    Fault::new(
        "unknown-unit",
        format!("`{key}`: {} is not a unit of a {}", quoted(unit_name), dimension.title()),
        help,
    )
}

fn unit_not_wanted(key: &str, number: &str, value: f64, unit_name: &str) -> Fault {
    let message = format!("`{key}` is a plain number and takes no unit, but has {}", quoted(unit_name));
    let meant = match unit_name {
        "k" | "K" => format!("{}", value * 1e3),
        "M" => format!("{}", value * 1e6),
        _ => number.to_owned(),
    };
    Fault::new("unknown-unit", message, format!("write `{key}: {}`", shown(&meant)))
}

fn separators(key: &str, text: &str, number: &str) -> Fault {
    let message = format!("`{key}`: {} has separators in its number", quoted(text));
    // One comma that does not set off three digits is a decimal point in half of the world: dropping it would change the
    // number tenfold.
    let is_point = |rest: &str| !rest.contains(['_', ',', '.']) && rest.len() != 3;
    let plain = match number.split_once(',') {
        Some((whole, rest)) if is_point(rest) && !whole.contains('_') => text.replacen(',', ".", 1),
        _ => text.replace(['_', ','], ""),
    };
    Fault::new("number", message, format!("write `{key}: {}`", shown(plain.trim())))
}
