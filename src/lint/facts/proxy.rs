//! What an nginx is set to: each value after inheritance from the blocks around it.

use super::super::known::{Known, Place, Word};
use super::super::parse::nginx::Directive;
use super::super::units::count;
use super::scope::Scope;

const CORE: &str = "nginx.org, core module";
const HTTP: &str = "nginx.org, http core module";
const PROXY: &str = "nginx.org, proxy module";
const UPSTREAM: &str = "nginx.org, upstream module";

/// An nginx.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    /// File that it was read from.
    pub(crate) file: String,
    /// Its service of the Compose file.
    pub(crate) service: Option<usize>,
    /// Worker processes; `None`: `auto`, or not known.
    pub(crate) workers: Option<Known<u64>>,
    /// Connections of each worker; `None`: not known.
    pub(crate) connections: Option<Known<u64>>,
    /// Files of each worker, where it says so itself.
    pub(crate) nofile: Option<Known<u64>>,
    /// What it listens on.
    pub(crate) listens: Vec<Listen>,
    /// How long an idle client is kept, s: of each server.
    pub(crate) client_idle: Vec<Known<f64>>,
    /// Groups of servers.
    pub(crate) upstreams: Vec<Upstream>,
    /// Where requests go.
    pub(crate) passes: Vec<Pass>,
}

/// An address that is listened on.
#[derive(Debug, Clone)]
pub(crate) struct Listen {
    /// Address as written.
    pub(crate) address: Word,
    /// Length of its accept queue.
    pub(crate) backlog: Known<u64>,
}

/// A group of servers.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    /// Name.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: Place,
    /// Servers.
    pub(crate) servers: Vec<Target>,
    /// Idle connections that each worker keeps; `None`: not written.
    pub(crate) keepalive: Option<Known<u64>>,
    /// How long an idle connection is kept, s.
    pub(crate) idle: Known<f64>,
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    /// Host, or the name of a group.
    pub(crate) host: String,
    /// Port; `None`: not written.
    pub(crate) port: Option<u64>,
    /// As written.
    pub(crate) word: Word,
}

/// Where requests are sent on.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    /// Where to.
    pub(crate) target: Target,
    /// Whether it is `proxy_pass`, so that what holds for HTTP holds.
    pub(crate) http: bool,
    /// Longest time between two reads of the answer, s.
    pub(crate) read: Known<f64>,
    /// HTTP version; `None`: not written.
    pub(crate) version: Option<Word>,
    /// What is sent as the header `Connection`; `None`: not written.
    pub(crate) connection: Option<Word>,
    /// When the next server is tried.
    pub(crate) next_upstream: Vec<Word>,
}

impl Proxy {
    /// What these directives set.
    pub(super) fn of(file: &str, directives: &[Directive]) -> Self {
        let block = |name: &str| directives.iter().find(|it| it.name == name && it.block.is_some());
        let whole = block("events").is_some() || block("http").is_some();
        let main = Scope::default().inside(directives);
        let events = block("events").and_then(|it| it.block.as_deref()).unwrap_or_default();
        let events = Scope::default().inside(events);
        let number = |scope: &Scope<'_>, name: &str| Some(Known::of(scope.word(name)?, count));
        let auto = main.word("worker_processes").is_some_and(|word| word.value == "auto");
        let unwritten = main.word("worker_processes").is_none();
        let mut proxy = Self {
            file: file.to_owned(),
            service: None,
            workers: number(&main, "worker_processes")
                .filter(|_| !auto)
                .or_else(|| (whole && unwritten).then(|| Known::default(1, "1", CORE))),
            connections: number(&events, "worker_connections").or_else(|| {
                (whole && events.word("worker_connections").is_none())
                    .then(|| Known::default(512, "512", CORE))
            }),
            nofile: number(&main, "worker_rlimit_nofile"),
            listens: Vec::new(),
            client_idle: Vec::new(),
            upstreams: Vec::new(),
            passes: Vec::new(),
        };
        match block("http").and_then(|it| it.block.as_deref()) {
            Some(http) => proxy.walk(http, &Scope::default().inside(http)),
            None => proxy.walk(directives, &main),
        }
        proxy
    }

    fn walk<'a>(&mut self, block: &'a [Directive], scope: &Scope<'a>) {
        for directive in block {
            match (directive.name.as_str(), directive.block.as_deref()) {
                ("upstream", Some(inside)) => self.upstreams.extend(upstream(directive, inside)),
                ("events" | "stream" | "mail", _) => {}
                ("server", Some(inside)) => {
                    let scope = scope.inside(inside);
                    self.client_idle.push(scope.time("keepalive_timeout", 75.0, HTTP));
                    self.walk(inside, &scope);
                }
                (_, Some(inside)) => self.walk(inside, &scope.inside(inside)),
                ("listen", None) => self.listens.extend(listen(directive)),
                (name @ ("proxy_pass" | "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "grpc_pass"), None) => {
                    self.passes.extend(pass(name, directive, scope));
                }
                _ => {}
            }
        }
    }

    /// The group of this name.
    pub(crate) fn upstream(&self, name: &str) -> Option<&Upstream> {
        self.upstreams.iter().find(|upstream| upstream.name == name)
    }

    /// Every server that requests go to, once.
    pub(crate) fn destinations(&self) -> impl Iterator<Item = &Target> {
        let direct = self.passes.iter().map(|pass| &pass.target);
        let direct = direct.filter(|target| self.upstream(&target.host).is_none());
        self.upstreams.iter().flat_map(|upstream| &upstream.servers).chain(direct)
    }
}

fn upstream(directive: &Directive, block: &[Directive]) -> Option<Upstream> {
    let name = directive.arg(0)?;
    let scope = Scope::default().inside(block);
    Some(Upstream {
        name: name.value.clone(),
        place: name.place()?.clone(),
        servers: block.iter().filter(|it| it.name == "server").filter_map(|it| target(it.arg(0)?)).collect(),
        keepalive: scope.word("keepalive").map(|word| Known::of(word, count)),
        idle: scope.time("keepalive_timeout", 60.0, UPSTREAM),
    })
}

fn listen(directive: &Directive) -> Option<Listen> {
    let address = directive.arg(0)?.clone();
    let written = directive.args.iter().find_map(|word| {
        let text = word.value.strip_prefix("backlog=")?.to_owned();
        Some(Word { value: text.clone(), text, from: word.from.clone() })
    });
    let backlog = Known::or(written.as_ref(), count, || Known::default(511, "511", HTTP));
    Some(Listen { address, backlog })
}

fn pass(name: &str, directive: &Directive, scope: &Scope<'_>) -> Option<Pass> {
    let word = directive.arg(0)?;
    let prefix = name.trim_end_matches("_pass");
    Some(Pass {
        target: target(word)?,
        http: name == "proxy_pass",
        read: scope.time(&format!("{prefix}_read_timeout"), 60.0, PROXY),
        version: scope.word("proxy_http_version").cloned(),
        connection: scope.connection.and_then(|it| it.arg(1)).cloned(),
        next_upstream: scope.args("proxy_next_upstream"),
    })
}

/// Host and port of an address such as `http://api:8000/path`; `None`: a socket file, or a variable.
fn target(word: &Word) -> Option<Target> {
    let text = word.value.split_once("://").map_or(word.value.as_str(), |(_, rest)| rest);
    let address = text.split('/').next().unwrap_or_default();
    if address.is_empty() || address.contains('$') || word.value.contains("unix:") {
        return None;
    }
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !address.ends_with(']') => (host, count(port)),
        _ => (address, None),
    };
    Some(Target { host: host.to_owned(), port, word: word.clone() })
}
