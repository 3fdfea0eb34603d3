//! The key table: every key of a spec, once.
//!
//! Reading, defaults, suggestions, the JSON Schema and the reference are all made from it, so they cannot disagree. A path
//! such as `requests[].cpu` stands for that key in each entry of a list, `pin.*.app` for that key under each cloud.

mod app;
mod choices;
mod data;
mod deploy;
mod kind;
mod operation;
mod scaling;
mod workload;

pub use kind::{Clouds, Filled, Kind, Low, Range, Spread};

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its path in the table.
    pub path: &'static str,
    /// What may be written.
    pub kind: Kind,
    /// What holds when it is not written.
    pub presence: Presence,
    /// What it means, one sentence.
    pub doc: &'static str,
}

/// What holds when a key is not written.
#[derive(Debug, Clone, Copy)]
pub enum Presence {
    /// It must be written.
    Required,
    /// This value holds.
    Default {
        /// As it would be written.
        value: &'static str,
        /// Why this value.
        reason: &'static str,
        /// Where the figure comes from.
        source: &'static str,
    },
    /// A value that follows from other keys holds.
    Computed {
        /// The rule, in words.
        value: &'static str,
        /// Why this rule.
        reason: &'static str,
    },
    /// Nothing is wanted, or it is derived; the sentence says which.
    Absent(&'static str),
    /// A map whose keys have defaults of their own.
    Filled,
}

impl Key {
    /// The last part of the path: what stands in the file.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The path of the map that it stands in; empty for the top of the file.
    pub fn parent(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }
}

/// All keys, in the order in which a person would write them.
pub fn all() -> impl Iterator<Item = &'static Key> {
    [workload::KEYS, app::KEYS, data::KEYS, operation::KEYS, choices::KEYS, deploy::KEYS]
        .into_iter()
        .flatten()
}

/// The keys that may stand in the map at a path of the table.
pub fn children(parent: &str) -> impl Iterator<Item = &'static Key> {
    all().filter(move |key| key.parent() == parent)
}

/// The key of a concrete path such as `requests[0].cpu`.
pub fn find(path: &str) -> Option<&'static Key> {
    all().find(|key| matches(key.path, path))
}

/// Where the key of a concrete path stands in the order of [`all`]; what stands inside a value, such as the `mid` of an
/// interval, stands where its key does.
pub fn position(path: &str) -> Option<usize> {
    all().position(|key| matches(key.path, path)).or_else(|| position(path.rsplit_once('.')?.0))
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('.');
    let fits = pattern.split('.').all(|wanted| {
        parts.next().is_some_and(|part| {
            wanted == "*"
                || wanted == part
                || wanted.strip_suffix("[]").is_some_and(|list| is_entry(list, part))
        })
    });
    fits && parts.next().is_none()
}

fn is_entry(list: &str, part: &str) -> bool {
    part.strip_prefix(list)
        .and_then(|index| index.strip_prefix('[')?.strip_suffix(']'))
        .is_some_and(|index| index.is_empty() || index.parse::<usize>().is_ok())
}

const fn key(path: &'static str, kind: Kind, presence: Presence, doc: &'static str) -> Key {
    Key { path, kind, presence, doc }
}

const fn default(value: &'static str, reason: &'static str, source: &'static str) -> Presence {
    Presence::Default { value, reason, source }
}

/// A figure of our own.
pub(super) const ASSUMPTION: &str = "assumption, measure it";

const fn assumed(value: &'static str, reason: &'static str) -> Presence {
    Presence::Default { value, reason, source: ASSUMPTION }
}

/// Not a figure but what silence means.
const fn silence(value: &'static str, reason: &'static str) -> Presence {
    Presence::Default { value, reason, source: "nothing was asked for" }
}
