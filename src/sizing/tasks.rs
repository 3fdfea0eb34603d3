//! Background tasks: how many slots they need, how long a task waits for one, what they take from the app machines.
//!
//! Slots are servers of an open station (Erlang C). Does not size machines; `app` adds CPU and memory of the slots.

use super::network::OpenStation;
use super::wording::{number, percent, time, whole_up};
use super::{Need, Tally, TasksRequirement};
use crate::spec::{Spec, Task};

/// Share of the tasks that must not wait longer than `objectives.task_wait`.
const WAIT_SHARE: f64 = 0.95;

/// All kinds of tasks together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TaskLoad {
    /// Tasks started, 1/s.
    pub(crate) rate_per_s: f64,
    /// Slots kept busy: sum of rate x time.
    pub(crate) busy_slots: f64,
    /// Cores kept busy.
    pub(crate) busy_cores: f64,
    /// Squared coefficient of variation of the time of a task, kinds mixed; each kind counts as exponential.
    time_cv2: f64,
}

impl TaskLoad {
    /// The task load at the spec's users.
    pub(crate) fn of(spec: &Spec) -> Self {
        let sum = |of: &dyn Fn(&Task) -> f64| spec.tasks.iter().map(of).sum::<f64>();
        let rate_per_s = sum(&|t| t.rate_per_s.mid);
        let busy_slots = sum(&|t| t.rate_per_s.mid * t.time_s.mid);
        let second = sum(&|t| 2.0 * t.rate_per_s.mid * t.time_s.mid * t.time_s.mid);
        let time_cv2 =
            if busy_slots > 0.0 { second * rate_per_s / (busy_slots * busy_slots) - 1.0 } else { 1.0 };
        Self { rate_per_s, busy_slots, busy_cores: sum(&|t| t.rate_per_s.mid * t.cpu_s.mid), time_cv2 }
    }

    /// Mean time of a task, s.
    pub(crate) fn time_s(&self) -> f64 {
        if self.rate_per_s > 0.0 { self.busy_slots / self.rate_per_s } else { 0.0 }
    }

    /// The slots as a station, with the load multiplied by `growth`.
    pub(crate) fn station(&self, slots: u32, growth: f64) -> OpenStation {
        OpenStation {
            arrival_rps: self.rate_per_s * growth,
            arrival_cv2: 1.0,
            service_s: self.time_s(),
            service_cv2: self.time_cv2,
            servers: slots.max(1),
        }
    }

    /// Smallest number of slots with which all but 5 % of the tasks wait at most `target_s`.
    fn slots_for_wait(&self, target_s: f64) -> u32 {
        let meets = |slots: u32| self.station(slots, 1.0).wait_quantile_s(WAIT_SHARE) <= target_s;
        let stable = whole_up(self.busy_slots).max(1);
        // The load plus ten of its standard deviations leaves hardly any wait.
        let most = stable.saturating_add(whole_up(10.0 * self.busy_slots.sqrt())).saturating_add(10);
        let (mut low, mut high) = (stable, most);
        while low < high {
            let middle = low + (high - low) / 2;
            if meets(middle) { high = middle } else { low = middle + 1 }
        }
        low
    }
}

/// Slots that the spec fixes: workers x concurrency.
pub(crate) fn fixed_slots(spec: &Spec) -> Option<u32> {
    Some(spec.app.task_workers?.saturating_mul(spec.app.task_concurrency?))
}

/// What the tasks of a spec need; `None` without tasks.
pub(crate) fn requirement(spec: &Spec) -> Option<TasksRequirement> {
    if spec.tasks.is_empty() {
        return None;
    }
    let load = TaskLoad::of(spec);
    let target = spec.objectives.target_cpu;
    let mut needs = vec![Need {
        limit: "utilisation",
        value: f64::from(whole_up(load.busy_slots / target).max(1)),
        unit: "slots",
        arithmetic: format!(
            "{}/s x {} / {} = {}",
            number(load.rate_per_s),
            time(load.time_s()),
            percent(target),
            number(load.busy_slots / target)
        ),
    }];
    if let Some(wait_s) = spec.objectives.task_wait_s {
        let slots = load.slots_for_wait(wait_s);
        needs.push(Need {
            limit: "task wait",
            value: f64::from(slots),
            unit: "slots",
            arithmetic: format!(
                "fewest slots with which 95 % of the tasks wait at most {}, for {} busy slots (Erlang C)",
                time(wait_s),
                number(load.busy_slots)
            ),
        });
    }
    let tally = tally(needs);
    let fixed_slots = fixed_slots(spec);
    let slots = fixed_slots.unwrap_or_else(|| whole_up(largest(&tally)));
    let station = load.station(slots, 1.0);
    let wait_s = station.mean_wait_s();
    Some(TasksRequirement {
        busy_slots: load.busy_slots,
        slots: whole_up(largest(&tally)),
        fixed_slots,
        utilisation: load.busy_slots / f64::from(slots.max(1)),
        mean_wait_s: wait_s.is_finite().then_some(wait_s),
        tally,
    })
}

impl TasksRequirement {
    /// Slots that are set up: the fixed ones, or as many as are needed.
    #[must_use]
    pub fn slots_in_use(&self) -> u32 {
        self.fixed_slots.unwrap_or(self.slots)
    }
}

/// The tally of needs in one unit: the largest binds, the first of equals.
///
/// Cores are bought whole: a need of 0.4 cores and a search that cannot find fewer than 1 are equals.
pub(crate) fn tally(needs: Vec<Need>) -> Tally {
    let mut binding = needs.first().map_or("", |need| need.limit);
    let mut most = f64::NEG_INFINITY;
    for need in &needs {
        let bought = if need.unit == "cores" { f64::from(whole_up(need.value)) } else { need.value };
        if bought > most {
            (binding, most) = (need.limit, bought);
        }
    }
    Tally { needs, binding }
}

/// The largest need of a tally in one unit; 0 without needs.
pub(crate) fn largest(tally: &Tally) -> f64 {
    tally.needs.iter().map(|need| need.value).fold(0.0, f64::max)
}
