//! What a Compose file leaves out that production needs. One finding for each rule, naming all services.

use super::super::facts::Stack;
use super::super::facts::server::{MARIADB_IMAGES, MYSQL_IMAGES, REDIS_IMAGES};
use super::super::facts::service::Service;
use super::super::known::Figure;
use super::super::parse::compose::Node;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "healthcheck-missing",
        severity: Severity::Note,
        title: "every service says whether it works",
        failure: "a container that hangs counts as running, and gets requests; unless its image brings a check",
        source: "compose-spec 05, healthcheck",
        check: healthcheck,
    },
    Rule {
        id: "restart-missing",
        severity: Severity::Warning,
        title: "every service comes back after a crash and after a boot",
        failure: "a process that ends stays down until somebody notices",
        source: "compose-spec 05, restart (no by itself)",
        check: restart,
    },
    Rule {
        id: "log-rotation-missing",
        severity: Severity::Warning,
        title: "logs have a bound",
        failure: "the log of each container grows until the disk is full, and then everything on the host fails",
        source: "docs.docker.com, JSON file logging driver: max-size is unlimited by itself",
        check: logs,
    },
    Rule {
        id: "image-not-pinned",
        severity: Severity::Warning,
        title: "images are named by a version",
        failure: "the next pull brings another version, on one host before the other, and there is no way back",
        source: "docs.docker.com, building best practices: pin base image versions",
        check: pinned,
    },
    Rule {
        id: "database-port-published",
        severity: Severity::Warning,
        title: "databases and caches are reached inside of their network only",
        failure: "the port is open to everybody: Docker writes its rules before those of ufw",
        source: "docs.docker.com, port publishing and packet filtering: ufw",
        check: published,
    },
];

/// One finding that names all services that a question is answered with yes for.
fn all(stack: &Stack, is: impl Fn(&Service) -> bool, what: &str, sentence: &str) -> Option<Hit> {
    let lacking: Vec<&Service> = stack.services.iter().filter(|service| is(service)).collect();
    let names: Vec<&str> = lacking.iter().map(|service| service.name.as_str()).collect();
    let figures: Vec<Figure> =
        lacking.iter().map(|it| Figure::at(format!("service {}", it.name), what, &it.place)).collect();
    (!lacking.is_empty()).then(|| hit(format!("{sentence}: {}.", names.join(", ")), figures))
}

/// Whether a service runs once and ends: a migration, a one-off script.
fn ends(stack: &Stack, service: &Service) -> bool {
    let restart = service.node.get("restart").and_then(Node::word);
    let awaited = stack.services.iter().any(|other| {
        let condition = other.node.at(&["depends_on", &service.name, "condition"]).and_then(Node::word);
        condition.is_some_and(|it| it.value == "service_completed_successfully")
    });
    awaited || restart.is_some_and(|it| it.value == "no") || service.node.get("profiles").is_some()
}

fn healthcheck(stack: &Stack) -> Vec<Hit> {
    let lacks = |service: &Service| {
        let check = service.node.get("healthcheck");
        let off = check
            .and_then(|node| node.get("disable"))
            .and_then(Node::word)
            .is_some_and(|it| it.value == "true");
        !ends(stack, service) && (off || check.and_then(|node| node.get("test")).is_none())
    };
    all(stack, lacks, "no healthcheck", "Without a healthcheck")
        .map(|it| it.agree("healthcheck", "test, interval 10s, timeout 5s, retries 3"))
        .into_iter()
        .collect()
}

fn restart(stack: &Stack) -> Vec<Hit> {
    let lacks = |service: &Service| {
        let written =
            service.node.get("restart").is_some() || service.node.at(&["deploy", "restart_policy"]).is_some();
        !written && !ends(stack, service)
    };
    all(stack, lacks, "no restart", "Without a restart policy")
        .map(|it| it.agree("restart", "unless-stopped"))
        .into_iter()
        .collect()
}

fn logs(stack: &Stack) -> Vec<Hit> {
    let lacks = |service: &Service| {
        let driver = service.node.at(&["logging", "driver"]).and_then(Node::word);
        // Other drivers rotate by themselves, or send logs elsewhere.
        let file = driver.is_none_or(|driver| driver.value == "json-file");
        file && service.node.at(&["logging", "options", "max-size"]).is_none() && !ends(stack, service)
    };
    all(
        stack,
        lacks,
        "json-file without max-size",
        "Logs without a bound, unless the engine's own settings have one",
    )
    .map(|it| it.agree("logging", "driver json-file, options max-size 10m and max-file 3"))
    .into_iter()
    .collect()
}

fn pinned(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for service in &stack.services {
        // What is built here carries its version in the sources.
        let Some(image) = service.image.as_ref().filter(|_| service.node.get("build").is_none()) else {
            continue;
        };
        let open = image.word.value.contains("${");
        if open || image.digest || image.tag.as_deref().is_some_and(|tag| tag != "latest") {
            continue;
        }
        let sentence = format!("{} takes whatever version of {} is newest.", service.name, image.name);
        hits.push(
            hit(sentence, vec![image.word.figure(format!("{}: image", service.name))])
                .agree(format!("{}: image", service.name), "a tag with a version, or a digest"),
        );
    }
    hits
}

fn published(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    let stores = |service: &&Service| {
        [MYSQL_IMAGES, MARIADB_IMAGES, REDIS_IMAGES].iter().any(|it| service.is_image(it))
    };
    for service in stack.services.iter().filter(stores) {
        for port in &service.ports {
            if port.address.starts_with("127.") || port.address == "[::1]" || port.address == "localhost" {
                continue;
            }
            let sentence = format!("{} is published on every address of the host.", service.name);
            hits.push(hit(sentence, vec![port.word.figure(format!("{}: ports", service.name))]).agree(
                format!("{}: ports", service.name),
                format!("none, or 127.0.0.1:{}", port.word.value),
            ));
        }
    }
    hits
}
