//! The numbers of the files against what the load of a spec needs.

mod data;
mod web;

use super::super::facts::Stack;
use super::super::facts::load::{Load, Stated};
use super::super::known::{Figure, Known};
use super::{Hit, Rule, Severity, hit};

const MODEL: &str = "loadline size (docs/spec.md)";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "nginx-connections-below-users",
        severity: Severity::Error,
        title: "nginx has connections for all users, and for the requests that it sends on",
        failure: "\"worker_connections are not enough\": clients are turned away",
        source: "nginx.org, core module, worker_connections: counts connections to clients and to servers",
        check: web::nginx_users,
    },
    Rule {
        id: "proxy-timeout-below-load",
        severity: Severity::Error,
        title: "nginx waits longer than slow requests take",
        failure: "at the load of the spec more than one request in a hundred ends with 504",
        source: MODEL,
        check: web::proxy_latency,
    },
    Rule {
        id: "ports-run-out",
        severity: Severity::Error,
        title: "connections to the application are kept, or ports last",
        failure: "\"Cannot assign requested address\": all local ports wait in TIME_WAIT, requests fail with 502",
        source: "Linux, networking/ip-sysctl.rst, ip_local_port_range (32768 to 60999 by itself); TIME_WAIT is 60 s (TCP_TIMEWAIT_LEN)",
        check: web::ports,
    },
    Rule {
        id: "workers-below-load",
        severity: Severity::Error,
        title: "worker processes are as many as the cores that the load keeps busy",
        failure: "requests queue up without end: each process uses one core at most",
        source: MODEL,
        check: web::workers,
    },
    Rule {
        id: "pools-below-load",
        severity: Severity::Error,
        title: "pools hold the connections that the load uses",
        failure: "requests wait for a connection and fail with a pool timeout while the database idles",
        source: MODEL,
        check: data::pools,
    },
    Rule {
        id: "connections-below-load",
        severity: Severity::Error,
        title: "max_connections allows what the load uses",
        failure: "under load the database refuses connections (error 1040)",
        source: MODEL,
        check: data::max_connections,
    },
    Rule {
        id: "buffer-pool-below-working-set",
        severity: Severity::Warning,
        title: "the buffer pool holds the data that is used all the time",
        failure: "queries wait for the disk, each a hundred times longer",
        source: "MySQL 8.4 manual, innodb_buffer_pool_size (128 MiB by itself)",
        check: data::buffer_pool,
    },
    Rule {
        id: "maxmemory-below-load",
        severity: Severity::Error,
        title: "maxmemory holds the entries of the spec",
        failure: "entries that are needed are evicted, or writes are refused",
        source: MODEL,
        check: data::max_memory,
    },
    Rule {
        id: "task-slots-below-load",
        severity: Severity::Error,
        title: "task slots are as many as the load keeps busy",
        failure: "the queue grows without end",
        source: MODEL,
        check: data::slots,
    },
    Rule {
        id: "processes-exceed-memory",
        severity: Severity::Error,
        title: "the processes of a container fit into its memory",
        failure: "the kernel kills worker processes in the middle of requests and tasks",
        source: "compose-spec 05, mem_limit; memory of a process: the spec",
        check: web::memory,
    },
    Rule {
        id: "files-and-spec-differ",
        severity: Severity::Warning,
        title: "the files say what the spec says",
        failure: "what was sized and priced is not what runs",
        source: "docs/spec.md",
        check: differ,
    },
];

fn predicted(what: &str, value: String) -> Figure {
    Figure::reckoned(what, value, "predicted from the spec")
}

fn differ(stack: &Stack) -> Vec<Hit> {
    let Some(load) = &stack.load else { return Vec::new() };
    let mut hits = Vec::new();
    let mut pair = |name: String, ours: &Known<u64>, stated: &Option<Stated>| {
        if let Some(stated) = stated.as_ref().filter(|stated| stated.known.value != ours.value) {
            let sentence = format!("{name} is {}, the spec says {}.", ours.text, stated.known.text);
            hits.push(
                hit(sentence, vec![ours.figure(&name), stated.figure()])
                    .agree(name, stated.known.text.clone()),
            );
        }
    };
    numbers(stack, load, &mut pair);
    hits
}

/// Takes a name, the number of the files and that of the spec.
type Pair<'a> = dyn FnMut(String, &Known<u64>, &Option<Stated>) + 'a;

/// Each number that stands both in the files and in the spec, where there is one such server only.
fn numbers(stack: &Stack, load: &Load, pair: &mut Pair<'_>) {
    let web: Vec<_> = stack.apps.iter().filter(|app| app.web.is_some()).collect();
    if let [app] = web.as_slice() {
        let service = &stack.services[app.service];
        pair(format!("{}: replicas", service.name), &service.replicas, &load.instances);
        if let Some(processes) = &app.processes {
            pair(format!("{}: worker processes", service.name), processes, &load.workers);
        }
        if let Some(pool) = &app.pool {
            let text = format!("{} + {}", pool.size.text, pool.overflow.text);
            let from = [&pool.overflow, &pool.size].into_iter().find(|part| part.is_unread());
            let from = from.unwrap_or(&pool.size).from.clone();
            let both = Known { value: pool.most(), text, from };
            pair(format!("{}: pool size and overflow", service.name), &both, &load.pool);
        }
    }
    if let [database] = stack.databases.as_slice() {
        pair(
            format!("{}: max_connections", database.name),
            &database.max_connections(),
            &load.max_connections,
        );
        if let Some(pool) = database.buffer_pool() {
            pair(format!("{}: innodb_buffer_pool_size", database.name), &pool, &load.buffer_pool);
        }
    }
    if let [cache] = stack.caches.as_slice()
        && let Some(max) = cache.max_memory()
    {
        pair(format!("{}: maxmemory", cache.name), &max, &load.max_memory);
    }
}
