//! What a number can measure, the units of each, and how a quantity is shown.
//!
//! Base units: seconds, bytes, 1/s, shares as 0..=1, months, days. Does not know keys or bounds.

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

/// One unit: a number in it, times `times`, divided by `over`, is in base units. Powers of ten shift the decimal point
/// of the text instead, so that `2.24 ms` is exactly the double nearest to 0.00224.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// As written.
    pub name: &'static str,
    times: f64,
    over: f64,
    /// Power of ten that the number is shifted by.
    shift: i32,
}

impl Unit {
    /// A number in this unit, in base units; `None`: the text is no number.
    pub(super) fn base(&self, number: &str) -> Option<f64> {
        let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        // An exponent beyond this is an infinity or a zero whatever the unit.
        let shifted = match exponent.parse::<i32>() {
            Ok(exponent) => format!("{digits}e{}", exponent.saturating_add(self.shift)),
            Err(_) => number.to_owned(),
        };
        Some(shifted.parse::<f64>().ok()? * self.times / self.over)
    }

    /// A value in base units, in this unit.
    fn of(&self, value: f64) -> f64 {
        value * self.over / self.times / 10f64.powi(self.shift)
    }
}

const fn unit(name: &'static str, times: f64, over: f64) -> Unit {
    Unit { name, times, over, shift: 0 }
}

/// A unit that is a power of ten of the base unit.
const fn decimal(name: &'static str, shift: i32) -> Unit {
    Unit { name, times: 1.0, over: 1.0, shift }
}

const KIB: f64 = 1024.0;
const TIME: &[Unit] = &[
    decimal("us", -6),
    decimal("ms", -3),
    unit("s", 1.0, 1.0),
    unit("min", 60.0, 1.0),
    unit("h", 3600.0, 1.0),
    unit("d", 86_400.0, 1.0),
    unit("day", 86_400.0, 1.0),
    unit("days", 86_400.0, 1.0),
    decimal("µs", -6),
];
const SIZE: &[Unit] = &[
    unit("B", 1.0, 1.0),
    unit("kB", 1e3, 1.0),
    unit("MB", 1e6, 1.0),
    unit("GB", 1e9, 1.0),
    unit("TB", 1e12, 1.0),
    unit("KiB", KIB, 1.0),
    unit("MiB", KIB * KIB, 1.0),
    unit("GiB", KIB * KIB * KIB, 1.0),
    unit("TiB", KIB * KIB * KIB * KIB, 1.0),
];
const RATE: &[Unit] =
    &[unit("/s", 1.0, 1.0), unit("/min", 1.0, 60.0), unit("/h", 1.0, 3600.0), unit("/d", 1.0, 86_400.0)];
const MONTHS: &[Unit] =
    &[unit("months", 1.0, 1.0), unit("month", 1.0, 1.0), unit("years", 12.0, 1.0), unit("year", 12.0, 1.0)];
const SHARE: &[Unit] = &[decimal("%", -2)];
const GROWTH: &[Unit] = &[decimal("%/month", -2)];
const FACTOR: &[Unit] = &[unit("x", 1.0, 1.0)];
const DAYS: &[Unit] = &[
    unit("days", 1.0, 1.0),
    unit("day", 1.0, 1.0),
    unit("d", 1.0, 1.0),
    unit("weeks", 7.0, 1.0),
    unit("week", 7.0, 1.0),
];

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
    pub(super) const fn usual(self) -> &'static str {
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
    pub(super) fn written(self, number: &str) -> String {
        format!("{number}{}{}", self.gap(), self.usual())
    }

    /// A value in base units as a person writes it, with at most four digits: `2.24 ms`, `40 GiB`.
    pub(super) fn shown(self, value: f64) -> String {
        let ladder: &[&str] = match self {
            Self::Time => &["ms", "s", "min", "h", "d"],
            Self::Size => &["B", "KiB", "MiB", "GiB", "TiB"],
            _ => &[self.usual()],
        };
        let units = ladder.iter().filter_map(|name| self.units().iter().find(|unit| unit.name == *name));
        let number = |unit: &Unit| unit.of(value);
        // The largest unit in which there is at least one; the smallest for less.
        let unit = units.clone().rfind(|unit| number(unit) >= 1.0).or_else(|| units.clone().next());
        let digits = rounded(unit.map_or(value, number));
        let gap = self.gap();
        format!("{digits}{gap}{}", unit.map_or("", |unit| unit.name))
    }

    const fn gap(self) -> &'static str {
        if matches!(self, Self::Rate | Self::Factor | Self::Number) { "" } else { " " }
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

/// A number with at most four digits that count.
fn rounded(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let scale = 10f64.powf(3.0 - number.abs().log10().floor());
    (number * scale).round() / scale
}
