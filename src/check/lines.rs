//! The alarm lines of a spec: what each measured value is held against. Pure.

use crate::sizing::Requirements;
use crate::spec::Spec;

use super::Verdict;

/// Share of a line from which a value is near it. With the 80 % of the plan a warning comes at 72 %: a tenth of the line is the room
/// in which a person can still act before the alarm.
pub const NEAR: f64 = 0.9;

/// Share of a link, of ports, of file descriptors and of tracked connections that may be used: the same 80 % as for connections
/// (reference plan, "network bandwidth should have headroom").
pub const HEADROOM: f64 = 0.8;

/// Share of a queue's memory: a queue that is full refuses tasks, so that its line lies lower than that of a cache.
pub const QUEUE_MEMORY: f64 = 0.7;

/// Share of a host's memory that may be in use (without page cache) before the kernel begins to look for victims.
pub const HOST_MEMORY: f64 = 0.95;

/// Share of a file system: ext4 keeps 5 % for root, and databases stop before that.
pub const DISK: f64 = 0.9;

/// Share of CPU time that the hypervisor gave to others: above it a neighbour or an exhausted credit is felt in response times.
pub const STEAL: f64 = 0.1;

/// Running queries for each core of the database: above two they queue, above four response times leave any model.
pub const RUNNING_PER_CORE: f64 = 4.0;

/// Lag of a replica, s: what a failover may lose or has to catch up with.
pub const REPLICATION_LAG_S: f64 = 30.0;

/// Clock offset between hosts, s: tokens, logs and task timestamps begin to disagree.
pub const CLOCK_S: f64 = 1.0;

/// Age of the oldest waiting task where the spec states no objective, s.
pub const TASK_AGE_S: f64 = 300.0;

/// Days that a certificate must still be valid.
pub const CERTIFICATE_DAYS: f64 = 7.0;

/// Days from which on renewal should have happened: ACME clients renew a month before.
pub const CERTIFICATE_WARN_DAYS: f64 = 21.0;

/// Everything that values are held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// CPU of a host, share.
    pub cpu: f64,
    /// Time waiting for disks, share.
    pub io_wait: f64,
    /// Connections and pool, share.
    pub connections: f64,
    /// Memory of the cache, share.
    pub cache_memory: f64,
    /// Response time of a health check, s; `None`: no objective.
    pub response_s: Option<f64>,
    /// Running queries; `None`: nobody knows the cores of the database.
    pub running: Option<f64>,
    /// Database connections that the pools of all workers may open together; `None`: not stated.
    pub pool: Option<f64>,
    /// Connections that the database should allow at least; `None`: no database.
    pub max_connections: Option<f64>,
    /// Memory limit that the cache should have, bytes; `None`: no cache.
    pub max_memory_bytes: Option<f64>,
    /// Whether the cache should have a replica.
    pub cache_replica: bool,
    /// Whether the database should have a standby.
    pub database_standby: bool,
    /// Network that all app machines must have together, Mbit/s.
    pub network_mbps: f64,
    /// Age of the oldest waiting task, s.
    pub task_age_s: f64,
    /// Tasks that begin in a second when all slots are busy; `None`: no tasks.
    pub tasks_per_s: Option<f64>,
}

impl Lines {
    /// The lines of a spec.
    pub fn of(spec: &Spec, requirements: &Requirements) -> Self {
        let objectives = &spec.objectives;
        let database = requirements.database.as_ref();
        let cores =
            database.map(|needs| needs.pinned_cores.map_or_else(|| needs.cores.ceil().max(1.0), f64::from));
        let processes = f64::from(requirements.app.processes);
        let rate: f64 = spec.tasks.iter().map(|task| task.rate_per_s.mid).sum();
        let busy: f64 = spec.tasks.iter().map(|task| task.rate_per_s.mid * task.time_s.mid).sum();
        let slots =
            requirements.tasks.as_ref().map(|tasks| f64::from(tasks.fixed_slots.unwrap_or(tasks.slots)));
        Self {
            cpu: objectives.cpu,
            io_wait: objectives.io_wait,
            connections: objectives.connections,
            cache_memory: objectives.cache_memory,
            response_s: objectives.p95_s.or(objectives.p99_s).or(objectives.mean_s),
            running: cores.map(|cores| cores * RUNNING_PER_CORE),
            pool: database.and(spec.app.pool).map(|pool| f64::from(pool) * processes),
            max_connections: database.map(|needs| f64::from(needs.max_connections)),
            max_memory_bytes: requirements
                .cache
                .as_ref()
                .map(|cache| cache.max_memory_gib * 1024.0 * 1024.0 * 1024.0),
            cache_replica: spec.cache.is_some() && spec.resilience.cache_replica,
            database_standby: spec.database.is_some() && spec.resilience.database_standby,
            network_mbps: requirements.app.network_mbps,
            task_age_s: objectives.task_wait_s.unwrap_or(TASK_AGE_S),
            tasks_per_s: slots.filter(|_| busy > 0.0).map(|slots| slots * rate / busy),
        }
    }
}

/// A value that must stay below its line.
pub fn below(value: f64, line: f64) -> Verdict {
    if value >= line {
        Verdict::Fail
    } else if value >= line * NEAR {
        Verdict::Warn
    } else {
        Verdict::Ok
    }
}

/// A value that must stay below its line, where it being there at all is worth a word but no alarm.
pub fn none_wanted(value: f64) -> Verdict {
    if value > 0.0 { Verdict::Warn } else { Verdict::Ok }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_its_line_has_crossed_it_and_one_close_below_is_a_warning() {
        assert_eq!(below(0.8, 0.8), Verdict::Fail);
        assert_eq!(below(0.73, 0.8), Verdict::Warn);
        assert_eq!(below(0.71, 0.8), Verdict::Ok);
    }
}
