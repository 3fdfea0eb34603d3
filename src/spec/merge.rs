//! Keys of one map: the same key twice, and the merge key `<<`.
//!
//! `<<: *base` brings every key of the other map that this map does not have itself; of several maps the first wins
//! (YAML merge key language-independent type, yaml.org/type/merge.html).

use std::collections::HashSet;

use super::complaints::{Complaints, Fault, Place, quoted};
use super::tree::{Content, Label, Node};

/// The complaint about a key that stands twice in a map.
pub(super) fn twice(label: &Label, first: Place) -> Fault {
    let message = format!(
        "{} is given twice: first at line {}, column {}",
        quoted(&label.text),
        first.line,
        first.column
    );
    Fault::new("duplicate-key", message, "keep one of the two")
}

/// The entries with `<<` replaced by what it brings.
pub(super) fn apply(entries: Vec<(Label, Node)>, complaints: &mut Complaints<'_>) -> Vec<(Label, Node)> {
    if entries.iter().all(|(label, _)| label.text != "<<") {
        return entries;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(label, _)| label.text == "<<");
    let mut known: HashSet<String> = own.iter().map(|(label, _)| label.text.clone()).collect();
    for (label, node) in merges {
        let sources = match node.content {
            Content::List(items) => items,
            content => vec![Node { content, place: node.place }],
        };
        for source in sources {
            let Content::Map(brought) = source.content else {
                let message = "`<<` takes a map or a list of maps, such as `<<: *name`";
                let help = "put an anchor `&name` at the map to merge and name it here";
                complaints.add(label.place, Fault::new("merge-key", message, help));
                continue;
            };
            own.extend(brought.into_iter().filter(|(label, _)| known.insert(label.text.clone())));
        }
    }
    own
}
