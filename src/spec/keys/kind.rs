//! What may be written at a key: quantities, counts, words, texts, lists and maps, with their bounds.

use super::super::format::Format;
use super::super::units::Dimension;

/// What may be written at a key.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A number, with a unit unless its dimension is a plain number.
    Quantity(Dimension, Range, Spread),
    /// A whole number.
    Count(u32, u32),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A text.
    Text(Format),
    /// A list of texts.
    Texts(Format),
    /// A map from texts to texts: the formats of its keys and values.
    Table(Format, Format),
    /// A map with the keys below it.
    Map,
    /// Either one word, which then holds for every key below, or a map with the keys below.
    ChoiceOrMap(&'static [&'static str]),
    /// A list of maps with the keys below.
    List(Filled),
    /// A map from cloud names to maps with the keys below.
    ByCloud(Clouds),
}

/// Bounds of a quantity, as they would be written.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// Lower bound.
    pub low: Low,
    /// Upper bound, inclusive.
    pub high: &'static str,
}

/// Lower bound of a quantity.
#[derive(Debug, Clone, Copy)]
pub enum Low {
    /// This value is allowed.
    From(&'static str),
    /// Only more than this.
    Above(&'static str),
}

/// Whether `{low, mid, high, confidence}` may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// One value or an interval.
    Interval,
    /// One value.
    Single,
}

/// Whether a list may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// At least one entry.
    AtLeastOne,
    /// Any number of entries.
    MayBeEmpty,
}

/// What a map by cloud is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clouds {
    /// Which clouds to consider.
    Considered,
    /// What to take on each.
    Pinned,
}

/// A workload number: may be an interval.
pub(super) const fn workload(dimension: Dimension, low: Low, high: &'static str) -> Kind {
    Kind::Quantity(dimension, Range { low, high }, Spread::Interval)
}

/// One value.
pub(super) const fn single(dimension: Dimension, low: Low, high: &'static str) -> Kind {
    Kind::Quantity(dimension, Range { low, high }, Spread::Single)
}
