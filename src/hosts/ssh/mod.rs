//! Hosts over SSH, by the person's own configuration, keys, agent and known hosts. Decides how often a busy host is tried again, and
//! that the hosts on the way to many are connected to once.

#[cfg(feature = "ssh")]
mod config;
#[cfg(feature = "ssh")]
mod dial;
mod habits;
#[cfg(feature = "ssh")]
mod keys;
#[cfg(feature = "ssh")]
mod known_hosts;
#[cfg(feature = "ssh")]
mod lent;
#[cfg(feature = "ssh")]
mod login;
#[cfg(feature = "ssh")]
mod reach;
#[cfg(feature = "ssh")]
mod session;
#[cfg(feature = "ssh")]
mod stream;
#[cfg(feature = "ssh")]
mod trust;
#[cfg(not(feature = "ssh"))]
mod without;

use std::time::Duration;

pub use habits::Habits;
#[cfg(feature = "ssh")]
pub use reach::Ssh;
#[cfg(not(feature = "ssh"))]
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
