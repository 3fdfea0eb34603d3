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
    /// How long an idle connection is kept, s.
    pub(crate) idle: Known<f64>,
    /// Length of its accept queue.
    pub(crate) backlog: Known<u64>,
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
            app.processes = Some(processes(&call, service));
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
    service.variable(names)?.1.read(|text| count(text))
}

fn processes(call: &Call, service: &Service) -> Known<u64> {
    let source = if call.program == "gunicorn" { GUNICORN } else { UVICORN };
    call.read(&["--workers", "-w"], count)
        .or_else(|| number(service, &["WEB_CONCURRENCY"]))
        .unwrap_or_else(|| Known::default(1, "1", source))
}

fn web(call: &Call, service: &Service) -> Web {
    let gunicorn = call.program == "gunicorn";
    let timed = |value: f64, source| Known::default(value, &show_seconds(value), source);
    // In gunicorn the time limits a request only where the worker does nothing else meanwhile.
    let asynchronous = call.option(&["--worker-class", "-k"]).is_some_and(|class| class.value != "sync");
    let stated = service.variable(REQUEST_TIMEOUT).and_then(|(_, word)| word.read(|text| seconds(text)));
    let limit = (gunicorn && !asynchronous)
        .then(|| call.read(&["--timeout", "-t"], seconds).unwrap_or_else(|| timed(30.0, GUNICORN)));
    let (idle, backlog) = if gunicorn {
        (call.read(&["--keep-alive"], seconds).unwrap_or_else(|| timed(2.0, GUNICORN)), GUNICORN)
    } else {
        (call.read(&["--timeout-keep-alive"], seconds).unwrap_or_else(|| timed(5.0, UVICORN)), UVICORN)
    };
    let graceful = if gunicorn {
        Some(call.read(&["--graceful-timeout"], seconds).unwrap_or_else(|| timed(30.0, GUNICORN)))
    } else {
        call.read(&["--timeout-graceful-shutdown"], seconds)
    };
    let bound = call.read(&["--bind", "-b"], |text| count(text.rsplit_once(':')?.1));
    let default_port = || {
        (!call.args.iter().any(|word| word.value.contains("$")))
            .then(|| Known::default(8000, "8000", backlog))
    };
    let port = if gunicorn { bound } else { call.read(&["--port"], count) };
    let port = port.or_else(|| {
        call.option(&["--bind", "-b", "--port", "--uds", "--fd"]).is_none().then(default_port)?
    });
    Web {
        port: port.map(|it| Known { text: it.value.to_string(), ..it }),
        idle,
        backlog: call.read(&["--backlog"], count).unwrap_or_else(|| Known::default(2048, "2048", backlog)),
        timeout: stated.or(limit),
        graceful,
        limit: call.read(&["--limit-concurrency"], count),
        reload: call.flag(&["--reload"]).cloned(),
    }
}

fn tasks(call: &Call, service: &Service) -> Tasks {
    let time = |names: &[&'static str]| {
        service.variable(names).and_then(|(_, word)| word.read(|text| seconds(text)))
    };
    let acks = service.variable(&["CELERY_TASK_ACKS_LATE", "CELERY_ACKS_LATE", "TASK_ACKS_LATE"]);
    Tasks {
        concurrency: call.read(&["--concurrency", "-c"], count).or_else(|| {
            number(service, &["CELERY_WORKER_CONCURRENCY", "CELERYD_CONCURRENCY", "CELERY_CONCURRENCY"])
        }),
        prefetch: call
            .read(&["--prefetch-multiplier"], count)
            .or_else(|| {
                number(
                    service,
                    &[
                        "CELERY_WORKER_PREFETCH_MULTIPLIER",
                        "CELERYD_PREFETCH_MULTIPLIER",
                        "CELERY_PREFETCH_MULTIPLIER",
                    ],
                )
            })
            .unwrap_or_else(|| Known::default(4, "4", CELERY)),
        acks_late: acks.and_then(|(_, word)| word.read(|text| switch(text))),
        limit: call
            .read(&["--time-limit"], seconds)
            .or_else(|| time(&["CELERY_TASK_TIME_LIMIT", "CELERYD_TASK_TIME_LIMIT", "TASK_TIME_LIMIT"])),
    }
}
