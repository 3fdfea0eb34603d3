//! The reference of the spec as Markdown: made from the key table.

use std::fmt::Write as _;

use super::keys::{self, Key, Kind, Low, Presence, Spread};
use super::units::Dimension;

const HEAD: &str = "# The spec

<!-- Made from src/spec/reference.rs and the key table in src/spec/keys; a test compares.
     Rewrite: LOADLINE_REWRITE=1 cargo test --test spec -->

A spec is one YAML document. The smallest one:

```yaml
version: 1
name: school
load: { users: 200 }
requests:
  - { name: page, cpu: 12 ms }
```

`loadline init` writes a commented one. `version`, `name`, `load.users` and the name and CPU time of each request are
required; everything else has a default or is derived from the load. `loadline size --explain SPEC` lists every default that
was taken with its value, its reason and its source. A tier that is not written (`database`, `cache`) is not there.

`--set load.users=2500` and `--set 'requests[0].cpu=3 ms'` replace a value for one run; entries of lists count from 0, and a
value is one line of YAML. Anchors, aliases and merge keys (`<<`) work. Tags (`!...`) and a second document are refused.

## Errors

All errors come at once, each with its place, its line and what to write instead; nothing is computed and the exit code is 2:

```text
school.yaml:4:10: error: `think` needs a unit [missing-unit]
 4 |   think: 160
   |          ^^^
   help: write `think: 160 ms`; units: us, ms, s, min, h, d, day, days, µs
```

An unknown key is an error that names the nearest valid one, or the place where that key belongs.

## Editors

`loadline schema` prints a JSON Schema (draft 2020-12). With it an editor completes keys, words, clouds and regions, shows what
each key means, and marks what is wrong. Write it once beside the spec and name it in the first line of the spec; the YAML
language server of VS Code, Neovim, Helix and others reads that line:

```console
$ loadline schema > loadline.schema.json
```

```yaml
# yaml-language-server: $schema=loadline.schema.json
version: 1
```

What depends on several keys (shares that add up, a tier that must be there) only `loadline` itself can say.

## Quantities

A quantity has its unit in the text; a bare number where a unit is needed is an error.

";
const AFTER_UNITS: &str = "
Base 2 and base 10 differ: 1 GiB is 1024 MiB, 1 GB is 1000 MB. Numbers are written without separators and with a decimal
point: `2000`, `2.5 ms`.

Where the table says *interval*, one value or an interval may be written:

```yaml
cpu: { low: 1.5 ms, mid: 2.2 ms, high: 4 ms, confidence: 80 % }
```

`mid` is used wherever one number is needed; it is the geometric mean of `low` and `high` unless written (then `low` may not be
0). `confidence`, the probability that the true value lies inside, is 90 % unless written.

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
