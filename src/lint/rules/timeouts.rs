//! Who gives up first: clients, balancer, nginx, application, container.

use std::collections::BTreeMap;

use super::super::facts::Stack;
use super::super::facts::proxy::Target;
use super::super::known::{Figure, Known};
use super::super::units::show_seconds;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "upstream-idle-order",
        severity: Severity::Error,
        title: "nginx closes idle upstream connections before the application does",
        failure: "nginx sends a request over a connection that the application is just closing: 502, now and then, \
                  with no error in the application",
        source: "nginx.org, upstream module, keepalive_timeout (60 s by itself); uvicorn.org, --timeout-keep-alive (5 s); \
                 docs.gunicorn.org, keepalive (2 s)",
        check: upstream_idle,
    },
    Rule {
        id: "proxy-timeout-below-app",
        severity: Severity::Warning,
        title: "nginx waits longer for an answer than the application works on it",
        failure: "nginx answers 504 while the application goes on: the work is lost, and repeated by whoever tries again",
        source: "nginx.org, proxy module, proxy_read_timeout (60 s by itself); docs.gunicorn.org, timeout (30 s)",
        check: read_below_app,
    },
    Rule {
        id: "balancer-idle-order",
        severity: Severity::Error,
        title: "nginx keeps idle connections longer than the balancer before it",
        failure: "the balancer sends a request over a connection that nginx is just closing: 502, now and then",
        source: "nginx.org, http core module, keepalive_timeout (75 s by itself); guides of the balancers: the idle timeout \
                 of the target is the larger one",
        check: balancer_idle,
    },
    Rule {
        id: "balancer-timeout-below-proxy",
        severity: Severity::Warning,
        title: "the balancer waits longer than nginx",
        failure: "the balancer answers 504 and hangs up while nginx and the application still work on the request",
        source: "nginx.org, proxy module, proxy_read_timeout (60 s by itself)",
        check: balancer_read,
    },
    Rule {
        id: "stop-kills-running-work",
        severity: Severity::Warning,
        title: "a container is given the time that its work takes to finish",
        failure: "at each release the container is killed in the middle of requests or tasks",
        source: "compose-spec 05, stop_grace_period (10 s by itself); docs.gunicorn.org, graceful_timeout; docs.celeryq.dev, \
                 workers guide, stopping the worker",
        check: stop_kills,
    },
];

fn upstream_idle(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    let upstreams = stack.proxies.iter().flat_map(|proxy| &proxy.upstreams);
    for upstream in upstreams {
        let Some(keepalive) = upstream.keepalive.as_ref().filter(|it| it.value > 0) else { continue };
        for target in &upstream.servers {
            let Some(app) = stack.web(&target.host) else { continue };
            let idle = app.web.as_ref().and_then(|web| web.idle.as_ref());
            let Some(idle) = idle.filter(|idle| idle.value <= upstream.idle.value) else { continue };
            let service = &stack.services[app.service].name;
            let sentence = format!(
                "nginx keeps an idle connection to {service} for {}, {} closes it after {}.",
                show_seconds(upstream.idle.value),
                app.program,
                show_seconds(idle.value)
            );
            let option = if app.program == "gunicorn" { "--keep-alive" } else { "--timeout-keep-alive" };
            let figures = vec![
                idle.figure(format!("{service}: {option}")),
                upstream.idle.figure(format!("upstream {}: keepalive_timeout", upstream.name)),
                keepalive.figure(format!("upstream {}: keepalive", upstream.name)),
            ];
            let found = hit(sentence, figures)
                .agree(format!("{service}: {option}"), format!("{:.0}", upstream.idle.value + 15.0));
            hits.push(if idle.value > 1.0 {
                found.agree("upstream: keepalive_timeout", format!("{:.0}s", idle.value - 1.0))
            } else {
                found
            });
        }
    }
    hits
}

fn read_below_app(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for proxy in &stack.proxies {
        let slowest: BTreeMap<&str, Slow<'_>> = proxy
            .upstreams
            .iter()
            .filter_map(|it| Some((it.name.as_str(), slowest(stack, &it.servers)?)))
            .collect();
        for pass in &proxy.passes {
            let direct = || slowest_of(stack, &pass.target);
            let found = slowest.get(pass.target.host.as_str()).copied().or_else(direct);
            let Some((service, timeout)) = found.filter(|(_, timeout)| timeout.value > pass.read.value)
            else {
                continue;
            };
            let sentence = format!(
                "nginx gives up after {}, {service} works on a request for up to {}.",
                show_seconds(pass.read.value),
                show_seconds(timeout.value)
            );
            let named = format!("{service}: request timeout");
            hits.push(
                hit(sentence, vec![pass.read.figure("proxy_read_timeout"), timeout.figure(&named)])
                    .agree("proxy_read_timeout", format!("{:.0}s", timeout.value + 5.0))
                    .agree(named, format!("below {}", show_seconds(pass.read.value))),
            );
        }
    }
    hits
}

/// A service and how long it works on a request at most.
type Slow<'a> = (&'a str, &'a Known<f64>);

fn slowest_of<'a>(stack: &'a Stack, target: &Target) -> Option<Slow<'a>> {
    let app = stack.web(&target.host)?;
    Some((stack.services[app.service].name.as_str(), app.web.as_ref()?.timeout.as_ref()?))
}

fn slowest<'a>(stack: &'a Stack, servers: &[Target]) -> Option<Slow<'a>> {
    let each = servers.iter().filter_map(|target| slowest_of(stack, target));
    each.max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value))
}

fn given(seconds: f64) -> Figure {
    Figure::reckoned("idle timeout of the balancer", show_seconds(seconds), "--balancer-idle")
}

fn balancer_idle(stack: &Stack) -> Vec<Hit> {
    let Some(balancer) = stack.balancer_idle else { return Vec::new() };
    let idle = stack.proxies.iter().flat_map(|proxy| &proxy.client_idle);
    idle.filter(|idle| idle.value <= balancer)
        .map(|idle| {
            let sentence = format!(
                "nginx closes idle connections after {}, the balancer uses them for {}.",
                show_seconds(idle.value),
                show_seconds(balancer)
            );
            hit(sentence, vec![idle.figure("keepalive_timeout"), given(balancer)])
                .agree("keepalive_timeout", format!("{:.0}s", balancer + 15.0))
        })
        .collect()
}

fn balancer_read(stack: &Stack) -> Vec<Hit> {
    let Some(balancer) = stack.balancer_idle else { return Vec::new() };
    let passes = stack.proxies.iter().flat_map(|proxy| &proxy.passes);
    passes
        .filter(|pass| pass.read.value > balancer)
        .map(|pass| {
            let sentence = format!(
                "nginx waits {} for an answer, the balancer {}.",
                show_seconds(pass.read.value),
                show_seconds(balancer)
            );
            hit(sentence, vec![pass.read.figure("proxy_read_timeout"), given(balancer)])
                .agree("proxy_read_timeout", format!("{:.0}s", (balancer - 5.0).max(1.0)))
                .agree("idle timeout of the balancer", format!("above {}", show_seconds(pass.read.value)))
        })
        .collect()
}

fn stop_kills(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for app in &stack.apps {
        let service = &stack.services[app.service];
        let work: Option<(&str, &Known<f64>)> = match (&app.web, &app.tasks) {
            (Some(web), _) => web.graceful.as_ref().map(|known| ("graceful timeout", known)),
            (_, Some(tasks)) => tasks.limit.as_ref().map(|known| ("task time limit", known)),
            _ => None,
        };
        let Some((what, work)) = work else { continue };
        // Two defaults that do not agree are left to those who write one of them.
        if service.grace.value >= work.value || !(service.grace.is_written() || work.is_written()) {
            continue;
        }
        let sentence = format!(
            "{} is killed {} after it was told to stop; its work may take {}.",
            service.name,
            show_seconds(service.grace.value),
            show_seconds(work.value)
        );
        let figures = vec![
            work.figure(format!("{}: {what}", service.name)),
            service.grace.figure(format!("{}: stop_grace_period", service.name)),
        ];
        let wanted = format!("{:.0}s", work.value + 5.0);
        hits.push(hit(sentence, figures).agree(format!("{}: stop_grace_period", service.name), wanted));
    }
    hits
}
