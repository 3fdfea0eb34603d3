//! Memory of database, application and cache.

use super::super::Finding;
use super::super::assumptions::{CACHE_ITEM_BYTES, FRAGMENTATION, connections_gib};
use super::super::cache::Contents;
use super::super::database::{memory_gib, miss_share};
use super::super::wording::{GIB, memory, number, percent, time};
use super::{Rule, View, note, warning};

pub(super) const RULES: &[Rule] = &[
    worst_case_of_database,
    working_set_exceeds_pool,
    pool_larger_than_data,
    task_memory_dominates,
    results_dominate_cache,
    cache_and_queue_together,
];

fn worst_case_of_database(view: &View<'_>) -> Vec<Finding> {
    let Some(database) = &view.requirements.database else { return Vec::new() };
    let max = f64::from(database.max_connections);
    let worst = memory_gib(database.buffer_pool_gib, max);
    if worst < 1.1 * database.memory_used_gib {
        return Vec::new();
    }
    let sentence = format!(
        "With all {} connections open the database needs {} GiB ({} for the connections) instead of {}: {} GiB is the \
         least for its host, and some servers refuse settings beyond 1.2 times their memory.",
        number(max),
        number(worst),
        number(connections_gib(max)),
        number(database.memory_used_gib),
        number(database.memory_gib)
    );
    vec![note(
        "database-worst-case-memory",
        sentence,
        "Lower database.max_connections to what the pools can open.",
        "database.max_connections",
    )]
}

fn working_set_exceeds_pool(view: &View<'_>) -> Vec<Finding> {
    let (Some(database), Some(needs)) = (&view.spec.database, &view.requirements.database) else {
        return Vec::new();
    };
    if needs.buffer_pool_gib >= database.working_set_gib.mid {
        return Vec::new();
    }
    let sentence = format!(
        "The working set of {} GiB does not fit the buffer pool of {} GiB: {} of the page reads go to disk, {} a second.",
        number(database.working_set_gib.mid),
        number(needs.buffer_pool_gib),
        percent(miss_share(database)),
        number(needs.read_iops)
    );
    let hint = format!("Make the buffer pool {} GiB.", number(database.working_set_gib.mid));
    vec![warning("working-set-exceeds-buffer-pool", sentence, &hint, "database.buffer_pool")]
}

fn pool_larger_than_data(view: &View<'_>) -> Vec<Finding> {
    let Some(database) = &view.spec.database else { return Vec::new() };
    let data = super::super::database::data_gib(database, view.spec.load.horizon_months);
    let Some(pool) = database.buffer_pool_gib.filter(|pool| *pool > 1.2 * data) else { return Vec::new() };
    let sentence = format!(
        "The buffer pool of {} GiB is larger than all data will be at the horizon ({} GiB).",
        number(pool),
        number(data)
    );
    vec![note(
        "buffer-pool-larger-than-data",
        sentence,
        "Make it as large as the working set.",
        "database.buffer_pool",
    )]
}

fn task_memory_dominates(view: &View<'_>) -> Vec<Finding> {
    let Some(tasks) = &view.requirements.tasks else { return Vec::new() };
    let slots = tasks.slots_in_use();
    let memory = f64::from(slots) * view.spec.app.task_memory_gib.mid;
    let all = view.prediction.memory.app_gib;
    if memory <= 0.5 * all || slots < 8 {
        return Vec::new();
    }
    let sentence = format!(
        "{slots} task slots take {} of the application's {} GiB ({}), one process each.",
        number(memory),
        number(all),
        percent(memory / all)
    );
    vec![note(
        "task-memory-dominates",
        sentence,
        "Tasks that mostly wait can share a process (threads or an event loop).",
        "app.task_memory",
    )]
}

/// Share of the cache from which kept results are worth a word.
const RESULTS_SHARE: f64 = 0.3;

fn results_dominate_cache(view: &View<'_>) -> Vec<Finding> {
    let Some(cache) = &view.spec.cache else { return Vec::new() };
    let contents = Contents::of(view.spec, cache, 1.0);
    let share = contents.results_bytes / (contents.results_bytes + contents.entries_bytes).max(1.0);
    let tasks = view.spec.tasks.iter().enumerate();
    let most = tasks.max_by(|(_, a), (_, b)| {
        let kept = |t: &crate::spec::Task| {
            t.rate_per_s.mid * t.keep_result_s.mid * (t.result_bytes.mid + CACHE_ITEM_BYTES)
        };
        kept(a).total_cmp(&kept(b))
    });
    let Some((index, task)) = most.filter(|_| share >= RESULTS_SHARE) else { return Vec::new() };
    let memory = |bytes: f64| memory(bytes * FRAGMENTATION / GIB);
    let hour = contents.results_bytes * (3_600.0 / task.keep_result_s.mid).min(1.0);
    let sentence = format!(
        "{} kept task results take {} of the cache ({}), because those of '{}' are kept for {}.",
        number(contents.results),
        memory(contents.results_bytes),
        percent(share),
        task.name,
        time(task.keep_result_s.mid)
    );
    let hint = format!("Keep results for an hour ({}), or do not store what nobody reads.", memory(hour));
    vec![warning("results-dominate-cache", sentence, &hint, &format!("tasks[{index}].keep_result"))]
}

fn cache_and_queue_together(view: &View<'_>) -> Vec<Finding> {
    let entries = view.spec.cache.as_ref().map_or(0.0, |cache| cache.entries.mid);
    if entries <= 0.0 || view.spec.tasks.is_empty() {
        return Vec::new();
    }
    let sentence = format!(
        "One cache instance holds {} entries and the task queue, but it has one eviction policy: noeviction makes \
         cache writes fail when it is full, allkeys-lru may throw away the queue.",
        number(entries)
    );
    vec![warning(
        "cache-and-queue-share-instance",
        sentence,
        "Use two instances: the queue with noeviction and persistence, the cache with allkeys-lru and none.",
        "cache",
    )]
}
