//! Every key of the spec of 2000 teachers arrives, in the unit of its field.

use loadline::spec::{
    ArchitectureWish, CloudChoice, Connection, CpuMeasuredOn, Dispatch, Origin, Spec, Survive,
};
use loadline_contract::Term;

use crate::support::{FULL, close, read, sound};

fn example() -> Spec {
    sound(read(FULL))
}

#[test]
fn the_load_arrives() {
    let load = example().load;
    assert_eq!(load.users.mid, 2000.0);
    assert_eq!(load.think_s.mid, 0.16);
    assert_eq!(load.duty.mid, 0.25);
    assert_eq!(load.growth_per_month.mid, 0.03);
    assert_eq!(load.horizon_months, 12.0);
}

#[test]
fn the_requests_arrive() {
    let requests = example().requests;
    assert_eq!(requests.len(), 1);
    let page = &requests[0];
    assert_eq!((page.name.as_str(), page.share), ("page", 1.0));
    assert_eq!(page.cpu_s.mid, 0.002_24);
    assert_eq!(page.queries.mid, 3.0);
    assert_eq!(page.query_cpu_s.mid, 0.000_373);
    assert_eq!(page.writes.mid, 0.2);
    assert_eq!((page.wait_s.mid, page.wait_cv2), (0.231, 0.25));
    assert_eq!(page.connection, Connection::Request);
    assert_eq!((page.upload_bytes.mid, page.download_bytes.mid), (1024.0, 8192.0));
}

#[test]
fn the_tasks_arrive() {
    let tasks = example().tasks;
    assert_eq!(tasks.len(), 1);
    let task = &tasks[0];
    assert_eq!(task.name, "generate");
    assert_eq!((task.rate_per_s.mid, task.time_s.mid, task.cpu_s.mid), (4.8, 10.0, 0.05));
    assert_eq!((task.message_bytes.mid, task.result_bytes.mid), (1024.0, 1024.0));
    assert_eq!(task.keep_result_s.mid, 86_400.0, "24 h");
}

#[test]
fn the_app_arrives() {
    let app = example().app;
    assert_eq!(app.image.as_deref(), Some("registry.example/teachers:1.4"));
    assert_eq!((app.port, app.health.as_str()), (8000, "/health"));
    assert_eq!((app.instances, app.workers, app.cores), (Some(8), Some(2), None));
    assert_eq!((app.task_workers, app.task_concurrency, app.pool), (Some(4), Some(16), None));
    // 300 MiB = 300 / 1024 GiB.
    assert_eq!(app.worker_memory_gib.mid, 0.292_968_75);
    assert_eq!(app.request_memory_gib.mid, 1.0 / 1024.0);
    assert_eq!(app.task_memory_gib.mid, 0.292_968_75);
    assert_eq!(app.disk_gib, 500.0);
    assert_eq!(app.architecture, ArchitectureWish::X86, "the default");
    assert_eq!(app.cpu_measured_on, CpuMeasuredOn::Thread, "the default");
    assert_eq!(app.dispatch, Dispatch::Pooled, "the default");
}

#[test]
fn the_database_and_the_cache_arrive() {
    let Spec { database, cache, .. } = example();
    let (database, cache) = (database.unwrap(), cache.unwrap());
    assert_eq!((database.engine.as_str(), database.version.as_str()), ("mysql", "8.4"));
    assert_eq!((database.data_gib.mid, database.working_set_gib.mid), (200.0, 8.0));
    assert_eq!((database.buffer_pool_gib, database.storage_gib), (Some(8.0), Some(1024.0)));
    assert_eq!((database.max_connections, database.cores), (Some(2000), None));
    assert_eq!(database.growth_per_month.mid, 0.03, "as the load");
    assert_eq!((cache.engine.as_str(), cache.version), ("valkey", None));
    assert_eq!((cache.entries.mid, cache.entry_size_bytes.mid), (100_000.0, 8192.0));
    assert_eq!(cache.max_memory_gib, Some(2.0));
}

#[test]
fn the_objectives_arrive() {
    let objectives = example().objectives;
    assert_eq!((objectives.mean_s, objectives.p95_s, objectives.p99_s), (Some(0.3), Some(0.5), None));
    assert_eq!((objectives.cpu, objectives.target_cpu), (0.85, 0.7));
    assert_eq!((objectives.connections, objectives.cache_memory, objectives.io_wait), (0.8, 0.8, 0.1));
    close(objectives.availability.unwrap(), 0.999);
    assert_eq!(objectives.task_wait_s, None);
}

#[test]
fn the_resilience_arrives() {
    let resilience = example().resilience;
    assert_eq!((resilience.zones, resilience.survive), (2, Survive::Instance));
    assert!(resilience.database_standby && resilience.cache_replica && resilience.point_in_time);
    assert_eq!((resilience.backup_days, resilience.autoscale_max), (7, Some(2.0)));
}

#[test]
fn one_term_holds_for_every_tier_and_a_map_for_each() {
    let terms = example().terms;
    assert_eq!([terms.app, terms.database, terms.cache], [Term::OnDemand; 3]);
    let text = FULL.replace("terms: on-demand ", "terms: { app: reserved-1y, cache: reserved-3y } ");
    let terms = sound(read(text)).terms;
    assert_eq!(
        [terms.app, terms.database, terms.cache],
        [Term::Reserved1y, Term::OnDemand, Term::Reserved3y]
    );
}

#[test]
fn the_clouds_arrive_in_their_order_and_the_pins_by_cloud() {
    let spec = example();
    let choice =
        |cloud: &str, region: &str| CloudChoice { cloud: cloud.to_owned(), region: region.to_owned() };
    let expected = [
        choice("aws", "us-east-1"),
        choice("gcp", "us-central1"),
        choice("azure", "eastus"),
        choice("digitalocean", "nyc3"),
    ];
    assert_eq!(spec.clouds, expected);
    assert_eq!(spec.pin.len(), 1);
    let pin = &spec.pin["aws"];
    assert_eq!(pin.app.as_deref(), Some("c6i.4xlarge"));
    assert_eq!(pin.database.as_deref(), Some("db.r6g.2xlarge"));
    assert_eq!(pin.cache.as_deref(), Some("cache.r6g.large"));
    assert_eq!((pin.app_count, &pin.balancer, pin.database_standby), (None, &None, None));
}

#[test]
fn access_alarms_tuning_and_hosts_arrive() {
    let spec = example();
    assert_eq!(spec.access.user, "ubuntu");
    assert_eq!(spec.access.key.as_deref(), Some("~/.ssh/id_ed25519.pub"));
    assert_eq!(spec.access.from, ["203.0.113.0/24"]);
    assert_eq!(spec.access.os, "ubuntu-24.04");
    assert_eq!(spec.alarms.email.as_deref(), Some("ops@example.org"));
    assert_eq!(spec.tune.profile, "web");
    assert!(spec.hosts.is_empty());
}

#[test]
fn tables_and_lists_of_texts_arrive() {
    let tail = "tune: { profile: database, sysctl: { net.core.somaxconn: 4096, \
                net.ipv4.ip_local_port_range: 10000 65535 }, limits: { nofile: 100000 }, never: [vm.swappiness] }
hosts: [web1.example.org, 'ubuntu@[2001:db8::1]:2222', ops@10.0.0.7]
";
    let spec = sound(read(format!("{}{tail}", crate::support::SMALL)));
    let sysctl: Vec<_> = spec.tune.sysctl.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(sysctl, [("net.core.somaxconn", "4096"), ("net.ipv4.ip_local_port_range", "10000 65535")]);
    assert_eq!(spec.tune.limits["nofile"], "100000");
    assert_eq!(spec.tune.never, ["vm.swappiness"]);
    assert_eq!(spec.hosts, ["web1.example.org", "ubuntu@[2001:db8::1]:2222", "ops@10.0.0.7"]);
}

#[test]
fn every_written_value_remembers_its_line_and_column() {
    let spec = example();
    // `  think: 160 ms` is line 5; the value begins in column 10.
    assert_eq!(spec.origins["load.think"], Origin::Written { line: 5, column: 10 });
    // `    cpu: 2.24 ms` is line 12.
    assert_eq!(spec.origins["requests[0].cpu"], Origin::Written { line: 12, column: 10 });
}
