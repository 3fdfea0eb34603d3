//! Services that run the application: how many processes, how patient, how many database connections each; and task workers.

use super::super::known::{Known, Word};
use super::super::parse::command::{Call, call, split};
use super::super::units::{count, seconds, show_seconds, switch};
use super::pool::{Pool, database_host};
use super::service::Service;

const UVICORN: &str = "uvicorn.org, settings";
const GUNICORN: &str = "docs.gunicorn.org, settings";
const CELERY: &str = "docs.celeryq.dev, configuration";

const REQUEST_TIMEOUT: &[&str] = &["REQUEST_TIMEOUT", "APP_TIMEOUT", "REQUEST_TIMEOUT_SECONDS"];
const REDIS_CONNECTIONS: &[&str] = &["REDIS_MAX_CONNECTIONS", "REDIS_POOL_SIZE"];

/// What runs in a service.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// Index of the service.
    pub(crate) service: usize,
    /// `gunicorn`, `uvicorn` or `celery`.
    pub(crate) program: String,
    /// Processes in each container, each with its own pool; `None`: not known.
    pub(crate) processes: Option<Known<u64>>,
    /// Database connections of each process; `None`: nothing is written about them.
    pub(crate) pool: Option<Pool>,
    /// Host of the database; `None`: not written.
    pub(crate) database: Option<String>,
    /// Connections to Redis of each process.
    pub(crate) redis_connections: Option<Known<u64>>,
    /// Web server only: what it is set to.
    pub(crate) web: Option<Web>,
    /// Task worker only: what it is set to.
    pub(crate) tasks: Option<Tasks>,
}

/// A web server.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    /// Port; `None`: not written.
    pub(crate) port: Option<Known<u64>>,
    /// How long an idle connection is kept, s; `None`: not known.
    pub(crate) idle: Option<Known<f64>>,
    /// Length of its accept queue; `None`: not known.
    pub(crate) backlog: Option<Known<u64>>,
    /// Longest request, s; `None`: it has no bound that is known.
    pub(crate) timeout: Option<Known<f64>>,
    /// Time that running requests are given at a stop, s; `None`: no bound.
    pub(crate) graceful: Option<Known<f64>>,
    /// Connections or tasks beyond which each process answers 503.
    pub(crate) limit: Option<Known<u64>>,
    /// `--reload`.
    pub(crate) reload: Option<Word>,
}

/// A task worker.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    /// Tasks at once in each container; `None`: as many as the machine has processors.
    pub(crate) concurrency: Option<Known<u64>>,
    /// Messages taken ahead for each slot.
    pub(crate) prefetch: Known<u64>,
    /// Whether a message is taken from the queue only after its task; `None`: not written.
    pub(crate) acks_late: Option<Known<bool>>,
    /// Longest task, s.
    pub(crate) limit: Option<Known<f64>>,
}

impl App {
    /// What a service runs; `None`: no program that is known.
    pub(super) fn of(index: usize, service: &Service) -> Option<Self> {
        let call = call(&service.words, &["gunicorn", "uvicorn", "celery"])?;
        let call = with_environment(call, service);
        let mut app = Self {
            service: index,
            program: call.program.clone(),
            processes: None,
            pool: Pool::of(service),
            database: database_host(service),
            redis_connections: number(service, REDIS_CONNECTIONS),
            web: None,
            tasks: None,
        };
        if call.program == "celery" {
            if !call.args.iter().any(|word| word.value == "worker") {
                return None;
            }
            let tasks = tasks(&call, service);
            app.processes = match call.option(&["--pool", "-P"]) {
                // Green threads and threads share the pool of their one process.
                Some(kind) if ["gevent", "eventlet", "threads", "solo"].contains(&kind.value.as_str()) => {
                    kind.read(|_| Some(1))
                }
                _ => tasks.concurrency.clone(),
            };
            app.tasks = Some(tasks);
        } else {
            app.processes = processes(&call, service);
            app.web = Some(web(&call, service));
        }
        Some(app)
    }
}

/// gunicorn takes further arguments from a variable; the command line comes later and wins.
fn with_environment(mut call: Call, service: &Service) -> Call {
    if let (true, Some((_, word))) = (call.program == "gunicorn", service.variable(&["GUNICORN_CMD_ARGS"]))
        && let Some(place) = word.place()
    {
        let mut args = split(&word.value, place, None);
        args.append(&mut call.args);
        call.args = args;
    }
    for word in &mut call.args {
        // What a shell in the container fills in from its environment.
        let name = word.value.trim_start_matches('$').trim_matches(['{', '}']);
        if word.value.starts_with('$')
            && let Some(variable) = service.environment.get(name)
        {
            *word = variable.word.clone();
        }
    }
    call
}

/// The first of these variables, as a number.
pub(super) fn number(service: &Service, names: &[&'static str]) -> Option<Known<u64>> {
    Some(Known::of(service.variable(names)?.1, count))
}

/// The word of an option; without it that of the variable which stands for it.
fn stated(call: &Call, names: &[&str], service: &Service, variables: &[&'static str]) -> Option<Word> {
    call.option(names).or_else(|| service.variable(variables).map(|(_, word)| word.clone()))
}

fn processes(call: &Call, service: &Service) -> Option<Known<u64>> {
    let (variables, source): (&[&'static str], _) = match call.program.as_str() {
        "gunicorn" => (&["WEB_CONCURRENCY"], GUNICORN),
        _ => (&["UVICORN_WORKERS", "WEB_CONCURRENCY"], UVICORN),
    };
    let stated = stated(call, &["--workers", "-w"], service, variables);
    // A file of Python holds what no option says, and is not read.
    let unknown = stated.is_none() && has_file(call);
    (!unknown).then(|| Known::or(stated.as_ref(), count, || Known::default(1, "1", source)))
}

/// Whether gunicorn is given a configuration file.
fn has_file(call: &Call) -> bool {
    call.program == "gunicorn" && call.option(&["--config", "-c"]).is_some()
}

fn web(call: &Call, service: &Service) -> Web {
    let timed = |value: f64, source| Known::default(value, &show_seconds(value), source);
    let time = |names: &[&str], variables: &[&'static str], default: Option<f64>, source| {
        let stated = stated(call, names, service, variables);
        let default = default.filter(|_| !has_file(call));
        match (&stated, default) {
            (Some(word), _) => Some(Known::of(word, seconds)),
            (None, default) => default.map(|value| timed(value, source)),
        }
    };
    let request = service.variable(REQUEST_TIMEOUT).map(|(_, word)| Known::of(word, seconds));
    let number = |names: &[&str], variables: &[&'static str]| {
        stated(call, names, service, variables).map(|word| Known::of(&word, count))
    };
    let default =
        |value: u64, source| (!has_file(call)).then(|| Known::default(value, &value.to_string(), source));
    let reload = call.flag(&["--reload"]).cloned();
    if call.program == "gunicorn" {
        // The time limits a request only where the worker does nothing else meanwhile.
        let waits = call.option(&["--worker-class", "-k"]).is_none_or(|class| class.value == "sync");
        let limit = time(&["--timeout", "-t"], &[], Some(30.0), GUNICORN).filter(|_| waits);
        return Web {
            port: bound(call, service).or_else(|| {
                call.option(&["--bind", "-b"]).is_none().then(|| default(8000, GUNICORN)).flatten()
            }),
            idle: time(&["--keep-alive"], &[], Some(2.0), GUNICORN),
            backlog: number(&["--backlog"], &[]).or_else(|| default(2048, GUNICORN)),
            timeout: request.or(limit),
            graceful: time(&["--graceful-timeout"], &[], Some(30.0), GUNICORN),
            limit: None,
            reload,
        };
    }
    let elsewhere = call.option(&["--uds", "--fd"]).is_some();
    Web {
        port: number(&["--port"], &["UVICORN_PORT"])
            .or_else(|| default(8000, UVICORN).filter(|_| !elsewhere)),
        idle: time(&["--timeout-keep-alive"], &["UVICORN_TIMEOUT_KEEP_ALIVE"], Some(5.0), UVICORN),
        backlog: number(&["--backlog"], &["UVICORN_BACKLOG"]).or_else(|| default(2048, UVICORN)),
        timeout: request,
        graceful: time(
            &["--timeout-graceful-shutdown"],
            &["UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN"],
            None,
            UVICORN,
        ),
        limit: number(&["--limit-concurrency"], &["UVICORN_LIMIT_CONCURRENCY"]),
        reload,
    }
}

/// The port of gunicorn's address; PORT stands for one where none is given.
fn bound(call: &Call, service: &Service) -> Option<Known<u64>> {
    let port = |text: &str| count(text.rsplit_once(':')?.1);
    match call.option(&["--bind", "-b"]) {
        Some(word) => word.read(|text| port(text)).map(|it| Known { text: it.value.to_string(), ..it }),
        None => service.variable(&["PORT"]).map(|(_, word)| Known::of(word, count)),
    }
}

fn tasks(call: &Call, service: &Service) -> Tasks {
    const CONCURRENCY: &[&str] = &["CELERY_WORKER_CONCURRENCY", "CELERYD_CONCURRENCY", "CELERY_CONCURRENCY"];
    const PREFETCH: &[&str] =
        &["CELERY_WORKER_PREFETCH_MULTIPLIER", "CELERYD_PREFETCH_MULTIPLIER", "CELERY_PREFETCH_MULTIPLIER"];
    const LIMIT: &[&str] = &["CELERY_TASK_TIME_LIMIT", "CELERYD_TASK_TIME_LIMIT", "TASK_TIME_LIMIT"];
    const LATE: &[&str] = &["CELERY_TASK_ACKS_LATE", "CELERY_ACKS_LATE", "TASK_ACKS_LATE"];
    let concurrency = stated(call, &["--concurrency", "-c"], service, CONCURRENCY);
    let prefetch = stated(call, &["--prefetch-multiplier"], service, PREFETCH);
    let limit = stated(call, &["--time-limit"], service, LIMIT);
    Tasks {
        concurrency: concurrency.map(|word| Known::of(&word, count)),
        prefetch: Known::or(prefetch.as_ref(), count, || Known::default(4, "4", CELERY)),
        acks_late: service.variable(LATE).and_then(|(_, word)| word.read(|text| switch(text))),
        limit: limit.map(|word| Known::of(&word, seconds)),
    }
}
