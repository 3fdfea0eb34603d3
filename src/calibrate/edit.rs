//! New values in the text of a spec, in their places: comments, order and layout stay as they are.

use super::linear::Estimate;
use super::options::Write;
use super::unreadable::quoted;
use crate::spec::{Content, Node, Place, Spec, document};

/// A value of a request that is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Index of the request in the spec.
    pub request: usize,
    /// Its name.
    pub name: String,
    /// The key below it: `cpu`, `query_cpu`, `wait`.
    pub key: &'static str,
    /// What the spec said, s.
    pub before_s: f64,
    /// What was measured, s.
    pub after_s: Estimate,
}

impl Change {
    /// Path in the spec.
    pub fn path(&self) -> String {
        format!("requests[{}].{}", self.request, self.key)
    }
}

/// A time as the spec writes it, with three digits: `2.24 ms`.
pub fn written(seconds: f64) -> String {
    let ms = seconds * 1e3;
    let digits = if ms > 0.0 { (2 - ms.log10().floor() as i32).clamp(0, 6) } else { 0 };
    let text = format!("{ms:.*}", digits as usize);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} ms")
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
        return Err(format!(
            "two requests of {} share a value by an alias: write them by hand",
            quoted(file)
        ));
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
        let (Some(wanted), Some(found)) =
            (expected.requests.get_mut(change.request), after.requests.get(change.request))
        else {
            return false;
        };
        let (wanted, found) = match change.key {
            "cpu" => (&mut wanted.cpu_s, found.cpu_s),
            "query_cpu" => (&mut wanted.query_cpu_s, found.query_cpu_s),
            _ => (&mut wanted.wait_s, found.wait_s),
        };
        if written(found.mid) != written(change.after_s.mid) {
            return false;
        }
        *wanted = found;
    }
    // Where a value came from may be another line now.
    expected.origins.clone_from(&after.origins);
    expected == *after
}

fn member<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let Content::Map(entries) = &node.content else { return None };
    entries.iter().find(|(label, _)| label.text == key).map(|(_, node)| node)
}

fn pieces_of(root: &Node, text: &str, change: &Change, write: Write) -> Option<Vec<Piece>> {
    let Content::List(requests) = &member(root, "requests")?.content else { return None };
    let request = requests.get(change.request)?;
    let Estimate { mid, low, high } = change.after_s;
    let interval = [("low", low), ("mid", mid), ("high", high)];
    let whole = match write {
        Write::Numbers => written(mid),
        Write::Intervals => {
            let ends: Vec<String> =
                interval.iter().map(|(name, value)| format!("{name}: {}", written(*value))).collect();
            format!("{{ {} }}", ends.join(", "))
        }
    };
    let Some(node) = member(request, change.key) else {
        return Some(vec![insertion(request, text, change.key, &whole)?]);
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

/// Puts a key behind the name of a request.
fn insertion(request: &Node, text: &str, key: &str, value: &str) -> Option<Piece> {
    let Content::Map(entries) = &request.content else { return None };
    let (label, name) = entries.iter().find(|(label, _)| label.text == "name")?;
    let Content::Scalar(written) = &name.content else { return None };
    let end = replacement(text, name.place, written, "")?.to;
    let begin = offset(text, request.place.line, request.place.column)?;
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
        let after_s = Estimate { mid, low: mid * 0.9, high: mid * 1.1 };
        Change { request, name: "a".into(), key, before_s: 0.0, after_s }
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
            assert_eq!(written(seconds), text);
        }
    }
}
