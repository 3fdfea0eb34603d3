//! The nouns of choosing: [`Design`], [`Bill`], [`Rejection`] and what a comparison of clouds holds.

use loadline_contract::deploy::Billed;
use loadline_contract::{Availability, Kind, Lifecycle, Money, Offer, Pricing, Term};

use super::LeastRegret;
use crate::sizing::{Capacity, Finding, LoadLine, Prediction};

/// One product of a design and how many of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// What is taken.
    pub offer: Offer,
    /// How many (a pair that is billed together counts as two).
    pub count: u32,
    /// Commitment that is priced: on demand where the wanted one is not sold, and then an objection says so.
    pub term: Term,
    /// Whether the rate is that of one node or of a pair.
    pub availability: Availability,
    /// Whether the user named it or it was chosen.
    pub by: PickedBy,
}

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickedBy {
    /// The spec's `pin`.
    Pin,
    /// The cheapest that meets every requirement.
    Choice,
}

/// Every choice made, for one cloud.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Cloud.
    pub cloud: String,
    /// Region.
    pub region: String,
    /// Zones used.
    pub zones: u32,
    /// App machines.
    pub app: Pick,
    /// Disk bought for each app machine beyond what it includes, GiB.
    pub app_disk_gib: f64,
    /// Database; `None` when the spec has none.
    pub database: Option<Pick>,
    /// Database storage, GiB; `None` without a database.
    pub database_storage_gib: Option<f64>,
    /// Cache; `None` when the spec has none.
    pub cache: Option<Pick>,
    /// Load balancer: name of the product (a charge's `balancer` group) and nodes.
    pub balancer: Option<Balancer>,
    /// Servers this gives the application.
    pub capacity: Capacity,
}

/// The balancer of a design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balancer {
    /// Product name.
    pub sku: String,
    /// Nodes; 1 where the cloud sells none.
    pub nodes: u32,
}

/// Tier a bill line is shown under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Application machines and their disks.
    App,
    /// Database.
    Database,
    /// Cache.
    Cache,
    /// Balancer.
    Balancer,
    /// Egress, NAT, addresses, cross-zone traffic.
    Network,
    /// Alarms.
    Watching,
}

/// quantity x unit price = amount.
#[derive(Debug, Clone, PartialEq)]
pub struct BillLine {
    /// Tier.
    pub tier: Tier,
    /// The part of the bill that a kind of resource stands for; `Free` for traffic, which none does.
    pub billed: Billed,
    /// What is paid for.
    pub what: String,
    /// Product name, where the line is for one.
    pub sku: Option<String>,
    /// How much, in `unit`, a month.
    pub quantity: Money,
    /// Unit: `hour`, `GB-month`, `GB`, ...
    pub unit: String,
    /// US dollars for one unit; `None`: unknown. For tiered prices the mean over the quantity.
    pub unit_price: Option<Money>,
    /// US dollars a month, rounded to the cent; `None`: unknown.
    pub amount: Option<Money>,
    /// Date of the price.
    pub as_of: String,
    /// Where it was read.
    pub source: String,
    /// Assumption behind quantity or price; may be empty.
    pub note: String,
}

/// A month's bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Bill {
    /// Lines in tier order.
    pub lines: Vec<BillLine>,
    /// Sum of the known amounts, to the cent.
    pub total: Money,
    /// Whether every line has a known amount.
    pub completeness: Completeness,
    /// US dollars for 1000 requests; `None` without requests or with unknown lines.
    pub per_1000_requests: Option<Money>,
    /// What the bill does not hold, one sentence each.
    pub left_out: Vec<String>,
}

/// Whether a bill can be trusted as a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// Every line is known.
    Complete,
    /// The true bill is higher: these lines (their `what`) are unknown.
    Incomplete(Vec<String>),
}

/// An offer not taken: which limit, how much it needed, how much the offer has.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// What it was considered for.
    pub kind: Kind,
    /// Product.
    pub sku: String,
    /// Limit that excluded it: `memory`, `cores`, `connections`, `architecture`, `retired`, `burstable`, `price unknown`, `dearer`, ...
    pub limit: &'static str,
    /// What was needed, for a person.
    pub needed: String,
    /// What the offer has.
    pub has: String,
    /// For `dearer`: US dollars a month above the one taken; `None` for every other limit.
    pub dearer_by: Option<Money>,
}

/// Something a cloud cannot do that was asked for, and why; it never quietly does less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// What was asked: `zones`, `standby`, `database`, ...
    pub what: String,
    /// What the cloud can do and why not more.
    pub why: String,
    /// Whether a design is still possible without it.
    pub severity: ObjectionSeverity,
}

/// Whether a design is possible in spite of an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectionSeverity {
    /// The design does less than was asked for; it is marked and does not win a ranking silently.
    Reduced,
    /// No design is possible.
    Impossible,
}

/// A product of the design whose end is known or that has a successor.
#[derive(Debug, Clone, PartialEq)]
pub struct LifecycleNote {
    /// Product.
    pub sku: String,
    /// What is known.
    pub lifecycle: Lifecycle,
    /// Sentence for a person, with date, successor and source.
    pub sentence: String,
}

/// A design with its bill and what it will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Every choice.
    pub design: Design,
    /// Its bill.
    pub bill: Bill,
    /// What it will do at the spec's users.
    pub prediction: Prediction,
    /// How far it carries.
    pub load_line: LoadLine,
    /// Objectives and requirements that it misses: `pinned X cannot hold Y`; empty when it meets all.
    pub misses: Vec<Finding>,
    /// What a person should know of the design that is no miss: threads that share cores, limits that no source states.
    pub notes: Vec<Finding>,
    /// Products that are retired, retiring or legacy, and extended-support surcharges.
    pub lifecycle: Vec<LifecycleNote>,
}

/// What one cloud offers for a spec.
#[derive(Debug, Clone, PartialEq)]
pub struct CloudOutcome {
    /// Short name.
    pub cloud: String,
    /// Name for people.
    pub title: String,
    /// Region.
    pub region: String,
    /// What the cloud is best for.
    pub best_for: String,
    /// Whether the books cover the region.
    pub pricing: Pricing,
    /// The cheapest that meets every requirement; `None`: nothing does (see `objections` and `rejections`).
    pub chosen: Option<Candidate>,
    /// The pinned design; `None` when the spec pins nothing on this cloud.
    pub pinned: Option<Candidate>,
    /// What this cloud cannot do of what was asked.
    pub objections: Vec<Objection>,
    /// Every offer not taken.
    pub rejections: Vec<Rejection>,
    /// The design that is least regretted over the scenarios; `None` without uncertain inputs or when nothing fits.
    pub least_regret: Option<LeastRegret>,
}

impl CloudOutcome {
    /// The candidate that counts: the pinned one where the spec pins, else the chosen one.
    pub fn main(&self) -> Option<&Candidate> {
        self.pinned.as_ref().or(self.chosen.as_ref())
    }
}

/// All clouds side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// One outcome for each cloud, in the order of the spec.
    pub clouds: Vec<CloudOutcome>,
    /// Indices into `clouds`, best first: complete bills that meet everything by price, then those that miss something, then incomplete ones, then impossible ones.
    pub ranking: Vec<usize>,
    /// Date that lifecycle facts were judged at, `YYYY-MM-DD`.
    pub today: String,
}
