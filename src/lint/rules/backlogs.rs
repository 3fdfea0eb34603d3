//! Accept queues: the kernel gives a listener the smaller of what it asks for and `net.core.somaxconn` of its network namespace.

use super::super::facts::Stack;
use super::super::facts::service::Service;
use super::super::known::Known;
use super::super::units::show_count;
use super::{Hit, Rule, Severity, hit};

const SOMAXCONN: &str = "Linux, admin-guide/sysctl/net.rst (since 5.4)";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "backlog-above-somaxconn",
        severity: Severity::Warning,
        title: "the kernel grants the accept queue that a server asks for",
        failure: "the kernel silently cuts the queue: in a burst connections are dropped and clients wait seconds for a new try",
        source: "listen(2); Linux, admin-guide/sysctl/net.rst, somaxconn (4096 by itself since 5.4)",
        check: above,
    },
    Rule {
        id: "somaxconn-without-backlog",
        severity: Severity::Warning,
        title: "a raised somaxconn is asked for by the server",
        failure: "nothing changes: the accept queue stays as short as the server asks for",
        source: "listen(2); nginx.org, http core module, listen (511 on Linux); redis.conf, tcp-backlog (511)",
        check: unused,
    },
];

/// A server's wish for an accept queue.
struct Queue<'a> {
    service: Option<&'a Service>,
    setting: String,
    backlog: Known<u64>,
}

fn queues(stack: &Stack) -> Vec<Queue<'_>> {
    let mut queues = Vec::new();
    for proxy in &stack.proxies {
        let service = stack.service(proxy.service);
        for listen in &proxy.listens {
            let setting = format!("nginx: listen {}: backlog", listen.address.text);
            queues.push(Queue { service, setting, backlog: listen.backlog.clone() });
        }
    }
    for app in &stack.apps {
        let Some(backlog) = app.web.as_ref().and_then(|web| web.backlog.clone()) else { continue };
        let service = &stack.services[app.service];
        let setting = format!("{}: --backlog", service.name);
        queues.push(Queue { service: Some(service), setting, backlog });
    }
    for cache in &stack.caches {
        let backlog = cache
            .number("tcp-backlog")
            .unwrap_or_else(|| Known::default(511, "511", "redis.conf, tcp-backlog"));
        let setting = format!("{}: tcp-backlog", cache.name);
        queues.push(Queue { service: stack.service(cache.service), setting, backlog });
    }
    for database in &stack.databases {
        let Some(backlog) = database.number("back_log") else { continue };
        let setting = format!("{}: back_log", database.name);
        queues.push(Queue { service: stack.service(database.service), setting, backlog });
    }
    queues
}

fn limit(service: Option<&Service>) -> Known<u64> {
    let written = service.and_then(|service| service.sysctl("net.core.somaxconn"));
    written.unwrap_or_else(|| Known::default(4096, "4096", SOMAXCONN))
}

fn name(service: Option<&Service>) -> String {
    service.map_or_else(|| "net.core.somaxconn".to_owned(), |it| format!("{}: net.core.somaxconn", it.name))
}

fn above(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for queue in queues(stack) {
        let limit = limit(queue.service);
        if queue.backlog.value <= limit.value {
            continue;
        }
        let sentence = format!(
            "A queue of {} is asked for, the kernel gives {}.",
            show_count(queue.backlog.value),
            show_count(limit.value)
        );
        let figures = vec![queue.backlog.figure(&queue.setting), limit.figure(name(queue.service))];
        hits.push(
            hit(sentence, figures)
                .agree(name(queue.service), queue.backlog.value.to_string())
                .agree(queue.setting, limit.value.to_string()),
        );
    }
    hits
}

fn unused(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for queue in queues(stack) {
        let limit = limit(queue.service);
        if !limit.is_written() || limit.value <= 4096 || queue.backlog.value >= 4096 {
            continue;
        }
        let sentence = format!(
            "somaxconn is raised to {}, the server asks for a queue of {}.",
            show_count(limit.value),
            show_count(queue.backlog.value)
        );
        let figures = vec![limit.figure(name(queue.service)), queue.backlog.figure(&queue.setting)];
        hits.push(hit(sentence, figures).agree(queue.setting, limit.value.to_string()));
    }
    hits
}
