//! Hosts with an engine, and changes of release on them.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use loadline::deploy::run::{Change, End, Engine, Event, Host, Lock, Outcome, Prepared, Seen, change, look};
use loadline::deploy::stack::{Front, Site, Stack};
use loadline::hosts::{Connection, HostError, Reach};
use loadline::spec::{Spec, Vocabulary, read};
use tokio::sync::watch;

use crate::host;

const SPEC: &str = "version: 1
name: shop
load: { users: 200, think: 1 s }
requests: [{ name: page, cpu: 2 ms, queries: 2, query_cpu: 0.4 ms, wait: 50 ms, connection: query }]
tasks: [{ name: mail, rate: 2/s, time: 2 s }]
app: { image: 'registry.example/shop:1', instances: 2, workers: 2, task_workers: 2, task_concurrency: 4 }
database: { data: 10 GiB }
cache: { entries: 10000, entry_size: 8 KiB }
";

/// What a spec holds for these tests; `lines` are added to `deploy`.
pub(crate) fn spec(lines: &str) -> Spec {
    let text = format!("{SPEC}deploy: {{ task_command: celery -A app.tasks worker, drain: 0 s{lines} }}\n");
    read("shop.yaml", text.as_bytes(), &Vocabulary { clouds: Vec::new() }, &[]).unwrap()
}

/// The same on so many hosts, with data elsewhere where there are several.
pub(crate) fn stack(image: &str, lines: &str, hosts: u32) -> Stack {
    let mut spec = spec(lines);
    spec.app.image = Some(format!("registry.example/shop:{image}"));
    Stack::of(&spec, Site { hosts, front: Front::People }).unwrap()
}

/// A host with an engine.
pub(crate) fn with_engine(host: &host::Host) {
    let engine = include_str!("docker.py").replace('\'', "'\\''");
    host.sh(&format!(
        "mkdir -p /usr/local/bin && printf '%s' '{engine}' >/usr/local/bin/docker && chmod 0755 /usr/local/bin/docker
         rm -rf /var/lib/engine /var/lib/loadline"
    ));
}

macro_rules! hosts_or_skip {
    ($number:expr) => {{
        let mut hosts = Vec::new();
        for _ in 0..$number {
            let host = crate::host::host_or_skip!();
            crate::support::with_engine(&host);
            hosts.push(host);
        }
        hosts
    }};
}
pub(crate) use hosts_or_skip;

/// A host under another name.
struct Named {
    name: String,
    host: host::Host,
}

#[async_trait]
impl Reach for Named {
    fn name(&self) -> &str {
        &self.name
    }

    async fn connect(&self) -> Result<Box<dyn Connection>, HostError> {
        self.host.connect().await
    }
}

/// Ways to hosts, called web1, web2 and so on.
pub(crate) fn reached(hosts: &[host::Host]) -> Vec<Host> {
    let one = |(index, host): (usize, &host::Host)| {
        Host::new(Arc::new(Named { name: format!("web{}", index + 1), host: host.clone() }))
    };
    hosts.iter().enumerate().map(one).collect()
}

/// How a change of the tests goes about it.
#[derive(Clone)]
pub(crate) struct How {
    pub(crate) id: &'static str,
    pub(crate) made: bool,
    pub(crate) secrets: &'static str,
    pub(crate) engine: Engine,
    pub(crate) serial: Option<&'static str>,
    pub(crate) lock: Lock,
    pub(crate) token: &'static str,
    /// The stop is asked for when this happens.
    pub(crate) stop_at: Option<fn(&Event) -> bool>,
}

impl How {
    pub(crate) fn new(id: &'static str) -> Self {
        Self {
            id,
            made: true,
            secrets: "",
            engine: Engine::Demand,
            serial: None,
            lock: Lock::Respect,
            token: "token-1",
            stop_at: None,
        }
    }
}

/// Carries a change out; what came of it and what happened.
pub(crate) fn changed(hosts: &[host::Host], stack: &Stack, how: &How) -> (Outcome, Vec<Event>) {
    let hosts = reached(hosts);
    let (stopper, stop) = watch::channel(false);
    let events = Mutex::new(Vec::new());
    let job = Change {
        stack,
        to: how.id.to_owned(),
        made: how.made.then(|| Prepared { secrets: how.secrets.to_owned().into(), engine: how.engine }),
        who: "ann@desk".to_owned(),
        why: format!("the test of {}", how.id),
        token: how.token.to_owned(),
        now_s: 1_795_705_200,
        within: Duration::from_secs(60),
        serial: how.serial.map(|text| text.parse().unwrap()),
        parallel: NonZeroUsize::new(8).unwrap(),
        lock: how.lock,
    };
    let heard = |event: Event| {
        if how.stop_at.is_some_and(|at| at(&event)) {
            stopper.send(true).unwrap();
        }
        events.lock().unwrap().push(event);
    };
    let outcome = wait(change(&hosts, &job, &heard, &stop));
    (outcome, events.into_inner().unwrap())
}

/// A release that has to come to its end.
pub(crate) fn released(hosts: &[host::Host], stack: &Stack, id: &'static str) {
    let (outcome, _) = changed(hosts, stack, &How::new(id));
    assert_eq!(outcome.end, End::Done, "{:#?}", outcome.hosts);
}

pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// What is there on a host.
pub(crate) fn seen(host: &host::Host) -> Seen {
    let hosts = reached(std::slice::from_ref(host));
    wait(look(&hosts[0], "shop", Duration::from_secs(60))).unwrap()
}

/// Requests that would have gone to a container that does not run.
pub(crate) fn lost(host: &host::Host) -> String {
    host.sh("cat /var/lib/engine/lost 2>/dev/null || true")
}

/// What the engine was asked, a line each.
pub(crate) fn asked(host: &host::Host) -> String {
    host.sh("cat /var/lib/engine/asked 2>/dev/null || true")
}
