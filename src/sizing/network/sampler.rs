//! Percentiles of the response time by composition sampling on top of a curve.
//!
//! Per class: the wait outside, plus per visit S (1 + W/s) under processor sharing (the slowdown multiplies) or
//! S + W first come, first served, with W from the distribution an arriving request meets. Classes are mixed,
//! moments never pooled. What does not depend on load and servers is drawn once, so every evaluation answers
//! from the same draws: percentiles move smoothly, and only in the right direction, with load and servers.
//! Means are exact for the curve, not averages of the sample.
//!
//! Successive waits of a request are taken as independent; where queueing makes up most of the response the
//! percentiles come out some per cent low ([`super::breakdowns`] says when).

use rayon::prelude::*;

use super::curve::Curve;
use super::histogram::{Histogram, quantiles};
use super::model::{Discipline, Network};
use super::variate::{Variate, generator, standard_exponential, uniform};
use super::wait_table::WaitTable;

/// Samples drawn by one generator.
const CHUNK: usize = 4096;
/// Visits of a class to one station that are drawn one by one; more are drawn in this many equal batches.
const VISITS_DRAWN: usize = 24;
/// Bound on visits times samples kept in memory (8 bytes each); above it, fewer samples are drawn.
const DRAWS_KEPT: usize = 4_000_000;

/// Mean and percentiles of a response time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Percentiles {
    /// Mean.
    pub mean_s: f64,
    /// Median.
    pub p50_s: f64,
    /// 90th percentile.
    pub p90_s: f64,
    /// 95th percentile.
    pub p95_s: f64,
    /// 99th percentile.
    pub p99_s: f64,
}

/// Response times of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseTimes {
    /// All classes, mixed by share.
    pub all: Percentiles,
    /// Each class, in the order of the network.
    pub per_class: Vec<Percentiles>,
}

/// The draws of a network that do not depend on its load.
#[derive(Debug)]
pub struct Sampler {
    chunks: Vec<Chunk>,
}

/// Draws for some samples of one class; all times relative to their means.
#[derive(Debug)]
struct Chunk {
    class: usize,
    wait: Vec<f32>,
    pool: Vec<f32>,
    visits: Vec<VisitDraws>,
}

/// One visit (or one batch of visits) to a station.
#[derive(Debug)]
struct VisitDraws {
    station: usize,
    /// Visits in the batch.
    batch: f32,
    /// Service time relative to the mean of one visit; 0 where the visit did not take place.
    service: Vec<f32>,
    /// Standard exponential variate from which the wait follows.
    wait: Vec<f32>,
}

/// What one station does to its visits at one load.
struct Slowing {
    table: WaitTable,
    discipline: Discipline,
    sticky: bool,
    /// Factor on the waits: dispatch for event loops, variability of service for first come, first served.
    factor: f64,
    mean_service_s: f64,
    /// How many times as long work takes as on a server that is alone at work.
    slowdown: f64,
}

impl Sampler {
    /// Draws about `samples` requests, classes by share but at least 4096 each (or `samples`, if that is less).
    ///
    /// The same seed gives the same draws on any number of threads.
    #[must_use]
    pub fn new(network: &Network, samples: usize, seed: u64) -> Self {
        let plan: Vec<(usize, usize)> = network
            .classes
            .iter()
            .enumerate()
            .flat_map(|(class, of)| {
                let visits: usize =
                    of.visits.iter().map(|v| (v.count.max(0.0).ceil() as usize).min(VISITS_DRAWN)).sum();
                let kept = samples.min(DRAWS_KEPT / visits.max(1));
                let wanted = ((kept as f64 * of.share).ceil() as usize).max(kept.min(CHUNK)).max(1);
                (0..wanted.div_ceil(CHUNK)).map(move |chunk| (class, CHUNK.min(wanted - chunk * CHUNK)))
            })
            .collect();
        let chunks = plan
            .into_par_iter()
            .enumerate()
            .map(|(stream, (class, count))| Chunk::draw(network, class, count, seed, stream as u64))
            .collect();
        Self { chunks }
    }

    /// Response times with `users` users on the curve.
    ///
    /// The curve may be of another network than the one the sampler was drawn for as long as classes, visit
    /// counts and coefficients of variation are the same: servers, users, times and pools may differ.
    ///
    /// # Panics
    /// If `users` is beyond the curve, or a class or station of the draws is missing in its network.
    #[must_use]
    pub fn response_times(&self, curve: &Curve, users: u32) -> ResponseTimes {
        let network = curve.network();
        let stations: Vec<Slowing> =
            (0..network.stations.len()).map(|k| Slowing::new(curve, k, users)).collect();
        let pool = curve
            .full_pool()
            .map(|(size, seconds)| WaitTable::new(&curve.pool_arrivals(users), size, seconds));
        let times: Vec<(usize, Vec<f32>)> = self
            .chunks
            .par_iter()
            .map(|chunk| (chunk.class, chunk.times(network, &stations, pool.as_ref())))
            .collect();
        let mut histograms: Vec<Histogram> = network.classes.iter().map(|_| Histogram::new()).collect();
        for (class, times) in &times {
            let histogram = &mut histograms[*class];
            times.iter().for_each(|time| histogram.add(f64::from(*time)));
        }
        let pool_s = pool.as_ref().map_or(0.0, |table| table.mean_s);
        let means: Vec<f64> = network
            .classes
            .iter()
            .map(|class| {
                let stations: f64 =
                    class.visits.iter().zip(&stations).map(|(visit, station)| station.mean_s(visit)).sum();
                class.wait_s + pool_s + stations
            })
            .collect();
        let per_class =
            histograms.iter().zip(&means).map(|(h, mean)| percentiles(*mean, &[(1.0, h)])).collect();
        let shares: Vec<f64> = network.classes.iter().map(|class| class.share).collect();
        let mean = shares.iter().zip(&means).map(|(share, mean)| share * mean).sum();
        let parts: Vec<(f64, &Histogram)> = shares.iter().copied().zip(&histograms).collect();
        ResponseTimes { all: percentiles(mean, &parts), per_class }
    }
}

fn percentiles(mean_s: f64, parts: &[(f64, &Histogram)]) -> Percentiles {
    let [p50_s, p90_s, p95_s, p99_s] = quantiles(parts, [0.5, 0.9, 0.95, 0.99]);
    Percentiles { mean_s, p50_s, p90_s, p95_s, p99_s }
}

impl Chunk {
    fn draw(network: &Network, class: usize, count: usize, seed: u64, stream: u64) -> Self {
        let mut random = generator(seed, stream);
        let class_of = &network.classes[class];
        let wait = Variate::new(1.0, class_of.wait_cv2);
        let wait = (0..count).map(|_| wait.draw(&mut random) as f32).collect();
        let pool = (0..count).map(|_| standard_exponential(&mut random) as f32).collect();
        let mut visits = Vec::new();
        for (station, visit) in class_of.visits.iter().enumerate() {
            if visit.count.is_nan() || visit.count <= 0.0 {
                continue;
            }
            let single = visit.count <= VISITS_DRAWN as f64;
            let (columns, batch) = if single {
                (visit.count.ceil() as usize, 1.0)
            } else {
                (VISITS_DRAWN, visit.count / VISITS_DRAWN as f64)
            };
            let service = Variate::new(batch, visit.service_cv2 / batch);
            for column in 0..columns {
                let present = if single { (visit.count - column as f64).min(1.0) } else { 1.0 };
                let mut of = |_| {
                    let absent = present < 1.0 && uniform(&mut random) >= present;
                    if absent { 0.0 } else { service.draw(&mut random) as f32 }
                };
                let service = (0..count).map(&mut of).collect();
                let wait = (0..count).map(|_| standard_exponential(&mut random) as f32).collect();
                visits.push(VisitDraws { station, batch: batch as f32, service, wait });
            }
        }
        Self { class, wait, pool, visits }
    }

    fn times(&self, network: &Network, stations: &[Slowing], pool: Option<&WaitTable>) -> Vec<f32> {
        let class = &network.classes[self.class];
        let wait_s = class.wait_s as f32;
        let mut times: Vec<f32> = self.wait.iter().map(|wait| wait * wait_s).collect();
        if let Some(table) = pool {
            times.iter_mut().zip(&self.pool).for_each(|(time, variate)| *time += table.wait_s(*variate));
        }
        let mut sticky_variates: Option<(usize, &[f32])> = None;
        for visit in &self.visits {
            let station = &stations[visit.station];
            let service_s = class.visits[visit.station].service_s as f32;
            // The same event loop, hence the same wait, for all visits of a request to a station with loops.
            let variates = match sticky_variates {
                Some((of, variates)) if station.sticky && of == visit.station => variates,
                _ => &visit.wait,
            };
            sticky_variates = Some((visit.station, variates));
            let draws = times.iter_mut().zip(&visit.service).zip(variates);
            let (factor, alone) = (station.factor as f32, station.slowdown as f32);
            match station.discipline {
                Discipline::ProcessorSharing => {
                    let shared = if station.mean_service_s > 0.0 {
                        factor / station.mean_service_s as f32
                    } else {
                        0.0
                    };
                    draws.for_each(|((time, service), variate)| {
                        *time += service * service_s * (alone + shared * station.table.wait_s(*variate));
                    });
                }
                Discipline::Fcfs => {
                    let wait = factor * visit.batch;
                    draws.for_each(|((time, service), variate)| {
                        if *service > 0.0 {
                            *time += service * service_s * alone + wait * station.table.wait_s(*variate);
                        }
                    });
                }
            }
        }
        times
    }
}

impl Slowing {
    fn new(curve: &Curve, index: usize, users: u32) -> Self {
        let network = curve.network();
        let station = &network.stations[index];
        let mean_service_s = network.mean_service_s(index);
        let sticky = station.is_sticky();
        let servers = if sticky { 1 } else { network.usable_servers(index) };
        let arrivals =
            if mean_service_s > 0.0 { curve.arrival_distribution(index, users) } else { vec![1.0] };
        let table = WaitTable::new(&arrivals, servers as usize, mean_service_s / network.pace(index));
        let slowdown = curve.slowdown(index, users, &arrivals);
        let dispatch = if sticky { station.dispatch.wait_factor().unwrap_or(1.0) } else { 1.0 };
        let variability = match station.discipline {
            Discipline::ProcessorSharing => 1.0,
            // Allen-Cunneen: waits grow with the mean of the squared variations of arrivals (1) and service.
            Discipline::Fcfs => (1.0 + network.mixed_service_cv2(index)) / 2.0,
        };
        Self {
            table,
            discipline: station.discipline,
            sticky,
            factor: dispatch * variability,
            mean_service_s,
            slowdown,
        }
    }

    /// Mean time of the visits of a class in seconds.
    fn mean_s(&self, visit: &super::model::Visit) -> f64 {
        let wait_s = self.factor * self.table.mean_s;
        match self.discipline {
            _ if self.mean_service_s <= 0.0 => 0.0,
            Discipline::ProcessorSharing => visit.demand_s() * (self.slowdown + wait_s / self.mean_service_s),
            Discipline::Fcfs => visit.demand_s() * self.slowdown + visit.count * wait_s,
        }
    }
}
