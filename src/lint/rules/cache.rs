//! Redis and Valkey: memory, what is thrown away, who else is in there, how many may come.

use super::super::facts::Stack;
use super::super::facts::server::Cache;
use super::super::known::{Figure, Known};
use super::super::units::show_bytes;
use super::{Hit, Rule, Severity, hit};

/// Share of the memory that may be data where snapshots or a log are written: a fork copies what changes meanwhile.
const WITH_FORK: f64 = 0.7;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "maxmemory-above-memory",
        severity: Severity::Error,
        title: "maxmemory fits into the container's memory",
        failure: "the kernel kills Redis before it evicts anything, and what was not saved is gone",
        source: "redis.conf, maxmemory; compose-spec 05, mem_limit",
        check: above,
    },
    Rule {
        id: "maxmemory-without-room",
        severity: Severity::Warning,
        title: "memory is left for the copy that saving makes",
        failure: "while it saves, Redis copies what changes; under writes it reaches the container's limit and is killed",
        source: "redis.io, administration: fork and copy on write; redis.conf, save and maxmemory",
        check: without_room,
    },
    Rule {
        id: "maxmemory-missing",
        severity: Severity::Warning,
        title: "Redis knows a bound below the container's memory",
        failure: "Redis grows until the kernel kills it: without maxmemory (0 by itself) it never evicts",
        source: "redis.conf, maxmemory",
        check: missing,
    },
    Rule {
        id: "queue-can-be-evicted",
        severity: Severity::Error,
        title: "a queue is never evicted",
        failure: "at the memory bound tasks disappear without a trace: a queue is one key, and may go as a whole",
        source: "redis.io, key eviction; docs.celeryq.dev, Redis: key eviction",
        check: evicted,
    },
    Rule {
        id: "cache-shares-queue",
        severity: Severity::Warning,
        title: "cache and queue are two instances",
        failure: "one policy holds for both: either tasks are evicted, or a full cache refuses new tasks (OOM command not allowed)",
        source: "redis.conf, maxmemory-policy: one for the instance, database numbers share it",
        check: shared,
    },
    Rule {
        id: "queue-not-persistent",
        severity: Severity::Warning,
        title: "a queue survives a restart",
        failure: "after a restart the tasks since the last snapshot are gone, up to an hour of them",
        source: "redis.conf, appendonly (no by itself) and save (3600 1 300 100 60 10000 by itself)",
        check: not_persistent,
    },
];

fn memory<'a>(stack: &'a Stack, cache: &Cache) -> Option<&'a Known<u64>> {
    stack.service(cache.service)?.memory.as_ref()
}

fn limit_name(cache: &Cache) -> String {
    format!("{}: memory limit", cache.name)
}

/// The name of a setting with the server that it belongs to.
pub(super) fn setting(cache: &Cache, name: &str) -> String {
    format!("{}: {name}", cache.name)
}

fn above(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        let (memory, max) = (memory(stack, cache)?, cache.max_memory()?);
        if max.value < memory.value {
            return None;
        }
        let sentence = format!(
            "maxmemory {} is no less than the container's {}.",
            show_bytes(max.value),
            show_bytes(memory.value)
        );
        let fit = (memory.value as f64 * WITH_FORK) as u64;
        let room = (max.value as f64 / WITH_FORK).ceil() as u64;
        Some(
            hit(sentence, vec![max.figure(setting(cache, "maxmemory")), memory.figure(limit_name(cache))])
                .agree(setting(cache, "maxmemory"), format!("at most {}", show_bytes(fit)))
                .agree(limit_name(cache), format!("at least {}", show_bytes(room))),
        )
    };
    stack.caches.iter().filter_map(one).collect()
}

fn without_room(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        let (memory, max) = (memory(stack, cache)?, cache.max_memory()?);
        let saves = cache.append_only().value || cache.snapshots();
        let fit = (memory.value as f64 * WITH_FORK) as u64;
        if !saves || max.value <= fit || max.value >= memory.value {
            return None;
        }
        let sentence = format!(
            "maxmemory {} of {} leaves too little for the copy while it saves.",
            show_bytes(max.value),
            show_bytes(memory.value)
        );
        let mut figures = vec![max.figure(setting(cache, "maxmemory")), memory.figure(limit_name(cache))];
        figures.push(match cache.word("save") {
            Some(word) => word.figure(setting(cache, "save")),
            None if cache.append_only().value => cache.append_only().figure(setting(cache, "appendonly")),
            None => Known::default((), "3600 1 300 100 60 10000", "redis.conf, save")
                .figure(setting(cache, "save")),
        });
        let room = (max.value as f64 / WITH_FORK).ceil() as u64;
        Some(
            hit(sentence, figures)
                .agree(setting(cache, "maxmemory"), format!("at most {}", show_bytes(fit)))
                .agree(limit_name(cache), format!("at least {}", show_bytes(room))),
        )
    };
    stack.caches.iter().filter_map(one).collect()
}

fn missing(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        let memory = memory(stack, cache)?;
        if cache.max_memory().is_some() {
            return None;
        }
        let max = cache
            .bytes("maxmemory")
            .unwrap_or_else(|| Known::default(0, "0 (no bound)", "redis.conf, maxmemory"));
        let sentence = format!("{} may grow without bound in {}.", cache.name, show_bytes(memory.value));
        let fit = show_bytes((memory.value as f64 * WITH_FORK) as u64);
        Some(
            hit(sentence, vec![memory.figure(limit_name(cache)), max.figure(setting(cache, "maxmemory"))])
                .agree(setting(cache, "maxmemory"), format!("at most {fit}")),
        )
    };
    stack.caches.iter().filter_map(one).collect()
}

fn queues(cache: &Cache) -> Vec<Figure> {
    cache.queues.iter().map(|(what, place)| Figure::at(what, "queue", place)).collect()
}

fn evicted(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        let policy = cache.policy();
        if cache.queues.is_empty() || !policy.value.starts_with("allkeys-") {
            return None;
        }
        let sentence = format!("{} is a queue and evicts any key ({}).", cache.name, policy.value);
        let mut figures = vec![policy.figure(setting(cache, "maxmemory-policy"))];
        figures.extend(cache.max_memory().map(|max| max.figure(setting(cache, "maxmemory"))));
        figures.extend(queues(cache));
        Some(hit(sentence, figures).agree(
            setting(cache, "maxmemory-policy"),
            "noeviction, with the cache in an instance of its own",
        ))
    };
    stack.caches.iter().filter_map(one).collect()
}

fn shared(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        if cache.queues.is_empty() || cache.caches.is_empty() {
            return None;
        }
        let policy = cache.policy();
        let sentence =
            format!("{} is cache and queue at once, under one policy ({}).", cache.name, policy.value);
        let mut figures = queues(cache);
        figures.extend(cache.caches.iter().map(|(what, place)| Figure::at(what, "cache", place)));
        figures.push(policy.figure(setting(cache, "maxmemory-policy")));
        Some(
            hit(sentence, figures)
                .agree("the queue", "an instance with maxmemory-policy noeviction and appendonly yes")
                .agree("the cache", "an instance with maxmemory-policy allkeys-lru"),
        )
    };
    stack.caches.iter().filter_map(one).collect()
}

fn not_persistent(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        let log = cache.append_only();
        if cache.queues.is_empty() || log.value {
            return None;
        }
        let mut figures = vec![log.figure(setting(cache, "appendonly"))];
        figures.extend(queues(cache));
        let sentence = format!("{} is a queue and writes no log.", cache.name);
        Some(hit(sentence, figures).agree(setting(cache, "appendonly"), "yes, with appendfsync everysec"))
    };
    stack.caches.iter().filter_map(one).collect()
}
