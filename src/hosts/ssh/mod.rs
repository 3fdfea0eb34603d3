//! Hosts over SSH, by the person's own configuration, keys, agent and known hosts. Decides how often a busy host is tried again, and
//! that the hosts on the way to many are connected to once.

#[cfg(feature = "connect")]
mod config;
#[cfg(feature = "connect")]
mod dial;
mod habits;
#[cfg(feature = "connect")]
mod keys;
#[cfg(feature = "connect")]
mod known_hosts;
#[cfg(feature = "connect")]
mod login;
#[cfg(feature = "connect")]
mod reach;
#[cfg(feature = "connect")]
mod session;
#[cfg(feature = "connect")]
mod stream;
#[cfg(feature = "connect")]
mod trust;
#[cfg(not(feature = "connect"))]
mod without;

use std::time::Duration;

pub use habits::Habits;
#[cfg(feature = "connect")]
pub use reach::Ssh;
#[cfg(not(feature = "connect"))]
pub use without::Ssh;

/// How long is waited for a host. The time in which the person is asked something does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// To connect and exchange keys; a `ConnectTimeout` of the configuration counts instead.
    pub connect: Duration,
    /// To log in.
    pub log_in: Duration,
}

impl Default for Patience {
    /// Ten seconds to connect: three times what a lost first packet costs (RFC 6298: 1 s, then 2 s, then 4 s). Thirty to log in:
    /// what a host takes that asks a directory service that does not answer.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), log_in: Duration::from_secs(30) }
    }
}
