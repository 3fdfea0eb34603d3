//! nginx with itself and with the services behind it.

use super::super::facts::Stack;
use super::super::facts::proxy::{Pass, Proxy, Upstream};
use super::super::units::show_count;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "upstream-keepalive-fills-connections",
        severity: Severity::Warning,
        title: "idle connections to the upstreams leave room for clients",
        failure: "idle upstream connections take slots of worker_connections, and nginx turns clients away with \
                  \"worker_connections are not enough\"",
        source: "nginx.org: core module, worker_connections; upstream module, keepalive",
        check: keepalive_fills,
    },
    Rule {
        id: "upstream-keepalive-without-effect",
        severity: Severity::Warning,
        title: "upstream keepalive has HTTP/1.1 and an empty Connection header",
        failure: "the idle connections are never used: each request opens a new one, and ports run out in TIME_WAIT",
        source: "nginx.org, upstream module, keepalive (defaults before 1.29.7)",
        check: keepalive_without_effect,
    },
    Rule {
        id: "next-upstream-repeats-writes",
        severity: Severity::Warning,
        title: "requests that change something are not sent twice",
        failure: "after a slow answer the same POST goes to a second server: it is carried out twice, and under load the \
                  load doubles",
        source: "nginx.org, proxy module, proxy_next_upstream",
        check: repeats_writes,
    },
    Rule {
        id: "keepalive-above-app-limit",
        severity: Severity::Error,
        title: "the connections that nginx keeps fit into what the application takes",
        failure: "the application counts idle connections too and answers 503",
        source: "uvicorn.org, settings, --limit-concurrency; nginx.org, upstream module, keepalive",
        check: keepalive_above_limit,
    },
];

fn keepalive_fills(stack: &Stack) -> Vec<Hit> {
    let one = |proxy: &Proxy| {
        let connections = proxy.connections.as_ref()?;
        let kept: Vec<_> =
            proxy.upstreams.iter().filter_map(|it| Some((it, it.keepalive.as_ref()?))).collect();
        let total = kept.iter().fold(0_u64, |sum, (_, known)| sum.saturating_add(known.value));
        if total == 0 || total.saturating_mul(2) <= connections.value {
            return None;
        }
        let mut figures = vec![connections.figure("worker_connections")];
        figures
            .extend(kept.iter().map(|(it, known)| known.figure(format!("upstream {}: keepalive", it.name))));
        let sentence = format!(
            "Each worker may keep {} idle upstream connections, and has {} connections for everything.",
            show_count(total),
            show_count(connections.value)
        );
        let wanted = show_count(total.saturating_mul(4));
        Some(
            hit(sentence, figures).agree("worker_connections", format!("at least {wanted}")).agree(
                "keepalive",
                format!("at most {} in all upstreams", show_count(connections.value / 4)),
            ),
        )
    };
    stack.proxies.iter().filter_map(one).collect()
}

/// Whether this nginx keeps upstream connections by itself: from 1.29.7 on.
fn keeps_by_itself(stack: &Stack, proxy: &Proxy) -> bool {
    stack.service(proxy.service).and_then(|it| it.version()).is_some_and(|version| version >= vec![1, 29, 7])
}

/// The passes that lead to an upstream.
fn passes<'a>(proxy: &'a Proxy, upstream: &'a Upstream) -> impl Iterator<Item = &'a Pass> {
    proxy.passes.iter().filter(|pass| pass.http && pass.target.host == upstream.name)
}

fn keepalive_without_effect(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for proxy in stack.proxies.iter().filter(|proxy| !keeps_by_itself(stack, proxy)) {
        for upstream in &proxy.upstreams {
            let Some(keepalive) = upstream.keepalive.as_ref().filter(|known| known.value > 0) else {
                continue;
            };
            for pass in passes(proxy, upstream) {
                let version =
                    pass.version.as_ref().is_some_and(|word| matches!(word.value.as_str(), "1.1" | "2"));
                let header =
                    pass.connection.as_ref().is_some_and(|word| !word.value.eq_ignore_ascii_case("close"));
                if version && header {
                    continue;
                }
                let mut figures = vec![
                    pass.target.word.figure("proxy_pass"),
                    keepalive.figure(format!("upstream {}: keepalive", upstream.name)),
                ];
                figures.extend(pass.version.as_ref().map(|word| word.figure("proxy_http_version")));
                figures
                    .extend(pass.connection.as_ref().map(|word| word.figure("proxy_set_header Connection")));
                let lacks = match (version, header) {
                    (false, false) => "HTTP/1.1 and an empty Connection header",
                    (false, true) => "HTTP/1.1",
                    _ => "an empty Connection header",
                };
                let sentence = format!("Requests to {} are sent without {lacks}.", upstream.name);
                let mut found = hit(sentence, figures);
                if !version {
                    found = found.agree("proxy_http_version", "1.1");
                }
                if !header {
                    found = found.agree("proxy_set_header Connection", "\"\"");
                }
                hits.push(found);
            }
        }
    }
    hits
}

fn repeats_writes(stack: &Stack) -> Vec<Hit> {
    let passes = stack.proxies.iter().flat_map(|proxy| &proxy.passes);
    let repeating = passes.filter_map(|pass| {
        let word = pass.next_upstream.iter().find(|word| word.value == "non_idempotent")?;
        let sentence = "proxy_next_upstream repeats requests that are not idempotent (POST, LOCK, PATCH).";
        Some(
            hit(sentence, vec![word.figure("proxy_next_upstream")])
                .agree("proxy_next_upstream", "error timeout"),
        )
    });
    repeating.collect()
}

fn keepalive_above_limit(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let Some(workers) = &proxy.workers else { continue };
        for upstream in &proxy.upstreams {
            let Some(keepalive) = &upstream.keepalive else { continue };
            for target in &upstream.servers {
                let Some(app) = stack.web(&target.host) else { continue };
                let service = &stack.services[app.service];
                let (Some(limit), Some(processes)) =
                    (app.web.as_ref().and_then(|web| web.limit.as_ref()), &app.processes)
                else {
                    continue;
                };
                let kept = keepalive.value.saturating_mul(workers.value);
                let places = processes.value.saturating_mul(service.replicas.value);
                let taken = limit.value.saturating_mul(places);
                if kept <= taken {
                    continue;
                }
                let sentence = format!(
                    "nginx may keep {} idle connections to {}, which takes {} ({} in each of {} processes).",
                    show_count(kept),
                    service.name,
                    show_count(taken),
                    show_count(limit.value),
                    show_count(places)
                );
                let figures = vec![
                    keepalive.figure(format!("upstream {}: keepalive", upstream.name)),
                    workers.figure("worker_processes"),
                    limit.figure(format!("{}: --limit-concurrency", service.name)),
                    processes.figure(format!("{}: worker processes", service.name)),
                    service.replicas.figure(format!("{}: replicas", service.name)),
                ];
                let wanted = kept.div_ceil(places.max(1)).saturating_add(1);
                hits.push(
                    hit(sentence, figures)
                        .agree(
                            format!("{}: --limit-concurrency", service.name),
                            format!("above {}", show_count(wanted)),
                        )
                        .agree(
                            "keepalive",
                            format!("at most {}", show_count(taken / workers.value.max(1) / 2)),
                        ),
                );
            }
        }
    }
    hits
}
