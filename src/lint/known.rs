//! Values with where they come from: a place in a file, a documented default, or a calculation.

use std::sync::Arc;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File, as it was named.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// It is written here.
    Written(Place),
    /// Nothing is written, and the documentation named here states what holds then.
    Default(&'static str),
    /// Something is written here that cannot be read as what it should be: no finding rests on it.
    Unread(Place),
    /// It was worked out, or given to the command.
    Reckoned(String),
}

/// A value, how a person would write it, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known<T> {
    /// The value, in base units: bytes, seconds, or a count.
    pub(crate) value: T,
    /// As it is shown.
    pub(crate) text: String,
    /// Where it comes from.
    pub(crate) from: From,
}

/// A number of a finding, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure {
    /// Name of the setting, such as `max_connections`.
    pub what: String,
    /// As it is shown.
    pub value: String,
    /// Where it comes from.
    pub from: From,
}

/// A word of a file.
pub(crate) type Word = Known<String>;

impl<T> Known<T> {
    /// What holds where nothing is written.
    pub(super) fn default(value: T, text: &str, source: &'static str) -> Self {
        Self { value, text: text.to_owned(), from: From::Default(source) }
    }

    /// Whether somebody wrote it.
    pub(super) const fn is_written(&self) -> bool {
        matches!(self.from, From::Written(_) | From::Unread(_))
    }

    /// Whether it is written and cannot be read.
    pub(super) const fn is_unread(&self) -> bool {
        matches!(self.from, From::Unread(_))
    }

    /// The place, if it is written.
    pub(super) const fn place(&self) -> Option<&Place> {
        match &self.from {
            From::Written(place) => Some(place),
            _ => None,
        }
    }

    /// The number for a finding.
    pub(super) fn figure(&self, what: impl Into<String>) -> Figure {
        Figure { what: what.into(), value: self.text.clone(), from: self.from.clone() }
    }

    /// Another value of the same text and origin; `None`: it cannot be read so.
    pub(super) fn read<U>(&self, read: impl FnOnce(&T) -> Option<U>) -> Option<Known<U>> {
        let value = read(&self.value)?;
        Some(Known { value, text: self.text.clone(), from: self.from.clone() })
    }
}

impl<T: Default> Known<T> {
    /// What a word says, or that it cannot be read.
    pub(super) fn of(word: &Word, read: impl FnOnce(&str) -> Option<T>) -> Self {
        word.read(|text| read(text)).unwrap_or_else(|| Self {
            value: T::default(),
            text: word.text.clone(),
            from: match &word.from {
                From::Written(place) => From::Unread(place.clone()),
                other => other.clone(),
            },
        })
    }

    /// What a word says; without a word what holds by itself.
    pub(super) fn or(
        word: Option<&Word>,
        read: impl FnOnce(&str) -> Option<T>,
        default: impl FnOnce() -> Self,
    ) -> Self {
        word.map_or_else(default, |word| Self::of(word, read))
    }
}

impl Word {
    /// A word that is written at a place.
    pub(super) fn written(text: impl Into<String>, place: Place) -> Self {
        let text = text.into();
        Self { value: text.clone(), text, from: From::Written(place) }
    }
}

impl Figure {
    /// A number that follows from others.
    pub(super) fn reckoned(
        what: impl Into<String>,
        value: impl Into<String>,
        how: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), value: value.into(), from: From::Reckoned(how.into()) }
    }

    /// A thing that is written somewhere, shown by its name only.
    pub(super) fn at(what: impl Into<String>, value: impl Into<String>, place: &Place) -> Self {
        Self { what: what.into(), value: value.into(), from: From::Written(place.clone()) }
    }
}
