//! What is asked of a market, and what it answers: [`Ask`], [`Choice`], [`Selection`]. Decides nothing.

use super::{Bill, Design, LeastRegret, LifecycleNote, Objection, Rejection};
use crate::sizing::{Finding, Requirements, Scenario};
use crate::spec::{Pin, Terms};

/// What should be bought in one region.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What every tier needs, with resilience, backups and instruction sets in it.
    pub requirements: &'a Requirements,
    /// Commitment for each tier.
    pub terms: Terms,
    /// Products that the spec names for this cloud; `None`: nothing is pinned.
    pub pin: Option<&'a Pin>,
    /// Believable worlds for the choice of least regret; empty without uncertain inputs.
    pub scenarios: &'a [Scenario],
    /// Date that lifecycle facts are judged at, `YYYY-MM-DD`.
    pub today: &'a str,
}

/// What one region answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The cheapest that meets every requirement; `None`: nothing does, and an objection says why.
    pub chosen: Option<Selection>,
    /// The design with the pinned products; `None` when nothing is pinned or no design is possible around the pins.
    pub pinned: Option<Selection>,
    /// What cannot be had of what was asked.
    pub objections: Vec<Objection>,
    /// Every offer not taken, by kind and name.
    pub rejections: Vec<Rejection>,
    /// The design that is least regretted over the scenarios; `None` without scenarios or when nothing fits.
    pub least_regret: Option<LeastRegret>,
}

/// A design with its bill and what is known of it before it is predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Every choice.
    pub design: Design,
    /// A month's bill.
    pub bill: Bill,
    /// Requirements that it misses; empty when it meets all.
    pub misses: Vec<Finding>,
    /// What a person should know that is no miss.
    pub notes: Vec<Finding>,
    /// Products whose end is known, and surcharges for old versions.
    pub lifecycle: Vec<LifecycleNote>,
}
