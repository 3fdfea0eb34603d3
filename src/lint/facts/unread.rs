//! Numbers that are written and cannot be read: a variable that nobody here knows, a unit that the program does not take. Rules that need
//! them stay silent, and that is said.

use super::super::known::{From, Known, Place};
use super::super::parse::compose::Node;
use super::super::read::Note;
use super::super::units::{compose_bytes, count};
use super::Stack;
use super::app::App;
use super::proxy::Proxy;
use super::server::{Cache, Database};
use super::service::Service;

/// Options of a database that rules count with.
const OPTIONS: [&str; 14] = [
    "max_connections",
    "max_user_connections",
    "innodb_buffer_pool_size",
    "innodb_redo_log_capacity",
    "innodb_log_file_size",
    "innodb_log_buffer_size",
    "open_files_limit",
    "table_open_cache",
    "back_log",
    "thread_stack",
    "sort_buffer_size",
    "join_buffer_size",
    "read_buffer_size",
    "read_rnd_buffer_size",
];

/// Collects notes.
#[derive(Default)]
struct Unread(Vec<Note>);

impl Unread {
    fn say(&mut self, what: &str, place: &Place) {
        let sentence = format!("{what} cannot be read as a number: rules that need it stay silent");
        self.0.push(Note { place: place.clone(), sentence });
    }

    fn look<T>(&mut self, what: &str, known: Option<&Known<T>>) {
        if let Some(From::Unread(place)) = known.map(|known| &known.from) {
            self.say(what, place);
        }
    }
}

/// A note for each number that cannot be read.
pub(in super::super) fn unread(stack: &Stack) -> Vec<Note> {
    let mut unread = Unread::default();
    for service in &stack.services {
        of_service(&mut unread, service);
    }
    for proxy in &stack.proxies {
        of_proxy(&mut unread, proxy);
    }
    for app in &stack.apps {
        of_app(&mut unread, app);
    }
    for database in &stack.databases {
        of_database(&mut unread, database);
    }
    for cache in &stack.caches {
        of_cache(&mut unread, cache);
    }
    unread.0
}

/// A path in a service, and whether a text there can be read.
type Key = (&'static [&'static str], fn(&str) -> bool);

fn of_service(unread: &mut Unread, service: &Service) {
    unread.look("replicas", Some(&service.replicas));
    unread.look("stop_grace_period", Some(&service.grace));
    let keys: [Key; 5] = [
        (&["mem_limit"], |text| compose_bytes(text).is_some()),
        (&["deploy", "resources", "limits", "memory"], |text| compose_bytes(text).is_some()),
        (&["deploy", "resources", "limits", "cpus"], |text| text.parse::<f64>().is_ok()),
        (&["ulimits", "nofile", "soft"], |text| count(text).is_some()),
        (&["ulimits", "nofile", "hard"], |text| count(text).is_some()),
    ];
    for (path, readable) in keys {
        let word = service.node.at(path).and_then(Node::word);
        if let Some(place) = word.as_ref().filter(|word| !readable(&word.value)).and_then(|word| word.place())
        {
            unread.say(&path.join("."), place);
        }
    }
}

fn of_proxy(unread: &mut Unread, proxy: &Proxy) {
    unread.look("worker_processes", proxy.workers.as_ref());
    unread.look("worker_connections", proxy.connections.as_ref());
    unread.look("worker_rlimit_nofile", proxy.nofile.as_ref());
    for listen in &proxy.listens {
        unread.look("backlog", Some(&listen.backlog));
    }
    for upstream in &proxy.upstreams {
        unread.look("keepalive", upstream.keepalive.as_ref());
        unread.look("keepalive_timeout", Some(&upstream.idle));
    }
    for pass in &proxy.passes {
        unread.look("the read timeout", Some(&pass.read));
    }
}

fn of_app(unread: &mut Unread, app: &App) {
    unread.look("the number of processes", app.processes.as_ref());
    unread.look("the number of connections to Redis", app.redis_connections.as_ref());
    if let Some(pool) = &app.pool {
        unread.look("the pool size", Some(&pool.size));
        unread.look("the pool overflow", Some(&pool.overflow));
        unread.look("the age of connections", pool.recycle.as_ref());
    }
    if let Some(web) = &app.web {
        for time in [&web.idle, &web.timeout, &web.graceful] {
            unread.look("a timeout", time.as_ref());
        }
        for number in [&web.port, &web.backlog, &web.limit] {
            unread.look("an option", number.as_ref());
        }
    }
    if let Some(tasks) = &app.tasks {
        unread.look("the prefetch multiplier", Some(&tasks.prefetch));
        unread.look("the task time limit", tasks.limit.as_ref());
    }
}

fn of_database(unread: &mut Unread, database: &Database) {
    for name in OPTIONS {
        unread.look(name, database.number(name).as_ref());
    }
    unread.look("wait_timeout", database.time("wait_timeout").as_ref());
}

fn of_cache(unread: &mut Unread, cache: &Cache) {
    unread.look("maxmemory", cache.bytes("maxmemory").as_ref());
    for name in ["maxclients", "tcp-backlog"] {
        unread.look(name, cache.number(name).as_ref());
    }
    unread.look("appendonly", Some(&cache.append_only()));
}
