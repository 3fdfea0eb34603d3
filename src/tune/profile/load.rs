//! What the load asks of one host, from the requirements that sizing worked out.

use crate::sizing::Requirements;
use crate::spec::Spec;

/// Figures of the load. A host is set as if it had to take all of it: after a failure one may have to.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// People active at once.
    pub users: u64,
    /// New connections at the peak, 1/s.
    pub new_connections_per_s: f64,
    /// Connections open at the peak.
    pub active_connections: u64,
    /// Connections that the database is configured for; `None`: no database.
    pub max_connections: Option<u64>,
    /// Port of the application.
    pub port: u16,
}

/// How long a closed connection keeps its port (TCP_TIMEWAIT_LEN of the Linux kernel), s.
pub(super) const TIME_WAIT_S: f64 = 60.0;
/// How long connection tracking keeps a closed connection (nf_conntrack_tcp_timeout_time_wait), s.
pub(super) const TRACKED_TIME_WAIT_S: f64 = 120.0;

impl Load {
    /// The load of a spec.
    pub(super) fn of(spec: &Spec, requirements: &Requirements) -> Self {
        let balancer = &requirements.balancer;
        Self {
            users: whole(spec.load.users.mid),
            new_connections_per_s: balancer.new_connections_per_s,
            active_connections: whole(balancer.active_connections),
            max_connections: requirements.database.as_ref().map(|it| u64::from(it.max_connections)),
            port: spec.app.port,
        }
    }

    /// Ports that outgoing connections hold if each client connection opens one, and the sentence.
    pub(super) fn ports(&self) -> (u64, String) {
        let ports = whole(self.new_connections_per_s * TIME_WAIT_S);
        let rate = grouped(whole(self.new_connections_per_s));
        (ports, format!("{rate} new connections/s x 60 s of TIME_WAIT = {} ports", grouped(ports)))
    }

    /// Entries of connection tracking, and the sentence.
    pub(super) fn tracked(&self) -> (u64, String) {
        let entries = whole(self.new_connections_per_s * TRACKED_TIME_WAIT_S) + self.active_connections;
        let rate = grouped(whole(self.new_connections_per_s));
        let sentence = format!(
            "{rate} new connections/s x 120 s + {} open = {} entries",
            grouped(self.active_connections),
            grouped(entries)
        );
        (entries, sentence)
    }
}

/// A count from a rate: whole, upwards, never negative.
fn whole(value: f64) -> u64 {
    // The cast saturates: a load beyond u64 is no load.
    value.max(0.0).ceil() as u64
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    crate::spec::grouped(&number.to_string())
}
