//! The release: what runs on each host with which numbers, as files; and how hosts are brought from one release to the next.
//!
//! [`stack`] decides every number that another one depends on, [`files`] writes them down: both are pure. Nothing here knows
//! where hosts come from or how what happened is shown.

pub mod files;
mod host;
pub mod run;
pub mod stack;

pub use host::Holder;
