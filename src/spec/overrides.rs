//! `--set path=value`: puts a value into the tree as if it stood in the file.
//!
//! Decides what a path means and where in the tree it lies. Whether the key exists and the value fits is judged later, with
//! everything else.

use super::complaints::{Complaints, Fault, Place, Source, quoted};
use super::tree::{Content, Label, Node};
use super::yaml;

/// Longest `--set`, path and value together, in bytes.
const LONGEST: usize = 10_000;

/// One step of a path: a key, and the entry of the list at that key.
struct Step<'a> {
    key: &'a str,
    entry: Option<usize>,
}

/// Puts all flags into the tree, in their order.
pub(super) fn apply(root: &mut Node, overrides: &[(String, String)], complaints: &mut Complaints<'_>) {
    for (index, (path, value)) in overrides.iter().enumerate() {
        let place = Place { length: path.chars().count().max(1), ..Place::at(Source::Flag(index), 1, 1) };
        if path.len() + value.len() > LONGEST {
            let message = format!("a --set of more than {LONGEST} bytes");
            complaints.add(place, Fault::new("too-large", message, "write it into the file"));
            continue;
        }
        let Some(steps) = steps(path) else {
            let message = format!("{} is not a path of a key", quoted(path));
            let help = "write for example `--set load.users=2500` or `--set requests[0].cpu='3 ms'`";
            complaints.add(place, Fault::new("set-path", message, help));
            continue;
        };
        let Some(node) = parsed(value, index, path, complaints) else { continue };
        if let Err(fault) = put(root, &steps, node, place) {
            complaints.add(place, fault);
        }
    }
}

fn parsed(value: &str, index: usize, path: &str, complaints: &mut Complaints<'_>) -> Option<Node> {
    let source = Source::Flag(index);
    let shift = path.chars().count() + 1;
    let place = Place::at(source, 1, shift + 1);
    if value.chars().any(char::is_control) {
        let fault =
            Fault::new("control-character", "a control character in the value", "write it on one line");
        complaints.add(place, fault);
        return None;
    }
    let node = yaml::read(value, source, complaints);
    // Nothing at all is a value that is missing; the walk says so.
    let mut node = match node {
        Some(node) => node,
        None if value.trim().is_empty() => Node { content: Content::Null, place },
        None => return None,
    };
    shift_places(&mut node, shift);
    Some(node)
}

/// The value was parsed by itself but is shown behind its path.
fn shift_places(node: &mut Node, by: usize) {
    node.place.column += by;
    match &mut node.content {
        Content::Null | Content::Scalar(_) => {}
        Content::List(items) => items.iter_mut().for_each(|item| shift_places(item, by)),
        Content::Map(entries) => {
            for (label, node) in entries {
                label.place.column += by;
                shift_places(node, by);
            }
        }
    }
}

fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let steps: Vec<Step<'_>> = path
        .split('.')
        .map(|part| {
            let (key, entry) = match part.split_once('[') {
                None => (part, None),
                Some((key, rest)) => (key, Some(rest.strip_suffix(']')?.parse().ok()?)),
            };
            let is_key =
                !key.is_empty() && key.chars().all(|one| one.is_ascii_alphanumeric() || "_-".contains(one));
            is_key.then_some(Step { key, entry })
        })
        .collect::<Option<_>>()?;
    (steps.len() <= 8).then_some(steps)
}

fn put(node: &mut Node, steps: &[Step<'_>], value: Node, place: Place) -> Result<(), Fault> {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return Ok(());
    };
    // A scalar in the way is replaced by a map: `terms: on-demand` and `--set terms.app=reserved-1y`.
    if !matches!(node.content, Content::Map(_)) {
        node.content = Content::Map(Vec::new());
    }
    let Content::Map(entries) = &mut node.content else { return Ok(()) };
    let position = entries.iter().position(|(label, _)| label.text == step.key).unwrap_or_else(|| {
        let label = Label { text: step.key.to_owned(), place };
        entries.push((label, Node { content: Content::Null, place }));
        entries.len() - 1
    });
    let child = &mut entries[position].1;
    match step.entry {
        None => put(child, rest, value, place),
        Some(entry) => match &mut child.content {
            Content::List(items) if entry < items.len() => put(&mut items[entry], rest, value, place),
            Content::List(items) => Err(no_entry(step.key, entry, items.len())),
            _ => Err(no_entry(step.key, entry, 0)),
        },
    }
}

fn no_entry(key: &str, entry: usize, length: usize) -> Fault {
    let message = format!("`{key}` has no entry {entry}");
    let help = match length {
        0 => format!("`{key}` has no entries in the file"),
        1 => "it has one entry: number 0".to_owned(),
        _ => format!("its {length} entries are numbered from 0 to {}", length - 1),
    };
    Fault::new("set-path", message, help)
}
