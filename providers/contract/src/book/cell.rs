//! Columns and cells: what a price in a table says, before it is applied to a size.
//!
//! In: the words `us-east-1/3y@N:allup` and `0.085@K`. Out: [`Column`] and [`Cell`]. What a cell is worth for a size is `expand`'s.

use rust_decimal::Decimal;

use super::scope::Names;
use super::words::{Problem, number, shown};
use crate::{Availability, Term};

/// One column of a table: whose price it holds and where it was read unless a cell says otherwise.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Indices of regions.
    pub regions: Vec<u16>,
    pub term: Term,
    pub availability: Availability,
    /// Index of the source of its cells.
    pub source: Option<u32>,
    /// Index of the note of its cells.
    pub note: Option<u32>,
}

/// One price of a table.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub value: Value,
    /// Index of the source; of the column when the cell names none.
    pub source: Option<u32>,
    /// Index of the note; of the column when the cell names none.
    pub note: Option<u32>,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// `-`: not sold so, or no row; no price comes of it.
    Absent,
    /// `?`: charged, but no source knows the price.
    Unknown,
    /// `0.085`, `91/8760`, `0.0413*0.75`.
    Amount { amount: Decimal, working: Option<Box<str>> },
    /// `=`: from the `rate` lines and the size.
    Components,
    /// `x2`: so many times the single-node price of the same region and term.
    Times(Decimal),
}

impl Column {
    /// Reads `REGION[,REGION...|*][/1y|/3y][/standby][@SOURCE][:NOTE]`.
    pub(super) fn read(word: &str, names: &Names) -> Result<Self, Problem> {
        let (head, source, note) = marks(word, names)?;
        let mut parts = head.split('/');
        let regions = names.regions(parts.next().unwrap_or_default())?;
        let (mut term, mut availability) = (Term::OnDemand, Availability::Single);
        for part in parts {
            match part {
                "1y" => term = Term::Reserved1y,
                "3y" => term = Term::Reserved3y,
                "standby" => availability = Availability::Standby,
                _ => {
                    return Err(format!(
                        "unknown part {} of a column; `1y`, `3y` and `standby` are known",
                        shown(part)
                    ));
                }
            }
        }
        Ok(Self { regions, term, availability, source, note })
    }

    /// Whether two columns hold the price of the same thing in one region.
    pub(super) fn clashes(&self, other: &Self) -> bool {
        self.term == other.term
            && self.availability == other.availability
            && self.regions.iter().any(|region| other.regions.contains(region))
    }
}

impl Cell {
    /// Reads `-`, `?`, `=`, `xN` or an amount, each with `@SOURCE` and `:NOTE` where it has its own.
    pub(super) fn read(word: &str, column: &Column, names: &Names) -> Result<Self, Problem> {
        let (head, source, note) = marks(word, names)?;
        let value = match head {
            "-" => Value::Absent,
            "?" => Value::Unknown,
            "=" => Value::Components,
            _ => match head.strip_prefix('x') {
                Some(times) => Value::Times(within_thousand(times)?),
                None => amount(head)?,
            },
        };
        let source = source.or(column.source);
        if source.is_none() && matches!(value, Value::Unknown | Value::Amount { .. }) {
            return Err(format!("{} has no source: write `{head}@KEY`, or give its column one", shown(word)));
        }
        if value == Value::Absent && word != "-" {
            return Err(format!(
                "{} says that there is no price, so it takes no source and no note",
                shown(word)
            ));
        }
        Ok(Self { value, source, note: note.or(column.note) })
    }
}

/// Splits `HEAD[@SOURCE][:NOTE]`.
fn marks<'a>(word: &'a str, names: &Names) -> Result<(&'a str, Option<u32>, Option<u32>), Problem> {
    let (rest, note) = match word.split_once(':') {
        Some((rest, key)) => (rest, Some(names.note(key)?)),
        None => (word, None),
    };
    let (head, source) = match rest.split_once('@') {
        Some((head, key)) => (head, Some(names.source(key)?)),
        None => (rest, None),
    };
    Ok((head, source, note))
}

/// `0.085`, or one division or multiplication of two numbers.
fn amount(text: &str) -> Result<Value, Problem> {
    let Some(at) = text.find(['/', '*']) else {
        return Ok(Value::Amount { amount: number(text)?, working: None });
    };
    let (left, right) = (number(&text[..at])?, number(&text[at + 1..])?);
    let result = if text[at..].starts_with('/') { left.checked_div(right) } else { left.checked_mul(right) };
    // Ten places: a ten-thousandth of a cent over a million hours.
    let amount =
        result.ok_or_else(|| format!("{} cannot be worked out", shown(text)))?.round_dp(10).normalize();
    Ok(Value::Amount { amount, working: Some(text.into()) })
}

/// A number that multiplies other prices: bounded, so that products stay exact.
pub(super) fn within_thousand(text: &str) -> Result<Decimal, Problem> {
    let value = number(text)?;
    if value.is_zero() || value > Decimal::ONE_THOUSAND {
        return Err(format!("{} is not between 0 and 1000", shown(text)));
    }
    Ok(value)
}
