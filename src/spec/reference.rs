//! The reference of the spec as Markdown: made from the key table.

use std::fmt::Write as _;

use super::keys::{self, Key, Kind, Low, Presence, Spread};
use super::units::Dimension;

const KEYS_HEAD: &str = "
## Keys

`[]` stands for each entry of a list, `*` for the name of a cloud.

";

/// The units and the keys: all of `docs/spec.md` but its introduction.
pub fn reference_markdown() -> String {
    let mut text = "## Units\n\n| what | units |\n|---|---|\n".to_owned();
    let dimensions = [
        Dimension::Time,
        Dimension::Size,
        Dimension::Rate,
        Dimension::Share,
        Dimension::Growth,
        Dimension::Factor,
        Dimension::Months,
        Dimension::Days,
    ];
    for dimension in dimensions {
        line(&mut text, &[dimension.title(), &code(dimension.units().iter().map(|unit| unit.name))]);
    }
    text.push_str(KEYS_HEAD);
    let tops = keys::all().filter(|key| key.parent().is_empty());
    let (sections, plain): (Vec<_>, Vec<_>) = tops.partition(|key| below(key).next().is_some());
    table(&mut text, plain.into_iter());
    for section in sections {
        let _ = write!(text, "\n### {}\n\n{} {}\n\n", section.name(), section.doc, absent(section));
        table(&mut text, below(section));
    }
    text
}

fn below(top: &'static Key) -> impl Iterator<Item = &'static Key> {
    keys::all()
        .filter(move |key| key.path.strip_prefix(top.path).is_some_and(|rest| rest.starts_with(['.', '['])))
}

fn absent(key: &Key) -> String {
    match key.presence {
        Presence::Required => "Required.".to_owned(),
        Presence::Absent(meaning) => format!("When left out: {meaning}."),
        Presence::Computed { value, reason } => format!("When left out: {value} ({reason})."),
        Presence::Default { .. } | Presence::Filled => String::new(),
    }
}

fn table(text: &mut String, keys: impl Iterator<Item = &'static Key>) {
    text.push_str("| key | meaning | value | when left out |\n|---|---|---|---|\n");
    for key in keys {
        let missing = match key.presence {
            Presence::Required => "**required**".to_owned(),
            Presence::Default { value, reason, source } => format!("`{value}`: {reason} ({source})"),
            Presence::Computed { value, reason } => format!("{value}: {reason}"),
            Presence::Absent(meaning) => meaning.to_owned(),
            Presence::Filled => "the defaults of its keys".to_owned(),
        };
        line(text, &[&format!("`{}`", key.path), key.doc, &value(&key.kind), &missing]);
    }
}

fn line(text: &mut String, cells: &[&str]) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

fn code<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// What may be written at a key of that kind.
pub(super) fn value(kind: &Kind) -> String {
    match kind {
        Kind::Quantity(dimension, range, spread) => {
            let low = match range.low {
                Low::From(low) => format!("from {low}"),
                Low::Above(low) => format!("above {low}"),
            };
            let interval = if *spread == Spread::Interval { ", or an interval" } else { "" };
            format!("{}, {low} to {}{interval}", dimension.title(), range.high)
        }
        Kind::Count(low, high) => format!("whole number, {low} to {high}"),
        Kind::Choice(words) => code(words.iter().copied()),
        Kind::ChoiceOrMap(words) => format!("{}, or a map", code(words.iter().copied())),
        Kind::Flag => code(["true", "false"].into_iter()),
        Kind::Text(format) => format!("{}: `{}`", format.what, format.example),
        Kind::Texts(format) => format!("a list; an entry is {}: `{}`", format.what, format.example),
        Kind::Table(name, content) => format!("a map: `{}: {}`", name.example, content.example),
        Kind::Map => "a map".to_owned(),
        Kind::List(_) => "a list of maps".to_owned(),
        Kind::ByCloud(_) => "a map by cloud".to_owned(),
    }
}
