//! What a spec asks of the numbers in the files.

use std::sync::Arc;

use super::super::known::{Figure, From, Known, Place};
use super::super::units::{show_bytes, show_count, show_seconds};
use crate::sizing::{Effort, Sizing, size};
use crate::spec::{Origin, Spec};

/// A number that the spec states, with the path it stands under.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    /// The number.
    pub(crate) known: Known<u64>,
    /// Path in the spec.
    pub(crate) path: String,
}

impl Stated {
    /// The number for a finding.
    pub(crate) fn figure(&self) -> Figure {
        self.known.figure(format!("spec: {}", self.path))
    }
}

/// The load, as the rules need it.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// People active at once.
    pub(crate) users: Stated,
    /// Requests, 1/s.
    pub(crate) rps: f64,
    /// 99th percentile of the response time, s.
    pub(crate) p99_s: f64,
    /// Application cores that are busy on average.
    pub(crate) busy_cores: f64,
    /// Database connections in use on average; `None`: no database.
    pub(crate) connections_used: Option<f64>,
    /// Data that is used all the time, bytes.
    pub(crate) working_set: Option<Stated>,
    /// What the cache holds, bytes.
    pub(crate) cache_used: Option<f64>,
    /// Task slots that are busy on average.
    pub(crate) busy_slots: Option<f64>,
    /// The longest kind of task, s, with its path.
    pub(crate) task_time: Option<(f64, Figure)>,
    /// Memory of a worker process, bytes.
    pub(crate) worker_memory: Stated,
    /// Memory of a task slot, bytes.
    pub(crate) task_memory: Stated,
    /// Share of the connection limit that may be used, 0..1.
    pub(crate) connections_share: f64,
    /// Numbers that the files have too.
    pub(crate) instances: Option<Stated>,
    /// Worker processes in each instance.
    pub(crate) workers: Option<Stated>,
    /// Connections of each process.
    pub(crate) pool: Option<Stated>,
    /// Configured connection limit.
    pub(crate) max_connections: Option<Stated>,
    /// Buffer pool, bytes.
    pub(crate) buffer_pool: Option<Stated>,
    /// Memory bound of the cache, bytes.
    pub(crate) max_memory: Option<Stated>,
}

impl Load {
    /// What a spec asks for; sizes it first, by formulas. `file`: name of the spec.
    pub(crate) fn of(file: &str, spec: &Spec) -> Self {
        let Sizing { requirements, prediction, .. } = size(spec, &Effort::quick(), &|_| {});
        let file: Arc<str> = file.into();
        let stated = |path: &str, value: f64, bytes: bool| {
            let from = origin(&file, spec, path);
            let whole = value.max(0.0).ceil() as u64;
            let text = if bytes { show_bytes(whole) } else { show_count(whole) };
            Stated { known: Known { value: whole, text, from }, path: path.to_owned() }
        };
        let gib = |path: &str, value: f64| stated(path, value * f64::from(1 << 30), true);
        let optional =
            |path: &str, value: Option<u32>| value.map(|value| stated(path, f64::from(value), false));
        let database = spec.database.as_ref();
        let longest = spec
            .tasks
            .iter()
            .enumerate()
            .max_by(|(_, one), (_, other)| one.time_s.mid.total_cmp(&other.time_s.mid));
        let task_time = longest.map(|(index, task)| {
            let path = format!("tasks[{index}].time");
            let from = origin(&file, spec, &path);
            let value = show_seconds(task.time_s.mid);
            (task.time_s.mid, Figure { what: format!("spec: {path}"), value, from })
        });
        Self {
            users: stated("load.users", spec.load.users.mid, false),
            rps: prediction.throughput_rps.value,
            p99_s: prediction.response.p99_s.value,
            busy_cores: requirements.app.busy_cores,
            connections_used: database.map(|_| prediction.connections_used),
            working_set: database.map(|it| gib("database.working_set", it.working_set_gib.mid)),
            cache_used: requirements.cache.as_ref().map(|it| it.memory_used_gib * f64::from(1 << 30)),
            busy_slots: requirements.tasks.as_ref().map(|it| it.busy_slots),
            task_time,
            worker_memory: gib("app.worker_memory", spec.app.worker_memory_gib.mid),
            task_memory: gib("app.task_memory", spec.app.task_memory_gib.mid),
            connections_share: spec.objectives.connections,
            instances: optional("app.instances", spec.app.instances),
            workers: optional("app.workers", spec.app.workers),
            pool: optional("app.pool", spec.app.pool),
            max_connections: optional("database.max_connections", database.and_then(|it| it.max_connections)),
            buffer_pool: database.and_then(|it| it.buffer_pool_gib).map(|it| gib("database.buffer_pool", it)),
            max_memory: spec
                .cache
                .as_ref()
                .and_then(|it| it.max_memory_gib)
                .map(|it| gib("cache.max_memory", it)),
        }
    }
}

fn origin(file: &Arc<str>, spec: &Spec, path: &str) -> From {
    match spec.origins.get(path) {
        Some(Origin::Written { line, column }) => {
            From::Written(Place { file: file.clone(), line: *line, column: *column })
        }
        Some(Origin::Flag) => From::Reckoned("given with --set".to_owned()),
        _ => From::Default("docs/spec.md"),
    }
}
