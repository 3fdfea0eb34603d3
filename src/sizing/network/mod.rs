//! The queueing network: what a given number of servers does to a given load.
//!
//! Decides throughput, response times, utilisation and where the load line lies, for users who think, send one
//! request and wait for its answer. Does not know specs, clouds, prices or machines: in goes a [`Network`], out
//! come numbers.
//!
//! - [`Curve`]: exact mean values for every population (convolution of the closed network)
//! - [`Sampler`]: percentiles by composition sampling on top of a curve
//! - [`simulate`]: discrete-event simulation, with confidence intervals
//! - [`breakdowns`]: why the formulas may not be trusted for a network, so that the simulator must speak
//! - [`open_in_closed`]: a fast approximation for searches
//! - [`erlang_c`], [`OpenStation`], [`pool_size`]: stations fed from outside
//!
//! Not modelled by any of them: garbage-collection pauses, lock convoys, retry storms, cache stampedes, cold
//! starts and noisy neighbours.

mod breakdown;
mod convolution;
mod curve;
mod histogram;
mod model;
mod open;
mod open_in_closed;
mod product_form;
mod sampler;
mod scaling;
mod simulation;
mod variate;
mod wait_table;

pub(super) use breakdown::MOST_USERS;
pub use breakdown::{Breakdown, breakdowns};
pub use curve::Curve;
pub use model::{Class, Discipline, Dispatch, Hold, Network, Pool, Station, Visit};
pub use open::{OpenStation, erlang_c, pool_size};
pub use open_in_closed::{OpenInClosed, open_in_closed};
pub use sampler::{Percentiles, ResponseTimes, Sampler};
pub use scaling::Scaling;
pub use simulation::{ClassTimes, Interval, Simulation, SimulationEffort, simulate, simulate_open};
