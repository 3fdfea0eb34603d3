//! One setting that a host should have, with everything a person asks about it.

use std::fmt;

use crate::tune::key::Key;

/// What is set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A kernel setting.
    Kernel(Key),
    /// A limit of sessions and services, by its name in limits.conf: `nofile`, `nproc`.
    Limit(String),
    /// Transparent huge pages.
    HugePages,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kernel(key) => key.fmt(f),
            Self::Limit(item) => f.write_str(item),
            Self::HugePages => f.write_str("transparent_hugepage"),
        }
    }
}

/// Which way a value may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up only.
    AtLeast,
    /// Down only.
    AtMost,
    /// To this value.
    Exactly,
    /// A range that may only grow at its ends.
    Widen,
    /// A list that may only gain entries.
    Include,
}

/// What a wanted value rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The profile states it.
    Profile,
    /// It was computed from the load.
    Load,
    /// The spec states it under `tune`.
    Spec,
}

/// What a host has where no file sets the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    /// Less than is wanted: a file has to keep it over a boot.
    FallsShort,
    /// A value that the kernel or systemd works out anew at each boot: what is there now will be there again.
    ComesBack,
}

/// A value as settings are written: a number or words.
pub(super) struct Wanted(String);

impl From<u64> for Wanted {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<&str> for Wanted {
    fn from(words: &str) -> Self {
        Self(words.to_owned())
    }
}

/// A setting with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What is set.
    pub subject: Subject,
    /// To what.
    pub wanted: String,
    /// Which way.
    pub direction: Direction,
    /// What the value rests on.
    pub basis: Basis,
    /// What is there without it.
    pub unset: Unset,
    /// What it is for.
    pub why: String,
    /// How the value comes about, with the numbers of the spec.
    pub arithmetic: String,
    /// What it may cost or break.
    pub risk: String,
    /// Where the facts come from.
    pub source: String,
}

impl Setting {
    /// A kernel setting of a profile that a file has to keep.
    pub(super) fn kernel(name: &str, direction: Direction, wanted: impl Into<Wanted>) -> Self {
        let subject = Key::read(name).map_or_else(|| Subject::Limit(name.to_owned()), Subject::Kernel);
        Self::new(subject, direction, wanted)
    }

    /// A limit of a profile.
    pub(super) fn limit(item: &str, wanted: impl Into<Wanted>) -> Self {
        Self::new(Subject::Limit(item.to_owned()), Direction::AtLeast, wanted)
    }

    /// Any setting.
    pub(super) fn new(subject: Subject, direction: Direction, wanted: impl Into<Wanted>) -> Self {
        Self {
            subject,
            wanted: wanted.into().0,
            direction,
            basis: Basis::Profile,
            unset: Unset::FallsShort,
            why: String::new(),
            arithmetic: String::new(),
            risk: String::new(),
            source: String::new(),
        }
    }

    /// Says why, from where the facts come, and what it may cost.
    pub(super) fn because(mut self, why: &str, source: &str, risk: &str) -> Self {
        (self.why, self.source, self.risk) = (why.to_owned(), source.to_owned(), risk.to_owned());
        self
    }

    /// Says how the value comes about.
    pub(super) fn reckoned(mut self, basis: Basis, arithmetic: String) -> Self {
        (self.basis, self.arithmetic) = (basis, arithmetic);
        self
    }

    /// Says that a boot brings the value back by itself.
    pub(super) fn comes_back(mut self) -> Self {
        self.unset = Unset::ComesBack;
        self
    }
}
