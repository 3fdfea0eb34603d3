//! Requirements and offers to a design, its bill, and every offer not taken with its reason. Pure: no files, no clock.
//!
//! In the order in which data flows: an [`Ask`] and what one region sells go into [`choose`], which surveys the offers
//! of each tier (`tiers`), asks `parts` what a design uses of each price, and hands the cheapest that meets every
//! requirement to [`bill`]. [`compare`] does so for every cloud and ranks them; [`why_not`] explains one offer.

mod aim;
mod ask;
mod bill;
mod choose;
mod compare;
mod design;
mod honour;
mod judge;
mod lifecycle;
mod money;
mod parts;
mod pins;
mod ranking;
mod regret;
mod select;
mod shop;
mod survey;
mod tiers;
mod why_not;
mod words;

pub use ask::{Ask, Choice, Selection};
pub use bill::bill;
pub use choose::choose;
pub use compare::{Forecast, Market, Predict, compare};
pub use design::*;
pub use pins::{PinError, PinProblem};
pub use regret::{LeastRegret, REPLACEMENT_FACTOR, Regret};
pub use why_not::why_not;
