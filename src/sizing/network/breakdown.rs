//! Where the formulas may not be trusted, so that the simulator must confirm or replace them.
//!
//! The limits are measured: formulas against simulation over loads, server counts and service times.

use std::fmt;

use super::curve::Curve;
use super::model::{Discipline, Dispatch, Hold, Network};

/// Users up to which the formulas were checked against simulation.
pub(in crate::sizing) const MOST_USERS: u32 = 100_000;

/// Share of the response time below which what a station adds cannot spoil the result.
const MATTERS: f64 = 0.1;

/// One reason why the formulas may be off for a network; its text is a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Breakdown {
    /// First come, first served with service that is not exponential, near saturation or with long waits.
    FcfsNotExponential {
        /// Station.
        station: String,
        /// Squared coefficient of variation of its service times.
        service_cv2: f64,
        /// Its utilisation.
        utilisation: f64,
    },
    /// Each request stays with one event loop of several.
    EventLoops {
        /// Station.
        station: String,
        /// How requests get to the loops.
        dispatch: Dispatch,
    },
    /// One or two visits to stations that queue decide the tail.
    FewVisits {
        /// Visits per request to stations that queue.
        visits: f64,
    },
    /// Nearly constant service on few cores.
    ConstantService {
        /// Station.
        station: String,
        /// Its servers.
        servers: u32,
    },
    /// A pool held over part of the request, with requests waiting for it.
    PoolAroundVisits {
        /// Station the pool leads to.
        station: String,
        /// Connections.
        size: u32,
        /// Probability that all connections are held when a request wants one.
        full: f64,
    },
    /// Queueing makes up much of the response near saturation, and successive waits of a request are alike.
    CorrelatedWaits {
        /// Share of the response time spent queueing.
        queueing: f64,
        /// Highest utilisation of a station.
        utilisation: f64,
    },
    /// More users than the formulas were checked for.
    ManyUsers {
        /// Users.
        users: u32,
    },
}

impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FcfsNotExponential { station, service_cv2, utilisation } => write!(
                f,
                "{station} serves in order with a service variation of cv2 {service_cv2:.2} at a utilisation of \
                 {utilisation:.2}; the formulas assume 1 there and their means and percentiles are off"
            ),
            Self::EventLoops { station, dispatch: Dispatch::Random | Dispatch::Pooled } => write!(
                f,
                "{station} keeps each request on one event loop drawn at random; the mean is exact, but the formulas \
                 put p95 and p99 4 to 19 % too high"
            ),
            Self::EventLoops { station, .. } => write!(
                f,
                "{station} keeps each request on one event loop and balances between loops; the formulas only know \
                 an average effect, and their waits are up to 66 % too long, or half as long as they should be where \
                 requests mostly wait elsewhere"
            ),
            Self::FewVisits { visits } => write!(
                f,
                "a request makes only {visits:.1} visits to stations that queue, so p99 hangs on the shape of one or \
                 two waits, which the formulas know within 10 % only"
            ),
            Self::ConstantService { station, servers } => write!(
                f,
                "{station} has nearly constant service times on few cores ({servers}); the formulas put p95 and p99 \
                 up to 35 % off"
            ),
            Self::PoolAroundVisits { station, size, full } => write!(
                f,
                "the pool of {size} connections around visits to {station} is full for {:.1} % of them; the formulas \
                 do not see the queue in front of it",
                full * 100.0
            ),
            Self::CorrelatedWaits { queueing, utilisation } => write!(
                f,
                "queueing is {:.0} % of the response at a utilisation of {utilisation:.2}; successive waits of a \
                 request are alike there, and the formulas put p95 and p99 up to 11 % too low",
                queueing * 100.0
            ),
            Self::ManyUsers { users } => {
                write!(f, "{users} users are more than the 100,000 for which the formulas were checked")
            }
        }
    }
}

/// Every reason not to trust the formulas for the network at its number of users; none if they may be trusted.
///
/// # Panics
/// If the curve does not reach `network.users`.
#[must_use]
pub fn breakdowns(network: &Network, curve: &Curve) -> Vec<Breakdown> {
    let users = network.users;
    let response_s = curve.response_s(users);
    let unloaded_s = network.unloaded_response_s();
    let mut found = Vec::new();
    let (mut queueing_visits, mut queueing_s, mut highest) = (0.0, 0.0, 0.0_f64);
    for (k, station) in network.stations.iter().enumerate() {
        if network.demand_s(k) <= 0.0 {
            continue;
        }
        let name = station.name.clone();
        let utilisation = curve.utilisation(k, users);
        highest = highest.max(utilisation);
        let arrivals = curve.arrival_distribution(k, users);
        let servers = if station.is_sticky() { 1 } else { network.usable_servers(k) };
        let wait_s = mean_excess(&arrivals, servers as usize) * network.demand_s(k) / network.pace(k);
        let weight = (network.demand_s(k) + wait_s) / response_s;
        let service_cv2 = network.mixed_service_cv2(k);
        if wait_s > 0.0 {
            queueing_visits += network.visits(k);
            queueing_s += wait_s;
        }
        if station.is_sticky() {
            found.push(Breakdown::EventLoops { station: name.clone(), dispatch: station.dispatch });
        }
        let variability = (service_cv2 - 1.0).abs();
        // The mean wait is off by about half the deviation of cv2 from 1.
        let off = variability / 2.0 * wait_s / response_s;
        if station.discipline == Discipline::Fcfs
            && variability > 0.05
            && (off > 0.01 || utilisation > 0.9 && weight > 0.01)
        {
            found.push(Breakdown::FcfsNotExponential { station: name.clone(), service_cv2, utilisation });
        }
        if station.discipline == Discipline::ProcessorSharing
            && service_cv2 < 0.25
            && servers <= 4
            && weight > MATTERS
        {
            found.push(Breakdown::ConstantService { station: name.clone(), servers });
        }
        if let Some(pool) = network.pool.filter(|pool| pool.hold == Hold::Visit && pool.station == k) {
            let full: f64 = arrivals.iter().skip(pool.size.max(1) as usize).sum();
            if full > 0.01 {
                found.push(Breakdown::PoolAroundVisits { station: name, size: pool.size, full });
            }
        }
    }
    let queueing = queueing_s / response_s;
    if queueing_visits > 0.0 && queueing_visits <= 2.0 && queueing > MATTERS {
        found.push(Breakdown::FewVisits { visits: queueing_visits });
    } else if queueing > 0.3 && highest > 0.8 && response_s > unloaded_s {
        found.push(Breakdown::CorrelatedWaits { queueing, utilisation: highest });
    }
    if users > MOST_USERS {
        found.push(Breakdown::ManyUsers { users });
    }
    found
}

/// Mean number of departures an arriving request waits for.
fn mean_excess(arrivals: &[f64], servers: usize) -> f64 {
    arrivals.iter().enumerate().skip(servers).map(|(j, p)| p * (j - servers + 1) as f64).sum()
}
