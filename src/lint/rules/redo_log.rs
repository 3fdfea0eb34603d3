//! The redo log of the database: its size, and whether commits reach the disk.

use super::super::facts::Stack;
use super::super::facts::server::Database;
use super::super::known::{Figure, Known};
use super::super::units::show_bytes;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "redo-log-small",
        severity: Severity::Warning,
        title: "the redo log fits the buffer pool",
        failure: "writes stop and go: the log is full before pages are written, and the server flushes in bursts",
        source: "MySQL 8.0 manual, innodb_dedicated_server: 512 MiB of log below 8 GiB of buffer pool, 1 GiB from there on; \
                 innodb_redo_log_capacity (100 MiB by itself)",
        check: redo_log,
    },
    Rule {
        id: "redo-log-size-twice",
        severity: Severity::Warning,
        title: "the size of the redo log is stated once",
        failure: "innodb_log_file_size and innodb_log_files_in_group are ignored, and whoever changes them changes nothing",
        source: "MySQL 8.4 manual, innodb_redo_log_capacity",
        check: redo_twice,
    },
    Rule {
        id: "commits-not-flushed",
        severity: Severity::Warning,
        title: "a commit that was confirmed survives a crash",
        failure: "after a crash or a failover about a second of confirmed writes is gone",
        source: "MySQL 8.4 manual, innodb_flush_log_at_trx_commit and sync_binlog (both 1 by themselves)",
        check: not_flushed,
    },
];

/// The whole redo log with its numbers; the default where nothing is written.
fn log(database: &Database) -> (u64, Vec<Figure>) {
    let named = |what: &str| format!("{}: {what}", database.name);
    if let Some(capacity) = database.number("innodb_redo_log_capacity") {
        return (capacity.value, vec![capacity.figure(named("innodb_redo_log_capacity"))]);
    }
    match database.number("innodb_log_file_size") {
        Some(size) => {
            // MariaDB has had one file since 10.5.
            let own = if database.mariadb { 1 } else { 2 };
            let number = database.number("innodb_log_files_in_group").unwrap_or_else(|| {
                Known::default(own, &own.to_string(), "MySQL 8.0 manual, innodb_log_files_in_group")
            });
            let figures = vec![
                size.figure(named("innodb_log_file_size")),
                number.figure(named("innodb_log_files_in_group")),
            ];
            (size.value.saturating_mul(number.value), figures)
        }
        None => {
            let (size, text, name, source) = if database.mariadb {
                (96_u64 << 20, "96 MiB", "innodb_log_file_size", "mariadb.com/kb, innodb_log_file_size")
            } else {
                let source = "MySQL 8.4 manual, innodb_redo_log_capacity";
                (100_u64 << 20, "100 MiB", "innodb_redo_log_capacity", source)
            };
            (size, vec![Known::default(size, text, source).figure(named(name))])
        }
    }
}

fn redo_log(stack: &Stack) -> Vec<Hit> {
    let one = |database: &Database| {
        if database.is_dedicated() {
            // The server sizes the log by itself.
            return None;
        }
        let pool = database.buffer_pool().filter(|pool| pool.is_written() && pool.value >= 1 << 30)?;
        let (size, mut figures) = log(database);
        let wanted: u64 = if pool.value < 8 << 30 { 512 << 20 } else { 1 << 30 };
        if size >= wanted {
            return None;
        }
        let sentence = format!(
            "A buffer pool of {} stands before a redo log of {}.",
            show_bytes(pool.value),
            show_bytes(size)
        );
        figures.push(pool.figure(format!("{}: innodb_buffer_pool_size", database.name)));
        let setting = if database.mariadb { "innodb_log_file_size" } else { "innodb_redo_log_capacity" };
        let value = if wanted == 1 << 30 { "1G" } else { "512M" };
        Some(
            hit(sentence, figures).agree(format!("{}: {setting}", database.name), format!("{value} or more")),
        )
    };
    stack.databases.iter().filter_map(one).collect()
}

fn redo_twice(stack: &Stack) -> Vec<Hit> {
    let one = |database: &Database| {
        let capacity = database.options.get("innodb_redo_log_capacity")?;
        let old = ["innodb_log_file_size", "innodb_log_files_in_group"];
        let (name, word) = old.iter().find_map(|name| Some((*name, database.options.get(*name)?)))?;
        let sentence = format!("{name} has no effect beside innodb_redo_log_capacity.");
        let figures = vec![
            word.figure(format!("{}: {name}", database.name)),
            capacity.figure(format!("{}: innodb_redo_log_capacity", database.name)),
        ];
        Some(hit(sentence, figures).agree(format!("{}: {name}", database.name), "remove it"))
    };
    stack.databases.iter().filter_map(one).collect()
}

fn not_flushed(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for database in &stack.databases {
        for name in ["innodb_flush_log_at_trx_commit", "sync_binlog"] {
            let Some(value) = database.number(name).filter(|it| it.value != 1) else { continue };
            let sentence = format!("{name} = {} does not write each commit to disk.", value.text);
            let setting = format!("{}: {name}", database.name);
            hits.push(hit(sentence, vec![value.figure(&setting)]).agree(setting, "1"));
        }
    }
    hits
}
