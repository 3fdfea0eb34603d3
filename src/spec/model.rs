//! The [`Spec`]: what the user wrote, in base units, with every default filled in.
//!
//! Units are in the names: seconds, GiB, bytes, per second. Shares are 0..=1. Where each value came from is in [`Spec::origins`].

use std::collections::BTreeMap;

pub use super::release::{Deploy, Placement};

/// A workload number: a middle value and, where the user gave one, the interval it is believed to lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// The value used wherever one number is needed.
    pub mid: f64,
    /// The interval, if the user gave one.
    pub range: Option<Range>,
}

/// The interval of a [`Quantity`]: `low <= mid <= high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// Probability that the true value lies inside, 0..1 (exclusive).
    pub confidence: f64,
}

impl Quantity {
    /// A certain value.
    pub const fn certain(mid: f64) -> Self {
        Self { mid, range: None }
    }
}

/// Everything one deployment should carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Name of the deployment: lower-case letters, digits and `-`, at most 40.
    pub name: String,
    /// Who comes and how often.
    pub load: Load,
    /// Kinds of requests; shares sum to 1.
    pub requests: Vec<Request>,
    /// Kinds of background tasks.
    pub tasks: Vec<Task>,
    /// The application tier.
    pub app: App,
    /// The database tier; `None` when the spec has no `database`.
    pub database: Option<Database>,
    /// The cache tier; `None` when the spec has no `cache`.
    pub cache: Option<Cache>,
    /// What must hold.
    pub objectives: Objectives,
    /// What must be survived.
    pub resilience: Resilience,
    /// Commitment per tier.
    pub terms: Terms,
    /// Clouds to consider, in the order written.
    pub clouds: Vec<CloudChoice>,
    /// Exact products to take, by cloud name.
    pub pin: BTreeMap<String, Pin>,
    /// How operators reach the machines.
    pub access: Access,
    /// Whom to tell.
    pub alarms: Alarms,
    /// Host settings.
    pub tune: Tune,
    /// Hosts that exist already: `[user@]name[:port]`.
    pub hosts: Vec<String>,
    /// How the application is released.
    pub deploy: Deploy,
    /// Where every value came from, by path such as `load.users` or `requests[0].cpu`.
    pub origins: BTreeMap<String, Origin>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Written in the file, at line and column (both from 1).
    Written {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not written: a default.
    Default {
        /// The value, as a person would write it.
        value: String,
        /// Why this value.
        reason: String,
        /// Where the figure comes from.
        source: String,
    },
    /// Given on the command line (`--set path=value`).
    Flag,
}

/// Who comes and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// People active at once, at the peak.
    pub users: Quantity,
    /// Time between a response and the same user's next request, s.
    pub think_s: Quantity,
    /// A month's mean traffic as a share of the peak, 0..=1.
    pub duty: Quantity,
    /// Growth of the users, share a month (0.03 = 3 %), compound.
    pub growth_per_month: Quantity,
    /// How far ahead the stack should last, months.
    pub horizon_months: f64,
    /// Requests that a client sends over one connection before it opens another.
    pub requests_per_connection: Quantity,
}

/// When a pool connection is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// From the start of the request to its end.
    Request,
    /// Only around each query.
    Query,
}

/// One kind of request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Name, unique.
    pub name: String,
    /// Share of all requests, 0..=1.
    pub share: f64,
    /// Application CPU, s.
    pub cpu_s: Quantity,
    /// Squared coefficient of variation of the application CPU of one slice.
    pub cpu_cv2: f64,
    /// Database queries.
    pub queries: Quantity,
    /// Database CPU of one query, s.
    pub query_cpu_s: Quantity,
    /// Writing queries among them.
    pub writes: Quantity,
    /// Waiting that is neither CPU nor queueing: external calls, s.
    pub wait_s: Quantity,
    /// Squared coefficient of variation of the waiting.
    pub wait_cv2: f64,
    /// When a database connection is held.
    pub connection: Connection,
    /// Bytes from the client.
    pub upload_bytes: Quantity,
    /// Bytes to the client.
    pub download_bytes: Quantity,
    /// HTTP method of it in a load test.
    pub method: String,
    /// Path and query that a load test asks for.
    pub path: String,
}

/// One kind of background task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Name, unique.
    pub name: String,
    /// Tasks started, 1/s, at the peak.
    pub rate_per_s: Quantity,
    /// Time that one task occupies a slot, s.
    pub time_s: Quantity,
    /// CPU of one task, s.
    pub cpu_s: Quantity,
    /// Size of its message in the queue, bytes.
    pub message_bytes: Quantity,
    /// Size of its result, bytes.
    pub result_bytes: Quantity,
    /// How long the result is kept, s.
    pub keep_result_s: Quantity,
}

/// Instruction sets that the application's image can run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchitectureWish {
    /// Only 64-bit x86.
    X86,
    /// Only 64-bit Arm.
    Arm,
    /// Either.
    Any,
}

/// What the CPU times of the spec were measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CpuMeasuredOn {
    /// On one vCPU as sold, under load: one vCPU counts as one server.
    Thread,
    /// On a whole core (an idle machine): a vCPU that shares its core counts 0.6.
    Core,
}

/// How requests reach the worker processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatch {
    /// Any core takes any request (threads, or more workers than cores).
    Pooled,
    /// A single-threaded worker is chosen at random.
    Random,
    /// Single-threaded workers in turn.
    RoundRobin,
    /// The single-threaded worker with the fewest requests.
    LeastLoaded,
}

/// The application tier.
#[derive(Debug, Clone, PartialEq)]
pub struct App {
    /// Container image; `None` when not given.
    pub image: Option<String>,
    /// Port it listens on.
    pub port: u16,
    /// Path of the health check.
    pub health: String,
    /// Where the people reach the application, `http[s]://host[:port][/path]`; `None`: wherever its balancer is.
    pub url: Option<String>,
    /// Instances (containers) of the application over all machines; `None`: derived.
    pub instances: Option<u32>,
    /// Worker processes in each instance; `None`: derived.
    pub workers: Option<u32>,
    /// Take exactly this many cores for the tier; `None`: derived.
    pub cores: Option<u32>,
    /// What the CPU times were measured on.
    pub cpu_measured_on: CpuMeasuredOn,
    /// How requests reach the workers.
    pub dispatch: Dispatch,
    /// How the work of requests slows with the cores that are at work.
    pub scaling: Scaling,
    /// Database connections that each worker process may open (pool and overflow); `None`: no limit is stated.
    pub pool: Option<u32>,
    /// Memory of a worker process, GiB.
    pub worker_memory_gib: Quantity,
    /// Memory of a request in flight, GiB.
    pub request_memory_gib: Quantity,
    /// Task worker processes; `None`: derived.
    pub task_workers: Option<u32>,
    /// Tasks that one task worker runs at once; `None`: derived.
    pub task_concurrency: Option<u32>,
    /// Memory of one task slot, GiB.
    pub task_memory_gib: Quantity,
    /// Memory of the operating system on each machine, GiB.
    pub system_memory_gib: Quantity,
    /// Disk on each machine, GiB.
    pub disk_gib: f64,
    /// Instruction sets allowed.
    pub architecture: ArchitectureWish,
}

/// How work slows with the cores of a tier that are at work: Gunther's Universal Scalability Law.
///
/// With j of them at work a request takes its CPU time x (1 + contention (j - 1) + coherency j (j - 1)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    /// What each further core costs each other one, as a share of the CPU time: waiting for what only one can have. 0..=1.
    pub contention: Quantity,
    /// What each pair of cores costs, as a share of the CPU time: agreeing with each other. 0..=1.
    pub coherency: Quantity,
}

impl Scaling {
    /// Cores do not get in each other's way.
    pub const NONE: Self = Self { contention: Quantity::certain(0.0), coherency: Quantity::certain(0.0) };
}

/// The database tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// Engine: `mysql`.
    pub engine: String,
    /// Version, as written: `8.4`.
    pub version: String,
    /// Data today, GiB.
    pub data_gib: Quantity,
    /// Part of the data that is used all the time, GiB.
    pub working_set_gib: Quantity,
    /// Buffer pool, GiB; `None`: derived from the working set.
    pub buffer_pool_gib: Option<f64>,
    /// Configured connection limit; `None`: derived.
    pub max_connections: Option<u32>,
    /// Storage to buy, GiB; `None`: derived from data and growth.
    pub storage_gib: Option<f64>,
    /// Take exactly this many cores; `None`: derived.
    pub cores: Option<u32>,
    /// How queries slow with the cores that are at work.
    pub scaling: Scaling,
    /// Growth of the data, share a month.
    pub growth_per_month: Quantity,
    /// Copies that answer reads.
    pub read_replicas: u32,
}

/// The cache tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Cache {
    /// Engine: `valkey` or `redis`.
    pub engine: String,
    /// Version, as written; `None`: the newest that the cloud sells.
    pub version: Option<String>,
    /// Entries kept.
    pub entries: Quantity,
    /// Size of an entry (key and value), bytes.
    pub entry_size_bytes: Quantity,
    /// Configured memory limit, GiB; `None`: derived.
    pub max_memory_gib: Option<f64>,
}

/// What must hold. `None`: not asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Objectives {
    /// Mean response time, s.
    pub mean_s: Option<f64>,
    /// 95th percentile of the response time, s.
    pub p95_s: Option<f64>,
    /// 99th percentile, s.
    pub p99_s: Option<f64>,
    /// CPU utilisation that must not be exceeded, 0..1: also after a failure that is to be survived.
    pub cpu: f64,
    /// CPU utilisation to size for in normal operation, 0..1.
    pub target_cpu: f64,
    /// Share of the connection limit, 0..1.
    pub connections: f64,
    /// Share of the cache's memory limit, 0..1.
    pub cache_memory: f64,
    /// Share of time waiting for disks, 0..1.
    pub io_wait: f64,
    /// Share of time that the service answers, 0..1; `None`: not asked for.
    pub availability: Option<f64>,
    /// Longest time that a task may wait for a slot, s; `None`: not asked for.
    pub task_wait_s: Option<f64>,
}

/// What the stack must survive without missing an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Survive {
    /// Nothing.
    Nothing,
    /// One instance of the app tier.
    Instance,
    /// One zone.
    Zone,
}

/// What must be survived and kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Resilience {
    /// Zones to spread over.
    pub zones: u32,
    /// What must be survived.
    pub survive: Survive,
    /// Whether the database has a standby: `true` buys the pair.
    pub database_standby: bool,
    /// Whether the cache has a replica.
    pub cache_replica: bool,
    /// Days that backups are kept; 0: no backups.
    pub backup_days: u32,
    /// Whether a restore to any moment within those days is wanted.
    pub point_in_time: bool,
    /// Largest multiple of the normal instance count that autoscaling may reach; `None`: no autoscaling.
    pub autoscale_max: Option<f64>,
}

/// Commitment per tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// App machines.
    pub app: loadline_contract::Term,
    /// Database.
    pub database: loadline_contract::Term,
    /// Cache.
    pub cache: loadline_contract::Term,
}

/// A cloud to consider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudChoice {
    /// Short name.
    pub cloud: String,
    /// Region; known to the cloud.
    pub region: String,
    /// Certificate of the balancer, as the cloud identifies it; `None`: plain HTTP.
    pub certificate: Option<String>,
}

/// Exact products to take on one cloud. `None`: chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pin {
    /// App machine.
    pub app: Option<String>,
    /// How many app machines.
    pub app_count: Option<u32>,
    /// Database.
    pub database: Option<String>,
    /// Cache.
    pub cache: Option<String>,
    /// Balancer.
    pub balancer: Option<String>,
    /// Overrides `resilience.database_standby` on this cloud.
    pub database_standby: Option<bool>,
    /// Overrides `resilience.cache_replica` on this cloud.
    pub cache_replica: Option<bool>,
}

/// How operators reach the machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Login name.
    pub user: String,
    /// Path of the public key; `None`: no SSH.
    pub key: Option<String>,
    /// Networks that may connect, CIDR.
    pub from: Vec<String>,
    /// Operating system image, such as `ubuntu-24.04`.
    pub os: String,
}

/// Whom to tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alarms {
    /// Address; `None`: no alarms are set up.
    pub email: Option<String>,
}

/// Host settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tune {
    /// Profile: `web`, `database`, `cache` or `none`.
    pub profile: String,
    /// Kernel settings to add or override.
    pub sysctl: BTreeMap<String, String>,
    /// Limits to add or override, such as `nofile`.
    pub limits: BTreeMap<String, String>,
    /// Settings that must never be touched.
    pub never: Vec<String>,
}
