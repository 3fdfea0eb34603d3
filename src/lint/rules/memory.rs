//! Memory of the database against what its container may have.

use super::super::facts::Stack;
use super::super::facts::server::Database;
use super::super::known::{Figure, Known};
use super::super::units::{show_bytes, show_count};
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "buffer-pool-above-memory",
        severity: Severity::Error,
        title: "the buffer pool fits into the container's memory",
        failure: "the kernel kills the database as soon as the pool has filled",
        source: "MySQL 8.4 manual, innodb_buffer_pool_size; compose-spec 05, mem_limit",
        check: pool_above,
    },
    Rule {
        id: "database-far-above-memory",
        severity: Severity::Error,
        title: "the database's worst case stays below 1.2 x its memory",
        failure: "a burst of connections makes the kernel kill the database",
        source: "rule by which a managed MySQL refuses parameters: buffers + max_connections x (session buffers + 257,700 B of \
                 performance_schema) at most 1.2 x memory; MySQL 8.4 manual, \"How MySQL uses memory\"",
        check: far_above,
    },
    Rule {
        id: "database-above-memory",
        severity: Severity::Warning,
        title: "the database's worst case fits into its memory",
        failure: "with all connections in use the container is at its memory limit, and the kernel may kill the database",
        source: "MySQL 8.4 manual, \"How MySQL uses memory\": buffers + max_connections x session buffers",
        check: above,
    },
    Rule {
        id: "session-buffers-exceed-buffer-pool",
        severity: Severity::Warning,
        title: "buffers of each connection, times max_connections, stay below the buffer pool",
        failure: "memory goes to sorts and joins of many connections at once instead of data, and no machine has so much",
        source: "MySQL 8.4 manual, sort_buffer_size, join_buffer_size, read_buffer_size, read_rnd_buffer_size",
        check: sessions,
    },
];

/// Buffers that each connection may take, with what they are by themselves (MySQL 8.4 manual, each variable's page).
const SESSION: [(&str, u64); 6] = [
    ("thread_stack", 1 << 20),
    ("sort_buffer_size", 256 << 10),
    ("join_buffer_size", 256 << 10),
    ("read_buffer_size", 128 << 10),
    ("read_rnd_buffer_size", 256 << 10),
    ("binlog_cache_size", 32 << 10),
];
/// Buffers of the whole server besides the pool, likewise.
const GLOBAL: [(&str, u64); 2] = [("innodb_log_buffer_size", 64 << 20), ("key_buffer_size", 8 << 20)];
/// What performance_schema takes for each connection, bytes.
const SCHEMA: u64 = 257_700;

/// The most that a server may take, and how it comes about.
struct Worst {
    bytes: u64,
    session: u64,
    sessions: u64,
    pool: Known<u64>,
    connections: Known<u64>,
    figures: Vec<Figure>,
}

fn worst(database: &Database) -> Option<Worst> {
    let pool = database.buffer_pool()?;
    let connections = database.max_connections();
    let mut figures = vec![
        pool.figure(format!("{}: innodb_buffer_pool_size", database.name)),
        connections.figure(format!("{}: max_connections", database.name)),
    ];
    let mut sum = |names: &[(&str, u64)]| {
        names.iter().fold(0_u64, |sum, (name, own)| {
            let written = database.number(name);
            figures.extend(written.as_ref().map(|known| known.figure(format!("{}: {name}", database.name))));
            sum.saturating_add(written.map_or(*own, |known| known.value))
        })
    };
    let session = sum(&SESSION);
    let global = sum(&GLOBAL);
    let sessions = connections.value.saturating_mul(session.saturating_add(SCHEMA));
    figures.push(Figure::reckoned(
        "buffers of one connection",
        show_bytes(session.saturating_add(SCHEMA)),
        "thread stack, sort, join, read, binlog cache, performance_schema; defaults where nothing is written",
    ));
    let bytes = pool.value.saturating_add(global).saturating_add(sessions);
    Some(Worst { bytes, session: session.saturating_add(SCHEMA), sessions, pool, connections, figures })
}

fn memory<'a>(stack: &'a Stack, database: &Database) -> Option<(String, &'a Known<u64>)> {
    let service = stack.service(database.service)?;
    Some((format!("{}: memory limit", service.name), service.memory.as_ref()?))
}

fn pool_above(stack: &Stack) -> Vec<Hit> {
    let one = |database: &Database| {
        let (setting, memory) = memory(stack, database)?;
        let pool = database.buffer_pool().filter(|pool| pool.value >= memory.value)?;
        let sentence = format!(
            "The buffer pool of {} does not fit into {}.",
            show_bytes(pool.value),
            show_bytes(memory.value)
        );
        let figures =
            vec![pool.figure(format!("{}: innodb_buffer_pool_size", database.name)), memory.figure(&setting)];
        Some(
            hit(sentence, figures)
                .agree(format!("{}: innodb_buffer_pool_size", database.name), show_bytes(memory.value / 2))
                .agree(setting, format!("at least {}", show_bytes(pool.value.saturating_mul(2)))),
        )
    };
    stack.databases.iter().filter_map(one).collect()
}

fn worst_hit(stack: &Stack, from: f64, to: f64) -> Vec<Hit> {
    let one = |database: &Database| {
        let (setting, memory) = memory(stack, database)?;
        let worst = worst(database)?;
        let share = worst.bytes as f64 / memory.value.max(1) as f64;
        // A pool that does not fit by itself has a rule of its own.
        if worst.pool.value >= memory.value || share <= from || share > to {
            return None;
        }
        let sentence = format!(
            "Buffer pool {} + {} connections x {} can take {}: {share:.2} x the {} of its container.",
            show_bytes(worst.pool.value),
            show_count(worst.connections.value),
            show_bytes(worst.session),
            show_bytes(worst.bytes),
            show_bytes(memory.value),
        );
        let left = memory.value.saturating_sub(worst.bytes - worst.sessions);
        let fit = left / worst.session.max(1);
        let mut figures = vec![memory.figure(&setting)];
        figures.extend(worst.figures);
        let found = hit(sentence, figures).agree(setting, format!("at least {}", show_bytes(worst.bytes)));
        Some(if fit > 0 {
            found.agree(format!("{}: max_connections", database.name), format!("at most {}", show_count(fit)))
        } else {
            found
        })
    };
    stack.databases.iter().filter_map(one).collect()
}

fn far_above(stack: &Stack) -> Vec<Hit> {
    worst_hit(stack, 1.2, f64::INFINITY)
}

fn above(stack: &Stack) -> Vec<Hit> {
    worst_hit(stack, 1.0, 1.2)
}

fn sessions(stack: &Stack) -> Vec<Hit> {
    let one = |database: &Database| {
        let raised =
            SESSION.iter().any(|(name, own)| database.number(name).is_some_and(|it| it.value > *own));
        let worst = worst(database)?;
        if !raised || worst.sessions <= worst.pool.value || worst.sessions < 1 << 30 {
            return None;
        }
        let sentence = format!(
            "{} connections x {} can take {}, more than the buffer pool of {}.",
            show_count(worst.connections.value),
            show_bytes(worst.session),
            show_bytes(worst.sessions),
            show_bytes(worst.pool.value)
        );
        let setting = format!("{}: session buffers", database.name);
        Some(
            hit(sentence, worst.figures)
                .agree(setting, "their defaults; raise them in the session that needs more"),
        )
    };
    stack.databases.iter().filter_map(one).collect()
}
