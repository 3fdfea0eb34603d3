//! One value: its text judged by the kind of its key.
//!
//! In: a key's kind and a text; out: a [`Value`] in base units, or what is wrong with it. Defaults go the same way as what the
//! user writes.

use std::collections::BTreeMap;

use super::complaints::{Fault, nearest, quoted};
use super::keys::{Kind, Low, Range};
use super::model::Quantity;
use super::number;
use super::units::Dimension;

/// A value that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// In base units.
    Quantity(Quantity),
    /// A whole number, or the length of a list.
    Count(u32),
    /// A word or a text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// Texts in the order written.
    Texts(Vec<String>),
    /// Texts by text.
    Table(BTreeMap<String, String>),
}

/// The value of a text at a key of that kind. `key` is the key's name, for messages.
pub(super) fn parse(key: &str, kind: &Kind, text: &str) -> Result<Value, Fault> {
    match kind {
        Kind::Quantity(dimension, range, _) => {
            bounded(key, text, *dimension, *range).map(|value| Value::Quantity(Quantity::certain(value)))
        }
        Kind::Count(low, high) => count(key, text, *low, *high).map(Value::Count),
        Kind::Choice(words) | Kind::ChoiceOrMap(words) => word(key, text, words).map(Value::Text),
        Kind::Flag => flag(key, text).map(Value::Flag),
        Kind::Text(format) => format.check(key, text).map(|()| Value::Text(text.to_owned())),
        Kind::Texts(format) => format.check(key, text).map(|()| Value::Texts(vec![text.to_owned()])),
        Kind::Table(..) | Kind::Map | Kind::List(_) | Kind::ByCloud(_) => Err(Fault::new(
            "wrong-type",
            format!("`{key}` is a single value, not {}", wanted(kind)),
            "write it as a block with one line for each of its keys",
        )),
    }
}

/// What stands at a key of that kind, for a sentence.
pub(super) const fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Quantity(Dimension::Number, ..) => "a number",
        Kind::Quantity(..) => "a quantity with a unit",
        Kind::Count(..) => "a whole number",
        Kind::Choice(_) => "one word",
        Kind::Flag => "`true` or `false`",
        Kind::Text(_) => "a text",
        Kind::Texts(_) => "a list of texts",
        Kind::Table(..) => "a map of settings",
        Kind::Map | Kind::ByCloud(_) => "a map",
        Kind::ChoiceOrMap(_) => "one word or a map",
        Kind::List(_) => "a list",
    }
}

/// A quantity within its bounds, in base units.
pub(super) fn bounded(key: &str, text: &str, dimension: Dimension, range: Range) -> Result<f64, Fault> {
    // Adding zero turns minus zero into zero.
    let value = number::parse(key, text, dimension)? + 0.0;
    let bound = |bound: &str| {
        number::parse(key, bound, dimension)
            .expect("the bounds of the key table are quantities of its dimension")
    };
    let (low, too_low) = match range.low {
        Low::From(low) => (format!("at least {low}"), value < bound(low)),
        Low::Above(low) => (format!("more than {low}"), value <= bound(low)),
    };
    if too_low || value > bound(range.high) {
        let message = format!("`{key}` is {}, which is out of range", quoted(text.trim()));
        return Err(Fault::new(
            "out-of-range",
            message,
            format!("it must be {low} and at most {}", range.high),
        ));
    }
    Ok(value)
}

fn count(key: &str, text: &str, low: u32, high: u32) -> Result<u32, Fault> {
    let value = number::parse(key, text, Dimension::Number)?;
    if value < f64::from(low) || value > f64::from(high) {
        let message = format!("`{key}` is {}, which is out of range", quoted(text));
        return Err(Fault::new(
            "out-of-range",
            message,
            format!("it must be a whole number from {low} to {high}"),
        ));
    }
    if value.fract() != 0.0 {
        let message = format!("`{key}` is {}, not a whole number", quoted(text));
        return Err(Fault::new("not-a-number", message, format!("write `{key}: {}`", value.ceil())));
    }
    // Within 0..=u32::MAX and whole: checked above, so nothing is cut off.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok(value as u32)
}

/// One of the words of a choice.
fn word(key: &str, text: &str, words: &[&str]) -> Result<String, Fault> {
    if words.contains(&text) {
        return Ok(text.to_owned());
    }
    if let [only] = words {
        let message = format!("`{key}` is {}; only `{only}` is supported today", quoted(text));
        return Err(Fault::new("unknown-word", message, format!("write `{key}: {only}`")));
    }
    Err(unknown(key, text, words.iter().copied()))
}

/// The complaint about a word that is none of the valid ones.
pub(super) fn unknown<'a>(key: &str, text: &str, words: impl Iterator<Item = &'a str> + Clone) -> Fault {
    let list: Vec<&str> = words.clone().collect();
    let valid = format!("valid: {}", list.join(", "));
    let help = nearest(text, words).map_or(valid.clone(), |meant| format!("did you mean `{meant}`? {valid}"));
    Fault::new("unknown-word", format!("`{key}`: {} is not known", quoted(text)), help)
}

fn flag(key: &str, text: &str) -> Result<bool, Fault> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => {
            let meant = match other.to_lowercase().as_str() {
                "yes" | "on" | "true" | "1" | "y" => "write `true`",
                "no" | "off" | "false" | "0" | "n" => "write `false`",
                _ => "write `true` or `false`",
            };
            Err(Fault::new(
                "wrong-type",
                format!("`{key}` is {}, not `true` or `false`", quoted(other)),
                meant,
            ))
        }
    }
}
