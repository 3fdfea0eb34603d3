//! Pools of all processes against the connection limit of the database.

use super::super::facts::Stack;
use super::super::facts::server::Database;
use super::super::known::Known;
use super::super::units::{show_count, show_seconds};
use super::opened::{Opened, RESERVE, SHARE, opened, roomy};
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "pools-exceed-connections",
        severity: Severity::Error,
        title: "all pools together stay below max_connections",
        failure: "under load the database refuses connections: \"Too many connections\" (error 1040)",
        source: "MySQL 8.4 manual, max_connections (151 by itself); docs.sqlalchemy.org, create_engine (5 and 10 for each process)",
        check: exceed,
    },
    Rule {
        id: "pools-leave-no-reserve",
        severity: Severity::Warning,
        title: "pools leave a fifth of max_connections, and connections for administration",
        failure: "a migration, an exporter or the operator is refused at the moment of highest load",
        source: "plan for 2000 users: connections below 80 %; MySQL 8.4 manual, \"Too many connections\"",
        check: no_reserve,
    },
    Rule {
        id: "release-doubles-pools",
        severity: Severity::Warning,
        title: "old and new containers side by side stay below max_connections",
        failure: "each release runs into \"Too many connections\" while old and new containers run side by side",
        source: "compose-spec deploy, update_config.order: start-first",
        check: release,
    },
    Rule {
        id: "user-limit-below-pools",
        severity: Severity::Error,
        title: "max_user_connections allows what the pools open",
        failure: "connections are refused (error 1203) although the server has free ones",
        source: "MySQL 8.4 manual, max_user_connections",
        check: user_limit,
    },
    Rule {
        id: "recycle-above-wait-timeout",
        severity: Severity::Error,
        title: "pools replace connections before the server closes them",
        failure: "after a quiet hour requests fail with \"MySQL server has gone away\" or \"Lost connection\"",
        source: "MySQL 8.4 manual, wait_timeout (28800 s by itself); docs.sqlalchemy.org, pool_recycle and pool_pre_ping",
        check: recycle,
    },
];

fn for_each(stack: &Stack, find: impl Fn(&Database, Opened, Known<u64>) -> Option<Hit>) -> Vec<Hit> {
    let one = |database: &Database| find(database, opened(stack, database)?, database.max_connections());
    stack.databases.iter().filter_map(one).collect()
}

fn share(stack: &Stack) -> f64 {
    stack.load.as_ref().map_or(SHARE, |load| load.connections_share)
}

fn exceed(stack: &Stack) -> Vec<Hit> {
    for_each(stack, |database, opened, max| {
        if opened.total <= max.value {
            return None;
        }
        let sentence = format!(
            "The pools can open {}; {} allows {}.",
            opened.words(),
            database.name,
            show_count(max.value)
        );
        let mut figures = vec![max.figure(format!("{}: max_connections", database.name))];
        let each = opened.each((max.value as f64 * share(stack)) as u64);
        let wanted = show_count(roomy(opened.total));
        figures.extend(opened.figures);
        Some(
            hit(sentence, figures)
                .agree(
                    "pool size and overflow of each process",
                    format!("{} together at most", show_count(each)),
                )
                .agree(
                    format!("{}: max_connections", database.name),
                    format!("at least {wanted}, if its memory allows"),
                ),
        )
    })
}

fn no_reserve(stack: &Stack) -> Vec<Hit> {
    let share = share(stack);
    for_each(stack, |database, opened, max| {
        let allowed = (max.value as f64 * share) as u64;
        let bound = allowed.min(max.value.saturating_sub(RESERVE));
        if opened.total > max.value || opened.total <= bound {
            return None;
        }
        let sentence = format!(
            "The pools can open {} of {}: more than {:.0} %, or less than {RESERVE} are left.",
            opened.words(),
            show_count(max.value),
            share * 100.0
        );
        let mut figures = vec![max.figure(format!("{}: max_connections", database.name))];
        let (wanted, each) = (show_count(roomy(opened.total)), show_count(opened.each(bound)));
        figures.extend(opened.figures);
        Some(
            hit(sentence, figures)
                .agree(format!("{}: max_connections", database.name), format!("at least {wanted}"))
                .agree("pool size and overflow of each process", format!("{each} together at most")),
        )
    })
}

fn release(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for database in &stack.databases {
        let Some(opened) = opened(stack, database) else { continue };
        let max = database.max_connections();
        for app in stack.users_of(database) {
            let service = &stack.services[app.service];
            let update =
                |key: &str| service.node.at(&["deploy", "update_config", key]).and_then(|it| it.word());
            let (Some(order), Some(pool), Some(processes)) = (update("order"), &app.pool, &app.processes)
            else {
                continue;
            };
            let parallel = update("parallelism")
                .map(|word| Known::of(&word, super::super::units::count))
                .unwrap_or_else(|| Known::default(1, "1", "compose-spec deploy, update_config.parallelism"));
            // 0 means all at once.
            let at_once = if parallel.value == 0 { service.replicas.value } else { parallel.value };
            let more = at_once
                .min(service.replicas.value)
                .saturating_mul(processes.value)
                .saturating_mul(pool.most());
            let total = opened.total.saturating_add(more);
            if order.value != "start-first" || opened.total > max.value || total <= max.value {
                continue;
            }
            let sentence = format!(
                "{} starts {} new containers before it stops old ones: {} more connections make {} of {}.",
                service.name,
                show_count(at_once),
                show_count(more),
                show_count(total),
                show_count(max.value)
            );
            let mut figures = vec![order.figure(format!("{}: update_config.order", service.name))];
            figures.push(parallel.figure("parallelism"));
            figures.push(service.replicas.figure(format!("{}: replicas", service.name)));
            figures.push(max.figure(format!("{}: max_connections", database.name)));
            figures.extend(pool.figures(&service.name));
            hits.push(
                hit(sentence, figures)
                    .agree(format!("{}: update_config.order", service.name), "stop-first")
                    .agree(
                        format!("{}: max_connections", database.name),
                        format!("at least {}", show_count(roomy(total))),
                    ),
            );
        }
    }
    hits
}

fn user_limit(stack: &Stack) -> Vec<Hit> {
    for_each(stack, |database, opened, _| {
        let limit =
            database.number("max_user_connections").filter(|it| it.value > 0 && it.value < opened.total)?;
        let sentence =
            format!("The pools can open {}, one user may have {}.", opened.words(), show_count(limit.value));
        let mut figures = vec![limit.figure(format!("{}: max_user_connections", database.name))];
        let wanted = show_count(opened.total.saturating_add(RESERVE));
        figures.extend(opened.figures);
        Some(
            hit(sentence, figures).agree(
                format!("{}: max_user_connections", database.name),
                format!("0, or at least {wanted}"),
            ),
        )
    })
}

fn recycle(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for database in &stack.databases {
        let wait = database
            .time("wait_timeout")
            .unwrap_or_else(|| Known::default(28_800.0, "28800", "MySQL 8.4 manual, wait_timeout"));
        for app in stack.users_of(database) {
            let Some(pool) = app.pool.as_ref().filter(|pool| pool.pre_ping != Some(true)) else { continue };
            let Some(recycle) = pool.recycle.as_ref().filter(|it| it.value >= wait.value) else { continue };
            let service = &stack.services[app.service].name;
            let sentence = format!(
                "{service} keeps a connection for {}, {} closes it after {} without a query.",
                show_seconds(recycle.value),
                database.name,
                show_seconds(wait.value)
            );
            let figures = vec![
                recycle.figure(format!("{service}: pool recycle")),
                wait.figure(format!("{}: wait_timeout", database.name)),
            ];
            let half = format!("{:.0}, with pre-ping on", (wait.value / 2.0).max(1.0).floor());
            hits.push(
                hit(sentence, figures)
                    .agree(format!("{service}: pool recycle"), half)
                    .agree(format!("{}: wait_timeout", database.name), format!("{:.0}", recycle.value * 2.0)),
            );
        }
    }
    hits
}
