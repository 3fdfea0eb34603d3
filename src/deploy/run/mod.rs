//! Releases carried out: which script runs on which host, when, and what is done where one of them is not well.

mod change;
mod host;
mod look;
mod prepare;
mod rest;

pub use change::{Change, End, Engine, HostEnd, HostState, Lock, Outcome, Prepared, change};
pub use host::{Host, Trouble, TroubleClass};
pub use look::{Kept, Seen, look};
pub use rest::{LogLine, Logged, logs, unlock};

/// What just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step begins on a host.
    Begun {
        /// The host.
        host: String,
        /// What is done there: `pulling the image`.
        doing: &'static str,
    },
    /// It is done.
    Done {
        /// The host.
        host: String,
        /// What was done.
        doing: &'static str,
    },
    /// It failed.
    Failed(Trouble),
    /// A batch of hosts begins.
    Batch {
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// Its hosts.
        hosts: Vec<String>,
    },
    /// The old containers are given time to finish.
    Draining {
        /// How long, s.
        seconds: u32,
    },
    /// Hosts go back to the release that they had.
    GoingBack {
        /// Which.
        hosts: Vec<String>,
    },
}
