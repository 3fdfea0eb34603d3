//! Cache and queue in containers: two instances, since what a cache may forget a queue must not.

use super::mebibytes;
use crate::sizing::CacheRequirement;
use crate::spec::Spec;

/// Resident bytes for each byte of data, and of structures for each key: what sizing takes too.
const FRAGMENTATION: f64 = 1.25;
const KEY_BYTES: f64 = 110.0;
/// The smallest queue, MiB.
const LEAST_MIB: u32 = 128;
/// Memory of buffers and of the server itself, MiB.
const SERVER_MIB: u32 = 64;

/// The cache of a host: forgets what was used least when it is full, and keeps nothing over a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// Image.
    pub image: String,
    /// Server program in it.
    pub program: String,
    /// Memory of data, MiB.
    pub data_mib: u32,
    /// Memory limit of the container, MiB.
    pub memory_mib: u32,
}

impl Cache {
    pub(super) fn of(need: &CacheRequirement) -> Self {
        let (image, program) = image(Some(need));
        let data_mib = mebibytes(need.max_memory_gib);
        Self { image, program, data_mib, memory_mib: data_mib + data_mib / 4 + SERVER_MIB }
    }
}

/// The queue of a host: refuses what no longer fits, and writes down what it holds each second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Image.
    pub image: String,
    /// Server program in it.
    pub program: String,
    /// Memory of data, MiB.
    pub data_mib: u32,
    /// Memory limit of the container, MiB: twice the data, which is copied while it is rewritten.
    pub memory_mib: u32,
}

impl Queue {
    /// Room for a task of each user, and for the results that are kept.
    pub(super) fn of(spec: &Spec, cache: Option<&CacheRequirement>) -> Self {
        let (image, program) = image(cache);
        let results: f64 = spec
            .tasks
            .iter()
            .map(|task| task.rate_per_s.mid * task.keep_result_s.mid * (task.result_bytes.mid + KEY_BYTES))
            .sum();
        let message = spec.tasks.iter().map(|task| task.message_bytes.mid + KEY_BYTES).fold(0.0, f64::max);
        let bytes = (results + spec.load.users.mid * message) * FRAGMENTATION / spec.objectives.cache_memory;
        let data_mib = mebibytes(bytes / f64::from(1 << 30)).max(LEAST_MIB);
        Self { image, program, data_mib, memory_mib: 2 * data_mib + SERVER_MIB }
    }
}

/// The newest of each line in 2026: valkey 8.1, redis 7.2 (the last one under the BSD licence).
fn image(need: Option<&CacheRequirement>) -> (String, String) {
    let engine = need.map_or("valkey", |need| need.engine.as_str());
    let version = need.and_then(|need| need.version.as_deref());
    match engine {
        "redis" => (format!("redis:{}", version.unwrap_or("7.2")), "redis-server".to_owned()),
        _ => (format!("valkey/valkey:{}", version.unwrap_or("8.1")), "valkey-server".to_owned()),
    }
}
