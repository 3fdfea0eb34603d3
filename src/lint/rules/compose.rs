//! A Compose file with itself: what cannot be started, and what is silently left out.

use super::super::facts::Stack;
use super::super::facts::service::Service;
use super::super::known::{Figure, Known};
use super::super::parse::compose::Node;
use super::super::units::show_count;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "replicas-with-fixed-port",
        severity: Severity::Error,
        title: "a service of several containers publishes no fixed port",
        failure: "the second container does not start: \"port is already allocated\"",
        source: "compose-spec 05, ports; docs.docker.com, compose up --scale",
        check: fixed_port,
    },
    Rule {
        id: "replicas-with-fixed-name",
        severity: Severity::Error,
        title: "a service of several containers has no container_name",
        failure: "Compose refuses the file: a name can be given to one container only",
        source: "compose-spec 05, container_name",
        check: fixed_name,
    },
    Rule {
        id: "deploy-only-in-swarm",
        severity: Severity::Warning,
        title: "settings under deploy are carried out",
        failure: "docker compose reads these keys and does nothing: containers are replaced all at once, wherever they are",
        source: "compose-spec deploy; docker stack deploy carries out update_config, rollback_config, placement and endpoint_mode, \
                 docker compose does not",
        check: only_in_swarm,
    },
    Rule {
        id: "limits-depend-on-compose",
        severity: Severity::Note,
        title: "limits hold with every program that reads the file",
        failure: "docker-compose 1 leaves out deploy.resources unless it is called with --compatibility: the container has no limit at all",
        source: "docs.docker.com, Compose file version 3, resources",
        check: depends,
    },
    Rule {
        id: "healthy-without-check",
        severity: Severity::Warning,
        title: "a service that others wait for says when it is healthy",
        failure: "the others never start: \"has no healthcheck configured\", unless the image brings one",
        source: "compose-spec 05, depends_on, condition service_healthy",
        check: healthy,
    },
    Rule {
        id: "workers-exceed-cpus",
        severity: Severity::Warning,
        title: "worker processes fit the CPUs of their container",
        failure: "processes share too few CPUs: all become slow at once, and the container is throttled in each period",
        source: "docs.gunicorn.org, design: 2 x cores + 1 workers",
        check: workers,
    },
    Rule {
        id: "reload-in-production",
        severity: Severity::Warning,
        title: "the server does not watch its sources",
        failure: "--reload runs one process and ignores --workers; a changed file ends all running requests",
        source: "uvicorn.org, settings: --reload and --workers exclude each other; docs.gunicorn.org, reload",
        check: reload,
    },
];

fn several(service: &Service) -> bool {
    service.replicas.value > 1
}

fn replicas(service: &Service) -> Figure {
    service.replicas.figure(format!("{}: replicas", service.name))
}

fn fixed_port(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for service in stack.services.iter().filter(|service| several(service)) {
        for port in &service.ports {
            let Some(host) = port.host.filter(|host| *host > 0) else { continue };
            let sentence = format!(
                "{} containers of {} all want port {host} of the host.",
                show_count(service.replicas.value),
                service.name
            );
            let figures = vec![port.word.figure(format!("{}: ports", service.name)), replicas(service)];
            hits.push(
                hit(sentence, figures)
                    .agree(format!("{}: ports", service.name), "none: let nginx reach it by its name")
                    .agree(format!("{}: replicas", service.name), "1"),
            );
        }
    }
    hits
}

fn fixed_name(stack: &Stack) -> Vec<Hit> {
    let one = |service: &Service| {
        let name = service.node.get("container_name").filter(|_| several(service))?.word()?;
        let sentence = format!(
            "{} containers of {} would all be called {}.",
            show_count(service.replicas.value),
            service.name,
            name.value
        );
        let figures = vec![name.figure(format!("{}: container_name", service.name)), replicas(service)];
        Some(hit(sentence, figures).agree(format!("{}: container_name", service.name), "remove it"))
    };
    stack.services.iter().filter_map(one).collect()
}

fn only_in_swarm(stack: &Stack) -> Vec<Hit> {
    let mut figures = Vec::new();
    for service in &stack.services {
        let deploy = service.node.get("deploy").map(Node::entries).unwrap_or_default();
        for entry in deploy {
            if ["update_config", "rollback_config", "placement", "endpoint_mode"]
                .contains(&entry.key.as_str())
            {
                figures.push(Figure::at(
                    format!("{}: deploy.{}", service.name, entry.key),
                    "written",
                    &entry.place,
                ));
            }
        }
    }
    if figures.is_empty() {
        return Vec::new();
    }
    hit("These settings are for docker stack deploy; docker compose up leaves them out.", figures)
        .agree("with docker compose", "replace containers one by one yourself, or use docker stack deploy")
        .into_vec()
}

fn depends(stack: &Stack) -> Vec<Hit> {
    let Some(version) = stack.compose_version.as_ref().filter(|version| version.value.starts_with('3'))
    else {
        return Vec::new();
    };
    let mut figures: Vec<Figure> = stack
        .services
        .iter()
        .filter(|service| service.node.get("mem_limit").is_none())
        .filter_map(|service| {
            let place = &service.node.at(&["deploy", "resources", "limits"])?.place;
            Some(Figure::at(format!("{}: deploy.resources.limits", service.name), "written", place))
        })
        .collect();
    if figures.is_empty() {
        return Vec::new();
    }
    figures.push(version.figure("version"));
    hit("Whether these limits hold depends on the program that reads the file.", figures)
        .agree("call", "docker compose (version 2), never docker-compose 1")
        .into_vec()
}

fn healthy(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for service in &stack.services {
        for entry in service.node.get("depends_on").map(Node::entries).unwrap_or_default() {
            let waits =
                entry.node.get("condition").and_then(Node::word).filter(|it| it.value == "service_healthy");
            let other = stack.services.iter().find(|other| other.name == entry.key);
            let (Some(condition), Some(other)) = (waits, other) else { continue };
            let test = other.node.at(&["healthcheck", "test"]);
            if test.is_some() || other.image.is_none() {
                continue;
            }
            let sentence =
                format!("{} waits until {} is healthy, which has no healthcheck.", service.name, other.name);
            let figures = vec![
                condition.figure(format!("{}: depends_on.{}.condition", service.name, other.name)),
                Figure::at(format!("service {}", other.name), "no healthcheck", &other.place),
            ];
            hits.push(hit(sentence, figures).agree(
                format!("{}: healthcheck.test", other.name),
                "a command that fails while it is not ready",
            ));
        }
    }
    hits
}

fn workers(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for app in stack.apps.iter().filter(|app| app.web.is_some()) {
        let service = &stack.services[app.service];
        let (Some(cpus), Some(processes)) = (&service.cpus, &app.processes) else { continue };
        let most = 2.0 * cpus.value + 1.0;
        if (processes.value as f64) <= most {
            continue;
        }
        let sentence = format!("{} runs {} processes on {} CPUs.", service.name, processes.value, cpus.text);
        let figures = vec![
            Known::figure(processes, format!("{}: worker processes", service.name)),
            cpus.figure(format!("{}: cpus", service.name)),
        ];
        hits.push(
            hit(sentence, figures)
                .agree(
                    format!("{}: worker processes", service.name),
                    format!("at most {:.0}", most.floor().max(1.0)),
                )
                .agree(
                    format!("{}: cpus", service.name),
                    format!("{:.1}", (processes.value as f64 - 1.0) / 2.0),
                ),
        );
    }
    hits
}

fn reload(stack: &Stack) -> Vec<Hit> {
    let one = |app: &super::super::facts::app::App| {
        let flag = app.web.as_ref()?.reload.as_ref()?;
        let service = &stack.services[app.service].name;
        let figures = vec![flag.figure(format!("{service}: command"))];
        Some(
            hit(format!("{service} watches its sources (--reload)."), figures).agree("--reload", "remove it"),
        )
    };
    stack.apps.iter().filter_map(one).collect()
}
