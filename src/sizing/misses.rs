//! Objectives that a prediction misses, each with its numbers.

use super::wording::{count, number, percent, time};
use super::{Finding, Model, Prediction, Severity};

/// Use of memory beyond which a host has no room left for page cache and peaks.
const MEMORY_CEILING: f64 = super::assumptions::MEMORY_CEILING;

impl Model {
    /// Objectives and limits that the prediction misses; empty when all are met. All are errors but memory between
    /// 85 % and 100 %, which is a warning.
    #[must_use]
    pub fn misses(&self, prediction: &Prediction) -> Vec<Finding> {
        let mut found = self.missed_times(prediction);
        found.extend(self.missed_cpu(prediction));
        found.extend(self.missed_connections(prediction));
        found.extend(missed_memory(prediction));
        found.extend(self.missed_cache(prediction));
        found.extend(self.missed_tasks(prediction));
        found
    }

    fn missed_times(&self, prediction: &Prediction) -> Vec<Finding> {
        let (objectives, times) = (&self.spec.objectives, &prediction.response);
        [
            ("mean-missed", "mean", objectives.mean_s, times.mean_s),
            ("p95-missed", "p95", objectives.p95_s, times.p95_s),
            ("p99-missed", "p99", objectives.p99_s, times.p99_s),
        ]
        .into_iter()
        .filter_map(|(code, name, objective, estimate)| {
            let objective = objective.filter(|objective| estimate.value > *objective)?;
            let sentence = format!(
                "With {} the {name} response time is {}, more than the {} asked for.",
                count(prediction.users, "user"),
                time(estimate.value),
                time(objective)
            );
            Some(missed(
                code,
                sentence,
                "Take more cores, or shorten CPU and waiting of the requests.",
                &format!("objectives.{name}"),
            ))
        })
        .collect()
    }

    fn missed_cpu(&self, prediction: &Prediction) -> Vec<Finding> {
        let limit = self.spec.objectives.cpu;
        let database = prediction.capacity.database_servers.zip(prediction.database_utilisation);
        [
            (
                "app-cpu-missed",
                "application",
                Some((prediction.capacity.app_servers, prediction.app_utilisation)),
            ),
            ("database-cpu-missed", "database", database),
        ]
        .into_iter()
        .filter_map(|(code, tier, of)| {
            let (cores, utilisation) = of.filter(|(_, utilisation)| *utilisation > limit)?;
            let sentence = format!(
                "With {} the {tier}'s CPU ({}) is {} busy, above the limit of {}.",
                count(prediction.users, "user"),
                count(f64::from(cores), "core"),
                percent(utilisation),
                percent(limit)
            );
            Some(missed(code, sentence, "Take more cores for this tier.", "objectives.cpu"))
        })
        .collect()
    }

    fn missed_connections(&self, prediction: &Prediction) -> Option<Finding> {
        let max = f64::from(prediction.capacity.max_connections?);
        let share = self.spec.objectives.connections;
        if prediction.connections_used <= share * max {
            return None;
        }
        let sentence = format!(
            "{} database connections are in use of {}, more than {}.",
            number(prediction.connections_used),
            number(max),
            percent(share)
        );
        Some(missed(
            "connections-missed",
            sentence,
            "Raise the connection limit, or hold connections only around queries.",
            "objectives.connections",
        ))
    }

    fn missed_cache(&self, prediction: &Prediction) -> Option<Finding> {
        let (used, max) = (prediction.memory.cache_gib?, self.spec.cache.as_ref()?.max_memory_gib?);
        let share = self.spec.objectives.cache_memory;
        if used <= share * max {
            return None;
        }
        let sentence = format!(
            "The cache holds {} GiB of its {} GiB, more than {}.",
            number(used),
            number(max),
            percent(share)
        );
        Some(missed(
            "cache-memory-missed",
            sentence,
            "Raise cache.max_memory, keep fewer entries, or keep task results for a shorter time.",
            "objectives.cache_memory",
        ))
    }

    fn missed_tasks(&self, prediction: &Prediction) -> Option<Finding> {
        let wait_s = self.spec.objectives.task_wait_s?;
        let load = super::tasks::TaskLoad::of(&self.spec);
        let growth = self.task_growth(prediction.users as u32);
        let seen = load.station(self.slots(), growth).wait_quantile_s(0.95);
        if self.spec.tasks.is_empty() || seen <= wait_s {
            return None;
        }
        let seen = if seen.is_finite() { time(seen) } else { "without end".to_owned() };
        let sentence = format!(
            "One task in twenty waits {seen} or longer for one of {} slots; {} were asked for.",
            self.slots(),
            time(wait_s)
        );
        Some(missed(
            "task-wait-missed",
            sentence,
            "Take more task workers or a higher concurrency.",
            "objectives.task_wait",
        ))
    }
}

fn missed_memory(prediction: &Prediction) -> Option<Finding> {
    let has = prediction.capacity.app_memory_gib?;
    let used = prediction.memory.app_gib;
    if used <= MEMORY_CEILING * has {
        return None;
    }
    let severity = if used > has { Severity::Error } else { Severity::Warning };
    let sentence = format!(
        "The application uses {} of {} GiB ({}), more than {} in steady use.",
        number(used),
        number(has),
        percent(used / has),
        percent(MEMORY_CEILING)
    );
    let mut finding = missed(
        "app-memory-short",
        sentence,
        "Take machines with more memory, or fewer task slots and worker processes.",
        "app",
    );
    finding.severity = severity;
    Some(finding)
}

fn missed(code: &'static str, sentence: String, hint: &str, path: &str) -> Finding {
    Finding { code, severity: Severity::Error, sentence, hint: hint.to_owned(), path: path.to_owned() }
}
