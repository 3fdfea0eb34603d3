//! What is the same for every capacity with the same servers, worked out once: clouds differ in memory, machines and
//! connections more often than in servers. Decides nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::closed::Servers;
use super::network::ResponseTimes;
use super::solved::Solved;
use super::{CurvePoint, Extent, Model, Reached};

/// A solved network with everything that depends on nothing else.
#[derive(Debug)]
pub(super) struct Assessed {
    /// Solved past saturation and past the users of the spec.
    pub(super) solved: Solved,
    /// The largest population that was searched.
    pub(super) searched_to: u32,
    /// Response times at the spec's users, from the full sample.
    pub(super) times: ResponseTimes,
    /// Limits that response times set.
    pub(super) response_limits: Vec<Reached>,
    /// Points for drawing; none if they were not wanted.
    pub(super) curve: Vec<CurvePoint>,
}

/// The assessments so far, by servers.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<Servers, Arc<Assessed>>>);

impl Memory {
    /// A panic elsewhere leaves the map whole: entries are only added.
    fn lock(&self) -> MutexGuard<'_, HashMap<Servers, Arc<Assessed>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Model {
    /// The assessment of these servers. Two who ask at once may both work it out: holding a lock over work that is
    /// spread over threads could make a thread wait for itself.
    pub(super) fn assessed(&self, servers: Servers) -> Arc<Assessed> {
        if let Some(known) = self.memory.lock().get(&servers) {
            return Arc::clone(known);
        }
        let assessed = Arc::new(self.assess_anew(servers, Extent::Full));
        Arc::clone(self.memory.lock().entry(servers).or_insert(assessed))
    }

    /// The assessment of these servers, not remembered; the curve for drawing costs half of it.
    pub(super) fn assess_anew(&self, servers: Servers, curve: Extent) -> Assessed {
        let searched_to = self.searched_to(servers);
        let solved = Solved::new(&self.spec, servers, searched_to);
        let ((times, response_limits), mut curve) = rayon::join(
            || {
                let times = solved.response_times(&self.sampler, self.users());
                let response_limits = self.response_limits(&solved, searched_to, &times.all);
                (times, response_limits)
            },
            || match curve {
                Extent::Skip => Vec::new(),
                Extent::Full => self.curve(&solved, searched_to),
            },
        );
        // The curve is drawn from few samples: scaled as its limits are, it passes through what is predicted.
        if !curve.is_empty() {
            let [scale, _] = self.percentile_scales(&solved, self.users().clamp(1, searched_to), &times.all);
            for p95_s in curve.iter_mut().filter_map(|point| point.p95_s.as_mut()) {
                *p95_s *= scale;
            }
        }
        Assessed { solved, searched_to, times, response_limits, curve }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Effort, Model, fixtures, size_with};

    #[test]
    fn the_curve_passes_through_the_predicted_p95() {
        let spec = fixtures::teachers();
        let sizing = size_with(&Model::new(&spec, &Effort::quick()), &|_| ());
        let predicted = sizing.prediction.response.p95_s.value;
        // Up to the load line the curve of this load is flat: every point there is near the prediction.
        let users = sizing.prediction.users;
        let points: Vec<f64> = sizing
            .load_line
            .curve
            .iter()
            .filter(|point| f64::from(point.users) <= users)
            .filter_map(|point| point.p95_s)
            .collect();
        assert!(!points.is_empty());
        for p95_s in points {
            assert!((p95_s / predicted - 1.0).abs() < 0.005, "{p95_s} drawn, {predicted} predicted");
        }
    }
}
