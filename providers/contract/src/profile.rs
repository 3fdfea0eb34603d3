//! What a cloud is, without credentials or network: its name, its regions, what it cannot do and why.

use crate::deploy::KindRule;

/// A place where a cloud sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Name as the cloud's API takes it.
    pub name: &'static str,
    /// Availability zones, by name; empty where the cloud has none.
    pub zones: &'static [&'static str],
    /// Whether the bundled price book covers it.
    pub priced: Pricing,
}

/// How much of a region's prices the bundled book knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pricing {
    /// Machines, databases, caches and charges.
    Covered,
    /// Nothing: every price there is unknown.
    NotCovered,
}

/// Something that a cloud cannot do, in words for the person who asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inability {
    /// What: `zones`, `standby`, `connections`, ... (a word that the core knows).
    pub what: &'static str,
    /// Why, with the source.
    pub why: &'static str,
}

/// Object storage of a cloud, where a journal can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalStore {
    /// Scheme of its addresses: `s3` in `s3://bucket/prefix`.
    pub scheme: &'static str,
    /// What the names of the environment variables begin with that say where it is and who asks.
    pub variables: &'static str,
}

/// What a cloud is.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Short name, as used in specs and flags.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What people take it for, one short phrase.
    pub best_for: &'static str,
    /// Calls a second that an account's control plane bears for long: below the lowest of the cloud's published limits for the
    /// calls that provisioning makes.
    pub calls_per_s: u32,
    /// Regions; the first is the default.
    pub regions: &'static [Region],
    /// Variables of the environment that say who asks, where the cloud's own SDK does not read them by itself.
    pub credential_variables: &'static [&'static str],
    /// Where a journal can be kept; `None`: the cloud has no store of its own kind.
    pub journal_store: Option<JournalStore>,
    /// What it cannot do.
    pub inabilities: &'static [Inability],
    /// Kinds of resources in the order in which they are made; what stands in one stage is made side by side. Empty:
    /// nothing can be made on this cloud yet.
    pub stages: &'static [&'static [KindRule]],
}

impl Profile {
    /// The region of that exact name.
    pub fn region(&self, name: &str) -> Option<&'static Region> {
        self.regions.iter().find(|region| region.name == name)
    }
}
