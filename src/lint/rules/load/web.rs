//! nginx and worker processes against the load.

use super::super::super::facts::Stack;
use super::super::super::known::{Figure, Known};
use super::super::super::units::{show_bytes, show_count, show_seconds};
use super::super::{Hit, hit};
use super::predicted;

pub(super) fn nginx_users(stack: &Stack) -> Vec<Hit> {
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
        let mut figures = vec![
            connections.figure("worker_connections"),
            workers.figure("worker_processes"),
            load.users.figure(),
        ];
        for upstream in proxy.upstreams.iter().filter(|_| idle > users) {
            let name = format!("upstream {}: keepalive", upstream.name);
            figures.extend(upstream.keepalive.as_ref().map(|known| known.figure(name)));
        }
        hits.push(hit(sentence, figures).agree("worker_connections", each.to_string()));
    }
    hits
}

pub(super) fn proxy_latency(stack: &Stack) -> Vec<Hit> {
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

pub(super) fn ports(stack: &Stack) -> Vec<Hit> {
    const TIME_WAIT_S: f64 = 60.0;
    let Some(load) = &stack.load else { return Vec::new() };
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let Some(service) = stack.service(proxy.service) else { continue };
        if service.version().is_some_and(|version| version >= vec![1, 29, 7]) {
            continue;
        }
        let range = service.sysctls.iter().find(|(_, name, _)| name == "net.ipv4.ip_local_port_range");
        let range = Known::or(range.map(|(_, _, word)| word), width, || {
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

/// How many ports a range such as `10000 65535` holds.
fn width(text: &str) -> Option<u64> {
    let mut ends = text.split_whitespace().map(|end| end.parse::<u64>().ok());
    let (low, high) = (ends.next()??, ends.next()??);
    (high >= low).then(|| (high - low).saturating_add(1))
}

pub(super) fn workers(stack: &Stack) -> Vec<Hit> {
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

pub(super) fn memory(stack: &Stack) -> Vec<Hit> {
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
