//! Hosts and the ways to reach them. Decides nothing about what a host should be like: [`Connection`] runs a script and
//! brings back what it said; [`Target`]s say which hosts, [`each`] works on many of them.

mod ask;
mod connection;
mod exchange;
mod fleet;
mod inventory;
mod limit;
mod local;
mod pattern;
mod reach;
mod shell;
mod ssh;
mod ways;

pub use ask::{Nobody, Person, UnknownKey};
pub use connection::{Connection, HostError, HostErrorClass, Said};
pub use exchange::Become;
pub use fleet::{Fares, HOSTS_AT_ONCE, HostProgress, Outcome, Serial, Way, each};
pub use inventory::{Target, TargetError, distinct, from_file, from_list, from_texts};
pub use limit::limited;
pub use local::Local;
pub use reach::{Here, Reach, Remote};
pub use shell::quoted;
pub use ssh::{Habits, Patience, Ssh};
