//! A closed chain in product form: one delay without queueing and any number of stations.
//!
//! Gives the throughput for every population and the marginal of each station. Knows nothing of think times,
//! pools and percentiles; [`super::Curve`] puts those around it.

use std::sync::OnceLock;

use super::convolution::{add_station, marginal};
use super::model::{Network, Station};
use super::scaling::Scaling;

/// A station as the convolution sees it.
#[derive(Debug, Clone)]
enum Centre {
    /// Nobody works here.
    Idle,
    /// `servers` equal servers, any of which takes any work.
    Pooled { demand_s: f64, servers: u32, scaling: Scaling },
    /// `loops` servers with a queue each; `wait_factor` as in [`super::Dispatch`].
    Loops { demand_s: f64, loops: u32, wait_factor: f64, scaling: Scaling },
}

impl Centre {
    fn new(station: &Station, demand_s: f64, usable_servers: u32) -> Self {
        if demand_s <= 0.0 {
            return Self::Idle;
        }
        match station.dispatch.wait_factor() {
            Some(wait_factor) if station.is_sticky() => {
                Self::Loops { demand_s, loops: station.server_count(), wait_factor, scaling: station.scaling }
            }
            _ => Self::Pooled { demand_s, servers: usable_servers, scaling: station.scaling },
        }
    }

    /// Mean seconds per departure with j = 1, 2, ... requests here, up to where it stays the same.
    fn seconds_per_departure(&self, max_population: usize) -> Vec<f64> {
        match *self {
            Self::Idle => Vec::new(),
            Self::Pooled { demand_s, servers, scaling } => {
                let levels = (servers as usize).min(max_population.max(1));
                (1..=levels).map(|level| demand_s / scaling.capacity(level as f64)).collect()
            }
            Self::Loops { demand_s, loops, wait_factor, scaling } => {
                loop_seconds((demand_s, scaling), f64::from(loops), wait_factor, max_population.max(1))
            }
        }
    }
}

/// Flow-equivalent rates of `loops` equal queues. An arriving request that finds n-1 others waits
/// `factor * load/(1-load)` times its own work, with the load at which n-1 is the mean number here. For random
/// dispatch this is the exact n/(n+w-1) of a balanced network. Loops slow each other as the mean number at work does.
fn loop_seconds(
    (demand_s, scaling): (f64, Scaling),
    loops: f64,
    factor: f64,
    max_population: usize,
) -> Vec<f64> {
    let fastest = demand_s / scaling.capacity(loops);
    let mut least = f64::INFINITY;
    let seconds = |n: usize| {
        let others = (n - 1) as f64;
        // others = w load (1 - (1-factor) load) / (1 - load), solved for the load without cancellation
        let b = others + loops;
        let load = 2.0 * others / (b + (b * b - 4.0 * loops * (1.0 - factor) * others).max(0.0).sqrt());
        demand_s * scaling.slowdown(load * loops) * (1.0 + factor * load / (1.0 - load)) / n as f64
    };
    (1..=max_population)
        .map(|n| {
            least = least.min(seconds(n)).max(fastest);
            least
        })
        .collect()
}

/// The chain, solved for the populations 0..=`max_population`.
#[derive(Debug)]
pub(super) struct ProductForm {
    delay_s: f64,
    centres: Vec<Centre>,
    /// Throughput in requests per second by population; [0] is 0.
    pub(super) throughput_rps: Vec<f64>,
    /// Per station: throughput of everything but what an arriving request queues for; filled on demand.
    complements: Vec<OnceLock<Vec<f64>>>,
}

impl ProductForm {
    /// Solves the chain with the stations of a network and a delay of `delay_s` seconds.
    pub(super) fn solve(network: &Network, delay_s: f64, max_population: usize) -> Self {
        let centres: Vec<Centre> = network
            .stations
            .iter()
            .enumerate()
            .map(|(k, station)| Centre::new(station, network.demand_s(k), network.usable_servers(k)))
            .collect();
        let mut throughput = delay_only(delay_s, max_population);
        for centre in &centres {
            throughput = add_station(&throughput, &centre.seconds_per_departure(max_population));
        }
        let complements = centres.iter().map(|_| OnceLock::new()).collect();
        Self { delay_s, centres, throughput_rps: throughput, complements }
    }

    /// Probability of j requests in the queue that a request joins at `station`, `population` being in the chain:
    /// the whole station if pooled, one event loop of it otherwise.
    pub(super) fn marginal(&self, station: usize, population: usize) -> Vec<f64> {
        let max_population = self.throughput_rps.len() - 1;
        let seconds = match self.centres[station] {
            Centre::Loops { demand_s, loops, scaling, .. } => {
                let loops = f64::from(loops);
                vec![demand_s * scaling.slowdown(loops) / loops]
            }
            ref centre => centre.seconds_per_departure(max_population),
        };
        marginal(self.complement(station), &seconds, population)
    }

    fn complement(&self, station: usize) -> &[f64] {
        self.complements[station].get_or_init(|| {
            let max_population = self.throughput_rps.len() - 1;
            let mut rest = delay_only(self.delay_s, max_population);
            for (k, centre) in self.centres.iter().enumerate() {
                if k != station {
                    rest = add_station(&rest, &centre.seconds_per_departure(max_population));
                } else if let Centre::Loops { demand_s, loops, scaling, .. } = *centre {
                    let others = f64::from(loops - 1);
                    // As slow as all loops together make each other: what one loop of them meets is not less.
                    let demand_s = demand_s * scaling.slowdown(f64::from(loops)) * others / f64::from(loops);
                    let alone = (demand_s, Scaling::NONE);
                    rest = add_station(&rest, &loop_seconds(alone, others, 1.0, max_population.max(1)));
                }
            }
            rest
        })
    }
}

/// Throughput of a delay without queueing: n / delay.
fn delay_only(delay_s: f64, max_population: usize) -> Vec<f64> {
    (0..=max_population).map(|n| if n == 0 { 0.0 } else { n as f64 / delay_s.max(0.0) }).collect()
}
