//! A Compose file as a tree: YAML, variables filled in, several files merged (compose-spec 13 and 12).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::known::{From, Known, Place, Word};
use super::{Unreadable, text};
use crate::spec;

mod interpolate;

pub(crate) use interpolate::is_open;

/// Variables for `${...}`, by name.
pub(crate) type Variables = BTreeMap<String, Word>;

/// An entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// Key.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) place: Place,
    /// Value.
    pub(crate) node: Node,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) content: Content,
    /// Where it begins.
    pub(crate) place: Place,
    /// Characters that it takes on its line.
    length: usize,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Nothing.
    Null,
    /// Text with its variables filled in, and as it was written.
    Scalar {
        /// Filled in.
        text: String,
        /// As written.
        raw: String,
    },
    /// A list.
    List(Vec<Node>),
    /// A map; keys are unique.
    Map(Vec<Entry>),
}

/// Keys whose value a later file replaces as a whole (compose-spec 13, "Exceptions").
const REPLACED: &[&str] = &["command", "entrypoint", "test"];
/// Keys that may be written as a list of `a=b` or as a map, and are merged as maps.
const PAIRS: &[&str] = &["environment", "labels", "sysctls"];

/// The tree of a file.
///
/// # Errors
/// The first complaint: no YAML, a key twice, hostile.
pub(crate) fn parse(file: &Arc<str>, bytes: &[u8], variables: &Variables) -> Result<Node, Unreadable> {
    let text = text::decode(file, bytes)?;
    let tree = spec::document(file, text).map_err(|all| {
        let first = all.into_iter().next();
        let (line, column) = first.as_ref().map_or((1, 1), |it| (it.line, it.column));
        let message = first.as_ref().map_or_else(String::new, |it| it.message.clone());
        let help = first.and_then(|it| it.help).unwrap_or_default();
        let help =
            format!("{help}; `docker compose config` writes a file without tags, includes and extensions");
        Unreadable::new(Place { file: file.clone(), line, column }, message, help)
    })?;
    Ok(convert(file, &tree, variables))
}

fn place_of(file: &Arc<str>, place: spec::Place) -> Place {
    Place { file: file.clone(), line: place.line, column: place.column }
}

fn convert(file: &Arc<str>, node: &spec::Node, variables: &Variables) -> Node {
    let content = match &node.content {
        spec::Content::Null => Content::Null,
        spec::Content::Scalar(raw) => {
            Content::Scalar { text: interpolate::fill(raw, variables), raw: raw.clone() }
        }
        spec::Content::List(items) => {
            Content::List(items.iter().map(|item| convert(file, item, variables)).collect())
        }
        spec::Content::Map(entries) => Content::Map(
            entries
                .iter()
                .map(|(label, node)| {
                    let node = convert(file, node, variables);
                    let node = if PAIRS.contains(&label.text.as_str()) { node.into_pairs() } else { node };
                    Entry { key: label.text.clone(), place: place_of(file, label.place), node }
                })
                .collect(),
        ),
    };
    Node { content, place: place_of(file, node.place), length: node.place.length }
}

impl Node {
    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value under keys, one inside the other.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map; of anything else none.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; of anything else none.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// A single value.
    pub(crate) fn word(&self) -> Option<Word> {
        match &self.content {
            Content::Scalar { text, .. } => Some(Word::written(text.clone(), self.place.clone())),
            _ => None,
        }
    }

    /// A single value as it was written, variables and all.
    pub(crate) fn raw(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { raw, .. } => Some(raw),
            _ => None,
        }
    }

    /// A value under keys, read as something; `None`: not written, or not to be read so.
    pub(crate) fn read<T>(&self, keys: &[&str], read: impl FnOnce(&str) -> Option<T>) -> Option<Known<T>> {
        self.at(keys)?.word()?.read(|text| read(text))
    }

    /// How many values it is made of, itself included.
    pub(crate) fn size(&self) -> usize {
        let inside: usize = match &self.content {
            Content::List(items) => items.iter().map(Self::size).sum(),
            Content::Map(entries) => entries.iter().map(|entry| entry.node.size()).sum(),
            Content::Null | Content::Scalar { .. } => 0,
        };
        inside + 1
    }

    /// The words of a command: a list as it is, a text split as a shell does.
    pub(crate) fn command(&self) -> Vec<Word> {
        match &self.content {
            Content::List(items) => items.iter().filter_map(Self::word).collect(),
            Content::Scalar { text, raw } => {
                // Inside of a text that stands on one line as it is, each word has a place of its own.
                let exact = text == raw && !text.contains('\n');
                let skip = match self.length.checked_sub(raw.chars().count()) {
                    Some(0) if exact => Some(0),
                    Some(2) if exact => Some(1),
                    _ => None,
                };
                super::command::split(text, &self.place, skip)
            }
            _ => Vec::new(),
        }
    }

    /// A list of `a=b` as a map.
    fn into_pairs(self) -> Self {
        let Content::List(items) = self.content else { return self };
        let entries = items
            .into_iter()
            .filter_map(|item| {
                let Content::Scalar { text, raw } = item.content else { return None };
                let (key, value) = text.split_once('=').unwrap_or((&text, ""));
                let raw = raw.split_once('=').map_or("", |(_, value)| value);
                let value_place =
                    Place { column: item.place.column + key.chars().count() + 1, ..item.place.clone() };
                let content = Content::Scalar { text: value.to_owned(), raw: raw.to_owned() };
                let node = Self { content, place: value_place, length: 1 };
                Some(Entry { key: key.to_owned(), place: item.place, node })
            })
            .collect();
        Self { content: Content::Map(entries), ..self }
    }

    /// This value with another one laid over it.
    pub(crate) fn merged(self, over: Self, key: &str) -> Self {
        match (self.content, over.content) {
            (base, Content::Null) => Self { content: base, ..self },
            (Content::Map(entries), Content::Map(later)) => {
                let mut later: BTreeMap<String, Entry> =
                    later.into_iter().map(|entry| (entry.key.clone(), entry)).collect();
                let mut merged = Vec::with_capacity(entries.len());
                for entry in entries {
                    merged.push(match later.remove(&entry.key) {
                        Some(over) => {
                            let node = entry.node.merged(over.node, &entry.key);
                            Entry { node, ..entry }
                        }
                        None => entry,
                    });
                }
                merged.extend(later.into_values());
                let entries = merged;
                Self { content: Content::Map(entries), place: self.place, length: self.length }
            }
            (Content::List(mut items), Content::List(later)) if !REPLACED.contains(&key) => {
                items.extend(later);
                Self { content: Content::List(items), place: self.place, length: self.length }
            }
            (_, content) => Self { content, place: over.place, length: over.length },
        }
    }
}

/// The service of the same file that a service extends.
pub(crate) fn extended(service: &Node) -> Option<Word> {
    let extends = service.get("extends").filter(|node| node.get("file").is_none())?;
    extends.word().or_else(|| extends.get("service")?.word())
}

impl Word {
    /// A word that stands at this place, or where the other does if its own is not known.
    pub(crate) fn at(text: String, place: &Place, offset: Option<usize>) -> Self {
        let column = place.column + offset.unwrap_or(0);
        Self { value: text.clone(), text, from: From::Written(Place { column, ..place.clone() }) }
    }
}
