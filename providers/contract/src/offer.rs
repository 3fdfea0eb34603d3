//! An [`Offer`]: a machine or a managed service for sale in one region, with what it can hold and what it costs.

use crate::Money;

/// What an offer is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A virtual machine.
    Compute,
    /// A managed MySQL server.
    Database,
    /// A managed Redis or Valkey server.
    Cache,
    /// A managed load balancer.
    Balancer,
}

/// Instruction set of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Architecture {
    /// 64-bit x86 (Intel, AMD).
    X86,
    /// 64-bit Arm.
    Arm,
}

/// What an offer can hold. `None` means that no source states the figure: unknown, never zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Virtual CPUs as sold (hardware threads or cores).
    pub vcpus: Option<f64>,
    /// Physical cores behind the vCPUs: half of `vcpus` where two threads share a core.
    pub cores: Option<f64>,
    /// Memory as sold, GiB.
    pub memory_gib: Option<f64>,
    /// Disk included in the price, GiB. `Some(0.0)` where storage is always bought apart.
    pub disk_gib: Option<f64>,
    /// Sustained network bandwidth, Mbit/s.
    pub network_mbps: Option<f64>,
    /// Outbound transfer included each month, GiB. `Some(0.0)` where none is.
    pub transfer_gib: Option<f64>,
    /// Instruction set; `None` for managed services that hide it.
    pub architecture: Option<Architecture>,
    /// Whether full CPU is only available for short times (burstable or shared cores): not for steady load.
    pub burstable: bool,
}

/// How many client connections a managed service takes on this size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConnectionLimit {
    /// Connections without any configuration.
    pub default: u32,
    /// Connections that can be configured at most; equal to `default` where the setting is not offered.
    pub maximum: u32,
}

/// How long the customer commits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// No commitment. Includes discounts that are automatic (sustained use).
    OnDemand,
    /// One year.
    Reserved1y,
    /// Three years.
    Reserved3y,
}

/// Whether the rate buys one node or a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Availability {
    /// One node.
    Single,
    /// Primary and one standby or replica, billed together.
    Standby,
}

/// What one price buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PriceUnit {
    /// One hour; a month is [`crate::HOURS_PER_MONTH`] of them.
    Hour,
    /// One calendar month, flat.
    Month,
}

/// Where a price was read and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// File or page, with its commit where it has one.
    pub place: String,
    /// Date at which the price was valid, as precise as the source states it: `2026-09-24`, `2026-05`, `2024`.
    pub as_of: String,
}

/// An amount for a unit, with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// US dollars for one `unit`. `None`: known to be charged, price unknown.
    pub amount: Option<Money>,
    /// What the amount buys.
    pub unit: PriceUnit,
    /// Where and when it was read. For an unknown price: where it was looked for.
    pub source: std::sync::Arc<Source>,
    /// How it was derived, what it assumes; empty where it was read as it stands.
    pub note: String,
}

/// One way to pay for an offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Commitment.
    pub term: Term,
    /// One node or a pair.
    pub availability: Availability,
    /// The price.
    pub price: Price,
}

/// Whether a retiring product still takes customers who do not use it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NewCustomers {
    /// Anybody can create one until the end.
    Accepted,
    /// Creation is refused to those who have none: never choose it for a new deployment.
    Refused,
}

/// Whether a product can still be bought, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lifecycle {
    /// Sold, no end announced.
    Current,
    /// Sold under an old name or generation; `successor` is what the cloud would sell today.
    Legacy {
        /// What to take instead.
        successor: String,
        /// Source of the statement.
        source: String,
    },
    /// Sold to existing customers or until a date.
    Retiring {
        /// Date of the end, `YYYY-MM-DD`.
        on: String,
        /// What to take instead.
        successor: String,
        /// Source of the statement.
        source: String,
        /// Whether somebody who does not use it yet can still start.
        new_customers: NewCustomers,
    },
    /// No longer sold: never chosen.
    Retired {
        /// Date of the end, `YYYY-MM-DD`.
        on: String,
        /// What to take instead.
        successor: String,
        /// Source of the statement.
        source: String,
    },
}

/// An extra price for some versions of a managed engine (extended support).
#[derive(Debug, Clone, PartialEq)]
pub struct Surcharge {
    /// Engine, such as `mysql`.
    pub engine: String,
    /// Version prefix it applies to, such as `8.0`.
    pub version: String,
    /// First day on which it is charged, `YYYY-MM-DD`.
    pub from: String,
    /// Last day on which the version is supported at all, `YYYY-MM-DD`; `None` if no source states it.
    pub until: Option<String>,
    /// What is charged, for a person: "extended support".
    pub what: String,
    /// Price per vCPU-hour, standby included; `amount: None` when it is charged at an unknown rate.
    pub per_vcpu_hour: Price,
}

/// A machine or a managed service for sale in one region.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Exact product name as the cloud's API takes it, such as a machine type.
    pub sku: String,
    /// Other names under which people know it; a pin may use them.
    pub aliases: Vec<String>,
    /// Family it belongs to.
    pub family: String,
    /// What it is used for.
    pub kind: Kind,
    /// Engines it runs (`mysql`, `valkey`, `redis`); empty for machines and balancers.
    pub engines: Vec<String>,
    /// What it can hold.
    pub shape: Shape,
    /// Client connections; `None` unknown or not applicable.
    pub connections: Option<ConnectionLimit>,
    /// Ways to pay. No rate for a wanted term and availability means that it is not sold so, or that no source knows.
    pub rates: Vec<Rate>,
    /// Whether it can still be bought.
    pub lifecycle: Lifecycle,
    /// What a person should know before taking it; may be empty.
    pub note: String,
}

impl Offer {
    /// Whether a person may mean this offer by `name`: its SKU or an alias, in any case and without regard to spaces, `_` and `-`.
    pub fn answers_to(&self, name: &str) -> bool {
        let wanted = plain(name);
        !wanted.is_empty()
            && (plain(&self.sku) == wanted || self.aliases.iter().any(|alias| plain(alias) == wanted))
    }
}

/// The letters, digits and dots of a name, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}
