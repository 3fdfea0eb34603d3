//! Task workers: slots, the time a task may take, and what follows from it for the queue and for a stop.

use super::web::add;
use super::{Refusal, Site, mebibytes, program, seconds, words};
use crate::sizing::TasksRequirement;
use crate::spec::Spec;

/// A message that nobody acknowledged becomes visible again after this time, s (docs.celeryq.dev, redis: 1 h by itself).
const VISIBILITY_S: u32 = 3600;
/// Slots of one worker where the spec says nothing.
const SLOTS: u32 = 16;
/// Share of a container's memory in steady use.
const MEMORY_CEILING: f64 = 0.85;

/// The task workers of one host.
#[derive(Debug, Clone, PartialEq)]
pub struct Tasks {
    /// Containers.
    pub workers: u32,
    /// Tasks at once in each.
    pub concurrency: u32,
    /// Command with the options that follow from the spec.
    pub command: Vec<String>,
    /// How the health of a worker is asked for; `None`: it is not known how.
    pub health: Option<Vec<String>>,
    /// Database connections of each process, and processes in each container; the connections are kept, as many may be opened
    /// beside them.
    pub pool: (u32, u32),
    /// Memory limit of each container, MiB.
    pub memory_mib: u32,
    /// Longest time of a task, s.
    pub limit_s: u32,
    /// After how long a message that nobody acknowledged is given to another worker, s.
    pub visibility_s: u32,
    /// How long results are kept, s.
    pub keep_result_s: u32,
    /// How long the container may take to stop, s: running tasks are finished.
    pub stop_s: u32,
}

impl Tasks {
    /// `None` without tasks.
    pub(super) fn of(
        spec: &Spec,
        need: Option<&TasksRequirement>,
        site: Site,
    ) -> Result<Option<Self>, Refusal> {
        let Some(need) = need else { return Ok(None) };
        let Some(command) = spec.deploy.task_command.as_deref() else {
            return Err(Refusal::new(
                format!("the spec has {} and no command that works on them", kinds(spec)),
                "state it, such as deploy.task_command: celery -A app.tasks worker",
            ));
        };
        let slots = need.slots_in_use().max(1);
        let (all, concurrency) = match (spec.app.task_workers, spec.app.task_concurrency) {
            (Some(workers), Some(concurrency)) => (workers, concurrency),
            (Some(workers), None) => (workers, slots.div_ceil(workers)),
            (None, concurrency) => {
                let concurrency = concurrency.unwrap_or(slots.min(SLOTS));
                (slots.div_ceil(concurrency), concurrency)
            }
        };
        let longest = spec.tasks.iter().map(|task| task.time_s.mid).fold(0.0, f64::max);
        let limit_s = seconds(spec.deploy.task_timeout_s.unwrap_or((10.0 * longest).max(300.0)));
        let mut command = words(command);
        let threads = shares_one_process(&command);
        let health = health(&command);
        if program(&command) == "celery" {
            add(
                &mut command,
                &[
                    (&["--concurrency", "-c"], concurrency.to_string()),
                    (&["--prefetch-multiplier"], "1".to_owned()),
                    (&["--time-limit"], limit_s.to_string()),
                ],
            );
        }
        let keep = spec.tasks.iter().map(|task| task.keep_result_s.mid).fold(0.0, f64::max);
        Ok(Some(Self {
            workers: all.div_ceil(site.hosts),
            concurrency,
            command,
            health,
            pool: if threads { (concurrency, 1) } else { (1, concurrency) },
            memory_mib: mebibytes(f64::from(concurrency) * spec.app.task_memory_gib.mid / MEMORY_CEILING),
            limit_s,
            visibility_s: VISIBILITY_S.max(limit_s.saturating_mul(2)),
            keep_result_s: seconds(keep).max(60),
            stop_s: limit_s.saturating_add(10),
        }))
    }

    /// Most database connections of the task workers of all hosts.
    pub(super) fn connections_of_all(&self, site: Site) -> u32 {
        let (size, processes) = self.pool;
        let each = size.saturating_mul(2).saturating_mul(processes);
        each.saturating_mul(self.workers).saturating_mul(site.hosts)
    }
}

fn kinds(spec: &Spec) -> String {
    match spec.tasks.as_slice() {
        [one] => format!("the task `{}`", one.name),
        several => format!("{} kinds of tasks", several.len()),
    }
}

/// Whether all slots share one process and its pool (docs.celeryq.dev, concurrency).
fn shares_one_process(words: &[String]) -> bool {
    let kinds = ["gevent", "eventlet", "threads", "solo"];
    words
        .windows(2)
        .any(|pair| matches!(pair[0].as_str(), "-P" | "--pool") && kinds.contains(&pair[1].as_str()))
        || words.iter().any(|word| {
            kinds.iter().any(|kind| *word == format!("--pool={kind}") || *word == format!("-P{kind}"))
        })
}

/// celery's own question to the worker of this container.
fn health(words: &[String]) -> Option<Vec<String>> {
    let at = words.iter().position(|word| word == "worker").filter(|_| program(words) == "celery")?;
    let renamed = words.iter().any(|word| word.starts_with("--hostname") || word.starts_with("-n"));
    let mut asked = words[..at].to_vec();
    asked.extend(["inspect", "ping", "--timeout", "5"].map(str::to_owned));
    if !renamed {
        asked.extend(["--destination", "celery@$HOSTNAME"].map(str::to_owned));
    }
    Some(asked)
}
