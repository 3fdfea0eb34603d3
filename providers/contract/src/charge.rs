//! A [`Charge`]: what a region bills beside the offers themselves, and the rule that says how much of it a design uses.
//!
//! The rules are a closed set that the core computes; a price book only names one and gives its figures.

use crate::{Kind, Money, Source};

/// The rule that gives the monthly quantity of a charge.
#[derive(Debug, Clone, PartialEq)]
pub enum Meter {
    /// Hours of each load balancer.
    BalancerHours,
    /// Capacity units x hours: the largest of the dimensions at the mean load of the month. A dimension that a cloud does not have is `None`.
    BalancerUnits {
        /// New connections per second in one unit.
        new_connections_per_s: Option<f64>,
        /// Active connections in one unit.
        active_connections: Option<f64>,
        /// GB (10^9 bytes) per hour in one unit.
        gb_per_hour: Option<f64>,
        /// Requests per second in one unit.
        requests_per_s: Option<f64>,
        /// Units that are always billed.
        minimum_units: f64,
    },
    /// Nodes: enough for the peak in every dimension, billed whole.
    BalancerNodes {
        /// Requests per second that one node takes.
        requests_per_s: f64,
        /// Simultaneous connections that one node takes.
        connections: f64,
        /// New TLS connections per second that one node takes.
        new_tls_per_s: f64,
    },
    /// GB through the balancer, both directions.
    BalancerGb,
    /// GiB-months of disk on each app machine beyond what the machine includes.
    AppDiskGib,
    /// Fixed disk sizes for each app machine: the smallest of the steps that holds it (`PriceStep::from` = its GiB).
    AppDiskSteps,
    /// GiB-months of database storage; `standby` prices are separate charges.
    DatabaseStorageGib,
    /// Provisioned IOPS-months beyond those that come with the storage: `included + included_per_gib x GiB`, or `large_included` from `large_from_gib` on.
    DatabaseIops {
        /// IOPS included at any size.
        included: f64,
        /// IOPS included for each GiB.
        included_per_gib: f64,
        /// Storage from which `large_included` holds, GiB.
        large_from_gib: Option<f64>,
        /// IOPS included from there.
        large_included: Option<f64>,
    },
    /// GB-months of database backups beyond `free_share` of the provisioned storage.
    DatabaseBackupGib {
        /// Share of provisioned storage that is free, 0..=1.
        free_share: f64,
    },
    /// GB-months of cache snapshots beyond `free_snapshots`.
    CacheBackupGib {
        /// Snapshots kept free of charge.
        free_snapshots: f64,
    },
    /// GB (10^9 bytes) to the internet in a month, tiered; included transfer of machines is deducted first.
    EgressGb,
    /// GiB (2^30 bytes) to the internet in a month; included transfer of machines is deducted first.
    EgressGib,
    /// GB between zones, counted once for each direction that is charged.
    CrossZoneGb {
        /// 2 where sender and receiver both pay.
        directions: f64,
    },
    /// NAT hours: one gateway for each zone used when every zone is to survive alone, else one.
    NatHours,
    /// NAT hours billed for each machine behind it, capped.
    NatMachineHours {
        /// Machines after which no more is charged.
        cap: f64,
    },
    /// GB through NAT: what the app hosts exchange with the outside on their own account.
    NatGb,
    /// Public IPv4 address-hours: one for each balancer zone and NAT gateway.
    PublicIpHours {
        /// Addresses that a balancer takes: for each zone, or 1 for all.
        per_balancer_zone: bool,
        /// Addresses that a balancer takes even where the machines use fewer zones.
        fewest: f64,
    },
    /// Alarms.
    Alarms,
    /// No rule: a price that can be looked up but never enters a bill (its role is always `Listed`).
    LookUpOnly,
}

/// Whether a charge belongs to every design of its kind or is only listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeRole {
    /// Used in bills.
    Default,
    /// In the book so that it can be looked up or named, not used in bills.
    Listed,
}

/// Price from a quantity on.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceStep {
    /// First unit of the month (or the size, for stepped disks) to which the price applies.
    pub from: Money,
    /// US dollars for one unit. `None`: unknown.
    pub amount: Option<Money>,
    /// Where and when it was read.
    pub source: std::sync::Arc<Source>,
}

/// What a region bills beside the offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    /// Exact name, such as a storage type; a pin may use it.
    pub sku: String,
    /// Line text for a person.
    pub what: String,
    /// Tier the line is shown under: `None` is the network and everything shared.
    pub tier: Option<Kind>,
    /// The rule for the quantity.
    pub meter: Meter,
    /// Unit of the quantity, for a person: `GB-month`, `hour`, `unit-hour`.
    pub unit: String,
    /// Only with (`Some(Standby)`) or without (`Some(Single)`) a standby; `None` always.
    pub availability: Option<crate::Availability>,
    /// Only for balancers with this SKU; `None` for all.
    pub balancer: Option<String>,
    /// Prices, ascending by `from`. The first step starts at 0 (a free allowance is a step at price 0), except for
    /// [`Meter::AppDiskSteps`], whose steps are sizes.
    pub steps: Vec<PriceStep>,
    /// Used in bills or only listed.
    pub role: ChargeRole,
    /// Assumption or derivation; may be empty.
    pub note: String,
}
