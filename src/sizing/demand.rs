//! What the users ask for: the mean request, the rate they send, how much of it is in flight.
//!
//! Rates here are what the load offers when nothing queues (Little 1961, N = X (Z + R)): requirements must not
//! depend on the servers that are about to be chosen. The prediction for real servers is the model's.

use super::assumptions::{PROTOCOL_OVERHEAD, WORKER_TARGET};
use super::network::Scaling as Law;
use super::wording::number;
use crate::spec::{Connection, Dispatch, Request, Scaling, Spec};

/// The mean request over all kinds, by share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mix {
    /// Application CPU, s.
    pub(crate) cpu_s: f64,
    /// Database queries; 0 without a database.
    pub(crate) queries: f64,
    /// Database CPU of all queries, s.
    pub(crate) database_cpu_s: f64,
    /// Writing queries.
    pub(crate) writes: f64,
    /// Waiting outside, s.
    pub(crate) wait_s: f64,
    /// Bytes from the client.
    pub(crate) upload_bytes: f64,
    /// Bytes to the client.
    pub(crate) download_bytes: f64,
}

impl Mix {
    /// The mean request of a spec.
    pub(crate) fn of(spec: &Spec) -> Self {
        let mean = |of: &dyn Fn(&Request) -> f64| spec.requests.iter().map(|r| r.share * of(r)).sum::<f64>();
        let database = if spec.database.is_some() { 1.0 } else { 0.0 };
        Self {
            cpu_s: mean(&|r| r.cpu_s.mid),
            queries: database * mean(&|r| r.queries.mid),
            database_cpu_s: database * mean(&|r| r.queries.mid * r.query_cpu_s.mid),
            writes: database * mean(&|r| r.writes.mid),
            wait_s: mean(&|r| r.wait_s.mid),
            upload_bytes: mean(&|r| r.upload_bytes.mid),
            download_bytes: mean(&|r| r.download_bytes.mid),
        }
    }

    /// Response time of a lone request, s.
    pub(crate) fn unloaded_s(&self) -> f64 {
        self.wait_s + self.cpu_s + self.database_cpu_s
    }

    /// Traffic with the clients at a rate, both directions, Mbit/s.
    pub(crate) fn network_mbps(&self, rps: f64) -> f64 {
        rps * (self.upload_bytes + self.download_bytes) * PROTOCOL_OVERHEAD * 8.0 / 1e6
    }
}

/// Cores of a tier that are at work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Busy {
    /// So many; where no number of cores does the work, those beyond which more are wasted.
    pub(crate) cores: f64,
    /// How many times as long work takes as on a core that is alone at work.
    pub(crate) slowdown: f64,
    /// Requests a second that no number of cores does more than.
    pub(crate) most_rps: f64,
}

impl Busy {
    fn of(rps: f64, demand_s: f64, scaling: Scaling) -> Self {
        let law = Law::from(scaling);
        let cores = law.at_work(rps * demand_s).unwrap_or_else(|| law.useful());
        Self { cores, slowdown: law.slowdown(cores), most_rps: law.limit() / demand_s }
    }

    /// Share of the time of its cores in which they do nothing but wait for others.
    pub(crate) fn waiting_share(self) -> f64 {
        1.0 - 1.0 / self.slowdown
    }

    /// Words for it behind a demand: nothing where cores are not slowed.
    pub(crate) fn words(self) -> String {
        if self.slowdown > 1.0 {
            format!(" x {} ({} cores at work)", number(self.slowdown), number(self.cores))
        } else {
            String::new()
        }
    }
}

/// What the load offers at the spec's users.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Demand {
    /// The mean request.
    pub(crate) mix: Mix,
    /// Users.
    pub(crate) users: f64,
    /// Think time, s.
    pub(crate) think_s: f64,
    /// Requests offered when nothing queues, 1/s.
    pub(crate) rps: f64,
    /// Application cores that requests keep at work.
    pub(crate) app: Busy,
    /// Database cores that queries keep at work; none without a database.
    pub(crate) database: Busy,
    /// Requests in flight: N - X Z, and the longest queues that the target utilisation allows; at most the users.
    pub(crate) in_flight: f64,
    /// Database connections held, with the same queues.
    pub(crate) connections: f64,
}

impl Demand {
    /// The demand of a spec.
    pub(crate) fn of(spec: &Spec) -> Self {
        let mix = Mix::of(spec);
        let (users, think_s) = (spec.load.users.mid, spec.load.think_s.mid);
        // A cycle of a microsecond stands in for requests that take no time at all.
        let rps = users / (think_s + mix.unloaded_s()).max(1e-6);
        let app = Busy::of(rps, mix.cpu_s, spec.app.scaling);
        let scaling = spec.database.as_ref().map_or(Scaling::NONE, |database| database.scaling);
        let database = Busy::of(rps, mix.database_cpu_s, scaling);
        let queue = queues(spec, app.cores);
        let slowed = app.cores * app.waiting_share() + database.cores * database.waiting_share();
        let in_flight = (rps * mix.unloaded_s() + slowed + queue.app + queue.database).min(users);
        let connections = if spec.database.is_some() { held(spec, rps, queue) } else { 0.0 };
        Self { mix, users, think_s, rps, app, database, in_flight, connections: connections.min(users) }
    }
}

/// Requests that wait for a core at the target utilisation.
#[derive(Debug, Clone, Copy)]
struct Queues {
    app: f64,
    database: f64,
}

/// rho^2 / (1 - rho) wait in front of one server (M/M/1): more than in front of several together, so it is the
/// worst case of a pooled tier. Event loops queue one by one, so there are as many such queues as loops.
fn queues(spec: &Spec, busy_app_cores: f64) -> Queues {
    let target = spec.objectives.target_cpu.min(0.99);
    let queue = target * target / (1.0 - target);
    let loops = match spec.app.dispatch {
        Dispatch::Pooled => 1.0,
        _ => (busy_app_cores / target.min(WORKER_TARGET)).max(1.0),
    };
    Queues { app: queue * loops, database: if spec.database.is_some() { queue } else { 0.0 } }
}

fn held(spec: &Spec, rps: f64, queue: Queues) -> f64 {
    spec.requests
        .iter()
        .map(|request| {
            let database_s = request.queries.mid * request.query_cpu_s.mid;
            match request.connection {
                Connection::Query => request.share * (rps * database_s + queue.database),
                Connection::Request => {
                    let whole_s = request.wait_s.mid + request.cpu_s.mid + database_s;
                    request.share * (rps * whole_s + queue.app + queue.database)
                }
            }
        })
        .sum()
}
