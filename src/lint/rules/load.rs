//! The numbers of the files against what the load of a spec needs.

use super::super::facts::Stack;
use super::super::facts::load::{Load, Stated};
use super::super::known::{Figure, Known};
use super::super::units::{show_bytes, show_count, show_seconds};
use super::{Hit, Rule, Severity, connections, hit};

const MODEL: &str = "loadline size (docs/spec.md)";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "nginx-connections-below-users",
        severity: Severity::Error,
        title: "nginx has connections for all users, and for the requests that it sends on",
        failure: "\"worker_connections are not enough\": clients are turned away",
        source: "nginx.org, core module, worker_connections: counts connections to clients and to servers",
        check: nginx_users,
    },
    Rule {
        id: "proxy-timeout-below-load",
        severity: Severity::Error,
        title: "nginx waits longer than slow requests take",
        failure: "at the load of the spec more than one request in a hundred ends with 504",
        source: MODEL,
        check: proxy_latency,
    },
    Rule {
        id: "ports-run-out",
        severity: Severity::Error,
        title: "connections to the application are kept, or ports last",
        failure: "\"Cannot assign requested address\": all local ports wait in TIME_WAIT, requests fail with 502",
        source: "Linux, networking/ip-sysctl.rst, ip_local_port_range (32768 to 60999 by itself); TIME_WAIT is 60 s (TCP_TIMEWAIT_LEN)",
        check: ports,
    },
    Rule {
        id: "workers-below-load",
        severity: Severity::Error,
        title: "worker processes are as many as the cores that the load keeps busy",
        failure: "requests queue up without end: each process uses one core at most",
        source: MODEL,
        check: workers,
    },
    Rule {
        id: "pools-below-load",
        severity: Severity::Error,
        title: "pools hold the connections that the load uses",
        failure: "requests wait for a connection and fail with a pool timeout while the database idles",
        source: MODEL,
        check: pools,
    },
    Rule {
        id: "connections-below-load",
        severity: Severity::Error,
        title: "max_connections allows what the load uses",
        failure: "under load the database refuses connections (error 1040)",
        source: MODEL,
        check: max_connections,
    },
    Rule {
        id: "buffer-pool-below-working-set",
        severity: Severity::Warning,
        title: "the buffer pool holds the data that is used all the time",
        failure: "queries wait for the disk, each a hundred times longer",
        source: "MySQL 8.4 manual, innodb_buffer_pool_size (128 MiB by itself)",
        check: buffer_pool,
    },
    Rule {
        id: "maxmemory-below-load",
        severity: Severity::Error,
        title: "maxmemory holds the entries of the spec",
        failure: "entries that are needed are evicted, or writes are refused",
        source: MODEL,
        check: max_memory,
    },
    Rule {
        id: "task-slots-below-load",
        severity: Severity::Error,
        title: "task slots are as many as the load keeps busy",
        failure: "the queue grows without end",
        source: MODEL,
        check: slots,
    },
    Rule {
        id: "processes-exceed-memory",
        severity: Severity::Error,
        title: "the processes of a container fit into its memory",
        failure: "the kernel kills worker processes in the middle of requests and tasks",
        source: "compose-spec 05, mem_limit; memory of a process: the spec",
        check: memory,
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

fn nginx_users(stack: &Stack) -> Vec<Hit> {
    let Some(load) = &stack.load else { return Vec::new() };
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let (Some(workers), Some(connections)) = (&proxy.workers, &proxy.connections) else { continue };
        let idle = proxy.upstreams.iter().filter_map(|it| it.keepalive.as_ref());
        let idle = idle.fold(0_u64, |sum, it| sum.saturating_add(it.value)).saturating_mul(workers.value);
        let there = workers.value.saturating_mul(connections.value);
        let users = load.users.known.value;
        // In the worst case every user has a request under way: one connection to the user, one to the application.
        let needed = users.saturating_mul(2).max(users.saturating_add(idle));
        if there >= needed {
            continue;
        }
        let sentence = format!(
            "{} workers x {} = {} connections; {} users take up to {}.",
            show_count(workers.value),
            show_count(connections.value),
            show_count(there),
            show_count(users),
            show_count(needed)
        );
        let each = needed.div_ceil(workers.value.max(1)).next_power_of_two();
        let figures = vec![
            connections.figure("worker_connections"),
            workers.figure("worker_processes"),
            load.users.figure(),
        ];
        hits.push(hit(sentence, figures).agree("worker_connections", each.to_string()));
    }
    hits
}

fn proxy_latency(stack: &Stack) -> Vec<Hit> {
    let Some(load) = &stack.load else { return Vec::new() };
    let passes = stack.proxies.iter().flat_map(|proxy| &proxy.passes);
    passes
        .filter(|pass| pass.read.value <= load.p99_s)
        .map(|pass| {
            let p99 = show_seconds(load.p99_s);
            let sentence = format!(
                "nginx gives up after {}; one request in a hundred takes {p99} or more.",
                pass.read.text
            );
            let wanted = format!("{:.0}s", (load.p99_s * 3.0).ceil().max(1.0));
            hit(sentence, vec![pass.read.figure("proxy_read_timeout"), predicted("p99", p99)])
                .agree("proxy_read_timeout", wanted)
        })
        .collect()
}

fn ports(stack: &Stack) -> Vec<Hit> {
    const TIME_WAIT_S: f64 = 60.0;
    let Some(load) = &stack.load else { return Vec::new() };
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let Some(service) = stack.service(proxy.service) else { continue };
        if service.version().is_some_and(|version| version >= vec![1, 29, 7]) {
            continue;
        }
        let range = service.sysctls.iter().find(|(_, name, _)| name == "net.ipv4.ip_local_port_range");
        let written = range.and_then(|(_, _, word)| {
            word.read(|text| {
                let mut ends = text.split_whitespace().map(|end| end.parse::<u64>().ok());
                let (low, high) = (ends.next()??, ends.next()??);
                (high >= low).then(|| high - low + 1)
            })
        });
        let range = written.unwrap_or_else(|| {
            Known::default(28_232, "32768 60999", "Linux, networking/ip-sysctl.rst, ip_local_port_range")
        });
        for upstream in proxy.upstreams.iter().filter(|it| it.keepalive.is_none() && !it.servers.is_empty()) {
            // Each server of the group is a destination with the whole range of ports.
            let needed = load.rps * TIME_WAIT_S / upstream.servers.len() as f64;
            if needed <= range.value as f64 {
                continue;
            }
            let needed_text = show_count(needed.ceil() as u64);
            let sentence = format!(
                "{:.0} requests/s x 60 s over {} servers hold {needed_text} ports to each; there are {}.",
                load.rps,
                upstream.servers.len(),
                show_count(range.value)
            );
            let figures = vec![
                Figure::at(format!("upstream {}", upstream.name), "no keepalive", &upstream.place),
                range.figure("ip_local_port_range"),
                predicted("throughput", format!("{:.0} rps", load.rps)),
            ];
            hits.push(hit(sentence, figures).agree(
                format!("upstream {}: keepalive", upstream.name),
                "32, with proxy_http_version 1.1 and an empty Connection header",
            ));
        }
    }
    hits
}

fn workers(stack: &Stack) -> Vec<Hit> {
    let Some(load) = &stack.load else { return Vec::new() };
    let mut figures = Vec::new();
    let mut total = 0_u64;
    for app in stack.apps.iter().filter(|app| app.web.is_some()) {
        let (Some(processes), service) = (&app.processes, &stack.services[app.service]) else {
            return Vec::new();
        };
        total = total.saturating_add(processes.value.saturating_mul(service.replicas.value));
        figures.push(processes.figure(format!("{}: worker processes", service.name)));
        figures.push(service.replicas.figure(format!("{}: replicas", service.name)));
    }
    if figures.is_empty() || total as f64 >= load.busy_cores {
        return Vec::new();
    }
    let busy = format!("{:.1}", load.busy_cores);
    let sentence = format!("{} processes for {busy} busy cores.", show_count(total));
    figures.push(predicted("busy cores", busy));
    let wanted = (load.busy_cores / 0.7).ceil();
    hit(sentence, figures)
        .agree(
            "processes in all containers",
            format!("at least {wanted:.0}, so that each is busy 70 % of the time"),
        )
        .into_vec()
}

fn pools(stack: &Stack) -> Vec<Hit> {
    let Some((load, used)) = stack.load.as_ref().and_then(|load| Some((load, load.connections_used?))) else {
        return Vec::new();
    };
    let [database] = stack.databases.as_slice() else { return Vec::new() };
    let web: Vec<_> = stack.users_of(database).into_iter().filter(|app| app.web.is_some()).collect();
    let mut figures = Vec::new();
    let (mut total, mut processes) = (0_u64, 0_u64);
    for app in web {
        let service = &stack.services[app.service];
        let (Some(pool), Some(each)) = (&app.pool, &app.processes) else { return Vec::new() };
        let count = each.value.saturating_mul(service.replicas.value);
        processes = processes.saturating_add(count);
        total = total.saturating_add(count.saturating_mul(pool.most()));
        figures.extend(pool.figures(&service.name));
    }
    if figures.is_empty() || total as f64 >= used {
        return Vec::new();
    }
    let used_text = show_count(used.ceil() as u64);
    let sentence =
        format!("The pools hold {} connections; the load uses {used_text} on average.", show_count(total));
    figures.push(predicted("connections in use", used_text));
    figures.push(load.users.figure());
    let wanted = ((used * 1.5) / processes.max(1) as f64).ceil();
    hit(sentence, figures)
        .agree("pool size and overflow of each process", format!("at least {wanted:.0} together"))
        .into_vec()
}

fn max_connections(stack: &Stack) -> Vec<Hit> {
    let Some(used) = stack.load.as_ref().and_then(|load| load.connections_used) else { return Vec::new() };
    let [database] = stack.databases.as_slice() else { return Vec::new() };
    let max = database.max_connections();
    if used <= max.value as f64 {
        return Vec::new();
    }
    let used = used.ceil() as u64;
    let sentence = format!(
        "{} allows {} connections; the load uses {}.",
        database.name,
        show_count(max.value),
        show_count(used)
    );
    let figures = vec![
        max.figure(format!("{}: max_connections", database.name)),
        predicted("connections in use", show_count(used)),
    ];
    let wanted = show_count(connections::roomy(used));
    hit(sentence, figures)
        .agree(format!("{}: max_connections", database.name), format!("at least {wanted}"))
        .into_vec()
}

fn buffer_pool(stack: &Stack) -> Vec<Hit> {
    let Some(set) = stack.load.as_ref().and_then(|load| load.working_set.as_ref()) else { return Vec::new() };
    let [database] = stack.databases.as_slice() else { return Vec::new() };
    let Some(pool) = database.buffer_pool().filter(|pool| pool.value < set.known.value) else {
        return Vec::new();
    };
    let sentence = format!(
        "A buffer pool of {} for {} that are used all the time.",
        show_bytes(pool.value),
        show_bytes(set.known.value)
    );
    let setting = format!("{}: innodb_buffer_pool_size", database.name);
    let figures = vec![pool.figure(&setting), set.figure()];
    hit(sentence, figures).agree(setting, format!("at least {}", show_bytes(set.known.value))).into_vec()
}

fn max_memory(stack: &Stack) -> Vec<Hit> {
    let Some(used) = stack.load.as_ref().and_then(|load| load.cache_used) else { return Vec::new() };
    let total = stack
        .caches
        .iter()
        .filter_map(|cache| Some((cache, cache.max_memory()?)))
        .max_by_key(|(_, max)| max.value);
    let Some((cache, max)) = total.filter(|(_, max)| (max.value as f64) < used) else { return Vec::new() };
    let used = used.ceil() as u64;
    let sentence =
        format!("{} may hold {}; the entries take {}.", cache.name, show_bytes(max.value), show_bytes(used));
    let setting = format!("{}: maxmemory", cache.name);
    let figures = vec![max.figure(&setting), predicted("memory of the entries", show_bytes(used))];
    let wanted = show_bytes((used as f64 / 0.8).ceil() as u64);
    hit(sentence, figures).agree(setting, format!("at least {wanted}")).into_vec()
}

fn slots(stack: &Stack) -> Vec<Hit> {
    let Some(busy) = stack.load.as_ref().and_then(|load| load.busy_slots) else { return Vec::new() };
    let mut figures = Vec::new();
    let mut total = 0_u64;
    for app in &stack.apps {
        let Some(tasks) = &app.tasks else { continue };
        let Some(concurrency) = &tasks.concurrency else { return Vec::new() };
        let service = &stack.services[app.service];
        total = total.saturating_add(concurrency.value.saturating_mul(service.replicas.value));
        figures.push(concurrency.figure(format!("{}: concurrency", service.name)));
        figures.push(service.replicas.figure(format!("{}: replicas", service.name)));
    }
    if figures.is_empty() || total as f64 > busy {
        return Vec::new();
    }
    let sentence = format!("{} task slots, of which the load keeps {busy:.1} busy.", show_count(total));
    figures.push(predicted("busy slots", format!("{busy:.1}")));
    hit(sentence, figures)
        .agree("slots in all containers", format!("at least {:.0}", (busy / 0.7).ceil()))
        .into_vec()
}

fn memory(stack: &Stack) -> Vec<Hit> {
    let Some(load) = &stack.load else { return Vec::new() };
    let mut hits = Vec::new();
    for app in &stack.apps {
        let service = &stack.services[app.service];
        let (Some(limit), Some(processes)) = (&service.memory, &app.processes) else { continue };
        let each = if app.tasks.is_some() { &load.task_memory } else { &load.worker_memory };
        let needed = processes.value.saturating_mul(each.known.value);
        if needed <= limit.value {
            continue;
        }
        let sentence = format!(
            "{} runs {} processes of {} in {}.",
            service.name,
            show_count(processes.value),
            show_bytes(each.known.value),
            show_bytes(limit.value)
        );
        let setting = format!("{}: memory limit", service.name);
        let figures = vec![
            limit.figure(&setting),
            processes.figure(format!("{}: processes", service.name)),
            each.figure(),
        ];
        let fit = limit.value / each.known.value.max(1);
        hits.push(
            hit(sentence, figures)
                .agree(setting, format!("at least {}", show_bytes(needed)))
                .agree(format!("{}: processes", service.name), format!("at most {fit}")),
        );
    }
    hits
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

/// Each number that stands both in the files and in the spec, where there is one such server only.
fn numbers(stack: &Stack, load: &Load, pair: &mut dyn FnMut(String, &Known<u64>, &Option<Stated>)) {
    let web: Vec<_> = stack.apps.iter().filter(|app| app.web.is_some()).collect();
    if let [app] = web.as_slice() {
        let service = &stack.services[app.service];
        pair(format!("{}: replicas", service.name), &service.replicas, &load.instances);
        if let Some(processes) = &app.processes {
            pair(format!("{}: worker processes", service.name), processes, &load.workers);
        }
        if let Some(pool) = &app.pool {
            let text = format!("{} + {}", pool.size.text, pool.overflow.text);
            let both = Known { value: pool.most(), text, from: pool.size.from.clone() };
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
