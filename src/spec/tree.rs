//! The tree that a YAML text stands for, each node with its place.
//!
//! Plain data: maps keep their order, scalars keep their text (`8.40` stays `8.40`). Knows no key of a spec.

use super::complaints::Place;

/// A key of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// The key.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) place: Place,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) content: Content,
    /// Where it begins.
    pub(crate) place: Place,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing was written.
    Null,
    /// Text of a number, a word, a quantity.
    Scalar(String),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{a: b}`, keys unique.
    Map(Vec<(Label, Node)>),
}

impl Node {
    /// What it is, for a sentence.
    pub(super) const fn what(&self) -> &'static str {
        match self.content {
            Content::Null => "nothing",
            Content::Scalar(_) => "a single value",
            Content::List(_) => "a list",
            Content::Map(_) => "a map",
        }
    }

    /// How many nodes it has, itself included, and how many levels.
    pub(super) fn extent(&self) -> (usize, usize) {
        let inside = |extents: &mut dyn Iterator<Item = (usize, usize)>| {
            extents.fold((1, 1), |(nodes, levels), (more, deep)| (nodes + more, levels.max(deep + 1)))
        };
        match &self.content {
            Content::Null | Content::Scalar(_) => (1, 1),
            Content::List(items) => inside(&mut items.iter().map(Self::extent)),
            Content::Map(entries) => inside(&mut entries.iter().map(|(_, node)| node.extent())),
        }
    }
}
