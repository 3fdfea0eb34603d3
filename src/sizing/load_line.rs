//! The load line: the most users with every objective and limit met, and the limits in the order in which they are
//! reached.
//!
//! One solved network gives every population; each limit is found by bisection. Percentiles are searched with few
//! samples and scaled to the full sample at the spec's users (common random numbers), which keeps them within the
//! error of the full sample.

use super::assessed::Assessed;
use super::cache::Contents;
use super::closed::Servers;
use super::network::Percentiles;
use super::response_need::{Measure, wanted};
use super::solved::Solved;
use super::tasks::TaskLoad;
use super::wording::{number, percent, time, whole_up};
use super::{Capacity, CurvePoint, LimitKind, LoadLine, Model, Reached};

/// Points of the curve for drawing.
const CURVE_POINTS: u32 = 40;

impl Model {
    /// How far a capacity carries.
    #[must_use]
    pub fn load_line(&self, capacity: &Capacity) -> LoadLine {
        self.load_line_on(&self.assessed(self.servers(capacity)), capacity)
    }

    /// Far enough to see every limit: past saturation, and past the users of the spec.
    pub(super) fn searched_to(&self, servers: Servers) -> u32 {
        let saturation = Solved::new(&self.spec, servers, 1).saturation_users();
        let users = self.spec.load.users.mid;
        let most = if saturation.is_finite() { (1.6 * saturation).max(1.3 * users) } else { 4.0 * users };
        // Up to the largest count; more than four thousand million users are not of this world.
        whole_up(most).max(10)
    }

    /// The load line of assessed servers with the memory and connections of a capacity.
    pub(super) fn load_line_on(&self, assessed: &Assessed, capacity: &Capacity) -> LoadLine {
        let (solved, searched_to) = (&assessed.solved, assessed.searched_to);
        let mut limits = self.server_limits(solved, searched_to);
        limits.extend(assessed.response_limits.iter().cloned());
        limits.extend(self.connection_limits(solved, capacity, searched_to));
        limits.extend(self.memory_limits(solved, capacity, searched_to));
        limits.extend(self.task_limits(searched_to));
        self.drawn(limits, searched_to, assessed.curve.clone())
    }

    /// The line that lies at the first of these limits.
    pub(super) fn drawn(
        &self,
        mut limits: Vec<Reached>,
        searched_to: u32,
        curve: Vec<CurvePoint>,
    ) -> LoadLine {
        // Unreached limits last; a stable sort keeps the order of the spec among equals.
        limits.sort_by_key(|limit| limit.at_users.unwrap_or(u32::MAX));
        let first = limits.iter().find(|limit| limit.kind != LimitKind::Landmark && limit.at_users.is_some());
        let users = first.and_then(|limit| limit.at_users).unwrap_or(searched_to);
        let binding = first.map_or_else(String::new, |limit| limit.limit.clone());
        LoadLine { users, binding, limits, searched_to, months: self.months_to(users), curve }
    }

    /// Months of compound growth until so many users are reached; `None` without growth, 0 when past it.
    pub(crate) fn months_to(&self, users: u32) -> Option<f64> {
        let growth = self.spec.load.growth_per_month.mid;
        if growth <= 0.0 {
            return None;
        }
        Some(((f64::from(users) / self.spec.load.users.mid).ln() / growth.ln_1p()).max(0.0))
    }

    fn server_limits(&self, solved: &Solved, most: u32) -> Vec<Reached> {
        let objectives = &self.spec.objectives;
        let mut limits = Vec::new();
        let mut tier = |name: &str, utilisation: &dyn Fn(u32) -> f64| {
            let target = objectives.target_cpu;
            if target < objectives.cpu {
                let label = format!("{name} cpu {} (target)", percent(target));
                limits.push(reached(label, LimitKind::Landmark, most, |n| utilisation(n) <= target));
            }
            let label = format!("{name} cpu {}", percent(objectives.cpu));
            limits.push(reached(label, LimitKind::Objective, most, |n| utilisation(n) <= objectives.cpu));
        };
        tier("app", &|n| solved.app_utilisation(n));
        if self.spec.database.is_some() {
            tier("database", &|n| solved.database_utilisation(n));
        }
        let saturation = solved.saturation_users();
        limits.push(Reached {
            limit: "saturation (N*)".to_owned(),
            at_users: (saturation <= f64::from(most)).then_some(saturation.round() as u32),
            kind: LimitKind::Landmark,
        });
        limits
    }

    /// Limits that response times set; `at` are the full percentiles at the spec's users.
    pub(super) fn response_limits(&self, solved: &Solved, most: u32, at: &Percentiles) -> Vec<Reached> {
        let users = self.users().clamp(1, most);
        let mut scales: Option<[f64; 2]> = None;
        let mut limits = Vec::new();
        for (measure, objective_s) in wanted(&self.spec.objectives) {
            let label = format!("{} {}", measure.name(), time(objective_s));
            let kind = LimitKind::Objective;
            if measure == Measure::Mean {
                limits.push(reached(label, kind, most, |n| solved.response_s(n) <= objective_s));
                continue;
            }
            let scales = scales.get_or_insert_with(|| self.percentile_scales(solved, users, at));
            let scale = if measure == Measure::P95 { scales[0] } else { scales[1] };
            let few = |n: u32| scale * measure.of(&solved.response_times(&self.few, n.max(1)).all);
            limits.push(reached(label, kind, most, |n| few(n) <= objective_s));
        }
        limits
    }

    /// Full sample over few samples at the spec's users, for p95 and p99.
    pub(super) fn percentile_scales(&self, solved: &Solved, users: u32, full: &Percentiles) -> [f64; 2] {
        let few = solved.response_times(&self.few, users).all;
        let ratio = |full: f64, few: f64| if few > 0.0 { full / few } else { 1.0 };
        [ratio(full.p95_s, few.p95_s), ratio(full.p99_s, few.p99_s)]
    }

    fn connection_limits(&self, solved: &Solved, capacity: &Capacity, most: u32) -> Vec<Reached> {
        let Some(max) = capacity.max_connections else { return Vec::new() };
        let share = self.spec.objectives.connections;
        let used = |n: u32| solved.connections(&self.spec, n);
        let at = |label: String, kind, limit: f64| reached(label, kind, most, |n| used(n) <= limit);
        vec![
            at(
                format!("connections {} of {max}", percent(share)),
                LimitKind::Objective,
                share * f64::from(max),
            ),
            at(format!("connections {max}"), LimitKind::Resource, f64::from(max)),
        ]
    }

    fn memory_limits(&self, solved: &Solved, capacity: &Capacity, most: u32) -> Vec<Reached> {
        let mut limits = Vec::new();
        if let Some(memory_gib) = capacity.app_memory_gib {
            let slots = self.slots();
            let used = |n: u32| self.app_memory_gib(capacity, solved.in_flight(n), slots);
            let label = format!("app memory {} GiB", number(memory_gib));
            limits.push(reached(label, LimitKind::Resource, most, |n| used(n) <= memory_gib));
        }
        if let Some((cache, max)) = self.spec.cache.as_ref().and_then(|c| Some((c, c.max_memory_gib?))) {
            let share = self.spec.objectives.cache_memory;
            let used = |n: u32| Contents::of(&self.spec, cache, self.task_growth(n)).resident_gib();
            for (limit, kind, words) in [
                (
                    share * max,
                    LimitKind::Objective,
                    format!("cache memory {} of {} GiB", percent(share), number(max)),
                ),
                (max, LimitKind::Resource, format!("cache memory {} GiB", number(max))),
            ] {
                limits.push(reached(words, kind, most, |n| used(n) <= limit));
            }
        }
        limits
    }

    fn task_limits(&self, most: u32) -> Vec<Reached> {
        if self.spec.tasks.is_empty() {
            return Vec::new();
        }
        let load = TaskLoad::of(&self.spec);
        let slots = self.slots();
        let mut limits = vec![reached(format!("task slots {slots}"), LimitKind::Resource, most, |n| {
            load.busy_slots * self.task_growth(n) <= f64::from(slots)
        })];
        if let Some(wait_s) = self.spec.objectives.task_wait_s {
            limits.push(reached(format!("task wait {}", time(wait_s)), LimitKind::Objective, most, |n| {
                load.station(slots, self.task_growth(n)).wait_quantile_s(0.95) <= wait_s
            }));
        }
        limits
    }

    /// Points of the curve for drawing.
    pub(super) fn curve(&self, solved: &Solved, most: u32) -> Vec<CurvePoint> {
        (1..=CURVE_POINTS)
            .map(|i| {
                let users = (u64::from(most) * u64::from(i) / u64::from(CURVE_POINTS)).max(1) as u32;
                // Every fourth point carries a percentile: enough to draw, and they cost most.
                let p95_s = (i % 4 == 0).then(|| solved.response_times(&self.few, users).all.p95_s);
                CurvePoint {
                    users,
                    throughput_rps: solved.throughput_rps(users),
                    mean_s: solved.response_s(users),
                    p95_s,
                    app_utilisation: solved.app_utilisation(users),
                }
            })
            .collect()
    }
}

/// The last population at which a limit is met, if meeting it is lost once and for all.
pub(super) fn reached(limit: String, kind: LimitKind, most: u32, met: impl Fn(u32) -> bool) -> Reached {
    if met(most) {
        return Reached { limit, at_users: None, kind };
    }
    // met(low) holds, or low is 0; met(high) does not.
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if met(middle) { low = middle } else { high = middle }
    }
    Reached { limit, at_users: Some(low), kind }
}
