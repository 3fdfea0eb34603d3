//! The prediction: what a capacity does at a number of users, and by which method each number was found.
//!
//! Means by exact convolution, percentiles by composition sampling; the simulator confirms, and replaces them where
//! the formulas do not hold.

use super::cache::Contents;
use super::database::{buffer_pool_gib, memory_gib};
use super::demand::Mix;
use super::network::{self, Interval, Percentiles, Simulation, simulate};
use super::solved::Solved;
use super::tasks::TaskLoad;
use super::wording::time;
use super::{
    Capacity, Confirm, Confirmation, Estimate, LoadLine, MemoryUse, Method, Model, Prediction, Progress,
    ResponseTimes,
};
use crate::spec::{Connection, Spec};

impl Model {
    /// What `capacity` does with `users` users.
    ///
    /// `app_utilisation` counts requests only; whole cores that tasks keep busy are taken from the capacity first.
    /// Task load grows with the users.
    #[must_use]
    pub fn predict(
        &self,
        capacity: &Capacity,
        users: u32,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Prediction {
        let solved = self.solved(capacity, users);
        let times = solved.response_times(&self.sampler, users);
        self.predict_on((&solved, &times), capacity, users, progress)
    }

    /// Prediction at the spec's users and load line together, for less than the two one by one.
    #[must_use]
    pub fn assess(
        &self,
        capacity: &Capacity,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> (Prediction, LoadLine) {
        let assessed = self.assessed(self.servers(capacity));
        let known = (&assessed.solved, &assessed.times);
        let prediction = self.predict_on(known, capacity, self.users(), progress);
        let load_line = self.anchored(self.load_line_on(&assessed, capacity), &assessed.solved, &prediction);
        (prediction, load_line)
    }

    fn predict_on(
        &self,
        (solved, times): (&Solved, &network::ResponseTimes),
        capacity: &Capacity,
        users: u32,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Prediction {
        let mut breaks = solved.breakdowns(users);
        let simulation = self.simulation(solved, users, !breaks.is_empty(), progress);
        let mean_s = solved.response_s(users);
        breaks.extend(simulation.as_ref().and_then(|simulation| disagreement(mean_s, times, simulation)));
        let method = match &simulation {
            Some(_) if !breaks.is_empty() => Method::Simulation,
            _ => Method::Convolution,
        };
        let mut caveats = breaks;
        caveats.extend(solved.scale_note());
        caveats.extend(mixed_holds(&self.spec));
        let mut prediction = Prediction {
            users: f64::from(users),
            capacity: *capacity,
            throughput_rps: formula(solved.throughput_rps(users)),
            response: ResponseTimes { mean_s: formula(mean_s), ..formulas(&times.all) },
            per_request: self
                .spec
                .requests
                .iter()
                .zip(&times.per_class)
                .map(|(request, times)| (request.name.clone(), formulas(times)))
                .collect(),
            in_flight: solved.in_flight(users),
            app_utilisation: solved.app_utilisation(users),
            database_utilisation: self.spec.database.as_ref().map(|_| solved.database_utilisation(users)),
            tasks_utilisation: self.tasks_utilisation(users),
            connections_used: solved.connections(&self.spec, users),
            memory: MemoryUse { app_gib: 0.0, database_gib: None, cache_gib: None },
            network_mbps: Mix::of(&self.spec).network_mbps(solved.throughput_rps(users)),
            method,
            caveats,
            confirmation: None,
        };
        if let Some(simulation) = simulation {
            if method == Method::Simulation {
                replace(&mut prediction, &simulation);
                prediction.network_mbps = Mix::of(&self.spec).network_mbps(simulation.throughput_rps.mid);
            }
            prediction.confirmation = Some(confirmation(&simulation));
        }
        prediction.memory = self.memory(capacity, &prediction);
        prediction
    }

    fn simulation(
        &self,
        solved: &Solved,
        users: u32,
        formulas_break: bool,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Option<Simulation> {
        let wanted = match self.effort.confirm {
            Confirm::Never => false,
            Confirm::WhenFormulasBreak => formulas_break,
            Confirm::Always => true,
        };
        if !wanted || users == 0 {
            return None;
        }
        let network = solved.to_simulate(users)?;
        let of = self.effort.simulation.replications.max(10);
        Some(simulate(&network, &self.effort.simulation, &|done| {
            progress(Progress { step: "simulating", done, of });
        }))
    }

    /// Growth of the tasks with the users.
    pub(crate) fn task_growth(&self, users: u32) -> f64 {
        let base = self.spec.load.users.mid;
        if base > 0.0 { f64::from(users) / base } else { 0.0 }
    }

    fn tasks_utilisation(&self, users: u32) -> Option<f64> {
        if self.spec.tasks.is_empty() {
            return None;
        }
        let busy = TaskLoad::of(&self.spec).busy_slots * self.task_growth(users);
        Some(busy / f64::from(self.slots().max(1)))
    }

    fn memory(&self, capacity: &Capacity, prediction: &Prediction) -> MemoryUse {
        let growth = self.task_growth(prediction.users as u32);
        MemoryUse {
            app_gib: self.app_memory_gib(capacity, prediction.in_flight, self.slots()),
            database_gib: self
                .spec
                .database
                .as_ref()
                .map(|database| memory_gib(buffer_pool_gib(database), prediction.connections_used)),
            cache_gib: self
                .spec
                .cache
                .as_ref()
                .map(|cache| Contents::of(&self.spec, cache, growth).resident_gib()),
        }
    }
}

/// Where the formulas hold they are within 1 % of simulation; three times that, beyond the interval, is no noise.
const DISAGREEMENT: f64 = 0.03;

/// A sentence if the simulation does not confirm the formulas.
fn disagreement(mean_s: f64, times: &network::ResponseTimes, simulation: &Simulation) -> Option<String> {
    let pairs = [
        ("the mean", mean_s, simulation.mean_s),
        ("p95", times.all.p95_s, simulation.p95_s),
        ("p99", times.all.p99_s, simulation.p99_s),
    ];
    let off = |(_, formula, seen): &(&str, f64, Interval)| {
        (formula - seen.mid).abs() > seen.half_width + DISAGREEMENT * seen.mid
    };
    let (name, formula, seen) = pairs.into_iter().find(off)?;
    Some(format!(
        "The simulation does not confirm the formulas: it puts {name} at {}, they at {}.",
        time(seen.mid),
        time(formula)
    ))
}

/// A pool is modelled with one way of holding; `None` where the kinds of request agree, or without a pool.
fn mixed_holds(spec: &Spec) -> Option<String> {
    let holds = |way| spec.requests.iter().any(|request| request.share > 0.0 && request.connection == way);
    let mixed = holds(Connection::Request) && holds(Connection::Query);
    (spec.database.is_some() && spec.app.pool.is_some() && mixed).then(|| {
        "Some kinds of request hold a connection throughout and some only around queries: the pool was modelled as if \
         all did as those with the larger weight do."
            .to_owned()
    })
}

fn formula(value: f64) -> Estimate {
    Estimate { value, half_width: None }
}

fn formulas(times: &Percentiles) -> ResponseTimes {
    ResponseTimes {
        mean_s: formula(times.mean_s),
        p50_s: formula(times.p50_s),
        p95_s: formula(times.p95_s),
        p99_s: formula(times.p99_s),
    }
}

fn simulated(interval: &Interval) -> Estimate {
    Estimate { value: interval.mid, half_width: Some(interval.half_width) }
}

fn simulated_times(simulation: &Simulation) -> ResponseTimes {
    ResponseTimes {
        mean_s: simulated(&simulation.mean_s),
        p50_s: simulated(&simulation.p50_s),
        p95_s: simulated(&simulation.p95_s),
        p99_s: simulated(&simulation.p99_s),
    }
}

fn confirmation(simulation: &Simulation) -> Confirmation {
    Confirmation {
        throughput_rps: simulated(&simulation.throughput_rps),
        response: simulated_times(simulation),
        replications: simulation.replications,
        events: simulation.events,
    }
}

/// Puts the simulated numbers where the formulas do not hold. Medians of single kinds are not simulated.
fn replace(prediction: &mut Prediction, simulation: &Simulation) {
    prediction.throughput_rps = simulated(&simulation.throughput_rps);
    prediction.response = simulated_times(simulation);
    prediction.in_flight = simulation.in_flight.mid;
    if let Some(app) = simulation.utilisation.first() {
        prediction.app_utilisation = app.mid;
    }
    if prediction.database_utilisation.is_some() {
        prediction.database_utilisation = simulation.utilisation.get(1).map(|of| of.mid);
    }
    for ((_, times), class) in prediction.per_request.iter_mut().zip(&simulation.per_class) {
        if class.completions > 0 {
            times.mean_s = simulated(&class.mean_s);
            times.p95_s = simulated(&class.p95_s);
            times.p99_s = simulated(&class.p99_s);
        }
    }
}
