//! Configurations of the proxy, the database, the cache and the queue.

use serde_json::json;

use super::compose::filled;
use super::{FileText, file};
use crate::deploy::stack::{Front, Stack};

/// Every configuration but the proxy's list of containers.
pub(super) fn all(stack: &Stack) -> Vec<FileText> {
    let mut files = vec![file("nginx/nginx.conf", nginx(stack))];
    if let Some(database) = &stack.database {
        files.push(file("mysql/my.cnf", mysql(database)));
    }
    if let Some(cache) = &stack.cache {
        // What was used least goes first, and nothing is kept over a restart: a cache.
        let text = store(cache.data_mib, "maxmemory-policy allkeys-lru\nsave \"\"\nappendonly no\n");
        files.push(file("redis/cache.conf", text));
    }
    if let Some(queue) = &stack.queue {
        // Nothing is ever forgotten, and at most a second is lost: a queue.
        let text = store(
            queue.data_mib,
            "maxmemory-policy noeviction\nappendonly yes\nappendfsync everysec\ndir /data\n",
        );
        files.push(file("redis/queue.conf", text));
    }
    files
}

/// The containers that get the requests, by name, and the release that they are of: the proxy says it when asked, so that it is
/// known when its new configuration has come into force.
pub(super) fn upstream(stack: &Stack, release: &str, containers: &[String]) -> String {
    let (web, proxy) = (&stack.web, &stack.proxy);
    let mut text = format!(
        "# Made by `loadline deploy` at each release.\nmap $host $release {{\n    default \"{release}\";\n}}\nupstream app {{\n    least_conn;\n"
    );
    for name in containers {
        text.push_str(&format!("    server {name}:{} max_fails=3 fail_timeout=10s;\n", web.port));
    }
    text.push_str(&format!(
        "    keepalive {};\n    keepalive_timeout {}s;\n}}\n",
        proxy.kept, proxy.upstream_idle_s
    ));
    text
}

fn nginx(stack: &Stack) -> String {
    let proxy = &stack.proxy;
    filled(
        include_str!("../../../templates/deploy/nginx.conf.jinja"),
        &json!({
            "proxy": {
                "files": proxy.files,
                "connections": proxy.connections,
                "client_idle_s": proxy.client_idle_s,
                "read_timeout_s": proxy.read_timeout_s,
                "body_mib": proxy.body_mib,
                "backlog": proxy.backlog,
            },
            "certificate": proxy.certificate,
            "behind_balancer": stack.front == Front::Balancer,
        }),
    )
}

fn mysql(database: &crate::deploy::stack::Database) -> String {
    format!(
        "# Made by `loadline deploy`: change the spec, not this file.\n\
         [mysqld]\n\
         max_connections = {}\n\
         innodb_buffer_pool_size = {}M\n\
         innodb_redo_log_capacity = {}M\n\
         table_open_cache = {}\n\
         open_files_limit = {}\n\
         # Longer than the pools keep a connection: they close first.\n\
         wait_timeout = {}\n\
         # A commit that was confirmed survives a crash.\n\
         innodb_flush_log_at_trx_commit = 1\n\
         sync_binlog = 1\n\
         binlog_expire_logs_seconds = {}\n\
         character_set_server = utf8mb4\n",
        database.max_connections,
        database.buffer_pool_mib,
        database.redo_log_mib,
        database.table_cache,
        database.files,
        database.idle_s,
        u64::from(database.log_days) * 86_400,
    )
}

/// No password: only containers of this deployment can connect, since no port is published.
fn store(data_mib: u32, rest: &str) -> String {
    format!(
        "# Made by `loadline deploy`: change the spec, not this file.\n\
         maxmemory {data_mib}mb\n\
         tcp-backlog 511\n\
         protected-mode no\n\
         {rest}"
    )
}
