//! Variables of the containers: what follows from the spec, what the spec adds, and the names of what is secret.

use super::{FileText, file};
use crate::deploy::stack::{Stack, Web};

/// How long a process waits for a connection of its pool, s: shorter than any request may take, so that the request can say
/// why it failed.
const POOL_WAIT_S: u32 = 10;
/// How long a pool keeps a connection where nobody knows how long the server does, s: below the 4 minutes after which the
/// strictest balancers forget an idle connection.
const RECYCLE_S: u32 = 200;

/// The files of the web servers and of the task workers.
pub(super) fn all(stack: &Stack) -> Vec<FileText> {
    let mut files = vec![file("env/app.env", app(stack))];
    if stack.tasks.is_some() {
        files.push(file("env/tasks.env", tasks(stack)));
    }
    files
}

struct Lines(String);

impl Lines {
    fn new(comment: &str) -> Self {
        Self(format!("# {comment}\n"))
    }

    fn set<V: std::fmt::Display>(&mut self, name: &str, value: V) {
        self.0.push_str(&format!("{name}={value}\n"));
    }
}

fn app(stack: &Stack) -> String {
    let web = &stack.web;
    let mut lines = Lines::new("Web servers: made by loadline from the spec.");
    lines.set("PORT", web.port);
    lines.set("WEB_CONCURRENCY", web.workers);
    lines.set("REQUEST_TIMEOUT", web.request_timeout_s);
    // The proxy is the only one that can connect: no port of these containers is published.
    lines.set("FORWARDED_ALLOW_IPS", "*");
    if web.command.is_none() {
        uvicorn(web, &mut lines);
    }
    if let Some(pool) = web.pool {
        lines.set("DB_POOL_SIZE", pool.size);
        lines.set("DB_MAX_OVERFLOW", pool.overflow);
        pooled(stack, &mut lines);
    }
    shared(stack, &mut lines);
    lines.0
}

/// uvicorn takes every option from a variable (uvicorn.org, settings); others leave these alone.
fn uvicorn(web: &Web, lines: &mut Lines) {
    lines.set("UVICORN_HOST", "0.0.0.0");
    lines.set("UVICORN_PORT", web.port);
    lines.set("UVICORN_WORKERS", web.workers);
    lines.set("UVICORN_BACKLOG", web.backlog);
    lines.set("UVICORN_TIMEOUT_KEEP_ALIVE", web.idle_s);
    lines.set("UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN", web.request_timeout_s);
}

fn pooled(stack: &Stack, lines: &mut Lines) {
    lines.set("DB_POOL_TIMEOUT", POOL_WAIT_S.min(stack.web.request_timeout_s));
    lines.set("DB_POOL_RECYCLE", stack.database.as_ref().map_or(RECYCLE_S, |database| database.recycle_s));
    lines.set("DB_POOL_PRE_PING", "true");
}

fn tasks(stack: &Stack) -> String {
    let mut lines = Lines::new("Task workers: made by loadline from the spec.");
    if let Some(tasks) = &stack.tasks {
        lines.set("CELERY_WORKER_CONCURRENCY", tasks.concurrency);
        lines.set("CELERY_WORKER_PREFETCH_MULTIPLIER", 1);
        lines.set("CELERY_TASK_TIME_LIMIT", tasks.limit_s);
        lines.set("CELERY_TASK_REJECT_ON_WORKER_LOST", "true");
        if stack.web.pool.is_some() {
            let (size, _) = tasks.pool;
            lines.set("DB_POOL_SIZE", size);
            lines.set("DB_MAX_OVERFLOW", size);
            pooled(stack, &mut lines);
        }
    }
    shared(stack, &mut lines);
    lines.0
}

/// What every container is told. The timeout after which a message is given to another worker counts where the queue is read
/// and where it is written: the shortest of all wins (docs.celeryq.dev, redis).
fn shared(stack: &Stack, lines: &mut Lines) {
    if let Some(tasks) = &stack.tasks {
        lines.set("CELERY_TASK_ACKS_LATE", "true");
        lines.set("CELERY_VISIBILITY_TIMEOUT", tasks.visibility_s);
        lines.set("CELERY_RESULT_EXPIRES", tasks.keep_result_s);
    }
    if stack.database.is_some() {
        lines.set("DATABASE_HOST", "database");
        lines.set("DATABASE_PORT", 3306);
        lines.set("DATABASE_NAME", stack.schema());
        lines.set("DATABASE_USER", "app");
    }
    for (name, value) in &stack.env {
        lines.set(name, value);
    }
}

/// Names of what is secret, with a word about each; no values.
pub(super) fn example(stack: &Stack) -> String {
    let mut text =
        "# Copy to secrets.env (mode 0600) and fill in. `loadline deploy` does this on the host.\n"
            .to_owned();
    if stack.database.is_some() {
        text.push_str("# The same password in both lines; letters and digits only.\n");
        text.push_str("DATABASE_PASSWORD=\n");
        text.push_str(&format!("DATABASE_URL=mysql://app:PASSWORD@database:3306/{}\n", stack.schema()));
    }
    if stack.cache.is_some() {
        text.push_str("CACHE_URL=redis://cache:6379/0\n");
    }
    if stack.queue.is_some() {
        text.push_str("CELERY_BROKER_URL=redis://queue:6379/0\nCELERY_RESULT_BACKEND=redis://queue:6379/1\n");
    }
    for name in &stack.secrets {
        text.push_str(&format!("{name}=\n"));
    }
    text
}
