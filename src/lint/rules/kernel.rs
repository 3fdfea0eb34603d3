//! `sysctls` and `ulimits` of containers, and what the programs inside want of them.

use super::super::facts::Stack;
use super::super::facts::service::Service;
use super::super::known::{Figure, Known};
use super::super::units::show_count;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "sysctl-not-in-container",
        severity: Severity::Error,
        title: "containers set only kernel settings of their own",
        failure: "the container does not start: the setting belongs to the whole machine, or does not exist inside",
        source: "docs.docker.com, container run, --sysctl; network namespaces(7)",
        check: not_in_container,
    },
    Rule {
        id: "sysctl-with-host-network",
        severity: Severity::Error,
        title: "containers on the host's network set none of its settings",
        failure: "the container does not start: the settings of the host's network are the host's",
        source: "docs.docker.com, container run, --sysctl",
        check: host_network,
    },
    Rule {
        id: "sysctl-without-effect",
        severity: Severity::Note,
        title: "a kernel setting does what it is set for",
        failure: "nothing changes; who relies on it looks in the wrong place",
        source: "Linux, networking/ip-sysctl.rst: tcp_fin_timeout (FIN_WAIT_2 only), tcp_tw_reuse (outgoing connections, needs timestamps)",
        check: without_effect,
    },
    Rule {
        id: "ulimit-soft-above-hard",
        severity: Severity::Error,
        title: "a soft limit stays at or below the hard one",
        failure: "the container is not created: \"ulimit soft limit must be less than or equal to hard limit\"",
        source: "docs.docker.com, container run, --ulimit; setrlimit(2)",
        check: soft_above_hard,
    },
    Rule {
        id: "nginx-files-below-connections",
        severity: Severity::Error,
        title: "each nginx worker may open a file for each of its connections",
        failure: "under load: \"Too many open files\", and clients are not accepted",
        source: "nginx.org, core module, worker_connections: cannot exceed worker_rlimit_nofile",
        check: nginx_files,
    },
    Rule {
        id: "nginx-files-above-ulimit",
        severity: Severity::Warning,
        title: "nginx asks for no more files than its container may have",
        failure: "nginx cannot raise its limit (\"setrlimit failed\"), and runs with the container's",
        source: "nginx.org, core module, worker_rlimit_nofile; setrlimit(2): raising the hard limit needs CAP_SYS_RESOURCE",
        check: nginx_above,
    },
];

/// Settings outside of `net.` that belong to a container (docs.docker.com, container run, --sysctl).
const IPC: &[&str] = &[
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
];
/// Settings below `net.` that only the machine's first namespace has.
const MACHINE: &[&str] = &[
    "net.core.netdev_max_backlog",
    "net.core.netdev_budget",
    "net.core.dev_weight",
    "net.core.bpf_jit_enable",
    "net.ipv4.tcp_mem",
    "net.ipv4.udp_mem",
    "net.netfilter.nf_conntrack_max",
    "net.nf_conntrack_max",
    "net.netfilter.nf_conntrack_buckets",
];

/// Why a container cannot set this; `None`: it can.
fn refused(name: &str) -> Option<&'static str> {
    match name {
        "net.ipv4.tcp_tw_recycle" => Some("is gone since Linux 4.12"),
        _ if MACHINE.contains(&name) => {
            Some("belongs to the whole machine and does not exist inside of a container")
        }
        _ if name.starts_with("net.") || name.starts_with("fs.mqueue.") || IPC.contains(&name) => None,
        _ => Some("belongs to the whole machine"),
    }
}

fn each(stack: &Stack, find: impl Fn(&Service, &str, &Figure) -> Option<Hit>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for service in &stack.services {
        for (place, name, word) in &service.sysctls {
            let figure = Figure::at(format!("{}: {name}", service.name), &word.text, place);
            hits.extend(find(service, name, &figure));
        }
    }
    hits
}

fn not_in_container(stack: &Stack) -> Vec<Hit> {
    each(stack, |service, name, figure| {
        let why = refused(name)?;
        let found = hit(format!("{name} of {} {why}.", service.name), vec![figure.clone()]);
        let where_to =
            if name == "net.ipv4.tcp_tw_recycle" { "remove it" } else { "on the host, in /etc/sysctl.d" };
        Some(found.agree(name, where_to))
    })
}

fn host_network(stack: &Stack) -> Vec<Hit> {
    each(stack, |service, name, figure| {
        let host = service.host_network().filter(|_| name.starts_with("net.") && refused(name).is_none())?;
        let sentence = format!("{} uses the host's network and sets {name}.", service.name);
        let figures = vec![figure.clone(), host.figure(format!("{}: network_mode", service.name))];
        Some(hit(sentence, figures).agree(name, "on the host, in /etc/sysctl.d"))
    })
}

fn without_effect(stack: &Stack) -> Vec<Hit> {
    each(stack, |service, name, figure| {
        let stamps = service.sysctl("net.ipv4.tcp_timestamps").filter(|it| it.value == 0);
        match name {
            "net.ipv4.tcp_fin_timeout" => Some(
                hit(
                    "tcp_fin_timeout ends orphaned connections in FIN_WAIT_2; TIME_WAIT stays 60 s.",
                    vec![figure.clone()],
                )
                .agree("TIME_WAIT", "keep connections open instead (keepalive, pools)"),
            ),
            "net.ipv4.tcp_tw_reuse" => {
                let stamps = stamps?;
                let sentence = "tcp_tw_reuse does nothing without tcp_timestamps.";
                let figures =
                    vec![figure.clone(), stamps.figure(format!("{}: net.ipv4.tcp_timestamps", service.name))];
                Some(hit(sentence, figures).agree("net.ipv4.tcp_timestamps", "1"))
            }
            _ => None,
        }
    })
}

fn soft_above_hard(stack: &Stack) -> Vec<Hit> {
    let one = |service: &Service| {
        let files = service.files.as_ref().filter(|files| files.soft.value > files.hard.value)?;
        let name = |which: &str| format!("{}: ulimits.nofile.{which}", service.name);
        let sentence = format!(
            "{} wants {} open files and allows {}.",
            service.name,
            show_count(files.soft.value),
            show_count(files.hard.value)
        );
        let figures = vec![files.soft.figure(name("soft")), files.hard.figure(name("hard"))];
        Some(hit(sentence, figures).agree(name("hard"), format!("at least {}", files.soft.value)))
    };
    stack.services.iter().filter_map(one).collect()
}

fn nginx_files(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let container = stack.service(proxy.service).and_then(|service| {
            Some((format!("{}: ulimits.nofile", service.name), service.files.as_ref()?.soft.clone()))
        });
        let own = proxy.nofile.clone().map(|known| ("worker_rlimit_nofile".to_owned(), known));
        let (Some((setting, files)), Some(connections)) = (own.or(container), &proxy.connections) else {
            continue;
        };
        if files.value >= connections.value {
            continue;
        }
        let sentence = format!(
            "A worker takes {} connections and may open {} files.",
            show_count(connections.value),
            show_count(files.value)
        );
        hits.push(
            hit(sentence, vec![connections.figure("worker_connections"), files.figure(&setting)])
                .agree(
                    setting,
                    format!("at least {} (2 for each connection)", connections.value.saturating_mul(2)),
                )
                .agree("worker_connections", format!("at most {}", files.value / 2)),
        );
    }
    hits
}

fn nginx_above(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let Some(service) = stack.service(proxy.service) else { continue };
        let (Some(own), Some(hard)) = (&proxy.nofile, service.files.as_ref().map(|files| &files.hard)) else {
            continue;
        };
        let raises = service.node.get("cap_add").is_some() || service.node.get("privileged").is_some();
        if own.value <= hard.value || raises {
            continue;
        }
        let sentence = format!(
            "nginx asks for {} open files, its container may have {}.",
            show_count(own.value),
            show_count(hard.value)
        );
        let limit = format!("{}: ulimits.nofile.hard", service.name);
        let figures: Vec<Figure> = vec![own.figure("worker_rlimit_nofile"), Known::figure(hard, &limit)];
        hits.push(
            hit(sentence, figures)
                .agree(limit, own.value.to_string())
                .agree("worker_rlimit_nofile", hard.value.to_string()),
        );
    }
    hits
}
