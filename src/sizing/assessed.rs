//! What is the same for every capacity with the same servers, worked out once: clouds differ in memory, machines and
//! connections more often than in servers. Decides nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::closed::Servers;
use super::network::ResponseTimes;
use super::solved::Solved;
use super::{CurvePoint, Model, Reached};

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
    /// Points for drawing.
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
        let searched_to = self.searched_to(servers);
        let solved = Solved::new(&self.spec, servers, searched_to);
        let ((times, response_limits), curve) = rayon::join(
            || {
                let times = solved.response_times(&self.sampler, self.users());
                let response_limits = self.response_limits(&solved, searched_to, &times.all);
                (times, response_limits)
            },
            || self.curve(&solved, searched_to),
        );
        let assessed = Arc::new(Assessed { solved, searched_to, times, response_limits, curve });
        Arc::clone(self.memory.lock().entry(servers).or_insert(assessed))
    }
}
