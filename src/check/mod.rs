//! Whether a stack that runs is well: what each component says of itself, held against the alarm lines of the spec.
//!
//! In data-flow order: [`Lines`] (a spec to its lines), [`probe`] (components to samples, all at once), [`judge`] (samples to
//! [`Finding`]s), [`Hysteresis`] (rounds to messages), [`watch`] (lines to rules and a dashboard for others to watch by). Only `probe`
//! touches the world.

mod address;
mod finding;
pub mod host;
mod hysteresis;
pub mod judge;
pub mod lines;
#[cfg(feature = "check")]
pub mod probe;
pub mod watch;

pub use address::StoreAddress;
pub use finding::{Finding, Looked, Round, Unit, Verdict};
pub use hysteresis::{Alert, Hysteresis, Turn};
pub use lines::Lines;
