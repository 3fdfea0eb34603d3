//! A database server with itself: files, logs, options that its version does not know.

use super::super::facts::Stack;
use super::super::facts::server::Database;
use super::super::known::Known;
use super::super::units::show_count;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "files-lower-max-connections",
        severity: Severity::Error,
        title: "the database may open the files that its connections and tables need at least",
        failure: "the server lowers max_connections at its start, with one line in its log: the famous 214 under a limit of 1024",
        source: "MySQL 8.4 manual, open_files_limit; \"Changed limits\" in sql/mysqld.cc: files less 10 and 2 x 400 tables",
        check: lower_connections,
    },
    Rule {
        id: "files-below-table-cache",
        severity: Severity::Warning,
        title: "open files are enough for table_open_cache and max_connections",
        failure: "the server lowers table_open_cache and opens tables again and again, or fails with \"Too many open files\"",
        source: "MySQL 8.4 manual, open_files_limit: 10 + max_connections + 2 x table_open_cache",
        check: table_cache,
    },
    Rule {
        id: "option-unknown-to-version",
        severity: Severity::Error,
        title: "the database knows the options that it is given",
        failure: "the server does not start: \"unknown variable\"",
        source: "MySQL 8.0 and 8.4 manuals, \"What is new\": options removed",
        check: unknown_option,
    },
];

/// Tables that the server assumes at least (TABLE_OPEN_CACHE_MIN).
const LEAST_TABLES: u64 = 400;

/// The open files that the server gets: its own option, or what the container has.
fn files(stack: &Stack, database: &Database) -> Option<(String, Known<u64>)> {
    let own = database.number("open_files_limit").filter(|it| it.value > 0);
    let container = stack.service(database.service).and_then(|service| {
        Some((format!("{}: ulimits.nofile", service.name), service.files.as_ref()?.hard.clone()))
    });
    match (own, container) {
        // The server cannot raise itself above what the container may have.
        (Some(own), Some((name, hard))) if hard.value < own.value => Some((name, hard)),
        (Some(own), _) => Some((format!("{}: open_files_limit", database.name), own)),
        (None, container) => container,
    }
}

fn lower_connections(stack: &Stack) -> Vec<Hit> {
    let one = |database: &Database| {
        let (setting, files) = files(stack, database)?;
        let max = database.max_connections();
        let left = files.value.saturating_sub(10 + 2 * LEAST_TABLES);
        if left >= max.value {
            return None;
        }
        let sentence = format!(
            "{} open files less 10 and 2 x {LEAST_TABLES} for tables leave {} connections, not {}.",
            show_count(files.value),
            show_count(left),
            show_count(max.value)
        );
        let wanted = needed(database).max(files.value);
        Some(
            hit(
                sentence,
                vec![files.figure(&setting), max.figure(format!("{}: max_connections", database.name))],
            )
            .agree(setting, format!("at least {}", show_count(wanted))),
        )
    };
    stack.databases.iter().filter_map(one).collect()
}

fn tables(database: &Database) -> Known<u64> {
    database
        .number("table_open_cache")
        .unwrap_or_else(|| Known::default(4000, "4000", "MySQL 8.4 manual, table_open_cache"))
}

fn needed(database: &Database) -> u64 {
    let max = database.max_connections().value;
    tables(database).value.saturating_mul(2).saturating_add(max).saturating_add(10)
}

fn table_cache(stack: &Stack) -> Vec<Hit> {
    let one = |database: &Database| {
        let (setting, files) = files(stack, database)?;
        let (max, tables) = (database.max_connections(), tables(database));
        let lowered = files.value.saturating_sub(10 + 2 * LEAST_TABLES) < max.value;
        if lowered || files.value >= needed(database) {
            return None;
        }
        let sentence = format!(
            "10 + {} connections + 2 x {} tables need {} open files; there are {}.",
            show_count(max.value),
            show_count(tables.value),
            show_count(needed(database)),
            show_count(files.value)
        );
        let fit = files.value.saturating_sub(10 + max.value) / 2;
        let figures = vec![
            files.figure(&setting),
            max.figure(format!("{}: max_connections", database.name)),
            tables.figure(format!("{}: table_open_cache", database.name)),
        ];
        Some(
            hit(sentence, figures)
                .agree(setting, format!("at least {}", show_count(needed(database))))
                .agree(
                    format!("{}: table_open_cache", database.name),
                    format!("at most {}", show_count(fit)),
                ),
        )
    };
    stack.databases.iter().filter_map(one).collect()
}

/// Options that a version of MySQL does not know any more, and from which on.
const REMOVED: &[(&str, [u64; 2])] = &[
    ("query_cache_size", [8, 0]),
    ("query_cache_type", [8, 0]),
    ("query_cache_limit", [8, 0]),
    ("innodb_file_format", [8, 0]),
    ("innodb_large_prefix", [8, 0]),
    ("log_warnings", [8, 0]),
    ("secure_auth", [8, 0]),
    ("sync_frm", [8, 0]),
    ("default_authentication_plugin", [8, 4]),
    ("expire_logs_days", [8, 4]),
    ("master_info_repository", [8, 4]),
    ("relay_log_info_repository", [8, 4]),
    ("slave_rows_search_algorithms", [8, 4]),
    ("transaction_write_set_extraction", [8, 4]),
    ("binlog_transaction_dependency_tracking", [8, 4]),
    ("avoid_temporal_upgrade", [8, 4]),
    ("show_old_temporals", [8, 4]),
];

fn unknown_option(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for database in stack.databases.iter().filter(|database| !database.mariadb) {
        let Some(service) = stack.service(database.service) else { continue };
        let (Some(version), Some(image)) = (service.version().filter(|it| it.len() > 1), &service.image)
        else {
            continue;
        };
        for (name, since) in REMOVED {
            let Some(word) = database.options.get(*name).filter(|_| version.as_slice() >= since.as_slice())
            else {
                continue;
            };
            let [major, minor] = since;
            let sentence = format!("{name} is unknown to MySQL since {major}.{minor}.");
            let figures = vec![
                word.figure(format!("{}: {name}", database.name)),
                image.word.figure(format!("{}: image", service.name)),
            ];
            hits.push(hit(sentence, figures).agree(format!("{}: {name}", database.name), "remove it"));
        }
    }
    hits
}
