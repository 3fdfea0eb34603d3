//! The [`Model`]: a spec with everything prepared that does not depend on the servers.
//!
//! Decides requirements and the capacity they ask for. Predictions are in `predict`, limits in `load_line`, missed
//! objectives in `misses`.

use std::sync::Arc;

use super::assessed::Memory;
use super::closed::Servers;
use super::demand::Demand;
use super::network::Sampler;
use super::response_need::ResponseNeed;
use super::solved::Solved;
use super::tasks::TaskLoad;
use super::wording::whole_up;
use super::{
    Capacity, DatabaseRequirement, Effort, Requirements, TasksRequirement, app, balancer, cache, closed,
    database, tasks, traffic,
};
use crate::spec::Spec;

/// Samples for searches: their answers are scaled to those of the full sample.
const FEW_SAMPLES: usize = 4_096;

/// A spec, ready to be asked about many capacities. The same spec and effort give the same answers.
#[derive(Debug)]
pub struct Model {
    pub(crate) spec: Spec,
    pub(crate) effort: Effort,
    pub(crate) sampler: Arc<Sampler>,
    /// The same sampler if that has few samples anyway.
    pub(crate) few: Arc<Sampler>,
    pub(super) memory: Memory,
}

impl Model {
    /// Draws the samples that all later answers share.
    #[must_use]
    pub fn new(spec: &Spec, effort: &Effort) -> Self {
        let network = closed::network(spec, Servers { app: 1, database: 1, pool: None });
        let draw = |samples| Arc::new(Sampler::new(&network, samples, effort.seed));
        let sampler = draw(effort.samples);
        let few = if effort.samples <= FEW_SAMPLES { Arc::clone(&sampler) } else { draw(FEW_SAMPLES) };
        Self { spec: spec.clone(), effort: effort.clone(), sampler, few, memory: Memory::default() }
    }

    /// A model for searches only: few samples, none for a final answer.
    pub(crate) fn coarse(spec: &Spec, effort: &Effort) -> Self {
        Self::new(spec, &Effort { samples: effort.samples.min(FEW_SAMPLES), ..effort.clone() })
    }

    /// What each tier needs, whatever servers there are.
    ///
    /// More users, longer CPU times or more queries never need less of the tier they load. (They may need less of
    /// another: users who wait longer for the application send fewer requests to the database.)
    #[must_use]
    pub fn requirements(&self) -> Requirements {
        let demand = Demand::of(&self.spec);
        let response = ResponseNeed::find(&self.spec, &demand, (&self.sampler, &self.few));
        requirements(&self.spec, &demand, &response)
    }

    /// The smallest capacity that meets the requirements. Pinned cores are taken as they are; fixed worker processes
    /// cap the application. Memory is counted for one machine: each further one adds its operating system.
    #[must_use]
    pub fn wanted_capacity(&self, requirements: &Requirements) -> Capacity {
        let database = requirements.database.as_ref();
        let cores = |of: &DatabaseRequirement| of.pinned_cores.unwrap_or_else(|| whole_up(of.cores)).max(1);
        Capacity {
            app_servers: app::usable_cores(&requirements.app),
            database_servers: database.map(cores),
            max_connections: database.map(|of| of.max_connections),
            app_memory_gib: None,
            app_machines: 1,
        }
    }

    /// Worker processes on a capacity: the fixed ones, or one for each core.
    pub(crate) fn processes(&self, capacity: &Capacity) -> u32 {
        match (self.spec.app.instances, self.spec.app.workers) {
            (Some(instances), Some(workers)) => instances.saturating_mul(workers).max(1),
            _ => {
                let group = self.spec.app.instances.or(self.spec.app.workers).unwrap_or(1).max(1);
                capacity.app_servers.max(1).div_ceil(group).saturating_mul(group)
            }
        }
    }

    /// Task slots that are set up; 0 without tasks.
    pub(crate) fn slots(&self) -> u32 {
        tasks::requirement(&self.spec).as_ref().map_or(0, TasksRequirement::slots_in_use)
    }

    /// The servers of a capacity.
    ///
    /// Whole cores that tasks keep busy are not there for requests; a part of a core is left to them, being less than
    /// CPU times are known to.
    pub(crate) fn servers(&self, capacity: &Capacity) -> Servers {
        let taken = TaskLoad::of(&self.spec).busy_cores.floor() as u32;
        Servers {
            app: capacity.app_servers.saturating_sub(taken).max(1),
            database: capacity.database_servers.unwrap_or(1),
            pool: database::pooled_connections(&self.spec, self.processes(capacity)),
        }
    }

    /// Solves the network on a capacity for up to `max_users`.
    pub(crate) fn solved(&self, capacity: &Capacity, max_users: u32) -> Solved {
        Solved::new(&self.spec, self.servers(capacity), max_users)
    }

    /// Memory of the app tier with so many requests in flight, GiB.
    pub(crate) fn app_memory_gib(&self, capacity: &Capacity, in_flight: f64, slots: u32) -> f64 {
        f64::from(capacity.app_machines.max(1)) * self.spec.app.system_memory_gib.mid
            + app::shared_memory_gib(&self.spec, self.processes(capacity), in_flight, slots)
    }

    /// Users of the spec, whole.
    pub(crate) fn users(&self) -> u32 {
        self.spec.load.users.mid.round() as u32
    }
}

/// Requirements from a demand and what response times ask for.
pub(crate) fn requirements(spec: &Spec, demand: &Demand, response: &ResponseNeed) -> Requirements {
    let tasks = tasks::requirement(spec);
    let slots = tasks.as_ref().map_or(0, TasksRequirement::slots_in_use);
    let app = app::requirement(spec, demand, tasks.as_ref(), response);
    Requirements {
        database: database::requirement(spec, demand, (app.processes, slots), response),
        cache: cache::requirement(spec, app.processes, slots),
        balancer: balancer::requirement(spec, demand),
        tasks,
        traffic: traffic::monthly(spec, demand),
        alarms: traffic::alarms(spec),
        app,
    }
}
