//! The nouns that sizing yields: what each tier needs, what the sized system will do, how far it carries.

use crate::spec::{ArchitectureWish, CpuMeasuredOn, Survive};

/// How much one limit asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The limit: `cpu`, `failover`, `p95`, `workers`, `memory`, `connections`, ...
    pub limit: &'static str,
    /// How much it asks for, in `unit`.
    pub value: f64,
    /// Unit: `cores`, `GiB`, `connections`, `1/s`, `slots`, `Mbit/s`.
    pub unit: &'static str,
    /// The arithmetic with its numbers: `5069 rps x 2.24 ms / 70 % = 16.2`.
    pub arithmetic: String,
}

/// The needs of one tier and which limit decides its size.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// What every limit asks for.
    pub needs: Vec<Need>,
    /// The limit that binds: the one whose need decides the size.
    pub binding: &'static str,
}

/// What the app tier needs.
#[derive(Debug, Clone, PartialEq)]
pub struct AppRequirement {
    /// Every limit's count, in cores.
    pub tally: Tally,
    /// Cores kept busy by requests and tasks at the peak.
    pub busy_cores: f64,
    /// Least cores over all machines that meets utilisation target and response-time objectives when nothing has failed.
    pub cores: f64,
    /// Exactly this many cores were asked for in the spec.
    pub pinned_cores: Option<u32>,
    /// Utilisation not to be exceeded in normal operation, 0..1.
    pub target_utilisation: f64,
    /// Utilisation not to be exceeded after a failure that must be survived, 0..1.
    pub failover_utilisation: f64,
    /// What must be survived.
    pub survive: Survive,
    /// Zones to spread over.
    pub zones: u32,
    /// Worker processes over all machines.
    pub processes: u32,
    /// Whether the spec fixed the number of processes (they then cap the usable cores).
    pub processes_fixed: bool,
    /// Memory that each machine needs for itself, with room for page cache and peaks, GiB.
    pub memory_per_machine_gib: f64,
    /// Memory that the tier needs together beside that, with the same room, GiB.
    pub memory_shared_gib: f64,
    /// Disk on each machine, GiB.
    pub disk_gib: f64,
    /// Network that the machines must provide together: clients and database, with room for bursts, Mbit/s.
    pub network_mbps: f64,
    /// Instruction sets allowed.
    pub architecture: ArchitectureWish,
    /// What the CPU times were measured on.
    pub cpu_measured_on: CpuMeasuredOn,
}

/// What the database needs.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseRequirement {
    /// Every limit's count: cores, memory, connections, storage, IOPS.
    pub tally: Tally,
    /// Engine.
    pub engine: String,
    /// Version.
    pub version: String,
    /// Cores kept busy at the peak.
    pub busy_cores: f64,
    /// Cores.
    pub cores: f64,
    /// Exactly this many cores were asked for.
    pub pinned_cores: Option<u32>,
    /// Buffer pool, GiB.
    pub buffer_pool_gib: f64,
    /// Memory that the server uses at the peak, GiB.
    pub memory_used_gib: f64,
    /// Memory that the host must have, GiB.
    pub memory_gib: f64,
    /// Connections in use at the peak.
    pub connections_used: f64,
    /// Connection limit to configure.
    pub max_connections: u32,
    /// Storage to buy, GiB.
    pub storage_gib: f64,
    /// Reads from disk at the peak, 1/s.
    pub read_iops: f64,
    /// Writes to disk at the peak, 1/s.
    pub write_iops: f64,
    /// Whether a standby is wanted.
    pub standby: bool,
    /// Copies that answer reads; they take no part in what the others are sized for.
    pub read_replicas: u32,
    /// Days of backups.
    pub backup_days: u32,
    /// Backups held at any moment, GiB (full copies and logs).
    pub backup_gib: f64,
    /// What the CPU times were measured on.
    pub cpu_measured_on: CpuMeasuredOn,
}

/// What the cache needs.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheRequirement {
    /// Every limit's count: memory used, with fragmentation, limit, host.
    pub tally: Tally,
    /// Engine.
    pub engine: String,
    /// Version, if asked for.
    pub version: Option<String>,
    /// Memory that the data takes, GiB.
    pub memory_used_gib: f64,
    /// Resident memory with fragmentation, GiB.
    pub memory_resident_gib: f64,
    /// Memory limit to configure, GiB.
    pub max_memory_gib: f64,
    /// Memory that a managed node must offer to data, GiB (the limit).
    pub memory_gib: f64,
    /// Memory that a host of one's own must have, GiB (limit and copy-on-write).
    pub host_memory_gib: f64,
    /// Whether a replica is wanted.
    pub replica: bool,
    /// Days of snapshots.
    pub backup_days: u32,
}

/// What the balancer must take.
#[derive(Debug, Clone, PartialEq)]
pub struct BalancerRequirement {
    /// Every limit's count at the peak.
    pub tally: Tally,
    /// Requests at the peak, 1/s.
    pub requests_per_s: f64,
    /// New client connections at the peak, 1/s.
    pub new_connections_per_s: f64,
    /// Client connections open at the peak.
    pub active_connections: f64,
    /// Traffic at the peak, both directions, GB (10^9 bytes) per hour.
    pub gb_per_hour: f64,
    /// Mean over the month as a share of the peak, 0..=1.
    pub duty: f64,
}

/// What the task workers need.
#[derive(Debug, Clone, PartialEq)]
pub struct TasksRequirement {
    /// Every limit's count, in slots.
    pub tally: Tally,
    /// Slots kept busy at the peak.
    pub busy_slots: f64,
    /// Slots needed.
    pub slots: u32,
    /// Slots that the spec fixed (workers x concurrency).
    pub fixed_slots: Option<u32>,
    /// Share of the slots in use that are busy, 0...
    pub utilisation: f64,
    /// Mean wait for a slot, s; `None` when slots are fewer than the load (the queue grows without end).
    pub mean_wait_s: Option<f64>,
}

/// Traffic over a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Requests in a month.
    pub requests: f64,
    /// To the internet, bytes.
    pub egress_bytes: f64,
    /// From the internet, bytes.
    pub ingress_bytes: f64,
    /// Between app, database and cache, both directions, bytes; the part that crosses zones depends on the design.
    pub internal_bytes: f64,
}

/// What every tier needs; cloud-free.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirements {
    /// Application.
    pub app: AppRequirement,
    /// Database; `None` when the spec has none.
    pub database: Option<DatabaseRequirement>,
    /// Cache; `None` when the spec has none.
    pub cache: Option<CacheRequirement>,
    /// Load balancer.
    pub balancer: BalancerRequirement,
    /// Task workers; `None` without tasks. They run on the app machines.
    pub tasks: Option<TasksRequirement>,
    /// Traffic of a month at the spec's duty.
    pub traffic: Traffic,
    /// Alarms to set up.
    pub alarms: u32,
}

/// Servers that a design really has: what a prediction is made for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// App cores that can work at once (machines' usable CPUs, capped by processes).
    pub app_servers: u32,
    /// Database cores that can work at once; `None` without a database.
    pub database_servers: Option<u32>,
    /// Connections that the database accepts; `None` without a database.
    pub max_connections: Option<u32>,
    /// Memory of all app machines together, GiB; `None`: as much as needed.
    pub app_memory_gib: Option<f64>,
    /// App machines.
    pub app_machines: u32,
}

/// How a number was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Exact convolution of the closed network for means, composition sampling for percentiles.
    Convolution,
    /// Discrete-event simulation, because the formulas do not hold here.
    Simulation,
}

/// A value and, where it was simulated, the half width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Half width of the 95 % confidence interval; `None` where the value comes from a formula.
    pub half_width: Option<f64>,
}

/// Response times, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseTimes {
    /// Mean.
    pub mean_s: Estimate,
    /// Median.
    pub p50_s: Estimate,
    /// 95th percentile.
    pub p95_s: Estimate,
    /// 99th percentile.
    pub p99_s: Estimate,
}

/// What the sized system will do at a number of users.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Users.
    pub users: f64,
    /// What it was predicted for.
    pub capacity: Capacity,
    /// Requests finished, 1/s.
    pub throughput_rps: Estimate,
    /// All requests.
    pub response: ResponseTimes,
    /// Each kind of request, by name.
    pub per_request: Vec<(String, ResponseTimes)>,
    /// Requests in flight.
    pub in_flight: f64,
    /// App CPU by requests, 0..=1.
    pub app_utilisation: f64,
    /// Database CPU, 0..=1; `None` without a database.
    pub database_utilisation: Option<f64>,
    /// Task slots, 0... ; `None` without tasks.
    pub tasks_utilisation: Option<f64>,
    /// Database connections in use.
    pub connections_used: f64,
    /// Memory in use on the app tier, GiB, and on the database, GiB, and in the cache, GiB.
    pub memory: MemoryUse,
    /// Network at the peak, both directions, Mbit/s.
    pub network_mbps: f64,
    /// How the means and percentiles were found.
    pub method: Method,
    /// Why the formulas do not hold here, one sentence each; empty when they do.
    pub caveats: Vec<String>,
    /// What a simulation of the same system gave, when one was run to confirm.
    pub confirmation: Option<Confirmation>,
}

/// A simulation beside the formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    /// Requests finished, 1/s.
    pub throughput_rps: Estimate,
    /// Response times.
    pub response: ResponseTimes,
    /// Independent runs.
    pub replications: u32,
    /// Events simulated over all runs.
    pub events: u64,
}

/// Memory in use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemoryUse {
    /// App tier together, GiB.
    pub app_gib: f64,
    /// Database, GiB; `None` without.
    pub database_gib: Option<f64>,
    /// Cache, resident, GiB; `None` without.
    pub cache_gib: Option<f64>,
}

/// A limit and the number of users at which it is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// The limit: `app cpu 85 %`, `p95 500 ms`, `connections 80 %`, ...
    pub limit: String,
    /// Users at which it is reached; `None`: not within the range searched (the largest population is in `LoadLine::searched_to`).
    pub at_users: Option<u32>,
    /// Whether it is an objective of the spec or a physical end (saturation).
    pub kind: LimitKind,
}

/// What a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// Asked for in the spec: the load line must not pass it.
    Objective,
    /// A hard end of a resource: the load line must not pass it.
    Resource,
    /// For orientation only, such as the saturation point N*.
    Landmark,
}

/// How far the system carries.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadLine {
    /// Most users with every objective and limit met; 0 when one is missed by a single user.
    pub users: u32,
    /// The limit that is reached first; empty when none is within the range searched.
    pub binding: String,
    /// Every limit, in the order in which they are reached.
    pub limits: Vec<Reached>,
    /// Largest population looked at.
    pub searched_to: u32,
    /// Months of growth until the load line is reached; `None` without growth. 0 when already past it.
    pub months: Option<f64>,
    /// Points of the curve for drawing: users, rps, mean response s, p95 s.
    pub curve: Vec<CurvePoint>,
}

/// A point of the load curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Users.
    pub users: u32,
    /// Requests finished, 1/s.
    pub throughput_rps: f64,
    /// Mean response time, s.
    pub mean_s: f64,
    /// 95th percentile, s; `None` where not computed.
    pub p95_s: Option<f64>,
    /// App CPU, 0..=1.
    pub app_utilisation: f64,
}

/// What +-10 % of one input does.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// Path of the input in the spec.
    pub input: String,
    /// Elasticity of the app utilisation: percent for each percent of the input.
    pub app_utilisation: f64,
    /// Elasticity of the mean response time.
    pub mean: f64,
    /// Elasticity of the load line.
    pub load_line: f64,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant, or a trap later.
    Warning,
    /// Contradiction, or an objective missed.
    Error,
}

/// A contradiction or a trap, with its arithmetic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code, kebab-case: `think-time-not-human`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// What is the matter, with the numbers.
    pub sentence: String,
    /// What to do about it.
    pub hint: String,
    /// Path in the spec it is about; empty when about the whole.
    pub path: String,
}

/// Percentiles of a requirement under uncertain inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// What: `app cores`, `database cores`, `database memory`, `cache memory`, `throughput`, ...
    pub what: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// 5th, 50th, 95th percentile.
    pub p5: f64,
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// What uncertain inputs do to the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// Samples drawn (Latin hypercube).
    pub samples: u32,
    /// Spread of each requirement.
    pub spreads: Vec<Spread>,
    /// Share of the samples in which the sized system meets every objective, 0..=1.
    pub meets_objectives: f64,
    /// Requirements of distinct samples, for the choice of least regret, with the share of samples each stands for.
    pub scenarios: Vec<Scenario>,
}

/// One believable world.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Share of all samples that it stands for, 0..=1.
    pub weight: f64,
    /// What that world needs.
    pub requirements: Requirements,
}

/// Everything that sizing says of a spec.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizing {
    /// What each tier needs.
    pub requirements: Requirements,
    /// What the sized system will do.
    pub prediction: Prediction,
    /// How far it carries.
    pub load_line: LoadLine,
    /// Contradictions and traps, worst first.
    pub findings: Vec<Finding>,
    /// What +-10 % of each input does, strongest first.
    pub sensitivity: Vec<Sensitivity>,
    /// Present when the spec has interval inputs.
    pub uncertainty: Option<Uncertainty>,
}
