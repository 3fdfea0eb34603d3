//! The reference of the spec as Markdown: made from the key table.

use std::fmt::Write as _;

use super::keys::{self, Key, Kind, Low, Presence, Spread};
use super::units::Dimension;

const HEAD: &str = "# The spec

<!-- Made from the key table in src/spec/keys; a test compares. Rewrite: LOADLINE_REWRITE=1 cargo test --test spec_reference -->

A spec is one YAML document. The smallest one:

```yaml
version: 1
name: school
load: { users: 200 }
requests:
  - { name: page, cpu: 12 ms }
```

Everything else has a default that `loadline size --explain` shows with its reason and source, or is derived from the load.
`loadline init` writes a commented spec; `loadline schema` prints a JSON Schema for editors. `--set load.users=2500` and
`--set 'requests[0].cpu=3 ms'` replace a value for one run. Unknown keys are errors. Anchors, aliases and merge keys (`<<`) work.

## Quantities

A quantity has its unit in the text; a bare number where a unit is needed is an error.

";
const AFTER_UNITS: &str = "
Numbers are written without separators: `2000`. Where the table says *interval*, one value or an interval may be written:

```yaml
cpu: { low: 1.5 ms, mid: 2.2 ms, high: 4 ms, confidence: 80 % }
```

`mid` is the geometric mean of `low` and `high` unless written (then `low` may not be 0); `confidence` is 90 % unless written.

## Keys

`[]` stands for each entry of a list, `*` for the name of a cloud.

";

/// The reference, ready to be written to `docs/spec.md`.
pub fn reference_markdown() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("| what | units |\n|---|---|\n");
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
    text.push_str(AFTER_UNITS);
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

fn value(kind: &Kind) -> String {
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
