//! The values of a spec by concrete path, between reading and building.

use std::collections::BTreeMap;

use super::complaints::{Place, Source};
use super::keys::Presence;
use super::model::{Origin, Quantity};
use super::rules::scaled;
use super::value::{self, Value};

/// What was read or filled in, by concrete path such as `requests[0].cpu`.
#[derive(Debug, Default)]
pub(super) struct Values {
    values: BTreeMap<String, Value>,
    places: BTreeMap<String, Place>,
    origins: BTreeMap<String, Origin>,
}

impl Values {
    /// A value from a file or a flag.
    pub(super) fn put(&mut self, path: &str, value: Value, place: Place) {
        let origin = match place.source {
            Source::File => Origin::Written { line: place.line, column: place.column },
            Source::Flag(_) => Origin::Flag,
        };
        self.values.insert(path.to_owned(), value);
        self.places.insert(path.to_owned(), place);
        self.origins.insert(path.to_owned(), origin);
    }

    /// A value that nobody wrote.
    pub(super) fn fill(&mut self, path: &str, value: Value, shown: &str, reason: &str, source: &str) {
        self.values.insert(path.to_owned(), value);
        self.note(path, shown, reason, source);
    }

    /// Records a default without a value of its own, such as the confidence of an interval.
    pub(super) fn note(&mut self, path: &str, shown: &str, reason: &str, source: &str) {
        let (value, reason, source) = (shown.to_owned(), reason.to_owned(), source.to_owned());
        self.origins.insert(path.to_owned(), Origin::Default { value, reason, source });
    }

    /// The default of the key table at a concrete path, if it has a fixed one.
    pub(super) fn fill_default(&mut self, path: &str, key: &super::keys::Key) {
        if let Presence::Default { value: shown, reason, source } = key.presence {
            let value = value::parse(key.name(), &key.kind, shown)
                .unwrap_or_else(|fault| unreachable!("default of {}: {}", key.path, fault.message));
            self.fill(path, value, shown, reason, source);
        }
    }

    /// Multiplies a quantity, without changing where it came from.
    pub(super) fn rescale(&mut self, path: &str, factor: f64) {
        if let Some(Value::Quantity(quantity)) = self.values.get_mut(path) {
            *quantity = scaled(*quantity, factor);
        }
    }

    /// Notes where a key, map or entry stands, for complaints about the whole.
    pub(super) fn locate(&mut self, path: &str, place: Place) {
        self.places.insert(path.to_owned(), place);
    }

    /// Where a path was written; `None`: it was not.
    pub(super) fn place(&self, path: &str) -> Option<Place> {
        self.places.get(path).copied()
    }

    /// Whether something is known at a path, or a map stands there.
    pub(super) fn has(&self, path: &str) -> bool {
        self.places.contains_key(path) || self.values.contains_key(path)
    }

    /// Where every value came from.
    pub(super) fn into_origins(self) -> BTreeMap<String, Origin> {
        self.origins
    }

    /// A quantity, in base units.
    pub(super) fn quantity(&self, path: &str) -> Option<Quantity> {
        if let Value::Quantity(quantity) = self.values.get(path)? { Some(*quantity) } else { None }
    }

    /// The middle of a quantity.
    pub(super) fn number(&self, path: &str) -> Option<f64> {
        self.quantity(path).map(|quantity| quantity.mid)
    }

    /// A whole number, or the length of a list.
    pub(super) fn count(&self, path: &str) -> Option<u32> {
        if let Value::Count(count) = self.values.get(path)? { Some(*count) } else { None }
    }

    /// A word or text.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        if let Value::Text(text) = self.values.get(path)? { Some(text) } else { None }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, path: &str) -> Option<bool> {
        if let Value::Flag(flag) = self.values.get(path)? { Some(*flag) } else { None }
    }

    /// Texts; none where nothing was written.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        if let Some(Value::Texts(texts)) = self.values.get(path) { texts.clone() } else { Vec::new() }
    }

    /// Texts by text; none where nothing was written.
    pub(super) fn table(&self, path: &str) -> BTreeMap<String, String> {
        if let Some(Value::Table(table)) = self.values.get(path) { table.clone() } else { BTreeMap::new() }
    }
}
