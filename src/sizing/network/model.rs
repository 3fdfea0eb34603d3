//! The network to be solved: users, classes of requests, stations, and the pool of connections.
//!
//! Holds values only; decides nothing but the sums that every method needs (demand, visits, mean service, limits).

use super::scaling::Scaling;

/// How much work the visits of one request to one station are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Visits per request; a fraction is the probability of one visit more.
    pub count: f64,
    /// Mean time of one visit on an idle server, in seconds.
    pub service_s: f64,
    /// Squared coefficient of variation of that time: 0 constant, 1 exponential.
    pub service_cv2: f64,
}

impl Visit {
    /// Work per request in seconds: visits times time per visit.
    #[must_use]
    pub fn demand_s(&self) -> f64 {
        self.count * self.service_s
    }
}

/// One kind of request; `visits[k]` belongs to `stations[k]` of the [`Network`], missing ones are none.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Name, for people.
    pub name: String,
    /// Share of all requests, 0 to 1; the shares of a network sum to 1.
    pub share: f64,
    /// Visits per station.
    pub visits: Vec<Visit>,
    /// Mean time per request spent waiting outside every station (network, other services), in seconds.
    pub wait_s: f64,
    /// Squared coefficient of variation of that time.
    pub wait_cv2: f64,
}

/// How requests get to the servers of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dispatch {
    /// Any server takes any work: the cores of a database, threads of one process.
    Pooled,
    /// One single-threaded event loop per server, drawn at random and kept for the whole request.
    Random,
    /// As [`Dispatch::Random`], but in turn.
    RoundRobin,
    /// As [`Dispatch::Random`], but the loop with the fewest requests in flight.
    LeastLoaded,
}

impl Dispatch {
    /// Mean wait relative to random dispatch: 1 random (exact), about 0.5 in turn, about 0.4 least loaded; `None` if pooled.
    ///
    /// The two estimates are measured against simulation; they spread over 0.28 to 0.74 and 0.01 to 0.69.
    pub(super) fn wait_factor(self) -> Option<f64> {
        match self {
            Self::Pooled => None,
            Self::Random => Some(1.0),
            Self::RoundRobin => Some(0.5),
            Self::LeastLoaded => Some(0.4),
        }
    }
}

/// In which order a station serves what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Discipline {
    /// All at once, each at an equal part of the servers, at most one server each.
    ProcessorSharing,
    /// First come, first served, one server each.
    Fcfs,
}

/// A group of equal servers.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Name, for people.
    pub name: String,
    /// Servers (cores, event loops, disks), at least 1; 0 counts as 1.
    pub servers: u32,
    /// Order of service.
    pub discipline: Discipline,
    /// Way to the servers.
    pub dispatch: Dispatch,
    /// How they slow each other.
    pub scaling: Scaling,
}

impl Station {
    /// Servers that do any good, at least one: none beyond the peak of their law.
    pub(super) fn server_count(&self) -> u32 {
        // Casting saturates: the peak may be infinite.
        self.servers.min(self.scaling.peak().floor() as u32).max(1)
    }

    /// Whether requests stay with one of several event loops.
    pub(super) fn is_sticky(&self) -> bool {
        self.dispatch != Dispatch::Pooled && self.servers > 1
    }
}

/// How long a request holds its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    /// From the first moment of the request to its answer, waits outside included.
    Request,
    /// Only around each visit to the station of the pool.
    Visit,
}

/// Connection pool: at most `size` holders at once, the others queue in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Connections, at least 1; 0 counts as 1.
    pub size: u32,
    /// Index of the station the connections lead to.
    pub station: usize,
    /// What a connection is held for.
    pub hold: Hold,
}

/// Users who think, send a request, wait for its answer, and think again.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Users at the same time.
    pub users: u32,
    /// Mean think time between an answer and the next request, in seconds.
    pub think_s: f64,
    /// Squared coefficient of variation of the think time; throughput does not depend on it.
    pub think_cv2: f64,
    /// Kinds of requests; each request draws its class by share.
    pub classes: Vec<Class>,
    /// Stations.
    pub stations: Vec<Station>,
    /// Connection pool, if there is one.
    pub pool: Option<Pool>,
}

impl Network {
    /// Mean visits of a request to a station, over all classes.
    #[must_use]
    pub fn visits(&self, station: usize) -> f64 {
        self.sum_over_visits(station, |visit| visit.count)
    }

    /// Mean work of a request at a station in seconds, over all classes.
    #[must_use]
    pub fn demand_s(&self, station: usize) -> f64 {
        self.sum_over_visits(station, Visit::demand_s)
    }

    /// Mean wait outside the stations in seconds, over all classes.
    #[must_use]
    pub fn wait_s(&self) -> f64 {
        self.classes.iter().map(|class| class.share * class.wait_s).sum()
    }

    /// Response time of a lone request in seconds: waits outside plus all work.
    #[must_use]
    pub fn unloaded_response_s(&self) -> f64 {
        self.wait_s() + (0..self.stations.len()).map(|station| self.demand_s(station)).sum::<f64>()
    }

    /// Mean time of one visit to a station in seconds, 0 if nobody visits it.
    pub(super) fn mean_service_s(&self, station: usize) -> f64 {
        let visits = self.visits(station);
        if visits > 0.0 { self.demand_s(station) / visits } else { 0.0 }
    }

    /// Squared coefficient of variation of the visits to a station, classes mixed; 1 if nobody visits it.
    pub(super) fn mixed_service_cv2(&self, station: usize) -> f64 {
        let mean = self.mean_service_s(station);
        if mean <= 0.0 {
            return 1.0;
        }
        let second =
            self.sum_over_visits(station, |v| v.count * v.service_s * v.service_s * (1.0 + v.service_cv2));
        (second / self.visits(station) / (mean * mean) - 1.0).max(0.0)
    }

    /// The pool, if it is held around the visits to this station.
    pub(super) fn visit_pool(&self, station: usize) -> Option<u32> {
        let pool = self.pool.filter(|pool| pool.hold == Hold::Visit && pool.station == station)?;
        Some(pool.size.max(1))
    }

    /// The pool, if it is held over whole requests.
    pub(super) fn request_pool(&self) -> Option<u32> {
        let pool = self.pool.filter(|pool| pool.hold == Hold::Request)?;
        Some(pool.size.max(1))
    }

    /// Servers that can be busy at once: a pool around the visits may be smaller than the station.
    pub(super) fn usable_servers(&self, station: usize) -> u32 {
        let servers = self.stations[station].server_count();
        self.visit_pool(station).map_or(servers, |size| servers.min(size))
    }

    /// Requests per second that so many servers of a station do at most; infinite if nobody works there.
    fn limit_rps(&self, station: usize, servers: u32) -> f64 {
        self.stations[station].scaling.capacity(f64::from(servers)) / self.demand_s(station)
    }

    /// Requests per second that the servers of a station do at most, however many connections lead to it.
    pub(in crate::sizing) fn station_limit_rps(&self, station: usize) -> f64 {
        self.limit_rps(station, self.stations[station].server_count())
    }

    /// Throughput that no number of users exceeds, in requests per second; infinite if no station has work.
    pub(super) fn saturation_rps(&self) -> f64 {
        (0..self.stations.len())
            .map(|station| self.limit_rps(station, self.usable_servers(station)))
            .fold(f64::INFINITY, f64::min)
    }

    /// Share of the servers of a station that is at work on average at a throughput, 0 to 1.
    pub(in crate::sizing) fn utilisation(&self, station: usize, rps: f64) -> f64 {
        let (of, demand_s) = (&self.stations[station], self.demand_s(station));
        if demand_s <= 0.0 {
            return 0.0;
        }
        let at_work = of.scaling.at_work(rps * demand_s).unwrap_or(f64::INFINITY);
        (at_work / f64::from(of.server_count())).min(1.0)
    }

    /// What is done at a station while all servers that an arriving request may wait for are at work, in units of what
    /// one alone does: those of the whole station, or its own event loop.
    pub(super) fn pace(&self, station: usize) -> f64 {
        let of = &self.stations[station];
        if of.is_sticky() {
            return 1.0 / of.scaling.slowdown(f64::from(of.server_count()));
        }
        of.scaling.capacity(f64::from(self.usable_servers(station)))
    }

    fn sum_over_visits(&self, station: usize, of: impl Fn(&Visit) -> f64) -> f64 {
        self.classes
            .iter()
            .filter_map(|class| class.visits.get(station).map(|visit| class.share * of(visit)))
            .sum()
    }
}
