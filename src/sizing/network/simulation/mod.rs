//! Discrete-event simulation of the network: the truth where formulas break down, with confidence intervals.
//!
//! Independent replications run in parallel; each has its own generator, so the answer depends on the seed and
//! the effort only, never on the number of threads.

mod engine;
mod heap;
mod interval;
mod queue;
mod route;
mod tournament;

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::histogram::quantiles;
use super::model::Network;
use engine::{Engine, Outcome, Source};
pub use interval::Interval;

/// How much to simulate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationEffort {
    /// Independent replications; fewer than 10 count as 10.
    pub replications: u32,
    /// Requests measured in each; 0 counts as 1.
    pub completions_per_replication: u64,
    /// Requests completed before measuring begins.
    pub warm_up_completions: u64,
    /// Seed of all replications.
    pub seed: u64,
}

/// Response times of one class, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassTimes {
    /// Mean.
    pub mean_s: Interval,
    /// 95th percentile.
    pub p95_s: Interval,
    /// 99th percentile.
    pub p99_s: Interval,
    /// Requests of the class measured; if 0, the intervals are infinitely wide.
    pub completions: u64,
}

/// What the replications measured, each as an interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// Requests per second.
    pub throughput_rps: Interval,
    /// Mean response time in seconds.
    pub mean_s: Interval,
    /// Median response time in seconds.
    pub p50_s: Interval,
    /// 90th percentile in seconds.
    pub p90_s: Interval,
    /// 95th percentile in seconds.
    pub p95_s: Interval,
    /// 99th percentile in seconds.
    pub p99_s: Interval,
    /// Busy share of the servers per station.
    pub utilisation: Vec<Interval>,
    /// Requests between arrival and answer.
    pub in_flight: Interval,
    /// Response times per class.
    pub per_class: Vec<ClassTimes>,
    /// Replications run.
    pub replications: u32,
    /// Requests measured in all of them.
    pub completions: u64,
    /// Events in the measured parts of all of them.
    pub events: u64,
}

/// Simulates the closed network; `progress` hears after each replication how many are done.
///
/// Without users or classes nothing ever completes, and all means are 0 with infinitely wide intervals.
pub fn simulate(network: &Network, effort: &SimulationEffort, progress: &(dyn Fn(u32) + Sync)) -> Simulation {
    run(network, Source::Closed, effort, progress)
}

/// Simulates the stations of the network with requests arriving from outside at random, `arrival_rps` per second;
/// its users and think time take no part. An overloaded station grows without end: its figures then only say so.
pub fn simulate_open(
    network: &Network,
    arrival_rps: f64,
    effort: &SimulationEffort,
    progress: &(dyn Fn(u32) + Sync),
) -> Simulation {
    let users_without_source = Network { users: 0, ..network.clone() };
    if arrival_rps.is_nan() || arrival_rps <= 0.0 {
        return run(&users_without_source, Source::Closed, effort, progress);
    }
    run(&users_without_source, Source::Open { rps: arrival_rps }, effort, progress)
}

fn run(
    network: &Network,
    source: Source,
    effort: &SimulationEffort,
    progress: &(dyn Fn(u32) + Sync),
) -> Simulation {
    let replications = effort.replications.max(10);
    let effort = SimulationEffort {
        completions_per_replication: effort.completions_per_replication.max(1),
        ..effort.clone()
    };
    let finished = AtomicU32::new(0);
    let measured: Vec<Measured> = (0..replications)
        .into_par_iter()
        .map(|replication| {
            let engine = Engine::new(network, source, effort.seed, u64::from(replication));
            let measured = Measured::new(network, &engine.run(&effort));
            progress(finished.fetch_add(1, Ordering::Relaxed) + 1);
            measured
        })
        .collect();
    summary(network, &measured, replications)
}

/// The figures of one replication.
struct Measured {
    completions: u64,
    events: u64,
    throughput_rps: f64,
    in_flight: f64,
    utilisation: Vec<f64>,
    all: Times,
    per_class: Vec<Times>,
}

#[derive(Clone, Copy)]
struct Times {
    completions: u64,
    mean_s: f64,
    /// p50, p90, p95, p99
    quantiles_s: [f64; 4],
}

const PROBABILITIES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

impl Measured {
    fn new(network: &Network, outcome: &Outcome) -> Self {
        // A network in which nothing takes time completes everything at once.
        let seconds = outcome.seconds;
        let per_second = |x: f64| if seconds > 0.0 { x / seconds } else { 0.0 };
        let throughput_rps = if seconds > 0.0 || outcome.completions == 0 {
            per_second(outcome.completions as f64)
        } else {
            f64::INFINITY
        };
        let per_class: Vec<Times> = outcome
            .responses
            .iter()
            .map(|(histogram, sum)| Times {
                completions: histogram.total(),
                mean_s: sum / histogram.total().max(1) as f64,
                quantiles_s: quantiles(&[(1.0, histogram)], PROBABILITIES),
            })
            .collect();
        let parts: Vec<_> = outcome.responses.iter().map(|(h, _)| (h.total() as f64, h)).collect();
        let sum: f64 = outcome.responses.iter().map(|(_, sum)| sum).sum();
        let all = Times {
            completions: outcome.completions,
            mean_s: sum / outcome.completions.max(1) as f64,
            quantiles_s: quantiles(&parts, PROBABILITIES),
        };
        let utilisation = network
            .stations
            .iter()
            .zip(&outcome.busy_s)
            .map(|(station, busy)| per_second(*busy) / f64::from(station.server_count()))
            .collect();
        Self {
            completions: outcome.completions,
            events: outcome.events,
            throughput_rps,
            in_flight: per_second(outcome.in_flight_s),
            utilisation,
            all,
            per_class,
        }
    }
}

fn summary(network: &Network, measured: &[Measured], replications: u32) -> Simulation {
    // A replication that saw none of the requests in question has nothing to say about them.
    let seen = || measured.iter().filter(|m| m.completions > 0);
    let quantile = |q: usize| Interval::of(seen().map(|m| m.all.quantiles_s[q]));
    let per_class = (0..network.classes.len())
        .map(|class| {
            let of = || measured.iter().map(|m| m.per_class[class]).filter(|times| times.completions > 0);
            ClassTimes {
                mean_s: Interval::of(of().map(|times| times.mean_s)),
                p95_s: Interval::of(of().map(|times| times.quantiles_s[2])),
                p99_s: Interval::of(of().map(|times| times.quantiles_s[3])),
                completions: of().map(|times| times.completions).sum(),
            }
        })
        .collect();
    Simulation {
        throughput_rps: Interval::of(seen().map(|m| m.throughput_rps)),
        mean_s: Interval::of(seen().map(|m| m.all.mean_s)),
        p50_s: quantile(0),
        p90_s: quantile(1),
        p95_s: quantile(2),
        p99_s: quantile(3),
        utilisation: (0..network.stations.len())
            .map(|station| Interval::of(seen().map(|m| m.utilisation[station])))
            .collect(),
        in_flight: Interval::of(seen().map(|m| m.in_flight)),
        per_class,
        replications,
        completions: measured.iter().map(|m| m.completions).sum(),
        events: measured.iter().map(|m| m.events).sum(),
    }
}
