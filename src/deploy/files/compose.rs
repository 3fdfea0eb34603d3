//! Compose files. Texts of the spec are put in as JSON, which YAML takes as it is.

use minijinja::value::Serde;
use serde_json::{Value, json};

use super::{Part, ground_project, release_project};
use crate::deploy::stack::{Stack, Tasks};

/// The stable line of 2026, small and with the `wget` that its health check needs.
pub(crate) const PROXY_IMAGE: &str = "nginx:1.28-alpine";
/// Path under which certificates are links into each other's folders.
const LINKED: &str = "/etc/letsencrypt";

/// A template of the project with its values.
pub(super) fn filled(template: &str, values: &Value) -> String {
    // Values come from types of this module: what a template asks for is there.
    let text = minijinja::Environment::new()
        .render_str(template, Serde(values))
        .unwrap_or_else(|error| unreachable!("a template of our own: {error}"));
    format!("{}\n", text.trim_end())
}

/// The longest accept queue that the kernel grants by itself (Linux, admin-guide/sysctl/net.rst, since 5.4).
const ACCEPT_QUEUE: u32 = 4096;
/// Kernel settings that do nothing for these containers: each has the queue that it asks for, and connections are kept.
const WITHOUT_EFFECT: &[&str] = &["net.core.somaxconn", "net.ipv4.tcp_fin_timeout"];

/// The Compose file of a part of the stack.
pub(super) fn compose(stack: &Stack, part: Part<'_>) -> String {
    let (ground, release) = (!matches!(part, Part::Release(_)), !matches!(part, Part::Ground));
    let whole = part == Part::Whole;
    let files = stack.container.open_files();
    let sysctls: Vec<_> =
        stack.container.sysctls.iter().filter(|(key, _)| !WITHOUT_EFFECT.contains(&key.as_str())).collect();
    let waits = |wanted: &[(&'static str, bool)]| -> Vec<&'static str> {
        wanted.iter().filter(|(_, there)| *there && whole).map(|(name, _)| *name).collect()
    };
    let data = [
        ("database", stack.database.is_some()),
        ("cache", stack.cache.is_some()),
        ("queue", stack.queue.is_some()),
    ];
    let (title, project) = match part {
        Part::Whole => (format!("{}: all of it on one host", stack.name), stack.name.clone()),
        Part::Ground => (format!("{}: what stays over releases", stack.name), ground_project(stack)),
        Part::Release(id) => (format!("{}: release {id}", stack.name), release_project(stack, id)),
    };
    let mut volumes = Vec::new();
    volumes.extend(stack.database.as_ref().filter(|_| ground).map(|_| "database"));
    volumes.extend(stack.queue.as_ref().filter(|_| ground).map(|_| "queue"));
    filled(
        include_str!("../../../templates/deploy/compose.yml.jinja"),
        &json!({
            "title": title,
            "project": project,
            "remarks": if whole { stack.remarks.as_slice() } else { &[] },
            "foreign": stack.container.foreign.join(", "),
            "network": json!({ "sysctls": sysctls, "files": files }),
            "image": stack.image,
            "proxy": ground.then(|| proxy(stack, whole)),
            "app": release.then(|| json!({
                "command": stack.web.command.as_ref().map(|words| escaped(words)),
                "instances": stack.web.instances,
                "memory_mib": stack.web.memory_mib,
                "stop_s": stack.web.stop_s,
                "start_s": stack.health_timeout_s,
                "url": format!("http://127.0.0.1:{}{}", stack.web.port, stack.web.health),
                "waits": waits(&data),
            })),
            "tasks": stack.tasks.as_ref().filter(|_| release).map(|tasks| task_workers(stack, tasks, &waits(&data))),
            "database": stack.database.as_ref().filter(|_| ground).map(|database| json!({
                "image": database.image,
                "schema": stack.schema(),
                "memory_mib": database.memory_mib,
                "files": database.files,
            })),
            "stores": if ground { stores(stack) } else { Vec::new() },
            "volumes": volumes,
            "joined": (!whole).then(|| json!({ "name": stack.name, "external": release })),
        }),
    )
}

fn proxy(stack: &Stack, waits: bool) -> Value {
    let proxy = &stack.proxy;
    let mut ports = vec![format!("{}:80", proxy.port)];
    if proxy.certificate.is_some() {
        ports.push("443:443".to_owned());
    }
    let mut folders: Vec<String> =
        proxy.certificate.iter().flat_map(|(chain, key)| [folder(chain), folder(key)]).collect();
    folders.sort();
    folders.dedup();
    json!({
        "image": PROXY_IMAGE,
        "ports": ports,
        "folders": folders,
        "files": proxy.files,
        "accept_queue": (proxy.backlog > ACCEPT_QUEUE).then_some(proxy.backlog),
        "stop_s": proxy.read_timeout_s + 5,
        "waits": waits,
    })
}

/// The folder that a certificate is mounted with: a file that is replaced would stay the old one inside of the container.
fn folder(path: &str) -> String {
    if path.starts_with(&format!("{LINKED}/")) {
        return LINKED.to_owned();
    }
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
    }
}

fn task_workers(stack: &Stack, tasks: &Tasks, waits: &[&'static str]) -> Value {
    json!({
        "command": escaped(&tasks.command),
        "workers": tasks.workers,
        "memory_mib": tasks.memory_mib,
        "stop_s": tasks.stop_s,
        "start_s": stack.health_timeout_s,
        // The one variable in it is the container's own: `$$` is Compose's way to leave it to the shell there.
        "health": tasks.health.as_ref().map(|words| words.join(" ").replace('$', "$$")),
        "waits": waits,
    })
}

/// Words in which Compose would take `$` for a variable of its own.
fn escaped(words: &[String]) -> Vec<String> {
    words.iter().map(|word| word.replace('$', "$$")).collect()
}

fn stores(stack: &Stack) -> Vec<Value> {
    let one = |name: &str, image: &str, program: &str, memory_mib: u32, kept: bool| {
        json!({
            "name": name,
            "image": image,
            "program": program,
            "client": program.replace("-server", "-cli"),
            "file": format!("{name}.conf"),
            "memory_mib": memory_mib,
            "kept": kept,
        })
    };
    let cache = stack.cache.iter().map(|it| one("cache", &it.image, &it.program, it.memory_mib, false));
    let queue = stack.queue.iter().map(|it| one("queue", &it.image, &it.program, it.memory_mib, true));
    cache.chain(queue).collect()
}
