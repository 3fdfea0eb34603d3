//! What MariaDB and Redis say of themselves, held against the lines.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;

use crate::servers::{Running, mariadb, redis};
use crate::support::Desk;

fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn admin(server: &Running) -> mysql_async::Conn {
    let url = format!("mysql://admin:all@127.0.0.1:{}/", server.port);
    mysql_async::Conn::new(mysql_async::Opts::from_url(&url).unwrap()).await.unwrap()
}

fn tell(server: &Running, command: &[&str]) -> redis::RedisResult<redis::Value> {
    let client = redis::Client::open(format!("redis://:hush@127.0.0.1:{}/1", server.port)).unwrap();
    let mut connection = client.get_connection().unwrap();
    redis::cmd(command[0]).arg(&command[1..]).query(&mut connection)
}

#[test]
fn connections_near_their_limit_and_over_it() {
    let Some(server) = mariadb(&["--max-connections=30"]) else { return };
    let desk = Desk::new().database(server.port);
    block_on(async {
        let mut held = Vec::new();
        for (number, verdict) in [(10, "ok"), (21, "warn"), (26, "fail")] {
            while held.len() < number {
                held.push(admin(&server).await);
            }
            // With the one that asks.
            let found = desk.look("");
            let share = found.value("database", "connections");
            assert!((share - (number + 1) as f64 / 30.0).abs() < 0.04, "{number}: {share}");
            assert_eq!(found.verdict("database", "connections"), verdict, "{share}");
            // 8 workers with 5 each.
            let pool = found.value("database", "pool");
            assert!((pool - (number + 1) as f64 / 40.0).abs() < 0.04, "{number}: {pool}");
        }
        while held.len() < 30 {
            held.push(admin(&server).await);
        }
        let found = desk.look("");
        assert!(found.sentence("database", "answers").contains("takes no more connections"));
    });
}

#[test]
fn queries_that_pile_up_are_counted() {
    let Some(server) = mariadb(&["--max-connections=100"]) else { return };
    let desk = Desk::new().database(server.port);
    block_on(async {
        let mut sleepers = Vec::new();
        for _ in 0..9 {
            let mut conn = admin(&server).await;
            sleepers.push(tokio::spawn(async move { conn.query_drop("SELECT SLEEP(20)").await }));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let found = desk.look("");
        let running = found.value("database", "threads_running");
        assert!((9.0..=12.0).contains(&running), "{running}");
        // Two cores: four queries for each.
        assert_eq!(found.of("database", "threads_running")["limit"], 8.0);
        assert_eq!(found.verdict("database", "threads_running"), "fail");
        for sleeper in sleepers {
            sleeper.abort();
        }
    });
}

#[test]
fn a_login_that_is_refused_and_one_that_may_not_ask_everything() {
    let Some(server) = mariadb(&[]) else { return };
    let wrong = format!("mysql://check:hunter2@127.0.0.1:{}/", server.port);
    let found = Desk::new().variable("LOADLINE_DATABASE_URL", wrong).look("");
    assert!(found.sentence("database", "answers").contains("refused the login"));
    let bare = format!("mysql://bare:bare@127.0.0.1:{}/", server.port);
    let found = Desk::new().variable("LOADLINE_DATABASE_URL", bare).look("");
    assert_eq!(found.verdict("database", "connections"), "ok");
    assert_eq!(found.verdict("database", "replication_lag"), "unknown");
    assert!(found.of("database", "replication_lag")["hint"].as_str().unwrap().contains("REPLICA MONITOR"));
}

#[test]
fn a_replica_that_copies_one_that_lags_and_one_that_has_stopped() {
    let primary = mariadb(&["--server-id=1", "--log-bin=binlog", "--log-basename=one"]);
    let replica = mariadb(&["--server-id=2", "--log-basename=two"]);
    let (Some(primary), Some(replica)) = (primary, replica) else { return };
    let desk = Desk::new().database(replica.port);
    block_on(async {
        let mut source = admin(&primary).await;
        source.query_drop("CREATE DATABASE shop").await.unwrap();
        let mut conn = admin(&replica).await;
        let follow = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={}, MASTER_USER='admin', MASTER_PASSWORD='all', \
             MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=4, MASTER_DELAY=0",
            primary.port
        );
        // What both made at their start is not made twice.
        conn.query_drop("SET GLOBAL slave_exec_mode = 'IDEMPOTENT'").await.unwrap();
        let at: (String, u64, String, String) =
            source.query_first("SHOW MASTER STATUS").await.unwrap().unwrap();
        conn.query_drop(
            follow
                .replace("'binlog.000001'", &format!("'{}'", at.0))
                .replace("POS=4", &format!("POS={}", at.1)),
        )
        .await
        .unwrap();
        conn.query_drop("START SLAVE").await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        let found = desk.look("");
        assert_eq!(found.verdict("database", "replication_lag"), "ok", "{:#}", found.0);
        // It holds back by an hour: a write of now is not there yet.
        conn.query_drop("STOP SLAVE").await.unwrap();
        conn.query_drop("CHANGE MASTER TO MASTER_DELAY=3600").await.unwrap();
        conn.query_drop("START SLAVE").await.unwrap();
        source.query_drop("SET TIMESTAMP = UNIX_TIMESTAMP() - 100").await.unwrap();
        source.query_drop("CREATE TABLE shop.t (a INT)").await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        let found = desk.look("");
        assert_eq!(found.verdict("database", "replication_lag"), "fail", "{:#}", found.0);
        assert!(found.value("database", "replication_lag") > 30.0);
        conn.query_drop("STOP SLAVE").await.unwrap();
        let found = desk.look("");
        assert!(found.sentence("database", "replication_lag").contains("does not copy any more"));
    });
}

#[test]
fn a_cache_that_is_full_and_throws_away() {
    let Some(server) = redis(&["--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru"]) else { return };
    let desk = Desk::new().cache(server.port).queue(server.port);
    let text = "x".repeat(4096);
    for number in 0..2000 {
        tell(&server, &["SET", &format!("key{number}"), &text]).unwrap();
    }
    let found = desk.look("");
    assert_eq!(found.verdict("cache", "memory"), "fail");
    assert!(found.value("cache", "memory") > 0.9);
    assert_eq!(found.of("cache", "memory")["limit"], 0.8);
    // As a queue the same server loses tasks.
    assert_eq!(found.verdict("queue", "policy"), "fail");
}

#[test]
fn a_queue_whose_oldest_task_waits_too_long() {
    let Some(server) = redis(&["--maxmemory", "64mb", "--maxmemory-policy", "noeviction"]) else { return };
    let desk = Desk::new().queue(server.port);
    let task = |name: &str, age_s: i64| {
        format!(
            r#"{{"body":"W10=","headers":{{"id":"{name}","task":"app.mail","published_at":{}}}}}"#,
            now_s() - age_s
        )
    };
    // Producers push at the head: the first is the oldest.
    tell(&server, &["LPUSH", "celery", &task("a", 120)]).unwrap();
    tell(&server, &["LPUSH", "celery", &task("b", 10)]).unwrap();
    let found = desk.look("");
    assert_eq!(found.value("queue", "length/celery"), 2.0);
    assert!((119.0..140.0).contains(&found.value("queue", "age/celery")));
    assert_eq!(found.verdict("queue", "age/celery"), "ok");
    // An older one that waits at a lower priority.
    tell(&server, &["LPUSH", "celery\u{6}\u{16}6", &task("c", 4000)]).unwrap();
    let found = desk.look("--queue celery --queue mail");
    assert_eq!(found.value("queue", "length/celery"), 3.0);
    assert_eq!(found.verdict("queue", "age/celery"), "fail");
    assert_eq!(found.of("queue", "age/celery")["limit"], 300.0);
    assert_eq!(found.verdict("queue", "age/mail"), "ok");
}
