//! Figures checked by hand against the sources, and what must hold for every price.

use loadline_contract::{
    Availability, Kind, Lifecycle, Meter, Money, Offer, Provider, RegionOffers, Term, audit,
};

use super::Gcp as Cloud;

const CLOUD: Cloud = Cloud;
/// Everything known of a region.
fn region(name: &str) -> RegionOffers {
    CLOUD.offers(name).unwrap()
}

/// The offer of a kind that answers to a name.
fn offer(region: &RegionOffers, kind: Kind, name: &str) -> Offer {
    let mut found = region.offers.iter().filter(|offer| offer.kind == kind && offer.answers_to(name));
    let offer = found.next().unwrap_or_else(|| panic!("nothing answers to {name}"));
    offer.clone()
}

/// The known price of an offer.
fn price(offer: &Offer, term: Term, availability: Availability) -> Money {
    let rate =
        offer.rates.iter().find(|rate| rate.term == term && rate.availability == availability).unwrap();
    rate.price.amount.unwrap_or_else(|| panic!("the price of {} is unknown", offer.sku))
}

/// A decimal from its text.
fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// A month of an hourly price, to the cent.
fn month(hourly: Money) -> Money {
    (hourly * money("730")).round_dp(2)
}

use Availability::{Single, Standby};
use Term::{OnDemand, Reserved1y, Reserved3y};

#[test]
fn nothing_looks_wrong_in_any_region() {
    for name in ["us-central1", "europe-west1", "us-east4", "europe-west4"] {
        let region = region(name);
        assert!(!region.offers.is_empty());
        assert_eq!(audit(&region, &[]), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn c2_pays_the_sustained_use_rate_on_demand_and_the_note_gives_the_list_price() {
    let iowa = region("us-central1");
    let c2 = offer(&iowa, Kind::Compute, "c2-standard-16");
    assert_eq!(month(price(&c2, OnDemand, Single)), money("487.90"));
    let rate = c2.rates.iter().find(|rate| rate.term == OnDemand).unwrap();
    assert!(rate.price.note.contains("list 0.835232/h x 0.8002"), "{}", rate.price.note);
    assert_eq!(month(price(&c2, Reserved1y, Single)), money("384.10"));
    assert_eq!(month(price(&c2, Reserved3y, Single)), money("243.89"));
    assert_eq!(c2.shape.cores, Some(8.0));
    assert!(matches!(c2.lifecycle, Lifecycle::Legacy { .. }));
    // The months that a calculator gives for c2-standard-30 in both regions.
    assert_eq!(
        month(price(&offer(&iowa, Kind::Compute, "c2-standard-30"), OnDemand, Single)),
        money("914.81")
    );
    let belgium = region("europe-west1");
    let c2 = offer(&belgium, Kind::Compute, "c2-standard-30");
    assert_eq!(month(price(&c2, OnDemand, Single)), money("1006.34"));
    assert_eq!(month(price(&c2, Reserved1y, Single)), money("792.21"));
    assert_eq!(month(price(&c2, Reserved3y, Single)), money("503.00"));
}

#[test]
fn sustained_use_agrees_with_the_full_month_rows_seen() {
    for (name, sku, seen) in [
        ("us-central1", "n1-highmem-16", "0.662497"),
        ("us-central1", "n2-highmem-16", "0.83849"),
        ("europe-west1", "n1-highmem-16", "0.728778"),
        ("europe-west1", "n2-highmem-16", "0.922381"),
    ] {
        let ours = price(&offer(&region(name), Kind::Compute, sku), OnDemand, Single);
        assert!((ours - money(seen)).abs() < money("0.000002"), "{sku}: {ours} against {seen}");
    }
}

#[test]
fn families_without_sustained_use_cost_their_list_price() {
    let iowa = region("us-central1");
    for (sku, amount) in [
        ("c4-highcpu-16", "0.680416"),
        ("c4a-standard-16", "0.7184"),
        ("c3-highcpu-22", "0.935572"),
        ("e2-standard-8", "0.268046"),
    ] {
        assert_eq!(price(&offer(&iowa, Kind::Compute, sku), OnDemand, Single), money(amount), "{sku}");
    }
    // 4 x 0.030821 + 8 x 0.004131, from the components
    assert_eq!(price(&offer(&iowa, Kind::Compute, "n4-highcpu-4"), OnDemand, Single), money("0.156332"));
    assert_eq!(offer(&iowa, Kind::Compute, "t2d-standard-16").shape.cores, Some(16.0));
    assert_eq!(offer(&iowa, Kind::Compute, "c4a-standard-16").shape.cores, Some(16.0));
    assert_eq!(offer(&iowa, Kind::Compute, "n2-standard-16").shape.cores, Some(8.0));
}

#[test]
fn a_database_is_vcpus_and_memory_at_component_rates_and_doubles_when_regional() {
    for name in ["us-central1", "europe-west1"] {
        let region = region(name);
        for sku in ["db-n1-highmem-8", "db-custom-8-53248"] {
            let offer = offer(&region, Kind::Database, sku);
            // 8 x 0.0413 + 52 x 0.007
            assert_eq!(price(&offer, OnDemand, Single), money("0.6944"), "{sku}");
            assert_eq!(price(&offer, OnDemand, Standby), money("1.3888"), "{sku}");
        }
        // The rows of 2026-09-25 are the newest that hold these rates.
        for sku in ["db-n1-highmem-8", "db-n1-standard-4", "db-custom-16-65536"] {
            let source = &offer(&region, Kind::Database, sku).rates[0].price.source;
            assert_eq!(source.as_of, "2026-09-25", "{sku}");
        }
        // Rows seen for db-n1-standard-4
        let small = offer(&region, Kind::Database, "db-n1-standard-4");
        assert_eq!(price(&small, OnDemand, Single), money("0.2702"));
        assert_eq!(price(&small, Reserved1y, Single), money("0.20265"));
        assert_eq!(price(&small, Reserved3y, Single), money("0.129696"));
    }
    let iowa = region("us-central1");
    let plus = offer(&iowa, Kind::Database, "db-perf-optimized-N-8");
    assert_eq!(
        (price(&plus, OnDemand, Single), price(&plus, OnDemand, Standby)),
        (money("1.012"), money("2.024"))
    );
    let legacy = offer(&iowa, Kind::Database, "db-n1-highmem-8").lifecycle;
    assert!(matches!(legacy, Lifecycle::Legacy { successor, .. } if successor == "db-custom-8-53248"));
    assert_eq!(offer(&iowa, Kind::Database, "db-custom-8-53248").connections.unwrap().default, 4000);
    assert_eq!(offer(&iowa, Kind::Database, "db-f1-micro").connections.unwrap().default, 250);
}

#[test]
fn memorystore_capacity_is_priced_by_the_tier_it_falls_into() {
    let iowa = region("us-central1");
    let m3 = offer(&iowa, Kind::Cache, "m3-13gb");
    assert_eq!(month(price(&m3, OnDemand, Single)), money("218.27"));
    assert_eq!(month(price(&m3, OnDemand, Standby)), money("436.54"));
    assert_eq!(m3.shape.memory_gib, Some(13.0));
    // The bare name of a tier means its largest size.
    let m2 = offer(&iowa, Kind::Cache, "M2");
    assert_eq!(m2.sku, "m2-10gb");
    assert_eq!(price(&m2, OnDemand, Single), money("0.27"));
    assert_eq!(price(&m2, OnDemand, Standby), money("0.54"));
    let sizes = iowa
        .offers
        .iter()
        .filter(|it| it.kind == Kind::Cache && it.engines == ["redis"] && it.sku.starts_with('m'))
        .count();
    assert_eq!(sizes, 300);
    // 13 GB by its size alone; the service has a successor.
    let by_size = offer(&iowa, Kind::Cache, "Memorystore 13GB");
    assert_eq!(by_size.sku, "m3-13gb");
    assert!(
        matches!(by_size.lifecycle, Lifecycle::Legacy { successor, .. } if successor.starts_with("Memorystore for Valkey"))
    );
    // 6.5 GB node
    assert_eq!(price(&offer(&iowa, Kind::Cache, "valkey-standard-small"), OnDemand, Single), money("0.1425"));
    assert_eq!(price(&offer(&iowa, Kind::Cache, "valkey-highmem-medium"), OnDemand, Single), money("0.1923"));
    let belgium = region("europe-west1");
    let m3 = offer(&belgium, Kind::Cache, "m3-13gb");
    assert_eq!(m3.rates.iter().find(|it| it.availability == Single).unwrap().price.amount, None);
    assert_eq!(price(&m3, OnDemand, Standby), money("0.65"));
}

#[test]
fn charges_are_those_of_the_list() {
    let iowa = region("us-central1");
    let amount = |sku: &str, availability: Option<Availability>| {
        let found: Vec<_> =
            iowa.charges.iter().filter(|it| it.sku == sku && it.availability == availability).collect();
        assert_eq!(found.len(), 1, "{sku}");
        found[0].steps[0].amount.unwrap()
    };
    assert_eq!(amount("forwarding-rules", None), money("0.025"));
    assert_eq!(amount("forwarding-rules-data", None), money("0.008"));
    assert_eq!(amount("pd-balanced", None), money("0.1"));
    assert_eq!(amount("cloud-sql-ssd", Some(Single)), money("0.17"));
    assert_eq!(amount("cloud-sql-ssd", Some(Standby)), money("0.34"));
    assert_eq!(amount("cloud-nat", None), money("0.0014"));
    assert_eq!(amount("public-ipv4", None), money("0.005"));
    let nat = iowa.charges.iter().find(|it| it.sku == "cloud-nat").unwrap();
    assert_eq!(nat.meter, Meter::NatMachineHours { cap: 32.0 });
    let tiers = |name: &str| -> Vec<(Money, Option<Money>)> {
        let region = region(name);
        let egress = region.charges.iter().find(|it| it.meter == Meter::EgressGb).unwrap();
        egress.steps.iter().map(|step| (step.from, step.amount)).collect()
    };
    let known = [("0", "0"), ("1", "0.12"), ("1024", "0.11")]
        .map(|(from, amount)| (money(from), Some(money(amount))));
    let beyond = |amount: Option<&str>| [&known[..], &[(money("10240"), amount.map(money))]].concat();
    assert_eq!(tiers("us-central1"), beyond(Some("0.08")));
    assert_eq!(tiers("europe-west1"), beyond(None));
}

#[test]
fn extended_support_of_mysql_8_0_has_begun_at_an_unknown_rate() {
    let iowa = region("us-central1");
    let only = &iowa.surcharges[0];
    assert_eq!(
        (only.version.as_str(), only.from.as_str(), only.per_vcpu_hour.amount),
        ("8.0", "2026-07-01", None)
    );
    assert_eq!(only.until.as_deref(), Some("2029-07-01"));
}
