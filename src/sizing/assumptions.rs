//! Every figure that sizing assumes and a spec cannot state: one home each, with reason and source.
//!
//! [`ASSUMPTIONS`] lists them for reports.

/// A figure taken for granted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumption {
    /// What it is, with its unit.
    pub what: &'static str,
    /// The figure.
    pub value: f64,
    /// Why this figure, and where it comes from.
    pub reason: &'static str,
}

macro_rules! assumptions {
    ($($(#[$doc:meta])* $name:ident = $value:expr, $what:expr, $reason:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: f64 = $value;)*
        /// All of them.
        pub const ASSUMPTIONS: &[Assumption] = &[$(Assumption { what: $what, value: $value, reason: $reason }),*];
    };
}

assumptions! {
    /// Factor on payload bytes.
    PROTOCOL_OVERHEAD = 1.06, "bytes on the wire for each byte of payload", "headers of TCP, TLS and HTTP, about 6 %";
    /// Factor on mean network traffic.
    NETWORK_BURST = 2.0, "network to provide over the mean at the peak", "traffic of a second varies; twice the mean keeps queues off the link";
    /// Hours.
    HOURS_PER_MONTH = 730.0, "hours in a month", "8,760 hours in a year, divided by 12: how most clouds bill";
    /// Share of the connections that may make a request wait.
    POOL_WAIT_PROBABILITY = 0.01, "share of requests that may wait for a connection when a pool is sized", "Erlang C at 1 %, about L + 2.4 sqrt(L)";
    /// Connections.
    ADMIN_CONNECTIONS = 10.0, "connections kept for migrations, exporters and people", "at least 10: one each for a migration, an exporter, a backup and a person, with room";
    /// Factor on the buffer pool.
    BUFFER_POOL_OVERHEAD = 1.10, "memory of the buffer pool for each GiB configured", "control blocks and hash index, about 10 % (MySQL 8 manual)";
    /// MiB: 1,024 + 3 x 256 + 128 + 32 = 1,952 KiB.
    CONNECTION_MIB = 1.906, "MiB for each database connection", "session defaults of MySQL 8: stack 1 MiB, sort, join and random-read buffers 256 KiB each, read buffer 128 KiB, binary-log cache 32 KiB";
    /// GiB.
    DATABASE_BASE_GIB = 0.9, "GiB of a database server before buffers and connections", "measured order of magnitude of MySQL 8 with performance_schema";
    /// GiB.
    DATABASE_SYSTEM_GIB = 1.0, "GiB of the operating system and agents on a database host", "what managed databases keep back from the nominal memory";
    /// Share.
    MEMORY_CEILING = 0.85, "share of a host's memory in steady use", "the rest is page cache, temporary tables, backups";
    /// Share.
    MISS_FLOOR = 0.005, "share of page reads that miss the buffer pool at best", "new pages, reads after a restart";
    /// Exponent of Zipf's law.
    ZIPF_ALPHA = 0.8, "skew of page popularity (Zipf)", "Breslau 1999: 0.64 to 0.83 for web traffic";
    /// Pages.
    PAGES_PER_QUERY = 1.0, "pages that a reading query touches below the cached index levels", "point reads by primary key";
    /// Seconds.
    FLUSH_S = 0.001, "seconds a durable write to a solid-state volume takes", "commits that arrive within it share one flush";
    /// Commits.
    GROUP_COMMIT_MOST = 16.0, "commits that share a flush at most", "group commit rarely forms larger groups";
    /// Pages.
    DIRTY_PAGES_PER_WRITE = 0.5, "pages written back for each writing query", "half of the writes hit a page that is dirty already";
    /// Operations a second.
    VOLUME_IOPS = 3_000.0, "disk operations a second of an ordinary volume", "usual baseline of general-purpose solid-state volumes";
    /// Share.
    STORAGE_CEILING = 0.8, "share of the storage in use at the horizon", "room for maintenance such as rebuilding a table";
    /// Bytes.
    LOG_BYTES_PER_WRITE = 1_024.0, "bytes of binary log for each writing query", "a row event with its header; depends on the row";
    /// Days.
    LOG_DAYS = 1.0, "days that binary logs stay on the volume", "enough for a replica or a backup to catch up";
    /// GiB.
    TEMPORARY_GIB = 2.0, "GiB for temporary tables", "1 GiB in memory and 1 GiB mapped: defaults of MySQL 8.0";
    /// Bytes.
    CACHE_ITEM_BYTES = 110.0, "bytes of the cache's own structures for each key", "dictionary entry, object header, key and allocator rounding";
    /// Factor.
    FRAGMENTATION = 1.25, "resident bytes for each byte of data in the cache", "allocator fragmentation of a cache with churn";
    /// Bytes.
    CLIENT_BYTES = 20_480.0, "bytes of the cache for each client", "buffers of an idle client";
    /// Bytes.
    REPLICATION_BACKLOG_BYTES = 1_048_576.0, "bytes of the cache for the backlog of a replica", "repl-backlog-size of 1 MiB, the default of Redis and Valkey";
    /// Factor.
    COPY_ON_WRITE = 2.0, "host memory for each GiB of the cache's limit", "a snapshot may copy every page while it runs";
    /// Bytes.
    QUERY_BYTES = 2_048.0, "bytes between application and database for each query", "statement and a few rows; a spec does not state row sizes";
    /// Share of time.
    NODE_AVAILABILITY = 0.995, "availability of one machine or one single-node service", "usual service level for single instances";
    /// Share of time.
    ZONE_AVAILABILITY = 0.9995, "availability of one zone", "a zone-wide event of some hours a year";
    /// Share of time.
    DATABASE_PAIR_AVAILABILITY = 0.9995, "availability of a database with a standby", "usual service level of managed pairs; a failover takes 60 to 120 s";
    /// Share of time.
    CACHE_PAIR_AVAILABILITY = 0.9999, "availability of a cache with a replica", "usual service level of managed pairs";
    /// Share of time.
    BALANCER_AVAILABILITY = 0.9999, "availability of a managed balancer", "usual service level";
    /// Worker utilisation.
    WORKER_TARGET = 0.70, "share of a single-threaded worker process in use", "beyond it, waits at one event loop exceed two service times";
}

/// Memory of connections, GiB.
pub(crate) fn connections_gib(connections: f64) -> f64 {
    connections * CONNECTION_MIB / 1024.0
}
