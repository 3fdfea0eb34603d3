//! `--set path=value`: puts a value into the tree as if it stood in the file.
//!
//! Decides what a path means and where in the tree it lies. Whether the key exists and the value fits is judged later, with
//! everything else.

use super::complaints::{Complaints, Fault, Place, Source, quoted, shown};
use super::keys::{self, Kind};
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
        if let Err(fault) = put(root, "", &steps, node, place) {
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
    let before = complaints.count();
    let node = yaml::read(value, source, complaints);
    // Nothing at all, or only a comment, is a value that is missing; the walk says so.
    let mut node = match node {
        Some(node) => node,
        None if complaints.count() == before => return Some(Node { content: Content::Null, place }),
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

/// Puts a value at the steps below a node, whose own path in the key table is `path`.
fn put(node: &mut Node, path: &str, steps: &[Step<'_>], value: Node, place: Place) -> Result<(), Fault> {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return Ok(());
    };
    match &node.content {
        Content::Map(_) => {}
        Content::List(_) => return Err(no_number(path, step.key)),
        Content::Null | Content::Scalar(_) => node.content = Content::Map(opened(node, path)),
    }
    let Content::Map(entries) = &mut node.content else { return Ok(()) };
    let position = entries.iter().position(|(label, _)| label.text == step.key).unwrap_or_else(|| {
        let label = Label { text: step.key.to_owned(), place };
        entries.push((label, Node { content: Content::Null, place }));
        entries.len() - 1
    });
    let child = &mut entries[position].1;
    let path = if path.is_empty() { step.key.to_owned() } else { format!("{path}.{}", step.key) };
    match step.entry {
        None => put(child, &path, rest, value, place),
        Some(entry) => match &mut child.content {
            Content::List(items) if entry < items.len() => {
                put(&mut items[entry], &format!("{path}[{entry}]"), rest, value, place)
            }
            Content::List(items) => Err(no_entry(step.key, entry, items.len())),
            _ => Err(no_entry(step.key, entry, 0)),
        },
    }
}

/// What a map in place of a single value begins with: one word that held for every key below still holds for the others
/// (`terms: reserved-3y` and `--set terms.app=on-demand`); anything else gives way.
fn opened(node: &Node, path: &str) -> Vec<(Label, Node)> {
    match (&node.content, keys::find(path).map(|key| key.kind)) {
        (Content::Scalar(_), Some(Kind::ChoiceOrMap(_))) => keys::children(path)
            .map(|key| (Label { text: key.name().to_owned(), place: node.place }, node.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

fn no_number(list: &str, key: &str) -> Fault {
    let message = format!("`{}` is a list: the path does not say which entry", shown(list));
    Fault::new("set-path", message, format!("write `{0}[0].{1}` for the first", shown(list), shown(key)))
}

fn no_entry(key: &str, entry: usize, length: usize) -> Fault {
    let key = shown(key);
    let message = format!("`{key}` has no entry {entry}");
    let help = match length {
        0 => format!("`{key}` has no entries in the file"),
        1 => "it has one entry: number 0".to_owned(),
        _ => format!("its {length} entries are numbered from 0 to {}", length - 1),
    };
    Fault::new("set-path", message, help)
}
