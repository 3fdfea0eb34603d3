//! The database in a container: buffer pool, connections, files, and the memory that all of them take at worst.

use super::mebibytes;
use crate::sizing::DatabaseRequirement;
use crate::tune::render::Container;

/// Memory of each connection at worst, GiB: session buffers of 1.91 MiB and 257,700 bytes of performance_schema (the rule of
/// managed servers for parameters that do not fit, and the defaults of MySQL 8).
const CONNECTION_GIB: f64 = (1.91 * 1_048_576.0 + 257_700.0) / 1_073_741_824.0;
/// Control structures for each GiB of buffer pool (MySQL manual, innodb_buffer_pool_size), and the server itself, GiB.
const POOL_OVERHEAD: f64 = 1.1;
const SERVER_GIB: f64 = 0.9;
/// Below this buffer pool half a GiB of redo log is enough, GiB (MySQL manual, innodb_dedicated_server).
const LARGE_POOL_GIB: f64 = 8.0;

/// The database of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Image.
    pub image: String,
    /// Buffer pool, MiB.
    pub buffer_pool_mib: u32,
    /// Connections that it accepts.
    pub max_connections: u32,
    /// Redo log, MiB.
    pub redo_log_mib: u32,
    /// Tables kept open.
    pub table_cache: u32,
    /// Open files.
    pub files: u32,
    /// Memory limit of the container, MiB.
    pub memory_mib: u32,
    /// How long an idle connection is kept, s: longer than pools keep theirs.
    pub idle_s: u32,
    /// How long a pool keeps a connection, s.
    pub recycle_s: u32,
    /// Days of binary logs, for a restore to a moment.
    pub log_days: u32,
}

impl Database {
    pub(super) fn of(need: &DatabaseRequirement, connections: u32, container: &Container) -> Self {
        let worst =
            need.buffer_pool_gib * POOL_OVERHEAD + SERVER_GIB + f64::from(connections) * CONNECTION_GIB;
        let table_cache = connections.saturating_mul(2).clamp(2000, 65_536);
        // MySQL manual, open_files_limit: 10 + max_connections + 2 x table_open_cache.
        let files = (10 + connections + 2 * table_cache).next_power_of_two();
        Self {
            image: format!("mysql:{}", need.version),
            buffer_pool_mib: mebibytes(need.buffer_pool_gib),
            max_connections: connections,
            redo_log_mib: if need.buffer_pool_gib < LARGE_POOL_GIB { 512 } else { 2048 },
            table_cache,
            files: container.open_files().map_or(files, |most| files.max(most)),
            memory_mib: mebibytes(need.memory_gib.max(worst)),
            idle_s: 3600,
            recycle_s: 1800,
            log_days: need.backup_days.clamp(1, 14),
        }
    }
}
