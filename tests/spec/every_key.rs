//! A spec with every key, each with another value than its default: each arrives in its field, in its unit.

use std::collections::BTreeSet;

use loadline::spec::keys::{self, Kind};
use loadline::spec::{
    ArchitectureWish, Connection, CpuMeasuredOn, Dispatch, Origin, Placement, Quantity, Survive,
};
use loadline_contract::Term;

use crate::support::sound;

pub(crate) const EVERY_KEY: &str = "
version: 1
name: everything
load:
  users: 321
  think: 5 s
  duty: 30 %
  growth: 2 %/month
  horizon: 2 years
  requests_per_connection: 50
requests:
  - name: page
    share: 75 %
    cpu: 3 ms
    cpu_cv2: 0.5
    queries: 4
    query_cpu: 0.25 ms
    writes: 0.5
    wait: 10 ms
    wait_cv2: 2
    connection: query
    upload: 2 KiB
    download: 16 KiB
    method: POST
    path: /pages?sort=new
  - { name: rest, cpu: 1 ms }
tasks:
  - name: mail
    rate: 30/min
    time: 4 s
    cpu: 20 ms
    message: 3 KiB
    result: 4 KiB
    keep_result: 2 h
app:
  image: registry.example/everything:2
  port: 9000
  health: /up
  url: https://everything.example.org
  instances: 6
  workers: 3
  cores: 12
  cpu_measured_on: core
  dispatch: least-loaded
  contention: 1.5 %
  coherency: 0.02 %
  pool: 15
  worker_memory: 512 MiB
  request_memory: 2 MiB
  task_workers: 5
  task_concurrency: 7
  task_memory: 256 MiB
  system_memory: 2 GiB
  disk: 100 GiB
  arch: any
database:
  engine: mysql
  version: 8.0
  data: 64 GiB
  working_set: 16 GiB
  buffer_pool: 20 GiB
  max_connections: 900
  storage: 1 TiB
  cores: 8
  contention: 0.5 %
  coherency: 0.03 %
  growth: 5 %/month
  read_replicas: 2
cache:
  engine: redis
  version: '7.2'
  entries: 5000
  entry_size: 2 KiB
  max_memory: 3 GiB
objectives:
  mean: 100 ms
  p95: 400 ms
  p99: 0.9 s
  cpu: 80 %
  target_cpu: 60 %
  connections: 75 %
  cache_memory: 65 %
  io_wait: 5 %
  availability: 99.5 %
  task_wait: 30 s
resilience:
  zones: 3
  survive: zone
  database_standby: true
  cache_replica: true
  backups: { keep: 2 weeks, point_in_time: true }
  autoscale: { max: 4x }
terms: { app: reserved-1y, database: reserved-3y, cache: on-demand }
clouds:
  aws: { region: eu-central-1, certificate: 'arn:aws:acm:eu-central-1:1:certificate/a' }
pin:
  aws:
    app: c6i.4xlarge
    app_count: 3
    database: db.r6g.2xlarge
    cache: cache.r6g.large
    balancer: alb
    database_standby: false
    cache_replica: false
access:
  ssh: { user: ops, key: ~/.ssh/ops.pub, from: [203.0.113.0/24, 198.51.100.7/32] }
  os: ubuntu-22.04
alarms: { email: ops@example.org }
tune:
  profile: none
  sysctl: { net.core.somaxconn: 4096 }
  limits: { nofile: 65536 }
  never: [vm.swappiness]
hosts: [root@web1.example.org:2222]
deploy:
  command: uvicorn app.main:app
  task_command: celery -A app.tasks worker
  migrate: alembic upgrade head
  env: { FEATURE_FLAGS: 'a,b' }
  secrets: [SESSION_KEY]
  database: elsewhere
  cache: here
  request_timeout: 20 s
  task_timeout: 5 min
  health_timeout: 90 s
  drain: 15 s
  keep_releases: 3
  certificate: /etc/tls/chain.pem
  certificate_key: /etc/tls/key.pem
";

#[test]
fn every_key_of_the_table_is_written_in_this_test() {
    let spec = sound(EVERY_KEY);
    let written: BTreeSet<&str> = spec
        .origins
        .iter()
        .filter(|(_, origin)| matches!(origin, Origin::Written { .. }))
        .map(|(path, _)| path.as_str())
        .collect();
    for key in keys::all().filter(|key| !matches!(key.kind, Kind::Map | Kind::ChoiceOrMap(_))) {
        let path = key.path.replace("[]", "[0]").replace('*', "aws");
        assert!(written.contains(path.as_str()), "{path} is not read");
    }
}

#[test]
fn load_requests_and_tasks_arrive_in_their_units() {
    let spec = sound(EVERY_KEY);
    let at = Quantity::certain;
    let load = &spec.load;
    assert_eq!((spec.name.as_str(), load.users, load.think_s), ("everything", at(321.0), at(5.0)));
    assert_eq!((load.duty, load.growth_per_month, load.horizon_months), (at(0.3), at(0.02), 24.0));
    assert_eq!(load.requests_per_connection, at(50.0));
    let page = &spec.requests[0];
    assert_eq!((page.name.as_str(), page.share, page.cpu_s, page.cpu_cv2), ("page", 0.75, at(0.003), 0.5));
    assert_eq!((page.queries, page.query_cpu_s, page.writes), (at(4.0), at(0.00025), at(0.5)));
    assert_eq!((page.wait_s, page.wait_cv2, page.connection), (at(0.01), 2.0, Connection::Query));
    assert_eq!((page.upload_bytes, page.download_bytes), (at(2048.0), at(16_384.0)));
    assert_eq!((page.method.as_str(), page.path.as_str()), ("POST", "/pages?sort=new"));
    assert_eq!((spec.requests[1].share, spec.requests.len()), (0.25, 2));
    let task = &spec.tasks[0];
    assert_eq!((task.name.as_str(), task.rate_per_s, task.time_s), ("mail", at(0.5), at(4.0)));
    assert_eq!((task.cpu_s, task.message_bytes, task.result_bytes), (at(0.02), at(3072.0), at(4096.0)));
    assert_eq!(task.keep_result_s, at(7200.0));
}

#[test]
fn tiers_arrive_in_their_units() {
    let spec = sound(EVERY_KEY);
    let at = Quantity::certain;
    let app = &spec.app;
    assert_eq!(
        (app.image.as_deref(), app.port, app.health.as_str()),
        (Some("registry.example/everything:2"), 9000, "/up")
    );
    assert_eq!(app.url.as_deref(), Some("https://everything.example.org"));
    assert_eq!((app.instances, app.workers, app.cores, app.pool), (Some(6), Some(3), Some(12), Some(15)));
    assert_eq!((app.cpu_measured_on, app.dispatch), (CpuMeasuredOn::Core, Dispatch::LeastLoaded));
    assert_eq!((app.scaling.contention, app.scaling.coherency), (at(0.015), at(0.000_2)));
    assert_eq!((app.worker_memory_gib, app.request_memory_gib), (at(0.5), at(2.0 / 1024.0)));
    assert_eq!((app.task_workers, app.task_concurrency, app.task_memory_gib), (Some(5), Some(7), at(0.25)));
    assert_eq!(
        (app.system_memory_gib, app.disk_gib, app.architecture),
        (at(2.0), 100.0, ArchitectureWish::Any)
    );
    let database = spec.database.as_ref().unwrap();
    assert_eq!((database.engine.as_str(), database.version.as_str()), ("mysql", "8.0"));
    assert_eq!((database.data_gib, database.working_set_gib), (at(64.0), at(16.0)));
    assert_eq!((database.buffer_pool_gib, database.storage_gib), (Some(20.0), Some(1024.0)));
    assert_eq!((database.max_connections, database.cores), (Some(900), Some(8)));
    assert_eq!((database.scaling.contention, database.scaling.coherency), (at(0.005), at(0.000_3)));
    assert_eq!((database.growth_per_month, database.read_replicas), (at(0.05), 2));
    let cache = spec.cache.as_ref().unwrap();
    assert_eq!((cache.engine.as_str(), cache.version.as_deref()), ("redis", Some("7.2")));
    assert_eq!(
        (cache.entries, cache.entry_size_bytes, cache.max_memory_gib),
        (at(5000.0), at(2048.0), Some(3.0))
    );
}

#[test]
fn objectives_resilience_and_choices_arrive() {
    let spec = sound(EVERY_KEY);
    let wanted = &spec.objectives;
    assert_eq!((wanted.mean_s, wanted.p95_s, wanted.p99_s), (Some(0.1), Some(0.4), Some(0.9)));
    assert_eq!((wanted.cpu, wanted.target_cpu, wanted.connections), (0.8, 0.6, 0.75));
    assert_eq!((wanted.cache_memory, wanted.io_wait), (0.65, 0.05));
    assert_eq!((wanted.availability, wanted.task_wait_s), (Some(0.995), Some(30.0)));
    let resilience = &spec.resilience;
    assert_eq!((resilience.zones, resilience.survive), (3, Survive::Zone));
    assert!(resilience.database_standby && resilience.cache_replica && resilience.point_in_time);
    assert_eq!((resilience.backup_days, resilience.autoscale_max), (14, Some(4.0)));
    assert_eq!(
        (spec.terms.app, spec.terms.database, spec.terms.cache),
        (Term::Reserved1y, Term::Reserved3y, Term::OnDemand)
    );
    assert_eq!(
        (spec.clouds.len(), spec.clouds[0].cloud.as_str(), spec.clouds[0].region.as_str()),
        (1, "aws", "eu-central-1")
    );
    assert_eq!(spec.clouds[0].certificate.as_deref(), Some("arn:aws:acm:eu-central-1:1:certificate/a"));
    let pin = &spec.pin["aws"];
    assert_eq!(
        (pin.app.as_deref(), pin.app_count, pin.balancer.as_deref()),
        (Some("c6i.4xlarge"), Some(3), Some("alb"))
    );
    assert_eq!((pin.database.as_deref(), pin.database_standby), (Some("db.r6g.2xlarge"), Some(false)));
    assert_eq!((pin.cache.as_deref(), pin.cache_replica), (Some("cache.r6g.large"), Some(false)));
    assert_eq!((spec.access.user.as_str(), spec.access.key.as_deref()), ("ops", Some("~/.ssh/ops.pub")));
    assert_eq!((spec.access.from.len(), spec.access.os.as_str()), (2, "ubuntu-22.04"));
    assert_eq!((spec.alarms.email.as_deref(), spec.tune.profile.as_str()), (Some("ops@example.org"), "none"));
    assert_eq!(spec.tune.sysctl["net.core.somaxconn"], "4096");
    assert_eq!(
        (spec.tune.limits["nofile"].as_str(), spec.tune.never.as_slice()),
        ("65536", &["vm.swappiness".to_owned()][..])
    );
    assert_eq!(spec.hosts, ["root@web1.example.org:2222"]);
    let deploy = &spec.deploy;
    assert_eq!(
        (deploy.command.as_deref(), deploy.task_command.as_deref(), deploy.migrate.as_deref()),
        (Some("uvicorn app.main:app"), Some("celery -A app.tasks worker"), Some("alembic upgrade head"))
    );
    assert_eq!(
        (deploy.env["FEATURE_FLAGS"].as_str(), deploy.secrets.as_slice()),
        ("a,b", &["SESSION_KEY".to_owned()][..])
    );
    assert_eq!((deploy.database, deploy.cache), (Some(Placement::Elsewhere), Some(Placement::Here)));
    assert_eq!((deploy.request_timeout_s, deploy.task_timeout_s), (20.0, Some(300.0)));
    assert_eq!((deploy.health_timeout_s, deploy.drain_s, deploy.keep_releases), (90.0, 15.0, 3));
    assert_eq!(
        (deploy.certificate.as_deref(), deploy.certificate_key.as_deref()),
        (Some("/etc/tls/chain.pem"), Some("/etc/tls/key.pem"))
    );
}

#[test]
fn words_stand_for_their_variants() {
    for (word, variant) in [
        ("pooled", Dispatch::Pooled),
        ("random", Dispatch::Random),
        ("round-robin", Dispatch::RoundRobin),
        ("least-loaded", Dispatch::LeastLoaded),
    ] {
        assert_eq!(sound(&EVERY_KEY.replace("least-loaded", word)).app.dispatch, variant);
    }
    for (word, variant) in
        [("x86", ArchitectureWish::X86), ("arm", ArchitectureWish::Arm), ("any", ArchitectureWish::Any)]
    {
        assert_eq!(
            sound(&EVERY_KEY.replace("arch: any", &format!("arch: {word}"))).app.architecture,
            variant
        );
    }
    for (word, variant) in
        [("none", Survive::Nothing), ("instance", Survive::Instance), ("zone", Survive::Zone)]
    {
        let text = EVERY_KEY.replace("survive: zone", &format!("survive: {word}"));
        assert_eq!(sound(&text).resilience.survive, variant);
    }
    let thread = EVERY_KEY.replace("cpu_measured_on: core", "cpu_measured_on: thread");
    assert_eq!(sound(&thread).app.cpu_measured_on, CpuMeasuredOn::Thread);
    let request = EVERY_KEY.replace("connection: query", "connection: request");
    assert_eq!(sound(&request).requests[0].connection, Connection::Request);
}
