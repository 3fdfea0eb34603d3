//! A small region made by hand, and requirements for it.

use std::sync::Arc;

use loadline::market::{Ask, Choice, Selection, choose};
use loadline::sizing::*;
use loadline::spec::{ArchitectureWish, CpuMeasuredOn, Pin, Survive, Terms};
use loadline_contract::*;

pub(crate) const TODAY: &str = "2026-11-24";
pub(crate) const TERMS: Terms =
    Terms { app: Term::OnDemand, database: Term::OnDemand, cache: Term::OnDemand };

pub(crate) static PROFILE: Profile = Profile {
    name: "hand",
    title: "Hand Cloud",
    best_for: "tests",
    regions: &[
        Region { name: "north", zones: &["a", "b", "c"], priced: Pricing::Covered },
        Region { name: "flat", zones: &[], priced: Pricing::Covered },
    ],
    inabilities: &[],
    credential_variables: &[],
    journal_store: None,
    stages: &[],
    calls_per_s: 10,
};

pub(crate) fn usd(text: &str) -> Money {
    text.parse().unwrap()
}

pub(crate) fn source() -> Arc<Source> {
    Arc::new(Source { place: "price list made by hand".into(), as_of: "2026-10-01".into() })
}

pub(crate) fn rate(term: Term, availability: Availability, amount: Option<&str>) -> Rate {
    let price =
        Price { amount: amount.map(usd), unit: PriceUnit::Hour, source: source(), note: String::new() };
    Rate { term, availability, price }
}

pub(crate) fn machine(sku: &str, vcpus: f64, memory_gib: f64, hourly: &str) -> Offer {
    Offer {
        sku: sku.into(),
        aliases: Vec::new(),
        family: "f".into(),
        kind: Kind::Compute,
        engines: Vec::new(),
        shape: Shape {
            vcpus: Some(vcpus),
            cores: Some(vcpus),
            memory_gib: Some(memory_gib),
            disk_gib: Some(0.0),
            network_mbps: None,
            transfer_gib: Some(0.0),
            architecture: Some(Architecture::X86),
            burstable: false,
        },
        connections: None,
        rates: vec![rate(Term::OnDemand, Availability::Single, Some(hourly))],
        lifecycle: Lifecycle::Current,
        note: String::new(),
    }
}

/// A managed service whose pair costs twice one node.
pub(crate) fn service(
    kind: Kind,
    sku: &str,
    engine: &str,
    (vcpus, memory_gib): (f64, f64),
    hourly: &str,
) -> Offer {
    let pair = usd(hourly) * usd("2");
    Offer {
        kind,
        engines: vec![engine.into()],
        connections: (kind == Kind::Database).then_some(ConnectionLimit { default: 1000, maximum: 10_000 }),
        rates: vec![
            rate(Term::OnDemand, Availability::Single, Some(hourly)),
            rate(Term::OnDemand, Availability::Standby, Some(&pair.to_string())),
        ],
        ..machine(sku, vcpus, memory_gib, hourly)
    }
}

pub(crate) fn charge(sku: &str, meter: Meter, steps: &[(&str, Option<&str>)]) -> Charge {
    let steps = steps
        .iter()
        .map(|(from, amount)| PriceStep { from: usd(from), amount: amount.map(usd), source: source() })
        .collect();
    Charge {
        sku: sku.into(),
        what: sku.into(),
        tier: None,
        meter,
        unit: "unit".into(),
        availability: None,
        balancer: None,
        steps,
        role: ChargeRole::Default,
        note: String::new(),
    }
}

/// A region with two families of machines, four databases, three caches, a balancer and the usual charges.
pub(crate) fn region() -> RegionOffers {
    let database = |sku, size, hourly| service(Kind::Database, sku, "mysql", size, hourly);
    let standby = |sku: &str, availability, amount| Charge {
        availability: Some(availability),
        ..charge(sku, Meter::DatabaseStorageGib, &[("0", Some(amount))])
    };
    let of_balancer = |sku, meter, amount| Charge {
        balancer: Some("lb".into()),
        ..charge(sku, meter, &[("0", Some(amount))])
    };
    RegionOffers {
        offers: vec![
            machine("c.2", 2.0, 4.0, "0.085"),
            machine("c.4", 4.0, 8.0, "0.17"),
            machine("c.8", 8.0, 16.0, "0.34"),
            machine("c.16", 16.0, 32.0, "0.68"),
            machine("m.2", 2.0, 8.0, "0.096"),
            machine("m.4", 4.0, 16.0, "0.192"),
            machine("m.8", 8.0, 32.0, "0.384"),
            database("d.2", (2.0, 16.0), "0.215"),
            database("d.4", (4.0, 32.0), "0.43"),
            database("d.8", (8.0, 64.0), "0.859"),
            database("d.16", (16.0, 128.0), "1.718"),
            service(Kind::Cache, "v.1", "valkey", (1.0, 3.0), "0.0824"),
            service(Kind::Cache, "v.2", "valkey", (2.0, 6.0), "0.1648"),
            service(Kind::Cache, "r.2", "redis", (2.0, 6.0), "0.10"),
        ],
        charges: vec![
            of_balancer("lb-hour", Meter::BalancerHours, "0.0225"),
            of_balancer(
                "lb-unit",
                Meter::BalancerUnits {
                    new_connections_per_s: Some(25.0),
                    active_connections: Some(3000.0),
                    gb_per_hour: Some(1.0),
                    requests_per_s: None,
                    minimum_units: 0.0,
                },
                "0.008",
            ),
            charge("disk", Meter::AppDiskGib, &[("0", Some("0.08"))]),
            standby("storage", Availability::Single, "0.115"),
            standby("storage-pair", Availability::Standby, "0.23"),
            charge("backup", Meter::DatabaseBackupGib { free_share: 1.0 }, &[("0", Some("0.095"))]),
            charge(
                "egress",
                Meter::EgressGb,
                &[("0", Some("0")), ("100", Some("0.09")), ("10240", Some("0.085")), ("51200", Some("0.07"))],
            ),
            charge("cross-zone", Meter::CrossZoneGb { directions: 2.0 }, &[("0", Some("0.01"))]),
            charge("nat", Meter::NatHours, &[("0", Some("0.045"))]),
            charge("nat-gb", Meter::NatGb, &[("0", Some("0.045"))]),
            charge(
                "address",
                Meter::PublicIpHours { per_balancer_zone: true, fewest: 1.0 },
                &[("0", Some("0.005"))],
            ),
            charge("alarm", Meter::Alarms, &[("0", Some("0")), ("10", Some("0.1"))]),
        ],
        surcharges: vec![Surcharge {
            engine: "mysql".into(),
            version: "8.0".into(),
            from: "2026-08-01".into(),
            until: Some("2029-07-31".into()),
            what: "extended support".into(),
            per_vcpu_hour: Price {
                amount: Some(usd("0.10")),
                unit: PriceUnit::Hour,
                source: source(),
                note: String::new(),
            },
        }],
    }
}

fn tally() -> Tally {
    Tally { needs: Vec::new(), binding: "cpu" }
}

/// The plan for 2000 users without resilience: 11.35 busy cores, 16 at 71 %.
pub(crate) fn requirements() -> Requirements {
    Requirements {
        app: AppRequirement {
            tally: tally(),
            busy_cores: 11.35,
            cores: 16.0,
            pinned_cores: None,
            target_utilisation: 0.71,
            failover_utilisation: 0.85,
            survive: Survive::Nothing,
            zones: 1,
            processes: 16,
            processes_fixed: false,
            memory_per_machine_gib: 1.5,
            memory_shared_gib: 24.6,
            disk_gib: 500.0,
            network_mbps: 387.0,
            architecture: ArchitectureWish::Any,
            cpu_measured_on: CpuMeasuredOn::Thread,
        },
        database: Some(DatabaseRequirement {
            tally: tally(),
            engine: "mysql".into(),
            version: "8.4".into(),
            busy_cores: 5.68,
            cores: 8.0,
            pinned_cores: None,
            buffer_pool_gib: 8.0,
            memory_used_gib: 11.9,
            memory_gib: 16.0,
            connections_used: 1189.0,
            max_connections: 2000,
            storage_gib: 1024.0,
            read_iops: 500.0,
            write_iops: 1500.0,
            standby: false,
            read_replicas: 0,
            backup_days: 7,
            backup_gib: 1100.0,
            cpu_measured_on: CpuMeasuredOn::Thread,
        }),
        cache: Some(CacheRequirement {
            tally: tally(),
            engine: "valkey".into(),
            version: None,
            memory_used_gib: 1.21,
            memory_resident_gib: 1.51,
            max_memory_gib: 2.0,
            memory_gib: 2.0,
            host_memory_gib: 4.0,
            replica: false,
            backup_days: 0,
        }),
        balancer: BalancerRequirement {
            tally: tally(),
            requests_per_s: 5000.0,
            new_connections_per_s: 50.0,
            active_connections: 2000.0,
            gb_per_hour: 162.0,
            duty: 0.25,
        },
        tasks: None,
        traffic: Traffic {
            requests: 3.285e9,
            egress_bytes: 13_000.0 * 1e9,
            ingress_bytes: 3_000.0 * 1e9,
            internal_bytes: 9_000.0 * 1e9,
        },
        alarms: 12,
    }
}

pub(crate) fn ask(requirements: &Requirements) -> Ask<'_> {
    Ask { requirements, terms: TERMS, pin: None, scenarios: &[], today: TODAY }
}

pub(crate) fn choice(requirements: &Requirements, sold: &RegionOffers) -> Choice {
    choose(&ask(requirements), &PROFILE, "north", sold).unwrap()
}

pub(crate) fn chosen(requirements: &Requirements, sold: &RegionOffers) -> Selection {
    let choice = choice(requirements, sold);
    choice.chosen.unwrap_or_else(|| panic!("nothing was chosen: {:?}", choice.objections))
}

pub(crate) fn pinned(requirements: &Requirements, sold: &RegionOffers, pin: &Pin) -> Selection {
    let ask = Ask { pin: Some(pin), ..ask(requirements) };
    choose(&ask, &PROFILE, "north", sold).unwrap().pinned.expect("every tier fits")
}

/// The amount of the line whose product or charge has that name.
pub(crate) fn amount(selection: &Selection, sku: &str) -> Money {
    let lines = &selection.bill.lines;
    let line = lines.iter().find(|line| line.sku.as_deref() == Some(sku));
    line.unwrap_or_else(|| panic!("no line for {sku} in {lines:#?}")).amount.expect("a known price")
}
