//! New values in the text of a spec, in their places: comments, order and layout stay as they are.

use super::component::Component;
use super::linear::Estimate;
use super::options::Write;
use super::unreadable::quoted;
use crate::spec::{Content, Node, Place, Quantity, Scaling, Spec, document};

/// Where a value stands in the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A time of a kind of request.
    Request {
        /// Index of the request.
        index: usize,
        /// Its name.
        name: String,
        /// The key below it: `cpu`, `query_cpu`, `wait`.
        key: &'static str,
    },
    /// A share of a tier.
    Tier {
        /// Which.
        component: Component,
        /// The key below it: `contention`, `coherency`.
        key: &'static str,
    },
}

/// A value that is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where.
    pub target: Target,
    /// What the spec said: s, or a share.
    pub before: f64,
    /// What was measured, likewise.
    pub after: Estimate,
}

impl Change {
    /// The change of a value; `None`: it is written as it was.
    pub(super) fn new(target: Target, before: f64, after: Estimate) -> Option<Self> {
        let change = Self { target, before, after };
        (change.written(before) != change.written(after.mid)).then_some(change)
    }

    /// Path in the spec.
    pub fn path(&self) -> String {
        match &self.target {
            Target::Request { index, key, .. } => format!("requests[{index}].{key}"),
            Target::Tier { component, key } => format!("{}.{key}", component.word()),
        }
    }

    /// The kind of request, or the tier.
    pub fn name(&self) -> &str {
        match &self.target {
            Target::Request { name, .. } => name,
            Target::Tier { component, .. } => component.word(),
        }
    }

    /// Whether it is a time; else it is a share.
    pub fn is_time(&self) -> bool {
        matches!(self.target, Target::Request { .. })
    }

    /// A value as the spec writes it, with three digits: `2.24 ms`, `1.8 %`.
    pub fn written(&self, value: f64) -> String {
        if self.is_time() {
            format!("{} ms", digits(value * 1e3))
        } else {
            format!("{} %", digits(value * 1e2))
        }
    }
}

/// A number with three digits and no more.
fn digits(value: f64) -> String {
    let places = if value > 0.0 { (2 - value.log10().floor() as i32).clamp(0, 6) } else { 0 };
    let text = format!("{value:.*}", places as usize);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

/// How the cores of a component get in each other's way, as the spec has it; `None`: it has nothing about this one.
pub(super) fn scaling(spec: &Spec, component: Component) -> Option<Scaling> {
    match component {
        Component::App => Some(spec.app.scaling),
        Component::Database => Some(spec.database.as_ref()?.scaling),
        Component::Cache | Component::Balancer => None,
    }
}

/// The same, to be changed.
pub(super) fn scaling_mut(spec: &mut Spec, component: Component) -> Option<&mut Scaling> {
    match component {
        Component::App => Some(&mut spec.app.scaling),
        Component::Database => Some(&mut spec.database.as_mut()?.scaling),
        Component::Cache | Component::Balancer => None,
    }
}

/// A piece of the text that is replaced.
struct Piece {
    from: usize,
    to: usize,
    text: String,
}

/// The text of a spec with changes in it.
///
/// # Errors
/// With a sentence where a value stands in no place of its own, as behind an alias.
pub(super) fn edited(file: &str, text: &str, changes: &[Change], write: Write) -> Result<String, String> {
    let (times, shares): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.is_time());
    // One by one, each before those that stand: the first share of a tier may have to make the tier.
    shares
        .iter()
        .rev()
        .try_fold(together(file, text, &times, write)?, |text, share| together(file, &text, &[share], write))
}

/// The text with changes that need nothing of each other.
fn together(file: &str, text: &str, changes: &[&Change], write: Write) -> Result<String, String> {
    let root = document(file, text).map_err(|wrong| {
        wrong.first().map_or_else(|| "the spec cannot be read".to_owned(), |first| first.message.clone())
    })?;
    let mut pieces = Vec::new();
    for change in changes {
        let found = pieces_of(&root, text, change, write);
        pieces.extend(found.ok_or_else(|| {
            format!(
                "{} stands in no place of its own in {}: write it by hand",
                quoted(&change.path()),
                quoted(file)
            )
        })?);
    }
    pieces.sort_by_key(|piece| piece.from);
    if pieces.windows(2).any(|pair| pair[0].to > pair[1].from) {
        return Err(format!("two values of {} are one by an alias: write them by hand", quoted(file)));
    }
    let mut result = text.to_owned();
    for piece in pieces.iter().rev() {
        result.replace_range(piece.from..piece.to, &piece.text);
    }
    Ok(result)
}

/// Whether the changes are in the spec, and nothing else changed.
pub fn proved(before: &Spec, after: &Spec, changes: &[Change]) -> bool {
    let mut expected = before.clone();
    for change in changes {
        let mut after = after.clone();
        let (Some(wanted), Some(found)) = (value_mut(&mut expected, change), value_mut(&mut after, change))
        else {
            return false;
        };
        if change.written(found.mid) != change.written(change.after.mid) {
            return false;
        }
        *wanted = *found;
    }
    // Where a value came from may be another line now.
    expected.origins.clone_from(&after.origins);
    expected == *after
}

/// The value that a change is about.
fn value_mut<'a>(spec: &'a mut Spec, change: &Change) -> Option<&'a mut Quantity> {
    match change.target {
        Target::Request { index, key, .. } => {
            let request = spec.requests.get_mut(index)?;
            Some(match key {
                "cpu" => &mut request.cpu_s,
                "query_cpu" => &mut request.query_cpu_s,
                _ => &mut request.wait_s,
            })
        }
        Target::Tier { component, key } => {
            let scaling = scaling_mut(spec, component)?;
            Some(if key == "contention" { &mut scaling.contention } else { &mut scaling.coherency })
        }
    }
}

fn member<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let Content::Map(entries) = &node.content else { return None };
    entries.iter().find(|(label, _)| label.text == key).map(|(_, node)| node)
}

fn pieces_of(root: &Node, text: &str, change: &Change, write: Write) -> Option<Vec<Piece>> {
    let Estimate { mid, low, high } = change.after;
    let written = |value| change.written(value);
    let interval = [("low", low), ("mid", mid), ("high", high)];
    let whole = match write {
        Write::Numbers => written(mid),
        Write::Intervals => {
            let ends: Vec<String> =
                interval.iter().map(|(name, value)| format!("{name}: {}", written(*value))).collect();
            format!("{{ {} }}", ends.join(", "))
        }
    };
    let (part, key) = match &change.target {
        Target::Request { index, key, .. } => {
            let Content::List(requests) = &member(root, "requests")?.content else { return None };
            (requests.get(*index)?, *key)
        }
        Target::Tier { component, key } => match member(root, component.word()) {
            Some(tier) => (tier, *key),
            None => {
                return Some(vec![new_tier(
                    root,
                    text,
                    &format!("{}: {{ {key}: {whole} }}", component.word()),
                )?]);
            }
        },
    };
    let Some(node) = member(part, key) else {
        return Some(vec![insertion(part, text, key, &whole)?]);
    };
    match &node.content {
        Content::Scalar(value) => Some(vec![replacement(text, node.place, value, &whole)?]),
        Content::Map(entries) => {
            let known = interval.map(|(name, value)| (name, written(value)));
            let confidence = ("confidence", format!("{} %", (super::options::CONFIDENCE * 100.0).round()));
            let mut pieces = Vec::new();
            for (label, node) in entries {
                let Content::Scalar(value) = &node.content else { return None };
                let (_, new) = known.iter().chain([&confidence]).find(|(name, _)| *name == label.text)?;
                pieces.push(replacement(text, node.place, value, new)?);
            }
            Some(pieces)
        }
        _ => None,
    }
}

/// The byte at which a line and a column, both from 1, are.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let inside = text.get(before..)?.lines().next().unwrap_or_default();
    let at = inside.char_indices().map(|(at, _)| at).chain([inside.len()]).nth(column - 1)?;
    Some(before + at)
}

/// Takes a value out; `None`: something else stands in that place, such as an alias.
fn replacement(text: &str, place: Place, value: &str, new: &str) -> Option<Piece> {
    let from = offset(text, place.line, place.column)?;
    let rest = text.get(from..)?;
    let old = [value.to_owned(), format!("'{value}'"), format!("\"{value}\"")];
    let old = old.iter().find(|old| rest.starts_with(old.as_str()))?;
    Some(Piece { from, to: from + old.len(), text: new.to_owned() })
}

/// Puts a tier that the spec does not have behind its last line.
fn new_tier(root: &Node, text: &str, line: &str) -> Option<Piece> {
    let begin = offset(text, root.place.line, root.place.column)?;
    // An end of the document, or another one behind it, would come before what is appended.
    let plain = !text[begin..].starts_with('{')
        && !text.lines().any(|line| line == "..." || line.starts_with("--- "));
    let gap = if text.ends_with('\n') { "" } else { "\n" };
    plain.then(|| Piece { from: text.len(), to: text.len(), text: format!("{gap}{line}\n") })
}

/// Puts a key behind the name of a request, or before the first key of a tier.
fn insertion(part: &Node, text: &str, key: &str, value: &str) -> Option<Piece> {
    let Content::Map(entries) = &part.content else { return None };
    let begin = offset(text, part.place.line, part.place.column)?;
    let Some((label, name)) = entries.iter().find(|(label, _)| label.text == "name") else {
        let Some((label, _)) = entries.first() else {
            let inside = text.get(begin..)?.strip_prefix('{').map(|_| begin + 1)?;
            return Some(Piece { from: inside, to: inside, text: format!(" {key}: {value} ") });
        };
        let at = offset(text, label.place.line, label.place.column)?;
        let gap = if text.get(begin..)?.starts_with('{') {
            ", ".to_owned()
        } else {
            format!("\n{}", " ".repeat(label.place.column - 1))
        };
        return Some(Piece { from: at, to: at, text: format!("{key}: {value}{gap}") });
    };
    let Content::Scalar(written) = &name.content else { return None };
    let end = replacement(text, name.place, written, "")?.to;
    if text.get(begin..)?.starts_with('{') {
        return Some(Piece { from: end, to: end, text: format!(", {key}: {value}") });
    }
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let indent = " ".repeat(label.place.column - 1);
    Some(Piece { from: line_end, to: line_end, text: format!("\n{indent}{key}: {value}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(request: usize, key: &'static str, mid: f64) -> Change {
        let after = Estimate { mid, low: mid * 0.9, high: mid * 1.1 };
        Change { target: Target::Request { index: request, name: "a".into(), key }, before: 0.0, after }
    }

    fn share(key: &'static str, mid: f64) -> Change {
        let target = Target::Tier { component: Component::App, key };
        Change { target, ..change(0, "cpu", mid) }
    }

    #[test]
    fn a_tier_gets_its_shares_wherever_it_stands() {
        let changes = [share("contention", 0.018_4), share("coherency", 0.000_12)];
        for (text, after) in [
            (
                "app: { workers: 2 } # tier\n",
                "app: { contention: 1.84 %, coherency: 0.012 %, workers: 2 } # tier\n",
            ),
            (
                "app:\n  # two\n  workers: 2\n",
                "app:\n  # two\n  contention: 1.84 %\n  coherency: 0.012 %\n  workers: 2\n",
            ),
            (
                "app:\n  contention: 3 % # measured in May\n  coherency: 0.1 %\n",
                "app:\n  contention: 1.84 % # measured in May\n  coherency: 0.012 %\n",
            ),
        ] {
            assert_eq!(numbers(text, &changes).unwrap(), after);
        }
        assert_eq!(
            numbers("name: shop", &changes[..1]).unwrap(),
            "name: shop\napp: { contention: 1.84 % }\n"
        );
        assert_eq!(
            numbers("name: shop\n", &changes).unwrap(),
            "name: shop\napp: { contention: 1.84 %, coherency: 0.012 % }\n"
        );
        assert_eq!(numbers("app: {}\n", &changes[..1]).unwrap(), "app: { contention: 1.84 % }\n");
        assert!(numbers("{ name: shop }\n", &changes[..1]).is_err());
        assert!(numbers("name: shop\n...\n", &changes[..1]).is_err());
    }

    fn numbers(text: &str, changes: &[Change]) -> Result<String, String> {
        edited("a.yaml", text, changes, Write::Numbers)
    }

    #[test]
    fn values_change_in_their_places_and_all_else_stays() {
        let text = "# head\nname: shop   # who\nrequests:\n  - name: a     # first\n    cpu:  5 ms # measured in May\n\n  - {name: \"b\", cpu: '7 ms'}   # tail\n";
        let changes = [
            change(0, "cpu", 0.002_24),
            change(1, "cpu", 0.010_5),
            change(1, "wait", 0.231),
            change(0, "wait", 0.0),
        ];
        assert_eq!(
            numbers(text, &changes).unwrap(),
            "# head\nname: shop   # who\nrequests:\n  - name: a     # first\n    wait: 0 ms\n    cpu:  2.24 ms # measured in May\n\n  - {name: \"b\", wait: 231 ms, cpu: 10.5 ms}   # tail\n"
        );
    }

    #[test]
    fn an_interval_stays_one() {
        let text = "requests: [{ name: a, cpu: { low: 1 ms, mid: 2 ms, high: 3 ms, confidence: 80 % } }]\n";
        assert_eq!(
            numbers(text, &[change(0, "cpu", 0.01)]).unwrap(),
            "requests: [{ name: a, cpu: { low: 9 ms, mid: 10 ms, high: 11 ms, confidence: 90 % } }]\n"
        );
        let text = "requests: [{ name: a, cpu: 2 ms }]\n";
        assert_eq!(
            edited("a.yaml", text, &[change(0, "cpu", 0.01)], Write::Intervals).unwrap(),
            "requests: [{ name: a, cpu: { low: 9 ms, mid: 10 ms, high: 11 ms } }]\n"
        );
    }

    #[test]
    fn what_stands_behind_an_alias_is_not_touched() {
        let text = "requests:\n  - { name: a, cpu: &c 5 ms }\n  - { name: b, cpu: *c }\n";
        assert!(
            numbers(text, &[change(1, "cpu", 0.01)]).is_err()
                || numbers(text, &[change(0, "cpu", 0.01), change(1, "cpu", 0.02)]).is_err()
        );
    }

    #[test]
    fn times_have_three_digits() {
        for (seconds, text) in [
            (0.0, "0 ms"),
            (0.000_373_4, "0.373 ms"),
            (0.002_24, "2.24 ms"),
            (0.231_4, "231 ms"),
            (1.234_5, "1234 ms"),
            (0.01, "10 ms"),
        ] {
            assert_eq!(change(0, "cpu", seconds).written(seconds), text);
        }
    }
}
