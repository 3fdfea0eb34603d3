//! The spec of the plan for 2000 users, built in code, with 16 application and 8 database cores pinned.

use std::collections::BTreeMap;

use crate::spec::{
    Access, Alarms, App, ArchitectureWish, Cache, Connection, CpuMeasuredOn, Database, Deploy, Dispatch,
    Load, Objectives, Quantity, Request, Resilience, Scaling, Spec, Survive, Task, Terms, Tune,
};
use loadline_contract::Term;

const MIB: f64 = 1.0 / 1024.0;

fn q(mid: f64) -> Quantity {
    Quantity::certain(mid)
}

/// 2000 users, 160 ms of think time, 2.24 ms on 16 cores, three queries of 0.373 ms on 8, 231 ms waiting outside.
pub(crate) fn teachers() -> Spec {
    Spec {
        name: "teachers".to_owned(),
        load: Load {
            users: q(2000.0),
            think_s: q(0.16),
            duty: q(0.25),
            growth_per_month: q(0.03),
            horizon_months: 12.0,
            requests_per_connection: q(100.0),
        },
        requests: vec![Request {
            name: "page".to_owned(),
            share: 1.0,
            cpu_s: q(0.002_24),
            cpu_cv2: 1.0,
            queries: q(3.0),
            query_cpu_s: q(0.000_373),
            writes: q(0.2),
            wait_s: q(0.231),
            wait_cv2: 0.25,
            connection: Connection::Request,
            upload_bytes: q(1024.0),
            download_bytes: q(8192.0),
            method: "GET".to_owned(),
            path: "/".to_owned(),
        }],
        tasks: vec![Task {
            name: "generate".to_owned(),
            rate_per_s: q(4.8),
            time_s: q(10.0),
            cpu_s: q(0.05),
            message_bytes: q(1024.0),
            result_bytes: q(1024.0),
            keep_result_s: q(86_400.0),
        }],
        app: App {
            image: Some("registry.example/teachers:1.4".to_owned()),
            port: 8000,
            health: "/health".to_owned(),
            url: None,
            instances: Some(8),
            workers: Some(2),
            cores: Some(16),
            cpu_measured_on: CpuMeasuredOn::Thread,
            dispatch: Dispatch::Pooled,
            scaling: Scaling::NONE,
            pool: None,
            worker_memory_gib: q(300.0 * MIB),
            request_memory_gib: q(MIB),
            task_workers: Some(4),
            task_concurrency: Some(16),
            task_memory_gib: q(300.0 * MIB),
            system_memory_gib: q(1.5),
            disk_gib: 500.0,
            architecture: ArchitectureWish::Any,
        },
        database: Some(Database {
            engine: "mysql".to_owned(),
            version: "8.4".to_owned(),
            data_gib: q(200.0),
            working_set_gib: q(8.0),
            buffer_pool_gib: Some(8.0),
            max_connections: Some(2000),
            storage_gib: Some(1024.0),
            cores: Some(8),
            growth_per_month: q(0.03),
            scaling: Scaling::NONE,
            read_replicas: 0,
        }),
        cache: Some(Cache {
            engine: "valkey".to_owned(),
            version: None,
            entries: q(100_000.0),
            entry_size_bytes: q(8192.0),
            max_memory_gib: Some(2.0),
        }),
        objectives: Objectives {
            mean_s: Some(0.3),
            p95_s: Some(0.5),
            p99_s: None,
            cpu: 0.85,
            target_cpu: 0.70,
            connections: 0.8,
            cache_memory: 0.8,
            io_wait: 0.1,
            availability: Some(0.999),
            task_wait_s: None,
        },
        resilience: Resilience {
            zones: 2,
            survive: Survive::Instance,
            database_standby: true,
            cache_replica: true,
            backup_days: 7,
            point_in_time: true,
            autoscale_max: Some(2.0),
        },
        terms: Terms { app: Term::OnDemand, database: Term::OnDemand, cache: Term::OnDemand },
        clouds: Vec::new(),
        pin: BTreeMap::new(),
        access: Access {
            user: "ubuntu".to_owned(),
            key: None,
            from: Vec::new(),
            os: "ubuntu-24.04".to_owned(),
        },
        alarms: Alarms { email: Some("ops@example.org".to_owned()) },
        tune: Tune::default(),
        deploy: Deploy::default(),
        hosts: Vec::new(),
        origins: BTreeMap::new(),
    }
}
