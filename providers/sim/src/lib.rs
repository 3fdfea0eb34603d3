//! A rehearsal account: holds any cloud's resources in a file, takes as long as the cloud would (by a factor faster),
//! refuses what a cloud would refuse, and fails when a script says so.
//!
//! Strict where clouds are strict: what is referred to has to be there and ready, what is in use is not removed, what
//! cannot change in place does not. It knows kinds only by the rules of the cloud's profile.

mod account;
mod calls;
mod faults;
mod options;
mod store;
mod world;

pub use account::Sim;
pub use faults::{Fault, Script, Trouble};
pub use options::{Options, Tokens};
pub use store::StoreError;
pub use world::Thing;
