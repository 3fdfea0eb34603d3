//! Text such as `231 ms` to a number in base units, or what is wrong with it and what was probably meant.
//!
//! Knows no key and no bounds. Never guesses: a text that two readers could take for two numbers is an error.

use super::complaints::{Fault, nearest, quoted};
use super::units::Dimension;

/// Longest number that a suggestion repeats, in characters.
const LONGEST_REPEATED: usize = 24;

/// Text such as `231 ms` to base units.
///
/// `key` is the key it stands at, for the message.
pub(super) fn parse(key: &str, text: &str, dimension: Dimension) -> Result<f64, Fault> {
    let text = text.trim();
    let (number, unit_text) = split(text);
    if number.is_empty() || number == "-" || number == "+" {
        return Err(not_a_number(key, text, dimension));
    }
    if number.contains(['_', ','])
        || unit_text.starts_with(|next: char| "_,'".contains(next) || next.is_ascii_digit())
    {
        return Err(separated(key, text, dimension));
    }
    if is_other_base(number, unit_text) {
        let message = format!("`{key}`: {} is not a decimal number", quoted(text));
        let help = format!("write its decimal digits, for example `{key}: {}`", dimension.written("16"));
        return Err(Fault::new("number", message, help));
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
        return if unit_name.is_empty() { Ok(value) } else { Err(unit_not_wanted(key, number, &unit_name)) };
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

/// `0x10`, `0o17`, `0b1`: numbers to some readers of YAML. `0x` and `0B` alone are a factor and a size.
fn is_other_base(number: &str, unit_text: &str) -> bool {
    let mut next = unit_text.chars();
    number.trim_start_matches(['+', '-']) == "0"
        && matches!(next.next(), Some('x' | 'X' | 'o' | 'b' | 'B'))
        && next.next().is_some_and(|digit| digit.is_ascii_hexdigit())
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

/// `1_000`, `1,000`, `1 000`: refused, because `1,5` is one and a half to some people and fifteen to a reader that drops commas.
fn separated(key: &str, text: &str, dimension: Dimension) -> Fault {
    let joined: String = text.chars().filter(|character| !"_,' ".contains(*character)).collect();
    let (number, unit) = split(&joined);
    let gap = if unit.is_empty() || !dimension.written("5").contains(' ') { "" } else { " " };
    let groups: Vec<&str> = split(text).0.split(',').collect();
    let help = match groups[..] {
        // Not a group of three: a decimal comma.
        [whole, part] if part.len() != 3 && joined.len() <= LONGEST_REPEATED => {
            let unit = split(text).1;
            format!(
                "write a decimal point: `{key}: {whole}.{part}{}{unit}`",
                if unit.is_empty() { "" } else { gap }
            )
        }
        _ if joined.len() <= LONGEST_REPEATED && is_plain(unit) => {
            format!("write `{key}: {number}{gap}{unit}`")
        }
        _ => "write the digits without separators".to_owned(),
    };
    Fault::new("number", format!("`{key}`: {} has separators in its number", quoted(text)), help)
}

fn is_plain(unit: &str) -> bool {
    unit.chars().all(|character| character.is_ascii_alphabetic() || "/%µ".contains(character))
}

/// A number as a suggestion repeats it: what is too long to read is not repeated.
fn repeated(number: &str) -> &str {
    if number.len() <= LONGEST_REPEATED { number } else { "5" }
}

fn no_unit(key: &str, number: &str, value: f64, dimension: Dimension) -> Fault {
    // A share such as 0.7 was meant as 70 %, and only there does the missing unit change the number.
    let number = if dimension == Dimension::Share && value > 0.0 && value <= 1.0 {
        format!("{}", (value * 1e10).round() / 1e8)
    } else {
        repeated(number).to_owned()
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
        (Dimension::Growth, "%") => Some("%/month"),
        // The Greek letter looks like the sign for micro but is another character.
        (Dimension::Time, "\u{3bc}s") => Some("us"),
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

fn unit_not_wanted(key: &str, number: &str, unit_name: &str) -> Fault {
    let message = format!("`{key}` is a plain number and takes no unit, but has {}", quoted(unit_name));
    let help = match unit_name {
        // Dropping the letter would suggest another number.
        "k" | "K" | "M" | "m" | "million" => "write the number out, for example 2000".to_owned(),
        _ => format!("write `{key}: {}`", repeated(number)),
    };
    Fault::new("unknown-unit", message, help)
}
