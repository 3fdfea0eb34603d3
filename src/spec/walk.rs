//! Walks the tree along the key table: every value read, every default filled in, every complaint made.
//!
//! Decides what may stand where. Leaves to `rules` what depends on more than one key.

use super::complaints::{Complaints, Fault, Place, nearest, quoted};
use super::interval::{self, Wanted};
use super::keys::{self, Filled, Key, Kind, Presence, Spread};
use super::tree::{Content, Label, Node};
use super::value::{self, Value};
use super::values::Values;
use super::vocabulary::Vocabulary;
use super::walk_clouds;

/// Longest list.
const MOST_ENTRIES: usize = 1000;

/// Reads along the table.
pub(super) struct Walk<'walk, 'text> {
    /// Cloud names and regions.
    pub(super) vocabulary: &'walk Vocabulary,
    /// What was complained about.
    pub(super) complaints: &'walk mut Complaints<'text>,
    /// What was read.
    pub(super) values: Values,
}

/// A place in the table and the concrete path that stands for it.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// Path in the table, such as `requests[]`.
    pub(super) table: &'a str,
    /// Concrete path, such as `requests[0]`.
    pub(super) path: &'a str,
}

impl At<'_> {
    fn below(self, key: &Key) -> String {
        if self.path.is_empty() { key.name().to_owned() } else { format!("{}.{}", self.path, key.name()) }
    }
}

impl Walk<'_, '_> {
    /// The keys of one map; `entries` may be empty where the map was not written.
    pub(super) fn map(&mut self, at: At<'_>, entries: &[(Label, Node)], place: Place) {
        let known: Vec<&Key> = keys::children(at.table).collect();
        for (label, _) in entries {
            if !known.iter().any(|key| key.name() == label.text) {
                self.unknown_key(at, label);
            }
        }
        for key in known {
            let path = at.below(key);
            match entries.iter().find(|(label, _)| label.text == key.name()) {
                Some((label, node)) => self.present(key, &path, label, node),
                None => self.missing(key, &path, at, place),
            }
        }
    }

    fn unknown_key(&mut self, at: At<'_>, label: &Label) {
        if self.complaints.full() {
            return self.complaints.add(label.place, Fault::new("unknown-key", "unknown key", ""));
        }
        let whole = if at.path.is_empty() { "a spec".to_owned() } else { format!("`{}`", at.path) };
        let names: Vec<&str> = keys::children(at.table).map(Key::name).collect();
        let help = match (homes(&label.text), nearest(&label.text, names.iter().copied())) {
            (Some(homes), Some(meant)) => {
                format!("{} belongs {homes}; or did you mean `{meant}`?", quoted(&label.text))
            }
            (Some(homes), None) => format!("{} belongs {homes}", quoted(&label.text)),
            (None, Some(meant)) => format!("did you mean `{meant}`?"),
            (None, None) => format!("valid keys: {}", names.join(", ")),
        };
        let message = format!("unknown key {} in {whole}", quoted(&label.text));
        self.complaints.add(label.place, Fault::new("unknown-key", message, help));
    }

    fn missing(&mut self, key: &Key, path: &str, at: At<'_>, place: Place) {
        match key.presence {
            Presence::Required => {
                let whole = if at.path.is_empty() { "the spec".to_owned() } else { format!("`{}`", at.path) };
                let message = format!("{whole} has no `{}`", key.name());
                self.complaints
                    .add(place, Fault::new("missing-key", message, format!("it is required: {}", key.doc)));
            }
            Presence::Default { .. } => self.values.fill_default(path, key),
            Presence::Filled => self.map(At { table: key.path, path }, &[], place),
            Presence::Computed { .. } if key.path == "clouds" => walk_clouds::all_clouds(self),
            Presence::Computed { .. } | Presence::Absent(_) => {}
        }
    }

    fn present(&mut self, key: &Key, path: &str, label: &Label, node: &Node) {
        // Also where the value turns out to be unsound, so that no rule takes it for absent.
        self.values.locate(path, label.place);
        if node.content == Content::Null && !matches!(key.kind, Kind::Map | Kind::ChoiceOrMap(_)) {
            let message = format!("`{}` has no value", label.text);
            let fault = Fault::new(
                "missing-value",
                message,
                format!("write {}, or remove the key", value::wanted(&key.kind)),
            );
            let place = if node.place.source == label.place.source { label.place } else { node.place };
            return self.complaints.add(place, fault);
        }
        let below = At { table: key.path, path };
        match (&key.kind, &node.content) {
            (Kind::Map | Kind::ChoiceOrMap(_), Content::Map(entries)) => {
                self.map(below, entries, label.place);
            }
            (Kind::Map | Kind::ChoiceOrMap(_), Content::Null) => self.map(below, &[], label.place),
            (Kind::ChoiceOrMap(_), Content::Scalar(text)) => self.one_for_all(key, path, text, node.place),
            (Kind::ByCloud(which), Content::Map(entries)) => {
                walk_clouds::by_cloud(self, *which, below, entries, label);
            }
            (Kind::List(filled), Content::List(items)) => self.list(key, path, items, *filled, label.place),
            (Kind::Quantity(dimension, bounds, Spread::Interval), Content::Map(entries)) => {
                let wanted = Wanted { key: key.name(), path, dimension: *dimension, bounds: *bounds };
                let read = interval::read(wanted, entries, label.place, &mut self.values, self.complaints);
                if let Some(quantity) = read {
                    self.values.put(path, Value::Quantity(quantity), node.place);
                }
            }
            (Kind::Texts(_), Content::List(items)) => self.texts(key, path, items, node.place),
            (Kind::Table(..), Content::Map(entries)) => self.table(key, path, entries, node.place),
            (Kind::Texts(_), Content::Scalar(_)) => self.wrong_type(key, node),
            (_, Content::Scalar(text)) => match value::parse(key.name(), &key.kind, text) {
                Ok(value) => self.values.put(path, value, node.place),
                Err(fault) => self.complaints.add(node.place, fault),
            },
            _ => self.wrong_type(key, node),
        }
    }

    /// The complaint about a list where a map should stand, and the like.
    pub(super) fn wrong_type(&mut self, key: &Key, node: &Node) {
        let message = format!("`{}` is {}, not {}", key.name(), node.what(), value::wanted(&key.kind));
        let help = match key.kind {
            Kind::Texts(format) => format!("write `{}: [{}]`", key.name(), format.example),
            Kind::List(_) => "write each entry on a line of its own, beginning with `- name:`".to_owned(),
            Kind::Quantity(_, _, Spread::Single) => "write one value: this key takes no interval".to_owned(),
            _ => format!("{}: {}", key.path, key.doc),
        };
        self.complaints.add(node.place, Fault::new("wrong-type", message, help));
    }

    fn one_for_all(&mut self, key: &Key, path: &str, text: &str, place: Place) {
        match value::parse(key.name(), &key.kind, text) {
            Ok(value) => {
                for child in keys::children(key.path) {
                    self.values.put(&format!("{path}.{}", child.name()), value.clone(), place);
                }
            }
            Err(fault) => self.complaints.add(place, fault),
        }
    }

    fn list(&mut self, key: &Key, path: &str, items: &[Node], filled: Filled, place: Place) {
        if items.is_empty() && filled == Filled::AtLeastOne {
            let message = format!("`{}` is empty", key.name());
            self.complaints.add(place, Fault::new("missing-key", message, "at least one entry is required"));
        }
        if items.len() > MOST_ENTRIES {
            let message =
                format!("`{}` has {} entries; at most {MOST_ENTRIES} are allowed", key.name(), items.len());
            return self
                .complaints
                .add(place, Fault::new("out-of-range", message, "join similar kinds into one"));
        }
        let length = u32::try_from(items.len()).expect("at most a thousand entries");
        self.values.put(path, Value::Count(length), place);
        let table = format!("{}[]", key.path);
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            match &item.content {
                Content::Map(entries) => {
                    self.values.locate(&path, item.place);
                    self.map(At { table: &table, path: &path }, entries, item.place);
                }
                _ => {
                    let message =
                        format!("entry {} of `{}` is {}, not a map", index + 1, key.name(), item.what());
                    self.complaints
                        .add(item.place, Fault::new("wrong-type", message, "begin it with `- name: …`"));
                }
            }
        }
    }

    fn texts(&mut self, key: &Key, path: &str, items: &[Node], place: Place) {
        let Kind::Texts(format) = key.kind else { return };
        let mut texts = Vec::new();
        for item in items {
            let Content::Scalar(text) = &item.content else {
                let message = format!("an entry of `{}` is {}, not a text", key.name(), item.what());
                let fault = Fault::new("wrong-type", message, format!("for example `{}`", format.example));
                self.complaints.add(item.place, fault);
                continue;
            };
            match format.check(key.name(), text) {
                Ok(()) => texts.push(text.clone()),
                Err(fault) => self.complaints.add(item.place, fault),
            }
        }
        self.values.put(path, Value::Texts(texts), place);
    }

    fn table(&mut self, key: &Key, path: &str, entries: &[(Label, Node)], place: Place) {
        let Kind::Table(names, contents) = key.kind else { return };
        let mut table = std::collections::BTreeMap::new();
        for (label, node) in entries {
            if let Err(fault) = names.check(key.name(), &label.text) {
                self.complaints.add(label.place, fault);
            }
            let outcome = match &node.content {
                Content::Scalar(text) => contents.check(key.name(), text).map(|()| text.clone()),
                _ => {
                    let message = format!("{} is {}, not a single value", quoted(&label.text), node.what());
                    Err(Fault::new("wrong-type", message, format!("for example `{}`", contents.example)))
                }
            };
            match outcome {
                Ok(text) => drop(table.insert(label.text.clone(), text)),
                Err(fault) => self.complaints.add(node.place, fault),
            }
        }
        self.values.put(path, Value::Table(table), place);
    }
}

/// Where a key of this name may stand, for somebody who put it elsewhere; `None`: nowhere.
fn homes(name: &str) -> Option<String> {
    let homes: Vec<String> = keys::all()
        .filter(|key| key.name() == name && name != "*")
        .map(|key| match key.parent() {
            "" => "at the top of the file".to_owned(),
            parent => match (parent.strip_suffix("[]"), parent.strip_suffix(".*")) {
                (Some(list), _) => format!("in an entry of `{list}`"),
                (_, Some(map)) => format!("under a cloud in `{map}`"),
                _ => format!("under `{parent}`"),
            },
        })
        .collect();
    if homes.is_empty() { None } else { Some(homes.join(" or ")) }
}
