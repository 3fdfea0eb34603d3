//! A solved network for any number of users: hides how very large systems are kept affordable.
//!
//! Systems of more than some 10^8 steps are divided by a whole number (users and servers alike): a smaller system at
//! equal load queues a little more, so the error is on the safe side. Populations far beyond saturation are not
//! solved: there throughput is the saturation throughput. Decides neither limits nor sizes.

use super::closed::{APP, DATABASE, Servers, network};
use super::network::{
    Breakdown, Curve, Hold, MOST_USERS, Network, Percentiles, ResponseTimes, Sampler, breakdowns,
};
use crate::spec::{Connection, Spec};

/// Users times servers that are solved without division; about a third of a second.
const STEPS: f64 = 1e8;

/// A spec on given servers, solved up to a number of users.
#[derive(Debug)]
pub(crate) struct Solved {
    curve: Curve,
    /// Users and servers of the solved network stand for this many each.
    scale: u32,
    users: u32,
    think_s: f64,
}

impl Solved {
    /// Solves for up to `max_users`.
    pub(crate) fn new(spec: &Spec, servers: Servers, max_users: u32) -> Self {
        let whole = network(spec, servers);
        let saturation = whole
            .stations
            .iter()
            .enumerate()
            .map(|(k, station)| f64::from(station.servers) / whole.demand_s(k))
            .fold(f64::INFINITY, f64::min)
            * (whole.think_s + whole.unloaded_response_s());
        let needed = f64::from(max_users).min(4.0 * saturation + 1000.0);
        let total: f64 = whole.stations.iter().map(|station| f64::from(station.servers)).sum();
        let least = whole.stations.iter().map(|station| station.servers).min().unwrap_or(1);
        let wanted = (needed * total / STEPS).sqrt().ceil().max(1.0) as u32;
        // Dividing a handful of servers would not be dividing but changing the system.
        let scale = wanted.min((least / 16).max(1));
        let mut small = whole;
        small.users = (small.users / scale).max(1);
        for station in &mut small.stations {
            station.servers = (station.servers / scale).max(1);
        }
        if let Some(pool) = &mut small.pool {
            pool.size = (pool.size / scale).max(1);
        }
        let users = spec.load.users.mid.round() as u32;
        let solved_users = ((needed / f64::from(scale)).ceil() as u32).max(1);
        small.users = small.users.min(solved_users);
        Self { curve: Curve::solve(&small, solved_users), scale, users, think_s: spec.load.think_s.mid }
    }

    /// The network that was solved; divided, if the system is very large.
    pub(crate) fn network(&self) -> &Network {
        self.curve.network()
    }

    fn index(&self, users: u32) -> u32 {
        (users / self.scale).min(self.curve.max_users())
    }

    /// Requests finished, 1/s.
    pub(crate) fn throughput_rps(&self, users: u32) -> f64 {
        if users < self.scale {
            return f64::from(users) / (self.think_s + self.network().unloaded_response_s()).max(1e-6);
        }
        f64::from(self.scale) * self.curve.throughput_rps(self.index(users)).min(1e12)
    }

    /// Mean response time, s.
    pub(crate) fn response_s(&self, users: u32) -> f64 {
        let unloaded = self.network().unloaded_response_s();
        // Whole groups of `scale` users were solved: compare like with like.
        let solved = self.index(users) * self.scale;
        let users = if users <= self.curve.max_users().saturating_mul(self.scale) { solved } else { users };
        if users == 0 {
            return unloaded;
        }
        (f64::from(users) / self.throughput_rps(users) - self.think_s).max(unloaded)
    }

    /// Requests in flight.
    pub(crate) fn in_flight(&self, users: u32) -> f64 {
        (self.throughput_rps(users) * self.response_s(users)).min(f64::from(users))
    }

    /// Busy share of the application's cores.
    pub(crate) fn app_utilisation(&self, users: u32) -> f64 {
        self.utilisation(APP, users)
    }

    /// Busy share of the database's cores; 0 without a database.
    pub(crate) fn database_utilisation(&self, users: u32) -> f64 {
        if self.network().stations.len() > DATABASE { self.utilisation(DATABASE, users) } else { 0.0 }
    }

    fn utilisation(&self, station: usize, users: u32) -> f64 {
        if users < self.scale { 0.0 } else { self.curve.utilisation(station, self.index(users)) }
    }

    /// Users at which the first resource is full: (Z + R unloaded) x saturation throughput.
    pub(crate) fn saturation_users(&self) -> f64 {
        self.curve.saturation_users() * f64::from(self.scale)
    }

    /// Response times of all kinds and of each kind, s.
    pub(crate) fn response_times(&self, sampler: &Sampler, users: u32) -> ResponseTimes {
        let mut times = sampler.response_times(&self.curve, self.index(users).max(1));
        // Beyond the solved range every request waits longer by the same: the queue is always there.
        let beyond = self.response_s(users) - times.all.mean_s;
        if users > self.curve.max_users().saturating_mul(self.scale) && beyond > 0.0 {
            shift(&mut times.all, beyond);
            times.per_class.iter_mut().for_each(|class| shift(class, beyond));
        }
        times
    }

    /// Why the formulas do not hold at these users, one sentence each.
    pub(crate) fn breakdowns(&self, users: u32) -> Vec<String> {
        let at = Network { users: self.index(users).max(1), ..self.network().clone() };
        let mut found = breakdowns(&at, &self.curve);
        // The network may be divided or solved only up to saturation: it does not know how many users there are.
        if users > MOST_USERS && at.users <= MOST_USERS {
            found.push(Breakdown::ManyUsers { users });
        }
        found.iter().map(|breakdown| format!("{breakdown}.")).collect()
    }

    /// What division did to the numbers; `None` if the system was solved as it is.
    pub(crate) fn scale_note(&self) -> Option<String> {
        (self.scale > 1).then(|| {
            format!(
                "The system is very large: it was solved as {} equal parts, which overstates queueing a little.",
                self.scale
            )
        })
    }

    /// Whether the network can be simulated as it is.
    pub(crate) fn is_whole(&self) -> bool {
        self.scale == 1 && self.users <= self.curve.max_users()
    }

    /// Database connections held.
    pub(crate) fn connections(&self, spec: &Spec, users: u32) -> f64 {
        let network = self.network();
        if network.stations.len() <= DATABASE {
            return 0.0;
        }
        let rps = self.throughput_rps(users);
        let queueing_s = self.response_s(users) - network.unloaded_response_s();
        // The two stations share the queueing time by how it would be at theirs alone.
        let weight = |k: usize| {
            let u = self.utilisation(k, users).min(0.999_999);
            let m = f64::from(network.stations[k].servers);
            // Sakasegawa 1977: queue in front of m servers, up to a common factor.
            u.powf((2.0 * (m + 1.0)).sqrt()) / (1.0 - u)
        };
        let (app, database) = (weight(APP), weight(DATABASE));
        let database_wait_s =
            if app + database > 0.0 { queueing_s * database / (app + database) } else { 0.0 };
        let held: f64 = spec
            .requests
            .iter()
            .map(|request| {
                let database_s = request.queries.mid * request.query_cpu_s.mid;
                let held_s = match request.connection {
                    Connection::Query => database_s + database_wait_s,
                    Connection::Request => request.wait_s.mid + request.cpu_s.mid + database_s + queueing_s,
                };
                request.share * held_s
            })
            .sum();
        let most = match network.pool.filter(|pool| pool.hold == Hold::Request) {
            Some(pool) => f64::from(pool.size) * f64::from(self.scale),
            None => f64::INFINITY,
        };
        (rps * held).min(f64::from(users)).min(most)
    }
}

fn shift(times: &mut Percentiles, seconds: f64) {
    for time in [&mut times.mean_s, &mut times.p50_s, &mut times.p90_s, &mut times.p95_s, &mut times.p99_s] {
        *time += seconds;
    }
}
