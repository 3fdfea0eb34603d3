//! The cache tier: memory of entries and task results, the limit to configure, the host beneath.

use super::assumptions::{
    CACHE_ITEM_BYTES, CLIENT_BYTES, COPY_ON_WRITE, FRAGMENTATION, REPLICATION_BACKLOG_BYTES,
};
use super::tasks::tally;
use super::wording::{GIB, count, memory, number, percent};
use super::{CacheRequirement, Need, Tally};
use crate::spec::{Cache, Spec};

/// What the data in the cache takes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Contents {
    /// Entries.
    pub(crate) entries_bytes: f64,
    /// Results of tasks that are still kept.
    pub(crate) results_bytes: f64,
    /// Number of those results.
    pub(crate) results: f64,
}

impl Contents {
    /// The contents with task rates multiplied by `growth`.
    pub(crate) fn of(spec: &Spec, cache: &Cache, growth: f64) -> Self {
        let kept = spec.tasks.iter().map(|task| {
            let count = task.rate_per_s.mid * growth * task.keep_result_s.mid;
            (count, count * (task.result_bytes.mid + CACHE_ITEM_BYTES))
        });
        let (results, results_bytes) = kept.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let entries_bytes = cache.entries.mid * (cache.entry_size_bytes.mid + CACHE_ITEM_BYTES);
        Self { entries_bytes, results_bytes, results }
    }

    /// All of it, GiB.
    pub(crate) fn used_gib(&self) -> f64 {
        (self.entries_bytes + self.results_bytes) / GIB
    }

    /// With fragmentation, GiB.
    pub(crate) fn resident_gib(&self) -> f64 {
        self.used_gib() * FRAGMENTATION
    }
}

/// What the cache of a spec needs; `None` without one.
pub(crate) fn requirement(spec: &Spec, processes: u32, slots: u32) -> Option<CacheRequirement> {
    let cache = spec.cache.as_ref()?;
    let contents = Contents::of(spec, cache, 1.0);
    let (used, resident) = (contents.used_gib(), contents.resident_gib());
    // Every user may put one task into the queue at once.
    let message = spec.tasks.iter().map(|task| task.message_bytes.mid + CACHE_ITEM_BYTES).fold(0.0, f64::max);
    let queue = spec.load.users.mid * message * FRAGMENTATION / GIB;
    let replication = if spec.resilience.cache_replica { REPLICATION_BACKLOG_BYTES } else { 0.0 };
    let clients = (f64::from(processes.saturating_add(slots)) * CLIENT_BYTES + replication) / GIB;
    let limit = (resident + queue + clients) / spec.objectives.cache_memory;
    let max_memory_gib = cache.max_memory_gib.unwrap_or(limit);
    let needs = vec![
        Need {
            limit: "memory",
            value: used,
            unit: "GiB",
            arithmetic: format!(
                "{} x {} bytes + {} = {}",
                count(cache.entries.mid, "key"),
                number(cache.entry_size_bytes.mid + CACHE_ITEM_BYTES),
                count(contents.results, "kept result"),
                memory(used)
            ),
        },
        Need {
            limit: "fragmentation",
            value: resident,
            unit: "GiB",
            arithmetic: format!("{} x {FRAGMENTATION} = {}", memory(used), memory(resident)),
        },
        Need {
            limit: "memory limit",
            value: limit,
            unit: "GiB",
            arithmetic: format!(
                "({} + {} for a task of each user in the queue + {} for clients) / {} = {}",
                memory(resident),
                memory(queue),
                memory(clients),
                percent(spec.objectives.cache_memory),
                memory(limit)
            ),
        },
    ];
    let Tally { mut needs, binding } = tally(needs);
    needs.push(Need {
        limit: "host memory",
        value: max_memory_gib * COPY_ON_WRITE,
        unit: "GiB",
        arithmetic: format!(
            "limit of {} x {COPY_ON_WRITE}, because a snapshot may copy every page while it is written",
            memory(max_memory_gib)
        ),
    });
    Some(CacheRequirement {
        tally: Tally { needs, binding },
        engine: cache.engine.clone(),
        version: cache.version.clone(),
        memory_used_gib: used,
        memory_resident_gib: resident,
        max_memory_gib,
        memory_gib: max_memory_gib,
        host_memory_gib: max_memory_gib * COPY_ON_WRITE,
        replica: spec.resilience.cache_replica,
        backup_days: spec.resilience.backup_days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fixtures::teachers;

    #[test]
    fn entries_and_kept_results_fill_the_cache() {
        let spec = teachers();
        let contents = Contents::of(&spec, spec.cache.as_ref().unwrap(), 1.0);
        // 100,000 x 8302 + 4.8 x 86,400 x 1134 = 830.2e6 + 470.3e6 bytes
        assert!((contents.results - 414_720.0).abs() < 1e-6);
        assert!((contents.used_gib() - 1.2112).abs() < 0.0001);
        assert!((contents.resident_gib() - 1.514).abs() < 0.001);
        let requirement = requirement(&spec, 16, 64).unwrap();
        assert!((requirement.max_memory_gib - 2.0).abs() < 1e-12);
        assert!((requirement.host_memory_gib - 4.0).abs() < 1e-12);
    }

    #[test]
    fn without_a_stated_limit_the_cache_may_be_four_fifths_full() {
        let mut spec = teachers();
        spec.cache.as_mut().unwrap().max_memory_gib = None;
        let requirement = requirement(&spec, 16, 64).unwrap();
        // (1.5140 + 2000 x 1134 bytes x 1.25 + 80 x 20 KiB + 1 MiB) / 0.8
        // = (1.5140 + 0.0026 + 0.0015 + 0.0010) / 0.8
        assert!((requirement.max_memory_gib - 1.899).abs() < 0.001, "{}", requirement.max_memory_gib);
    }
}
