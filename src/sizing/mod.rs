//! Spec to requirements, prediction, load line and findings. Pure: no cloud, no price, no clock.
//!
//! In data-flow order: `demand` (what the users ask for), one file per tier (what that takes), `model` and `solved`
//! (the queueing network of a spec on given servers), `predict` and `load_line` (what it will do, how far it
//! carries), `sensitivity` and `uncertainty` (how much the inputs matter), `findings` (what contradicts itself).
//! [`size`] joins them; [`Model`] is for whoever compares many capacities.

mod anchor;
mod app;
mod assessed;
mod assumptions;
mod balancer;
mod cache;
mod closed;
mod database;
mod demand;
mod effort;
mod findings;
#[cfg(test)]
pub(crate) mod fixtures;
mod inputs;
mod load_line;
mod misses;
mod model;
pub mod network;
mod predict;
mod requirements;
mod resilience;
mod response_need;
mod sensitivity;
mod size;
mod solved;
mod tasks;
mod traffic;
mod uncertainty;
mod wording;

pub use assumptions::{ASSUMPTIONS, Assumption};
pub use effort::{Confirm, Effort, Extent, Progress};
pub use findings::NOT_MODELLED;
pub use model::Model;
pub use requirements::*;
pub use size::{size, size_with};
