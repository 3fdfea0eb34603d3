//! How many clients a Redis takes.

use super::super::facts::Stack;
use super::super::facts::server::Cache;
use super::super::known::Known;
use super::super::units::show_count;
use super::cache::setting;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "maxclients-above-files",
        severity: Severity::Warning,
        title: "Redis may open the files that maxclients needs",
        failure: "Redis lowers maxclients at its start, with one line in its log, and then refuses connections",
        source: "redis.conf, maxclients (10000 by itself): 32 files are kept for itself",
        check: clients_files,
    },
    Rule {
        id: "clients-exceed-maxclients",
        severity: Severity::Error,
        title: "the connections of all processes fit into maxclients",
        failure: "under load connections end with \"max number of clients reached\"",
        source: "redis.conf, maxclients",
        check: clients,
    },
];

/// Files that Redis keeps for itself.
const OWN_FILES: u64 = 32;

fn max_clients(cache: &Cache) -> Known<u64> {
    cache.number("maxclients").unwrap_or_else(|| Known::default(10_000, "10000", "redis.conf, maxclients"))
}

fn clients_files(stack: &Stack) -> Vec<Hit> {
    let one = |cache: &Cache| {
        let files = &stack.service(cache.service)?.files.as_ref()?.hard;
        let clients = max_clients(cache);
        if clients.value.saturating_add(OWN_FILES) <= files.value {
            return None;
        }
        let sentence = format!(
            "{} clients and {OWN_FILES} own files do not fit into {}.",
            show_count(clients.value),
            show_count(files.value)
        );
        let limit = format!("{}: ulimits.nofile", cache.name);
        Some(
            hit(sentence, vec![files.figure(&limit), clients.figure(setting(cache, "maxclients"))])
                .agree(limit, format!("at least {}", clients.value.saturating_add(OWN_FILES)))
                .agree(
                    setting(cache, "maxclients"),
                    format!("at most {}", files.value.saturating_sub(OWN_FILES)),
                ),
        )
    };
    stack.caches.iter().filter_map(one).collect()
}

fn clients(stack: &Stack) -> Vec<Hit> {
    let [cache] = stack.caches.as_slice() else { return Vec::new() };
    let mut total = 0_u64;
    let mut figures = Vec::new();
    for app in &stack.apps {
        let service = &stack.services[app.service];
        let (Some(each), Some(processes)) = (&app.redis_connections, &app.processes) else { continue };
        let count = processes.value.saturating_mul(service.replicas.value);
        total = total.saturating_add(count.saturating_mul(each.value));
        figures.push(each.figure(format!("{}: connections of each process", service.name)));
        figures.push(processes.figure(format!("{}: processes", service.name)));
        figures.push(service.replicas.figure(format!("{}: replicas", service.name)));
    }
    let clients = max_clients(cache);
    if total <= clients.value {
        return Vec::new();
    }
    let sentence = format!(
        "All processes may open {} connections, {} takes {}.",
        show_count(total),
        cache.name,
        show_count(clients.value)
    );
    figures.insert(0, clients.figure(setting(cache, "maxclients")));
    hit(sentence, figures)
        .agree(setting(cache, "maxclients"), format!("at least {}", show_count(total)))
        .into_vec()
}
