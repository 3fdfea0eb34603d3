//! `--set path=value`: puts a value into the tree as if it stood in the file.
//!
//! Decides what a path means and where in the tree it lies. Whether the key exists and the value fits is judged later, with
//! everything else.

use super::complaints::{Complaints, Fault, Place, Source, quoted};
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
    // The value is shown behind its path and the `=`.
    let place = Place::at(Source::Flag(index), 1, path.chars().count() + 2);
    if value.chars().any(char::is_control) {
        let fault =
            Fault::new("control-character", "a control character in the value", "write it on one line");
        complaints.add(place, fault);
        return None;
    }
    let before = complaints.count();
    match yaml::read(value, place, complaints) {
        Some(node) => Some(node),
        // Nothing at all, or only a comment, is a value that is missing; the walk says so.
        None if complaints.count() == before => Some(Node { content: Content::Null, place }),
        None => None,
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

/// Puts a value below a node; `at` is the path of the node.
fn put(node: &mut Node, at: &str, steps: &[Step<'_>], value: Node, place: Place) -> Result<(), Fault> {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return Ok(());
    };
    make_map(node, at, step.key, place)?;
    let Content::Map(entries) = &mut node.content else { return Ok(()) };
    let at = if at.is_empty() { step.key.to_owned() } else { format!("{at}.{}", step.key) };
    let position = entries.iter().position(|(label, _)| label.text == step.key);
    if let Some(entry) = step.entry {
        return match position.map(|position| &mut entries[position].1.content) {
            Some(Content::List(items)) if entry < items.len() => {
                put(&mut items[entry], &format!("{at}[{entry}]"), rest, value, place)
            }
            Some(Content::List(items)) => Err(no_entry(step.key, entry, items.len())),
            _ => Err(no_entry(step.key, entry, 0)),
        };
    }
    let position = position.unwrap_or_else(|| {
        let label = Label { text: step.key.to_owned(), place };
        entries.push((label, Node { content: Content::Null, place }));
        entries.len() - 1
    });
    put(&mut entries[position].1, &at, rest, value, place)
}

/// Makes a map of what stands at `at`, so that `below` can be put into it.
fn make_map(node: &mut Node, at: &str, below: &str, place: Place) -> Result<(), Fault> {
    let entries = match &node.content {
        Content::Map(_) => return Ok(()),
        Content::List(_) => {
            let message = format!("`{at}` is a list, and the path names none of its entries");
            return Err(Fault::new("set-path", message, format!("write for example `{at}[0].{below}`")));
        }
        // `terms: reserved-3y` and `--set terms.app=on-demand`: the other tiers keep their word.
        Content::Scalar(_) if keys::find(at).is_some_and(|key| matches!(key.kind, Kind::ChoiceOrMap(_))) => {
            let label = |key: &keys::Key| Label { text: key.name().to_owned(), place: node.place };
            keys::children(at).map(|key| (label(key), node.clone())).collect()
        }
        Content::Scalar(_) | Content::Null => Vec::new(),
    };
    *node = Node { content: Content::Map(entries), place };
    Ok(())
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
