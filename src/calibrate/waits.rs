//! Waiting that is neither CPU nor queueing: what is left of a response when the model has had its say.
//!
//! The spec's own model predicts each level with the demands just fitted, on the cores that were measured, with the think time that the
//! people of the test had. What the responses of a kind are longer by is its wait. A wait changes the load of the others, so that the
//! prediction is made again until nothing moves.

use super::linear::Estimate;
use super::windows::Window;
use crate::load::judge::Judge;
use crate::load::plan::Drive;
use crate::sizing::Prediction;
use crate::spec::Spec;

/// Predictions until waits stand still; each brings them a tenth as near or better below saturation.
const ROUNDS: usize = 8;
/// Above this utilisation responses are mostly queueing, and a small error of a demand is a large one of a wait.
const HIGHEST: f64 = 0.85;
/// Half width of a 90 % interval in standard deviations (normal distribution).
const DEVIATIONS: f64 = 1.645;

/// One load that stood still, all of its windows together.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// People; `None`: the results do not say.
    pub users: Option<f64>,
    /// Requests that ended, 1/s.
    pub throughput_rps: f64,
    /// Mean response time, s.
    pub response_s: f64,
    /// Mean response time of each kind, s; `None`: none came.
    pub per_request_s: Vec<Option<f64>>,
    /// Length, s.
    pub seconds: f64,
    /// Requests.
    pub requests: f64,
    /// Highest utilisation of any measured component, 0..=1; `None`: none was measured.
    pub utilisation: Option<f64>,
    /// What the calibrated spec says of it, on the cores that were measured: throughput 1/s, and mean response time, s.
    pub predicted: Option<(f64, f64)>,
}

impl Level {
    /// Levels from windows.
    pub(super) fn all(windows: &[Window]) -> Vec<Self> {
        let mut numbers: Vec<usize> = windows.iter().map(|window| window.level).collect();
        numbers.dedup();
        numbers
            .into_iter()
            .map(|number| Self::of(&windows.iter().filter(|it| it.level == number).collect::<Vec<_>>()))
            .collect()
    }

    fn of(windows: &[&Window]) -> Self {
        let seconds: f64 = windows.iter().map(|window| window.seconds).sum();
        let kinds = windows.first().map_or(0, |window| window.cells.len());
        let sum = |of: &dyn Fn(&Window) -> f64| windows.iter().map(|window| of(window)).sum::<f64>();
        let requests = sum(&|window| window.total().done);
        let per_request_s = (0..kinds).map(|kind| {
            let done = sum(&|window| window.cells[kind].done);
            (done > 0.0).then(|| sum(&|window| window.cells[kind].response_sum_s) / done)
        });
        let users: Option<Vec<f64>> =
            windows.iter().map(|window| Some(window.users? * window.seconds)).collect();
        let busiest = |window: &Window| window.busy.values().map(|it| it.share).reduce(f64::max);
        let busy: Option<Vec<f64>> =
            windows.iter().map(|window| Some(busiest(window)? * window.seconds)).collect();
        let mean = |of: Vec<f64>| of.iter().sum::<f64>() / seconds;
        Self {
            users: users.map(mean),
            throughput_rps: requests / seconds,
            response_s: sum(&|window| window.total().response_sum_s) / requests,
            per_request_s: per_request_s.collect(),
            seconds,
            requests,
            utilisation: busy.map(mean),
            predicted: None,
        }
    }

    /// Time between a response and the next request, s; `None`: the people are not known.
    pub fn think_s(&self) -> Option<f64> {
        Some(self.users? / self.throughput_rps - self.response_s)
    }

    /// The mean of that over levels; `None`: none tells.
    pub(super) fn mean_think_s(levels: &[Self]) -> Option<f64> {
        let thinks: Vec<f64> = levels.iter().filter_map(Self::think_s).collect();
        (!thinks.is_empty()).then(|| thinks.iter().sum::<f64>() / thinks.len() as f64)
    }

    fn drive(&self) -> Drive {
        self.users
            .map_or(Drive::Rate(self.throughput_rps), |users| Drive::Users(users.round().max(1.0) as u32))
    }
}

/// The wait of each kind; `None`: it never came, or no level is below saturation. Sets what the levels are predicted to be.
///
/// `spec` holds the fitted demands and the cores that were measured.
pub(super) fn fit(mut spec: Spec, levels: &mut [Level]) -> Vec<Option<Estimate>> {
    if let Some(think_s) = Level::mean_think_s(levels) {
        spec.load.think_s.mid = think_s.max(0.0);
    }
    let calm: Vec<usize> = (0..levels.len())
        .filter(|at| levels[*at].utilisation.is_some_and(|share| share <= HIGHEST))
        .collect();
    let kinds = spec.requests.len();
    for request in &mut spec.requests {
        request.wait_s.mid = 0.0;
    }
    let mut left: Vec<Vec<f64>> = Vec::new();
    for _ in 0..ROUNDS {
        let judge = Judge::new(&spec);
        let predicted: Vec<Prediction> = calm.iter().map(|at| judge.predict(levels[*at].drive())).collect();
        left = (0..kinds)
            .map(|kind| {
                let over = calm.iter().zip(&predicted).filter_map(|(at, predicted)| {
                    let (_, response) = predicted.per_request.get(kind)?;
                    Some(levels[*at].per_request_s[kind]? - response.mean_s.value)
                });
                over.collect()
            })
            .collect();
        let mut moved = 0.0_f64;
        for (kind, over) in left.iter().enumerate().filter(|(_, over)| !over.is_empty()) {
            let wait = &mut spec.requests[kind].wait_s.mid;
            let next = (*wait + over.iter().sum::<f64>() / over.len() as f64).max(0.0);
            moved = moved.max((next - *wait).abs());
            *wait = next;
        }
        if moved < 1e-5 {
            break;
        }
    }
    let judge = Judge::new(&spec);
    for level in levels.iter_mut() {
        let predicted = judge.predict(level.drive());
        level.predicted = Some((predicted.throughput_rps.value, predicted.response.mean_s.value));
    }
    (0..kinds).map(|kind| estimate(spec.requests[kind].wait_s.mid, &left[kind])).collect()
}

/// A wait, with the spread of what the levels leave over as its interval.
fn estimate(mid: f64, left: &[f64]) -> Option<Estimate> {
    if left.is_empty() {
        return None;
    }
    // One level has no spread: how far it may be off is not known.
    if left.len() < 2 {
        return Some(Estimate { mid, low: 0.0, high: 2.0 * mid });
    }
    let count = left.len() as f64;
    let mean = left.iter().sum::<f64>() / count;
    let variance = left.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let half = DEVIATIONS * (variance / count).sqrt();
    Some(Estimate { mid, low: (mid - half).max(0.0), high: mid + half })
}
