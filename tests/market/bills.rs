//! Bills, line by line.

use loadline::market::{Ask, Completeness, Tier, choose};
use loadline::sizing::Requirements;
use loadline::spec::Survive;
use loadline_contract::*;

use crate::support::*;

fn line_amount(requirements: &Requirements, sku: &str) -> Money {
    amount(&chosen(requirements, &region()), sku)
}

#[test]
fn machines_are_hours_times_count() {
    // 16 cores, 26.1 GiB: c.2 holds 4 - 1.5 = 2.5 GiB of 24.6 -> 10 x 0.085 = 0.85; c.4 6.5 -> 4 x 0.17 = 0.68;
    // c.8 and c.16 0.68 too. Disks of 500 GiB make the fewest machines cheapest: 1 x c.16.
    let selection = chosen(&requirements(), &region());
    assert_eq!((selection.design.app.offer.sku.as_str(), selection.design.app.count), ("c.16", 1));
    assert_eq!(amount(&selection, "c.16"), usd("496.40"));
    // 500 GiB x 0.08
    assert_eq!(amount(&selection, "disk"), usd("40.00"));
}

#[test]
fn a_standby_doubles_server_and_storage() {
    let mut requirements = requirements();
    // 0.859 x 730 = 627.07; 1024 x 0.115 = 117.76
    assert_eq!(line_amount(&requirements, "d.8"), usd("627.07"));
    assert_eq!(line_amount(&requirements, "storage"), usd("117.76"));
    requirements.database.as_mut().unwrap().standby = true;
    // 1.718 x 730 = 1254.14; 1024 x 0.23 = 235.52
    assert_eq!(line_amount(&requirements, "d.8"), usd("1254.14"));
    assert_eq!(line_amount(&requirements, "storage-pair"), usd("235.52"));
}

#[test]
fn each_read_replica_is_a_server_with_storage_and_without_backups_of_its_own() {
    let mut requirements = requirements();
    let alone = chosen(&requirements, &region());
    let database = requirements.database.as_mut().unwrap();
    (database.read_replicas, database.standby) = (2, true);
    let selection = chosen(&requirements, &region());
    let of = |what: &str| {
        let line = selection.bill.lines.iter().find(|line| line.what.contains(what));
        line.unwrap_or_else(|| panic!("no line of {what}")).amount
    };
    // One server each, whatever the database itself has: 2 x 0.859 x 730 = 1254.14; 2 x 1024 x 0.115 = 235.52
    assert_eq!(of("2 x read replica d.8"), Some(usd("1254.14")));
    let storage = selection
        .bill
        .lines
        .iter()
        .find(|line| line.billed == deploy::Billed::ReadReplica && line.what.contains("torage"));
    assert_eq!(storage.unwrap().amount, Some(usd("235.52")));
    let backups = |bill: &loadline::market::Bill| {
        bill.lines.iter().filter(|line| line.what.to_lowercase().contains("backup")).count()
    };
    assert_eq!(backups(&selection.bill), backups(&alone.bill));
    let total: Money = selection.bill.lines.iter().filter_map(|line| line.amount).sum();
    assert_eq!(selection.bill.total, total);
}

#[test]
fn an_old_version_is_charged_for_every_vcpu_of_the_pair() {
    let mut requirements = requirements();
    let database = requirements.database.as_mut().unwrap();
    database.version = "8.0".into();
    database.standby = true;
    let selection = chosen(&requirements, &region());
    let surcharge = selection.bill.lines.iter().find(|line| line.unit == "vCPU-hour").unwrap();
    // 2 x 8 vCPU x 730 h x 0.10
    assert_eq!(surcharge.amount, Some(usd("1168.00")));
    assert_eq!(surcharge.quantity, usd("11680"));
    assert!(selection.lifecycle.iter().any(|note| note.sentence.contains("extended support")));
}

#[test]
fn a_surcharge_that_has_not_begun_is_a_note_and_no_line() {
    let mut requirements = requirements();
    requirements.database.as_mut().unwrap().version = "8.0.40".into();
    let mut sold = region();
    sold.surcharges[0].from = "2027-01-01".into();
    let selection = chosen(&requirements, &sold);
    assert!(selection.bill.lines.iter().all(|line| line.unit != "vCPU-hour"));
    assert!(selection.lifecycle.iter().any(|note| note.sentence.contains("will be charged from 2027-01-01")));
}

#[test]
fn an_old_cache_version_is_charged_too_and_only_to_the_engine_that_has_it() {
    let mut requirements = requirements();
    let cache = requirements.cache.as_mut().unwrap();
    cache.engine = "redis".into();
    cache.version = Some("5.0.6".into());
    let mut sold = region();
    let mut old = sold.surcharges[0].clone();
    (old.engine, old.version) = ("redis".into(), "5".into());
    sold.surcharges.push(old);
    sold.offers.retain(|offer| offer.kind != Kind::Cache || offer.sku == "r.2");
    let extra = |selection: &loadline::market::Selection| {
        selection.bill.lines.iter().find(|line| line.unit == "vCPU-hour").map(|line| line.amount)
    };
    let selection = chosen(&requirements, &sold);
    // 2 vCPU x 730 h x 0.10
    assert_eq!(extra(&selection), Some(Some(usd("146.00"))));
    assert!(selection.lifecycle.iter().any(|note| note.sentence.starts_with("redis 5: extended support")));
    // A valkey server answers the same protocol and has no such version.
    sold.offers.retain(|offer| offer.sku != "r.2");
    sold.offers.push(service(Kind::Cache, "v.2", "valkey", (2.0, 6.0), "0.1648"));
    assert_eq!(extra(&chosen(&requirements, &sold)), None);
}

#[test]
fn a_later_surcharge_takes_the_place_of_the_first() {
    let mut requirements = requirements();
    requirements.database.as_mut().unwrap().version = "8.0".into();
    let mut sold = region();
    let mut third_year = sold.surcharges[0].clone();
    third_year.from = "2028-08-01".into();
    third_year.per_vcpu_hour.amount = Some(usd("0.20"));
    sold.surcharges.insert(0, third_year);
    let at = |today| {
        let ask = Ask { today, ..ask(&requirements) };
        let choice = choose(&ask, &PROFILE, "north", &sold).unwrap();
        let bill = choice.chosen.unwrap().bill;
        bill.lines.iter().find(|line| line.unit == "vCPU-hour").map(|line| line.amount.unwrap())
    };
    // 8 vCPU x 730 h
    assert_eq!(at("2026-07-31"), None);
    assert_eq!(at("2028-07-31"), Some(usd("584.00")));
    assert_eq!(at("2028-08-01"), Some(usd("1168.00")));
}

#[test]
fn backups_beyond_the_free_share_are_billed() {
    // 1100 GiB held - 1024 free = 76 x 0.095 = 7.22
    assert_eq!(line_amount(&requirements(), "backup"), usd("7.22"));
}

#[test]
fn provisioned_operations_beyond_the_included_are_billed_at_the_peak() {
    let mut sold = region();
    let meter = |large_from_gib| Meter::DatabaseIops {
        included: 300.0,
        included_per_gib: 1.0,
        large_from_gib,
        large_included: large_from_gib.map(|_| 1900.0),
    };
    sold.charges.push(charge("iops", meter(None), &[("0", Some("0.05"))]));
    // 500 + 1500 = 2000 - (300 + 1024) = 676 x 0.05 = 33.80
    assert_eq!(amount(&chosen(&requirements(), &sold), "iops"), usd("33.80"));
    // From 400 GiB on 1900 are included: 100 x 0.05 = 5.00
    sold.charges.last_mut().unwrap().meter = meter(Some(400.0));
    assert_eq!(amount(&chosen(&requirements(), &sold), "iops"), usd("5.00"));
}

#[test]
fn capacity_units_are_the_largest_dimension_at_the_mean_of_the_month() {
    // peak: 50/25 = 2, 2000/3000 = 0.67, 162/1 = 162 GB per hour; 162 x 25 % = 40.5 x 730 x 0.008 = 236.52
    let selection = chosen(&requirements(), &region());
    assert_eq!(amount(&selection, "lb-unit"), usd("236.52"));
    let line = selection.bill.lines.iter().find(|line| line.sku.as_deref() == Some("lb-unit")).unwrap();
    assert!(line.note.contains("GB per hour decides"), "{}", line.note);
    // 0.0225 x 730 = 16.425
    assert_eq!(amount(&selection, "lb-hour"), usd("16.43"));
}

#[test]
fn egress_follows_the_tiers_of_the_book() {
    // 100 free + 10,140 x 0.09 = 912.60 + 2,760 x 0.085 = 234.60
    assert_eq!(line_amount(&requirements(), "egress"), usd("1147.20"));
}

#[test]
fn transfer_that_machines_include_is_pooled() {
    let mut sold = region();
    sold.offers.retain(|offer| offer.kind != Kind::Compute || offer.sku == "c.16");
    sold.offers[0].shape.transfer_gib = Some(1000.0);
    // One machine: 13,000 GB - 1000 GiB x 1.073741824 = 11,926.258176 GB
    // 10,140 x 0.09 = 912.60 + 1,686.258176 x 0.085 = 143.33194496 -> 1055.93
    assert_eq!(amount(&chosen(&requirements(), &sold), "egress"), usd("1055.93"));
    // Two machines: 13,000 - 2,147.483648 = 10,852.516352 GB
    let mut requirements = requirements();
    requirements.app.zones = 2;
    // 10,140 x 0.09 = 912.60 + (10,852.516352 - 10,240) x 0.085 = 52.06388992
    assert_eq!(amount(&chosen(&requirements, &sold), "egress"), usd("964.66"));
}

#[test]
fn traffic_between_zones_is_the_share_that_crosses_in_each_direction() {
    let mut requirements = requirements();
    assert!(chosen(&requirements, &region()).bill.lines.iter().all(|line| line.what != "cross-zone"));
    requirements.app.zones = 3;
    // 9,000 GB x 2/3 x 2 directions x 0.01
    assert_eq!(line_amount(&requirements, "cross-zone"), usd("120.00"));
}

#[test]
fn every_zone_has_its_gateway_when_each_must_survive_alone() {
    let mut requirements = requirements();
    requirements.app.zones = 2;
    // One gateway: 730 x 0.045; addresses: 2 of the balancer + 1, 3 x 730 x 0.005
    assert_eq!(line_amount(&requirements, "nat"), usd("32.85"));
    assert_eq!(line_amount(&requirements, "address"), usd("10.95"));
    requirements.app.survive = Survive::Zone;
    assert_eq!(line_amount(&requirements, "nat"), usd("65.70"));
    assert_eq!(line_amount(&requirements, "address"), usd("14.60"));
}

#[test]
fn a_balancer_that_is_never_in_one_zone_takes_two_addresses() {
    let mut sold = region();
    // In one zone: one address of the balancer and one of NAT, 2 x 730 x 0.005
    assert_eq!(amount(&chosen(&requirements(), &sold), "address"), usd("7.30"));
    let address = sold.charges.iter_mut().find(|charge| charge.sku == "address").unwrap();
    address.meter = Meter::PublicIpHours { per_balancer_zone: true, fewest: 2.0 };
    assert_eq!(amount(&chosen(&requirements(), &sold), "address"), usd("10.95"));
    let mut spread = requirements();
    spread.app.zones = 3;
    assert_eq!(amount(&chosen(&spread, &sold), "address"), usd("14.60"));
}

#[test]
fn nat_billed_by_machine_is_capped() {
    let mut sold = region();
    sold.charges.retain(|charge| charge.sku != "nat");
    sold.charges.push(charge("nat-machine", Meter::NatMachineHours { cap: 2.0 }, &[("0", Some("0.0014"))]));
    let mut requirements = requirements();
    // 1 x 730 x 0.0014 = 1.022; four machines in three zones: 2 x 730 x 0.0014 = 2.044
    assert_eq!(amount(&chosen(&requirements, &sold), "nat-machine"), usd("1.02"));
    requirements.app.zones = 3;
    let selection = chosen(&requirements, &sold);
    assert_eq!(selection.design.app.count, 4);
    assert_eq!(amount(&selection, "nat-machine"), usd("2.04"));
}

#[test]
fn alarms_beyond_the_free_ones_are_billed() {
    // 12 - 10 free = 2 x 0.10
    assert_eq!(line_amount(&requirements(), "alarm"), usd("0.20"));
}

#[test]
fn fixed_disk_sizes_are_rounded_up() {
    let mut sold = region();
    sold.charges.retain(|charge| charge.sku != "disk");
    sold.charges.push(charge(
        "sizes",
        Meter::AppDiskSteps,
        &[("256", Some("34.56")), ("512", Some("66.56"))],
    ));
    let selection = chosen(&requirements(), &sold);
    let line = selection.bill.lines.iter().find(|line| line.sku.as_deref() == Some("sizes")).unwrap();
    assert_eq!((line.quantity, line.amount), (usd("1"), Some(usd("66.56"))));
    assert_eq!(line.unit_price, Some(usd("66.56")));
}

#[test]
fn a_disk_that_the_machine_includes_is_not_bought_again() {
    let mut sold = region();
    for offer in sold.offers.iter_mut().filter(|offer| offer.kind == Kind::Compute) {
        offer.shape.disk_gib = Some(200.0);
    }
    // c.4 x 4 with 300 GiB more each are dearer than c.16 x 1: (500 - 200) x 0.08
    assert_eq!(amount(&chosen(&requirements(), &sold), "disk"), usd("24.00"));
    for offer in sold.offers.iter_mut().filter(|offer| offer.kind == Kind::Compute) {
        offer.shape.disk_gib = None;
    }
    let selection = chosen(&requirements(), &sold);
    assert_eq!(amount(&selection, "disk"), usd("40.00"));
    let line = selection.bill.lines.iter().find(|line| line.what == "disk").unwrap();
    assert!(line.note.contains("unknown: none assumed"), "{}", line.note);
}

#[test]
fn an_unknown_price_leaves_the_bill_incomplete_and_is_never_zero() {
    let mut sold = region();
    let nat = sold.charges.iter_mut().find(|charge| charge.sku == "nat").unwrap();
    nat.steps[0].amount = None;
    let selection = chosen(&requirements(), &sold);
    assert_eq!(selection.bill.completeness, Completeness::Incomplete(vec!["nat".into()]));
    assert_eq!(selection.bill.per_1000_requests, None);
    let complete = chosen(&requirements(), &region());
    assert_eq!(complete.bill.total - selection.bill.total, usd("32.85"));
}

#[test]
fn what_is_needed_and_not_in_the_book_is_an_unknown_line() {
    for (sku, what) in [
        ("disk", "disks of the machines"),
        ("storage", "storage of the database"),
        ("egress", "traffic to the internet"),
        ("lb-hour", "load balancer"),
    ] {
        let mut sold = region();
        sold.charges.retain(|charge| charge.sku != sku && !(sku == "lb-hour" && charge.sku == "lb-unit"));
        let selection = chosen(&requirements(), &sold);
        assert_eq!(selection.bill.completeness, Completeness::Incomplete(vec![what.into()]), "{sku}");
    }
}

#[test]
fn nodes_of_a_balancer_are_enough_for_the_peak() {
    let mut sold = region();
    sold.charges.retain(|charge| charge.balancer.is_none());
    let meter = Meter::BalancerNodes { requests_per_s: 2000.0, connections: 10_000.0, new_tls_per_s: 250.0 };
    let node = Charge {
        unit: "node-month".into(),
        balancer: Some("lb".into()),
        ..charge("node", meter, &[("0", Some("12"))])
    };
    sold.charges.push(node);
    let selection = chosen(&requirements(), &sold);
    // 5000 / 2000 -> 3 nodes x 12
    assert_eq!(selection.design.balancer.as_ref().unwrap().nodes, 3);
    assert_eq!(amount(&selection, "node"), usd("36"));
}

#[test]
fn every_line_names_its_source_and_date_and_the_lines_stand_in_tier_order() {
    let selection = chosen(&requirements(), &region());
    for line in &selection.bill.lines {
        assert_eq!(
            (line.source.as_str(), line.as_of.as_str()),
            ("price list made by hand", "2026-10-01"),
            "{line:?}"
        );
        assert!(line.unit_price.is_some(), "{line:?}");
    }
    let tiers: Vec<Tier> = selection.bill.lines.iter().map(|line| line.tier).collect();
    assert!(tiers.is_sorted(), "{tiers:?}");
}

#[test]
fn the_price_of_1000_requests_is_the_total_over_the_requests() {
    let bill = chosen(&requirements(), &region()).bill;
    let by_hand = (bill.total * usd("1000") / usd("3285000000")).round_dp(6);
    assert_eq!(bill.per_1000_requests, Some(by_hand));
    let mut idle = requirements();
    idle.traffic.requests = 0.0;
    assert_eq!(chosen(&idle, &region()).bill.per_1000_requests, None);
}
