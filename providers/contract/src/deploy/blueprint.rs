//! A [`Blueprint`]: every choice made for one deployment on one cloud, in words that any cloud understands. What a
//! provider translates into resources.

use super::Deployment;
use crate::Architecture;

/// Everything to build.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// Name of the deployment.
    pub deployment: Deployment,
    /// Region.
    pub region: String,
    /// Zones to spread over, by name; empty where the cloud has none.
    pub zones: Vec<String>,
    /// How many NAT gateways.
    pub nat: NatSpread,
    /// App machines.
    pub app: AppBlueprint,
    /// Database; `None`: none.
    pub database: Option<DatabaseBlueprint>,
    /// Cache; `None`: none.
    pub cache: Option<CacheBlueprint>,
    /// Balancer.
    pub balancer: BalancerBlueprint,
    /// Alarms; `None`: nobody is told.
    pub alarms: Option<AlarmLines>,
}

/// How many NAT gateways a deployment has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NatSpread {
    /// One for all zones: cheaper, and its zone's loss cuts all others off.
    One,
    /// One in each zone: each survives alone.
    EachZone,
}

/// App machines.
#[derive(Debug, Clone, PartialEq)]
pub struct AppBlueprint {
    /// Machine type.
    pub sku: String,
    /// Instruction set of it.
    pub architecture: Architecture,
    /// Machines in normal operation.
    pub count: u32,
    /// Machines that autoscaling may reach: bounded by the database's connections.
    pub most: u32,
    /// Disk of each, GiB.
    pub disk_gib: u32,
    /// Operating system, such as `ubuntu-24.04`.
    pub os: String,
    /// Port that the application listens on.
    pub port: u16,
    /// Path of the health check.
    pub health: String,
    /// CPU utilisation that autoscaling aims at, percent. Without meaning where `most` is `count`.
    pub target_cpu_percent: u32,
    /// What the machines run at their first start; no secret is in it.
    pub first_start: String,
    /// How operators reach them; `None`: not at all.
    pub ssh: Option<SshAccess>,
}

/// Access by SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshAccess {
    /// Login name.
    pub user: String,
    /// The public key, one line.
    pub public_key: String,
    /// Networks that may connect, CIDR.
    pub from: Vec<String>,
}

/// The database.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseBlueprint {
    /// Product.
    pub sku: String,
    /// Engine: `mysql`.
    pub engine: String,
    /// Version, such as `8.4`.
    pub version: String,
    /// Memory of the product, GiB; `None`: no source states it.
    pub memory_gib: Option<f64>,
    /// Storage, GiB.
    pub storage_gib: u32,
    /// I/O operations that it must do, 1/s.
    pub iops: u32,
    /// Whether there is a standby.
    pub standby: bool,
    /// Copies that answer reads, each like the database itself.
    pub read_replicas: u32,
    /// Days that backups are kept; 0: none.
    pub backup_days: u32,
    /// Whether a restore to any moment is wanted.
    pub point_in_time: bool,
    /// Connection limit.
    pub max_connections: u32,
    /// Buffer pool, bytes.
    pub buffer_pool_bytes: u64,
}

/// The cache.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheBlueprint {
    /// Product.
    pub sku: String,
    /// Engine that the product runs: `valkey` or `redis`.
    pub engine: String,
    /// Version; `None`: the newest.
    pub version: Option<String>,
    /// Whether there is a replica.
    pub replica: bool,
    /// Days that snapshots are kept; 0: none.
    pub snapshot_days: u32,
    /// Whether a task queue lives in it: then nothing may be evicted silently.
    pub holds_queue: bool,
}

/// The balancer.
#[derive(Debug, Clone, PartialEq)]
pub struct BalancerBlueprint {
    /// Product.
    pub sku: String,
    /// Nodes, where the cloud sells them.
    pub nodes: u32,
    /// The certificate for HTTPS as the cloud identifies it (on AWS its ARN); `None`: plain HTTP.
    pub certificate: Option<String>,
}

/// Whom to tell, and at which lines.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmLines {
    /// Mail address.
    pub email: String,
    /// CPU of any tier, percent.
    pub cpu_percent: f64,
    /// Mean response time, s.
    pub mean_s: Option<f64>,
    /// 95th percentile of the response time, s.
    pub p95_s: Option<f64>,
    /// Database connections.
    pub connections: f64,
    /// Memory of the cache, percent.
    pub cache_memory_percent: f64,
}

/// Something in a blueprint that a cloud cannot build, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// What was asked.
    pub what: String,
    /// Why not, and what to change.
    pub why: String,
}
