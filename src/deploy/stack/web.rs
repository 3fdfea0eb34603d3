//! Web servers and the reverse proxy before them: processes, memory, and timeouts that grow outward, so that whoever gives up
//! first is always the one that can say why.

use super::{Front, Pool, Site, mebibytes, program, seconds, words};
use crate::sizing::AppRequirement;
use crate::spec::Spec;
use crate::tune::render::Container;

/// How long an idle connection to the web server is kept, s: longer than the proxy keeps it, or the proxy sends a request into
/// a connection that is just being closed (load balancer guides say the same of any two in a row).
const WEB_IDLE_S: u32 = 75;
/// How long the proxy keeps an idle connection to a web server, s (nginx.org, ngx_http_upstream_module: 60 by itself).
const UPSTREAM_IDLE_S: u32 = 60;
/// How long the proxy keeps an idle connection of a person, s (nginx.org, ngx_http_core_module: 75 by itself).
const PEOPLE_IDLE_S: u32 = 75;
/// How long the proxy keeps an idle connection of a balancer, s: the longest that a managed balancer keeps one by itself is
/// 600 s, and the outer side has to close first.
const BALANCER_IDLE_S: u32 = 650;
/// How much longer than the application the proxy waits, s.
const PROXY_MARGIN_S: u32 = 5;
/// Connections that each worker process of the proxy keeps to the web servers (nginx.org, ngx_http_upstream_module: 32 by
/// itself since 1.29.7).
const KEPT: u32 = 64;
/// Length of uvicorn's and gunicorn's accept queue (their documentation: 2048 by themselves).
const WEB_BACKLOG: u32 = 2048;
/// Share of a container's memory in steady use: the ceiling that sizing takes for machines.
const MEMORY_CEILING: f64 = 0.85;

/// The web servers of one host.
#[derive(Debug, Clone, PartialEq)]
pub struct Web {
    /// Containers.
    pub instances: u32,
    /// Processes in each.
    pub workers: u32,
    /// Port inside of the container.
    pub port: u16,
    /// Path of the health check.
    pub health: String,
    /// Command with the options that follow from the spec; `None`: the image's own.
    pub command: Option<Vec<String>>,
    /// Database connections of each process; `None` without a database.
    pub pool: Option<Pool>,
    /// Memory limit of each container, MiB.
    pub memory_mib: u32,
    /// Longest time that a request is worked on, s.
    pub request_timeout_s: u32,
    /// How long an idle connection is kept, s.
    pub idle_s: u32,
    /// Length of the accept queue.
    pub backlog: u32,
    /// How long the container may take to stop, s: running requests are finished.
    pub stop_s: u32,
}

impl Web {
    pub(super) fn of(spec: &Spec, need: &AppRequirement, in_flight: f64, site: Site) -> Self {
        let workers = spec.app.workers.unwrap_or(1);
        let all = spec.app.instances.unwrap_or_else(|| need.processes.div_ceil(workers)).max(1);
        let instances = all.div_ceil(site.hosts);
        let requests = in_flight / f64::from(instances * site.hosts);
        let gib =
            f64::from(workers) * spec.app.worker_memory_gib.mid + requests * spec.app.request_memory_gib.mid;
        let request_timeout_s = seconds(spec.deploy.request_timeout_s);
        let mut web = Self {
            instances,
            workers,
            port: spec.app.port,
            health: spec.app.health.clone(),
            command: None,
            pool: None,
            memory_mib: mebibytes(gib / MEMORY_CEILING),
            request_timeout_s,
            idle_s: WEB_IDLE_S,
            backlog: WEB_BACKLOG,
            stop_s: request_timeout_s + 2 * PROXY_MARGIN_S,
        };
        web.command = spec.deploy.command.as_deref().map(|command| web.completed(words(command)));
        web
    }

    /// Worker processes over all hosts.
    pub(super) fn processes_of_all(&self, site: Site) -> u32 {
        self.instances.saturating_mul(self.workers).saturating_mul(site.hosts)
    }

    /// The command with what a known server has to be told and is not.
    fn completed(&self, mut words: Vec<String>) -> Vec<String> {
        let options: Vec<(&[&str], String)> = match program(&words) {
            "uvicorn" => vec![
                (&["--host"], "0.0.0.0".to_owned()),
                (&["--port"], self.port.to_string()),
                (&["--workers"], self.workers.to_string()),
                (&["--backlog"], self.backlog.to_string()),
                (&["--timeout-keep-alive"], self.idle_s.to_string()),
                (&["--timeout-graceful-shutdown"], self.request_timeout_s.to_string()),
            ],
            "gunicorn" => vec![
                (&["--bind", "-b"], format!("0.0.0.0:{}", self.port)),
                (&["--workers", "-w"], self.workers.to_string()),
                (&["--backlog"], self.backlog.to_string()),
                (&["--keep-alive"], self.idle_s.to_string()),
                (&["--timeout", "-t"], self.request_timeout_s.to_string()),
                (&["--graceful-timeout"], self.request_timeout_s.to_string()),
            ],
            _ => Vec::new(),
        };
        add(&mut words, &options);
        words
    }
}

/// Adds the options that a command does not have in any of their spellings.
pub(super) fn add(words: &mut Vec<String>, options: &[(&[&str], String)]) {
    let has = |words: &[String], name: &str| {
        words.iter().any(|word| {
            let short = !name.starts_with("--") && word.len() > name.len() && !word.starts_with("--");
            word == name || word.starts_with(&format!("{name}=")) || (short && word.starts_with(name))
        })
    };
    for (names, value) in options {
        if !names.iter().any(|name| has(words, name)) {
            words.extend([names[0].to_owned(), value.clone()]);
        }
    }
}

/// The reverse proxy of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Port that it is reached on without TLS.
    pub port: u16,
    /// Certificate chain and key on the host; `None`: plain HTTP.
    pub certificate: Option<(String, String)>,
    /// Connections of each worker process, those to the web servers included.
    pub connections: u32,
    /// Open files of each worker process.
    pub files: u32,
    /// Idle connections that each worker process keeps to the web servers.
    pub kept: u32,
    /// How long an idle connection to a web server is kept, s.
    pub upstream_idle_s: u32,
    /// How long an idle connection of a client is kept, s.
    pub client_idle_s: u32,
    /// How long an answer is waited for, s.
    pub read_timeout_s: u32,
    /// Length of the accept queue.
    pub backlog: u32,
    /// Largest body of a request, MiB.
    pub body_mib: u32,
}

impl Proxy {
    pub(super) fn of(spec: &Spec, site: Site, container: &Container) -> Self {
        // A quarter more people than the spec has, for the load test; two connections for each, and those that are kept.
        let people = spec.load.users.mid * 1.25 / f64::from(site.hosts);
        let connections = power(2.0 * people + f64::from(KEPT)).max(1024);
        let largest = spec.requests.iter().map(|request| request.upload_bytes.mid).fold(0.0, f64::max);
        let queue = power(people).clamp(511, 65_535);
        Self {
            port: match site.front {
                Front::People => 80,
                Front::Balancer => spec.app.port,
            },
            certificate: spec.deploy.certificate.clone().zip(spec.deploy.certificate_key.clone()),
            connections,
            files: connections.saturating_mul(2),
            kept: KEPT,
            upstream_idle_s: UPSTREAM_IDLE_S,
            client_idle_s: match site.front {
                Front::People => PEOPLE_IDLE_S,
                Front::Balancer => BALANCER_IDLE_S,
            },
            read_timeout_s: seconds(spec.deploy.request_timeout_s) + PROXY_MARGIN_S,
            backlog: container.accept_queue().map_or(queue.min(4096), |most| queue.min(most)),
            body_mib: mebibytes(2.0 * largest / f64::from(1 << 30)),
        }
    }
}

/// The power of two that is not less.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn power(number: f64) -> u32 {
    (number.ceil().clamp(1.0, 1e9) as u32).next_power_of_two()
}
