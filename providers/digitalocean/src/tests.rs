//! Figures checked by hand against the sources, and what must hold for every price.

use loadline_contract::{
    Availability, Kind, Lifecycle, Meter, Money, Offer, Provider, RegionOffers, Term, audit,
};

use super::DigitalOcean as Cloud;

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

use Availability::{Single, Standby};
use Term::OnDemand;

#[test]
fn nothing_looks_wrong_and_every_region_has_the_same_prices() {
    let first = region("nyc3");
    assert_eq!(audit(&first, &[]), Vec::<String>::new());
    for known in CLOUD.profile().regions {
        assert_eq!(region(known.name), first, "{}", known.name);
    }
}

#[test]
fn droplet_prices_are_those_of_the_list() {
    let new_york = region("nyc3");
    let c16 = offer(&new_york, Kind::Compute, "c-16");
    assert_eq!(price(&c16, OnDemand, Single), money("336"));
    assert_eq!(
        (c16.shape.vcpus, c16.shape.memory_gib, c16.shape.disk_gib),
        (Some(16.0), Some(32.0), Some(200.0))
    );
    assert_eq!(c16.shape.transfer_gib, None);
    assert_eq!(price(&offer(&new_york, Kind::Compute, "c-16-intel"), OnDemand, Single), money("437"));
    let small = offer(&new_york, Kind::Compute, "s-1vcpu-1gb");
    assert_eq!(
        (price(&small, OnDemand, Single), small.shape.transfer_gib, small.shape.burstable),
        (money("6"), Some(1000.0), true)
    );
    assert!(!offer(&new_york, Kind::Compute, "so-2vcpu-16gb").shape.burstable);
}

#[test]
fn a_standby_is_a_second_node_and_the_smallest_plan_has_none() {
    let new_york = region("nyc3");
    let eight = offer(&new_york, Kind::Database, "db-s-4vcpu-8gb");
    assert_eq!(
        (price(&eight, OnDemand, Single), price(&eight, OnDemand, Standby)),
        (money("120"), money("240"))
    );
    assert_eq!(price(&offer(&new_york, Kind::Database, "db-s-6vcpu-16gb"), OnDemand, Single), money("240"));
    let smallest = offer(&new_york, Kind::Database, "db-s-1vcpu-1gb");
    assert!(smallest.rates.iter().all(|rate| rate.availability == Single));
    assert_eq!(offer(&new_york, Kind::Database, "gd-4vcpu-16gb").rates[0].price.amount, None);
}

#[test]
fn connections_follow_memory_and_cannot_be_raised() {
    let new_york = region("nyc3");
    for (name, limit) in [("db-s-1vcpu-2gb", 150), ("db-s-2vcpu-4gb", 400), ("db-s-4vcpu-8gb", 800)] {
        let connections = offer(&new_york, Kind::Database, name).connections.unwrap();
        assert_eq!((connections.default, connections.maximum), (limit, limit), "{name}");
    }
    let cannot: Vec<&str> = CLOUD.profile().inabilities.iter().map(|it| it.what).collect();
    assert!(cannot.contains(&"zones") && cannot.contains(&"connections"), "{cannot:?}");
    assert!(CLOUD.profile().regions.iter().all(|region| region.zones.is_empty()));
}

#[test]
fn managed_redis_is_retired_and_valkey_takes_its_place() {
    let new_york = region("nyc3");
    let of = |engine: &str| {
        new_york.offers.iter().find(|it| it.sku == "db-s-2vcpu-4gb" && it.engines == [engine]).unwrap()
    };
    assert_eq!(price(of("valkey"), OnDemand, Single), money("60"));
    assert!(matches!(&of("redis").lifecycle, Lifecycle::Retired { on, .. } if on == "2025-06-30"));
    assert!(of("redis").rates.is_empty());
    // Each size names the size of Valkey that takes its place.
    let retired = |it: &&Offer| it.kind == Kind::Cache && it.engines == ["redis"];
    assert_eq!(new_york.offers.iter().filter(retired).count(), 7);
    for old in new_york.offers.iter().filter(retired) {
        let named = format!("Managed Valkey {}", old.sku);
        assert!(matches!(&old.lifecycle, Lifecycle::Retired { successor, .. } if *successor == named));
        let successor = new_york.offers.iter().find(|it| it.sku == old.sku && it.engines == ["valkey"]);
        assert_eq!(successor.unwrap().shape.memory_gib, old.shape.memory_gib);
    }
    assert_eq!(offer(&new_york, Kind::Balancer, "Load Balancer").sku, "regional-lb");
}

#[test]
fn charges_are_those_of_the_list() {
    let new_york = region("nyc3");
    let charge = |sku: &str| new_york.charges.iter().find(|it| it.sku == sku).unwrap();
    assert_eq!(charge("regional-lb").steps[0].amount, Some(money("12")));
    let node = Meter::BalancerNodes { requests_per_s: 10_000.0, connections: 10_000.0, new_tls_per_s: 250.0 };
    assert_eq!(charge("regional-lb").meter, node);
    assert_eq!(charge("volume").steps[0].amount, Some(money("0.1")));
    assert_eq!(
        (charge("egress").steps[0].amount, &charge("egress").meter),
        (Some(money("0.01")), &Meter::EgressGib)
    );
    assert_eq!(charge("mysql-storage").steps[0].amount, None);
}
