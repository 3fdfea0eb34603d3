//! How many cores the response-time objectives ask for, tier by tier.
//!
//! Each tier alone may use up its part of the slack between the objective and the response without any queueing
//! (half, if both tiers queue), so that a tier's count never falls when the load grows. What no number of cores can
//! reach asks for nothing here; the findings say so.

use rayon::prelude::*;

use super::closed::Servers;
use super::demand::Demand;
use super::network::{Percentiles, Sampler};
use super::solved::Solved;
use super::wording::{time, whole_up};
use super::{Need, ResponseTimes};
use crate::spec::{Objectives, Spec};

/// A measure of the response time that can be an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Mean.
    Mean,
    /// 95th percentile.
    P95,
    /// 99th percentile.
    P99,
}

impl Measure {
    /// As a limit is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::P95 => "p95",
            Self::P99 => "p99",
        }
    }

    /// The measure of these times, s.
    pub(crate) fn of(self, times: &Percentiles) -> f64 {
        match self {
            Self::Mean => times.mean_s,
            Self::P95 => times.p95_s,
            Self::P99 => times.p99_s,
        }
    }
}

impl Measure {
    /// The measure of a prediction, s.
    pub(crate) fn of_estimates(self, times: &ResponseTimes) -> f64 {
        match self {
            Self::Mean => times.mean_s.value,
            Self::P95 => times.p95_s.value,
            Self::P99 => times.p99_s.value,
        }
    }
}

/// Measures with an objective, and the objective, s.
pub(crate) fn wanted(objectives: &Objectives) -> Vec<(Measure, f64)> {
    [(Measure::Mean, objectives.mean_s), (Measure::P95, objectives.p95_s), (Measure::P99, objectives.p99_s)]
        .into_iter()
        .filter_map(|(measure, objective)| Some((measure, objective?)))
        .collect()
}

/// Cores that one objective asks for.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    measure: Measure,
    objective_s: f64,
    unqueued_s: f64,
    app: Option<u32>,
    database: Option<u32>,
}

/// Cores that the response-time objectives ask for.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ResponseNeed {
    found: Vec<Found>,
}

/// Cores with which nothing queues to speak of.
fn ample(busy: f64) -> u32 {
    whole_up(2.0 * busy).saturating_add(30)
}

impl ResponseNeed {
    /// Searches both tiers for every objective, with `few` samples scaled to the `full` ones where nothing queues.
    pub(crate) fn find(spec: &Spec, demand: &Demand, (full, few): (&Sampler, &Sampler)) -> Self {
        let wanted = wanted(&spec.objectives);
        if wanted.is_empty() {
            return Self::default();
        }
        let plenty =
            Servers { app: ample(demand.app.cores), database: ample(demand.database.cores), pool: None };
        let users = demand.users.round() as u32;
        let unqueued = Solved::new(spec, plenty, users);
        let [of_full, of_few] = [full, few].map(|sampler| unqueued.response_times(sampler, users).all);
        let times = |servers: Servers, measure: Measure| {
            let solved = Solved::new(spec, servers, users);
            match measure {
                Measure::Mean => solved.response_s(users),
                // A few thousand samples put a percentile some per cent off, by nearly the same at every load.
                _ if measure.of(&of_few) > 0.0 => {
                    let scale = measure.of(&of_full) / measure.of(&of_few);
                    scale * measure.of(&solved.response_times(few, users).all)
                }
                _ => measure.of(&of_full),
            }
        };
        let queues_twice = demand.mix.cpu_s > 0.0 && demand.mix.database_cpu_s > 0.0;
        let part = if queues_twice { 0.5 } else { 1.0 };
        let found = wanted
            .into_par_iter()
            .filter_map(|(measure, objective_s)| {
                let unqueued_s = times(plenty, measure);
                let slack = objective_s - unqueued_s;
                if slack <= 0.0 {
                    return None;
                }
                let allowed = unqueued_s + part * slack;
                let app = (demand.mix.cpu_s > 0.0).then(|| {
                    smallest(plenty.app, |app| times(Servers { app, ..plenty }, measure) <= allowed)
                });
                let database = (demand.mix.database_cpu_s > 0.0).then(|| {
                    smallest(plenty.database, |database| {
                        times(Servers { database, ..plenty }, measure) <= allowed
                    })
                });
                Some(Found { measure, objective_s, unqueued_s, app, database })
            })
            .collect();
        Self { found }
    }

    /// Needs of the application; whole cores that tasks keep busy come on top.
    pub(crate) fn app_needs(&self, task_cores: f64) -> impl Iterator<Item = Need> {
        self.found.iter().filter_map(move |found| {
            let cores = f64::from(found.app?) + task_cores.floor();
            Some(need(found, cores))
        })
    }

    /// Needs of the database.
    pub(crate) fn database_needs(&self) -> impl Iterator<Item = Need> {
        self.found.iter().filter_map(|found| Some(need(found, f64::from(found.database?))))
    }
}

fn need(found: &Found, cores: f64) -> Need {
    Need {
        limit: found.measure.name(),
        value: cores,
        unit: "cores",
        arithmetic: format!(
            "fewest cores whose queues keep {} within the part of {} - {} that is left for them",
            found.measure.name(),
            time(found.objective_s),
            time(found.unqueued_s)
        ),
    }
}

/// Smallest count in 1..=most that is enough, if more is never worse; `most` if none is.
fn smallest(most: u32, enough: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (1, most.max(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if enough(middle) { high = middle } else { low = middle + 1 }
    }
    low
}
