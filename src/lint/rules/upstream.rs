//! nginx sends requests to services that are there, at the port that they listen on.

use super::super::facts::Stack;
use super::super::facts::proxy::Proxy;
use super::super::facts::service::Service;
use super::super::parse::compose::Node;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "upstream-host-unknown",
        severity: Severity::Error,
        title: "nginx sends requests to services that exist",
        failure: "nginx does not start: \"host not found in upstream\"",
        source: "nginx.org, upstream module, server; compose-spec 06, networks",
        check: host_unknown,
    },
    Rule {
        id: "upstream-port-differs",
        severity: Severity::Error,
        title: "nginx sends requests to the port that the application listens on",
        failure: "every request ends with 502: connection refused",
        source: "nginx.org, proxy module; uvicorn.org and docs.gunicorn.org, settings",
        check: port_differs,
    },
];

fn host_unknown(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    if stack.services.iter().any(has_other_names) {
        return hits;
    }
    let named = |host: &str| {
        stack.services.iter().any(|service| {
            let name = service.node.get("container_name").and_then(Node::word);
            service.name == host || name.is_some_and(|name| name.value == host)
        })
    };
    for proxy in stack.proxies.iter().filter(|proxy| proxy.service.is_some()) {
        for target in proxy.destinations() {
            let elsewhere = target.host == "localhost" || target.host.contains(['.', '[', ':']);
            if elsewhere || named(&target.host) {
                continue;
            }
            let web = stack.apps.iter().filter(|app| app.web.is_some());
            let names: Vec<&str> = web.map(|app| stack.services[app.service].name.as_str()).collect();
            let wanted = match names.as_slice() {
                [] => "the name of a service".to_owned(),
                names => names.join(" or "),
            };
            let sentence = format!("There is no service {} in the Compose file.", target.host);
            hits.push(
                hit(sentence, vec![target.word.figure("nginx: server")]).agree("nginx: server", wanted),
            );
        }
    }
    hits
}

/// Whether a service can be reached by names that stand elsewhere.
fn has_other_names(service: &Service) -> bool {
    let aliases = |node: &Node| node.entries().iter().any(|it| it.node.get("aliases").is_some());
    service.node.get("networks").is_some_and(aliases)
        || ["links", "extra_hosts"].iter().any(|key| service.node.get(key).is_some())
}

fn port_differs(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for target in stack.proxies.iter().flat_map(Proxy::destinations) {
        let app = stack.web(&target.host).and_then(|app| Some((app, app.web.as_ref()?.port.as_ref()?)));
        let Some((app, port)) = app else { continue };
        // nginx goes to port 80 where none is written.
        let wanted = target.port.unwrap_or(80);
        if wanted == port.value {
            continue;
        }
        let sentence = format!(
            "nginx goes to port {wanted} of {}, where {} listens on {}.",
            target.host, app.program, port.value
        );
        let figures = vec![
            target.word.figure("nginx: server"),
            port.figure(format!("{}: port of {}", target.host, app.program)),
        ];
        hits.push(hit(sentence, figures).agree("nginx: server", format!("{}:{}", target.host, port.value)));
    }
    hits
}
