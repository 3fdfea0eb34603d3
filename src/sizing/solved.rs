//! A solved network for any number of users: hides how very large systems are kept affordable.
//!
//! Systems of more than some 10^8 steps are divided by a whole number (users and servers alike): a smaller system at
//! equal load queues a little more, so the error is on the safe side. Where few servers carry very many users because
//! they think long, the users are thinned out instead: fewer of them who think less put the same load on the same
//! servers. Populations far beyond saturation are not solved: there throughput is the saturation throughput. Decides
//! neither limits nor sizes.

use super::closed::{APP, DATABASE, Servers, network};
use super::network::{
    Breakdown, Curve, Hold, MOST_USERS, Network, Percentiles, ResponseTimes, Sampler, breakdowns,
};
use crate::spec::{Connection, Spec};

/// Users times servers that are solved without division; about a third of a second.
const STEPS: f64 = 1e8;
/// Users that are solved at most; some 30 MB. With so many, arrivals no longer depend on who is being served.
const MOST_SOLVED: f64 = 4e5;

/// A spec on given servers, solved up to a number of users.
#[derive(Debug)]
pub(crate) struct Solved {
    curve: Curve,
    /// Users and servers of the solved network stand for this many each.
    scale: u32,
    /// Whether the solved users think less than the spec's, and are fewer by as much.
    thinning: Thinning,
    users: u32,
    think_s: f64,
    /// The network as the spec has it.
    whole: Network,
}

/// How the solved users compare with those of the spec.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Thinning {
    /// They are the same.
    None,
    /// They think so long, s.
    Think(f64),
}

impl Solved {
    /// Solves for up to `max_users`.
    pub(crate) fn new(spec: &Spec, servers: Servers, max_users: u32) -> Self {
        let whole = network(spec, servers);
        let limits = (0..whole.stations.len()).map(|k| whole.station_limit_rps(k));
        let saturation = limits.fold(f64::INFINITY, f64::min) * (whole.think_s + whole.unloaded_response_s());
        let needed = f64::from(max_users).min(4.0 * saturation + 1000.0);
        let total: f64 = whole.stations.iter().map(|station| f64::from(station.servers)).sum();
        let least = whole.stations.iter().map(|station| station.servers).min().unwrap_or(1);
        let wanted = (needed * total / STEPS).sqrt().ceil().max(1.0) as u32;
        // Dividing a handful of servers would not be dividing but changing the system.
        let scale = wanted.min((least / 16).max(1));
        let mut small = whole.clone();
        small.users = (small.users / scale).max(1);
        for station in &mut small.stations {
            station.servers = (station.servers / scale).max(1);
            station.scaling.unit = f64::from(scale);
        }
        if let Some(pool) = &mut small.pool {
            pool.size = (pool.size / scale).max(1);
        }
        let users = spec.load.users.mid.round() as u32;
        let mut solved_users = needed / f64::from(scale);
        let thinning = thin(&mut small, &mut solved_users);
        let solved_users = (solved_users.ceil() as u32).max(1);
        small.users = small.users.min(solved_users);
        let curve = Curve::solve(&small, solved_users);
        Self { curve, scale, thinning, users, think_s: spec.load.think_s.mid, whole }
    }

    /// The network that was solved; divided, if the system is very large.
    pub(crate) fn network(&self) -> &Network {
        self.curve.network()
    }

    fn index(&self, users: u32) -> u32 {
        match self.thinning {
            Thinning::None => (users / self.scale).min(self.curve.max_users()),
            Thinning::Think(_) => self.thinned_place(users).0,
        }
    }

    /// Users of the spec that put the load of so many solved ones on the servers, and their mean response time, s: in
    /// a crowd the wait depends on throughput alone, and by Little's law N = X (Z + R).
    fn thinned_population(&self, solved: u32, think_s: f64) -> (f64, f64) {
        let unloaded = self.network().unloaded_response_s();
        if solved == 0 {
            return (0.0, unloaded);
        }
        let rps = self.curve.throughput_rps(solved);
        let response_s = (f64::from(solved) / rps - think_s).max(unloaded);
        (f64::from(self.scale) * rps * (self.think_s + response_s), response_s)
    }

    /// The last solved population that stands for no more than these users, and the mean response time, s, read off
    /// between it and the next; beyond the solved ones that of saturation.
    fn thinned_place(&self, users: u32) -> (u32, f64) {
        let Thinning::Think(think_s) = self.thinning else { return (users, 0.0) };
        let wanted = f64::from(users);
        let last = self.curve.max_users();
        let (most, _) = self.thinned_population(last, think_s);
        if wanted >= most {
            let rps = f64::from(self.scale) * self.curve.throughput_rps(last);
            return (last, wanted / rps - self.think_s);
        }
        let (mut low, mut high) = (0, last);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.thinned_population(middle, think_s).0 <= wanted { low = middle } else { high = middle }
        }
        let (below, above) = (self.thinned_population(low, think_s), self.thinned_population(high, think_s));
        let part = ((wanted - below.0) / (above.0 - below.0)).clamp(0.0, 1.0);
        (low, below.1 + part * (above.1 - below.1))
    }

    /// Requests finished, 1/s.
    pub(crate) fn throughput_rps(&self, users: u32) -> f64 {
        if self.thinning != Thinning::None {
            return f64::from(users) / (self.think_s + self.response_s(users));
        }
        if users < self.scale {
            return f64::from(users) / (self.think_s + self.network().unloaded_response_s()).max(1e-6);
        }
        f64::from(self.scale) * self.curve.throughput_rps(self.index(users)).min(1e12)
    }

    /// Mean response time, s.
    pub(crate) fn response_s(&self, users: u32) -> f64 {
        let unloaded = self.network().unloaded_response_s();
        if self.thinning != Thinning::None {
            return self.thinned_place(users).1.max(unloaded);
        }
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
        if self.thinning != Thinning::None {
            return self.network().utilisation(station, self.throughput_rps(users) / f64::from(self.scale));
        }
        if users < self.scale { 0.0 } else { self.curve.utilisation(station, self.index(users)) }
    }

    /// Users at which the first resource is full: (Z + R unloaded) x saturation throughput.
    pub(crate) fn saturation_users(&self) -> f64 {
        let solved = self.curve.saturation_users() * f64::from(self.scale);
        match self.thinning {
            Thinning::None => solved,
            Thinning::Think(think_s) => {
                let unloaded = self.network().unloaded_response_s();
                solved * (self.think_s + unloaded) / (think_s + unloaded)
            }
        }
    }

    /// Whether these users are beyond what was solved.
    fn beyond(&self, users: u32) -> bool {
        match self.thinning {
            Thinning::None => users > self.curve.max_users().saturating_mul(self.scale),
            Thinning::Think(_) => self.thinned_place(users).0 == self.curve.max_users(),
        }
    }

    /// Response times of all kinds and of each kind, s.
    pub(crate) fn response_times(&self, sampler: &Sampler, users: u32) -> ResponseTimes {
        let mut times = sampler.response_times(&self.curve, self.index(users).max(1));
        // Beyond the solved range every request waits longer by the same: the queue is always there.
        let beyond = self.response_s(users) - times.all.mean_s;
        if self.beyond(users) && beyond > 0.0 {
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

    /// The network to simulate with so many users; `None` where it is too large.
    pub(crate) fn to_simulate(&self, users: u32) -> Option<Network> {
        let solved = self.thinning != Thinning::None || self.users <= self.curve.max_users();
        let fits = self.scale == 1 && solved && f64::from(users) <= MOST_SOLVED;
        fits.then(|| Network { users, ..self.whole.clone() })
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

/// Makes fewer users think less, so that they put the same load on the servers, where there are too many to solve.
/// What is solved goes a good way past saturation; where waiting outside of the servers leaves no think time to take
/// from, it ends before: there the response time comes out too long.
fn thin(network: &mut Network, solved_users: &mut f64) -> Thinning {
    let servers: f64 = network.stations.iter().map(|station| f64::from(station.servers)).sum();
    let most = MOST_SOLVED.min(STEPS / servers).max(1.0);
    if *solved_users <= most {
        return Thinning::None;
    }
    let unloaded = network.unloaded_response_s();
    let whole = network.think_s + unloaded;
    let factor = (*solved_users / most).min(if unloaded > 0.0 { whole / unloaded } else { f64::INFINITY });
    let think_s = (whole / factor - unloaded).max(0.0);
    network.think_s = think_s;
    network.users = (f64::from(network.users) / factor).ceil() as u32;
    *solved_users = (*solved_users / factor).min(most);
    Thinning::Think(think_s)
}

fn shift(times: &mut Percentiles, seconds: f64) {
    for time in [&mut times.mean_s, &mut times.p50_s, &mut times.p90_s, &mut times.p95_s, &mut times.p99_s] {
        *time += seconds;
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    /// One core, one millisecond a request, 400 s of thinking: saturation is at 400,000 users, more than are solved.
    fn long_thinkers() -> (Spec, Servers) {
        let mut spec = fixtures::teachers();
        spec.database = None;
        spec.tasks.clear();
        spec.load.think_s.mid = 400.0;
        spec.load.users.mid = 1000.0;
        spec.requests[0].cpu_s.mid = 0.001;
        spec.requests[0].wait_s.mid = 0.0;
        (spec, Servers { app: 1, database: 1, pool: None })
    }

    #[test]
    fn thinned_users_load_the_servers_as_all_of_them_would() {
        let (spec, servers) = long_thinkers();
        let solved = Solved::new(&spec, servers, 640_000);
        assert_ne!(solved.thinning, Thinning::None);
        let exact = Curve::solve(&network(&spec, servers), 640_000);
        for users in [1, 200, 1000, 200_000, 320_000, 360_000, 390_000, 600_000] {
            let rps = exact.throughput_rps(users);
            let response_s = f64::from(users) / rps - 400.0;
            let close = |seen: f64, exact: f64, within: f64| (seen / exact - 1.0).abs() <= within;
            assert!(
                close(solved.throughput_rps(users), rps, 1e-6),
                "{users}: {}",
                solved.throughput_rps(users)
            );
            // At 97.5 % of saturation a queue of 40 moves with the last percent of the users.
            assert!(close(solved.response_s(users), response_s, 0.02), "{users}: {response_s}");
            assert!(close(solved.app_utilisation(users), exact.utilisation(APP, users), 1e-4), "{users}");
        }
        assert!((solved.saturation_users() / 400_001.0 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_day_of_thinking_is_solved_at_once() {
        let (mut spec, servers) = long_thinkers();
        spec.load.think_s.mid = 86_400.0;
        spec.requests[0].cpu_s.mid = 1e-6;
        let solved = Solved::new(&spec, servers, u32::MAX);
        assert!(f64::from(solved.curve.max_users()) <= MOST_SOLVED);
        // Saturation is at 86,400 million users; with 4,000 million the core is 4.6 % busy.
        assert!((solved.app_utilisation(4_000_000_000) - 0.0463).abs() < 1e-4);
        assert!((solved.response_s(1000) - 1e-6).abs() < 1e-9);
    }
}
