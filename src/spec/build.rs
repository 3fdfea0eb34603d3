//! Values to a [`Spec`]: each key's value into its field, in the field's unit.
//!
//! Runs only when nothing was complained about, so every required key and every default is there; asking for another one is
//! an error in this file, and the tests read every key.

use loadline_contract::Term;

use super::model::*;
use super::rules::scaled;
use super::values::Values;

const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
const COMPLETE: &str = "the walk put a value at every required key and at every key with a default";

/// The values below one map.
#[derive(Clone, Copy)]
struct Part<'a> {
    values: &'a Values,
    path: &'a str,
}

impl Part<'_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }
    fn quantity(&self, key: &str) -> Quantity {
        self.values.quantity(&self.at(key)).expect(COMPLETE)
    }
    fn gib(&self, key: &str) -> Quantity {
        scaled(self.quantity(key), 1.0 / GIB)
    }
    fn number(&self, key: &str) -> f64 {
        self.quantity(key).mid
    }
    fn maybe(&self, key: &str) -> Option<f64> {
        self.values.number(&self.at(key))
    }
    fn maybe_gib(&self, key: &str) -> Option<f64> {
        self.maybe(key).map(|bytes| bytes / GIB)
    }
    fn count(&self, key: &str) -> Option<u32> {
        self.values.count(&self.at(key))
    }
    fn text(&self, key: &str) -> String {
        self.maybe_text(key).expect(COMPLETE)
    }
    fn maybe_text(&self, key: &str) -> Option<String> {
        self.values.text(&self.at(key)).map(str::to_owned)
    }
    fn flag(&self, key: &str) -> Option<bool> {
        self.values.flag(&self.at(key))
    }
    /// The variant that a word stands for.
    fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> T {
        let text = self.text(key);
        words.iter().find(|(word, _)| *word == text).expect(COMPLETE).1
    }
}

/// The spec of complete values.
pub(super) fn spec(values: Values) -> Spec {
    let part = |path| Part { values: &values, path };
    let entries = |list: &str| -> Vec<String> {
        (0..values.count(list).unwrap_or(0)).map(|index| format!("{list}[{index}]")).collect()
    };
    let (tune, ssh) = (part("tune"), part("access.ssh"));
    let mut spec = Spec {
        name: values.text("name").expect(COMPLETE).to_owned(),
        load: load(part("load")),
        requests: entries("requests").iter().map(|path| request(part(path))).collect(),
        tasks: entries("tasks").iter().map(|path| task(part(path))).collect(),
        app: app(part("app")),
        database: values.has("database").then(|| database(part("database"))),
        cache: values.has("cache").then(|| cache(part("cache"))),
        objectives: objectives(part("objectives")),
        resilience: resilience(part("resilience")),
        terms: terms(part("terms")),
        clouds: values.texts("clouds").into_iter().map(|cloud| choice(&values, cloud)).collect(),
        pin: values
            .texts("pin")
            .into_iter()
            .map(|cloud| {
                let path = format!("pin.{cloud}");
                let pinned = pin(Part { values: &values, path: &path });
                (cloud, pinned)
            })
            .collect(),
        access: Access {
            user: ssh.text("user"),
            key: ssh.maybe_text("key"),
            from: values.texts("access.ssh.from"),
            os: part("access").text("os"),
        },
        alarms: Alarms { email: part("alarms").maybe_text("email") },
        tune: Tune {
            profile: tune.text("profile"),
            sysctl: values.table("tune.sysctl"),
            limits: values.table("tune.limits"),
            never: values.texts("tune.never"),
        },
        hosts: values.texts("hosts"),
        deploy: deploy(&values, part("deploy")),
        origins: std::collections::BTreeMap::new(),
    };
    spec.origins = values.into_origins();
    spec
}

fn choice(values: &Values, cloud: String) -> CloudChoice {
    let region = values.text(&format!("clouds.{cloud}.region")).expect(COMPLETE).to_owned();
    let certificate = values.text(&format!("clouds.{cloud}.certificate")).map(str::to_owned);
    CloudChoice { cloud, region, certificate }
}

fn load(part: Part<'_>) -> Load {
    Load {
        users: part.quantity("users"),
        think_s: part.quantity("think"),
        duty: part.quantity("duty"),
        growth_per_month: part.quantity("growth"),
        horizon_months: part.number("horizon"),
        requests_per_connection: part.quantity("requests_per_connection"),
    }
}

fn request(part: Part<'_>) -> Request {
    Request {
        name: part.text("name"),
        share: part.number("share"),
        cpu_s: part.quantity("cpu"),
        cpu_cv2: part.number("cpu_cv2"),
        queries: part.quantity("queries"),
        query_cpu_s: part.quantity("query_cpu"),
        writes: part.quantity("writes"),
        wait_s: part.quantity("wait"),
        wait_cv2: part.number("wait_cv2"),
        connection: part
            .word("connection", &[("request", Connection::Request), ("query", Connection::Query)]),
        upload_bytes: part.quantity("upload"),
        download_bytes: part.quantity("download"),
        method: part.text("method"),
        path: part.text("path"),
    }
}

fn task(part: Part<'_>) -> Task {
    Task {
        name: part.text("name"),
        rate_per_s: part.quantity("rate"),
        time_s: part.quantity("time"),
        cpu_s: part.quantity("cpu"),
        message_bytes: part.quantity("message"),
        result_bytes: part.quantity("result"),
        keep_result_s: part.quantity("keep_result"),
    }
}

fn app(part: Part<'_>) -> App {
    let measured = [("thread", CpuMeasuredOn::Thread), ("core", CpuMeasuredOn::Core)];
    let dispatch = [
        ("pooled", Dispatch::Pooled),
        ("random", Dispatch::Random),
        ("round-robin", Dispatch::RoundRobin),
        ("least-loaded", Dispatch::LeastLoaded),
    ];
    let architecture =
        [("x86", ArchitectureWish::X86), ("arm", ArchitectureWish::Arm), ("any", ArchitectureWish::Any)];
    let port = part.count("port").expect(COMPLETE);
    App {
        image: part.maybe_text("image"),
        port: u16::try_from(port).expect("the key table bounds ports to 65535"),
        health: part.text("health"),
        url: part.maybe_text("url"),
        instances: part.count("instances"),
        workers: part.count("workers"),
        cores: part.count("cores"),
        cpu_measured_on: part.word("cpu_measured_on", &measured),
        dispatch: part.word("dispatch", &dispatch),
        scaling: scaling(part),
        pool: part.count("pool"),
        worker_memory_gib: part.gib("worker_memory"),
        request_memory_gib: part.gib("request_memory"),
        task_workers: part.count("task_workers"),
        task_concurrency: part.count("task_concurrency"),
        task_memory_gib: part.gib("task_memory"),
        system_memory_gib: part.gib("system_memory"),
        disk_gib: part.number("disk") / GIB,
        architecture: part.word("arch", &architecture),
    }
}

fn scaling(part: Part<'_>) -> Scaling {
    Scaling { contention: part.quantity("contention"), coherency: part.quantity("coherency") }
}

fn database(part: Part<'_>) -> Database {
    Database {
        engine: part.text("engine"),
        version: part.text("version"),
        data_gib: part.gib("data"),
        working_set_gib: part.gib("working_set"),
        buffer_pool_gib: part.maybe_gib("buffer_pool"),
        max_connections: part.count("max_connections"),
        storage_gib: part.maybe_gib("storage"),
        cores: part.count("cores"),
        scaling: scaling(part),
        growth_per_month: part.quantity("growth"),
        read_replicas: part.count("read_replicas").expect(COMPLETE),
    }
}

fn cache(part: Part<'_>) -> Cache {
    Cache {
        engine: part.text("engine"),
        version: part.maybe_text("version"),
        entries: part.quantity("entries"),
        entry_size_bytes: part.quantity("entry_size"),
        max_memory_gib: part.maybe_gib("max_memory"),
    }
}

fn objectives(part: Part<'_>) -> Objectives {
    Objectives {
        mean_s: part.maybe("mean"),
        p95_s: part.maybe("p95"),
        p99_s: part.maybe("p99"),
        cpu: part.number("cpu"),
        target_cpu: part.number("target_cpu"),
        connections: part.number("connections"),
        cache_memory: part.number("cache_memory"),
        io_wait: part.number("io_wait"),
        availability: part.maybe("availability"),
        task_wait_s: part.maybe("task_wait"),
    }
}

fn resilience(part: Part<'_>) -> Resilience {
    let survive = [("none", Survive::Nothing), ("instance", Survive::Instance), ("zone", Survive::Zone)];
    // At most 365 by the key table.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let backup_days = part.number("backups.keep").ceil() as u32;
    Resilience {
        zones: part.count("zones").expect(COMPLETE),
        survive: part.word("survive", &survive),
        database_standby: part.flag("database_standby").expect(COMPLETE),
        cache_replica: part.flag("cache_replica").expect(COMPLETE),
        backup_days,
        point_in_time: part.flag("backups.point_in_time").expect(COMPLETE),
        autoscale_max: part.maybe("autoscale.max"),
    }
}

fn terms(part: Part<'_>) -> Terms {
    let terms =
        [("on-demand", Term::OnDemand), ("reserved-1y", Term::Reserved1y), ("reserved-3y", Term::Reserved3y)];
    Terms {
        app: part.word("app", &terms),
        database: part.word("database", &terms),
        cache: part.word("cache", &terms),
    }
}

fn pin(part: Part<'_>) -> Pin {
    Pin {
        app: part.maybe_text("app"),
        app_count: part.count("app_count"),
        database: part.maybe_text("database"),
        cache: part.maybe_text("cache"),
        balancer: part.maybe_text("balancer"),
        database_standby: part.flag("database_standby"),
        cache_replica: part.flag("cache_replica"),
    }
}

fn deploy(values: &Values, part: Part<'_>) -> Deploy {
    let places = [("here", Placement::Here), ("elsewhere", Placement::Elsewhere)];
    let place = |key: &str| part.maybe_text(key).map(|_| part.word(key, &places));
    Deploy {
        command: part.maybe_text("command"),
        task_command: part.maybe_text("task_command"),
        migrate: part.maybe_text("migrate"),
        env: values.table("deploy.env"),
        secrets: values.texts("deploy.secrets"),
        database: place("database"),
        cache: place("cache"),
        request_timeout_s: part.number("request_timeout"),
        task_timeout_s: part.maybe("task_timeout"),
        health_timeout_s: part.number("health_timeout"),
        drain_s: part.number("drain"),
        keep_releases: part.count("keep_releases").expect(COMPLETE),
        certificate: part.maybe_text("certificate"),
        certificate_key: part.maybe_text("certificate_key"),
    }
}
