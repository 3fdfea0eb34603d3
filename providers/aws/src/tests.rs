//! Figures checked by hand against the sources, and what must hold for every price.

use loadline_contract::{
    Availability, Charge, Kind, Lifecycle, Meter, Money, Offer, Provider, RegionOffers, Term, audit,
};

use super::Aws as Cloud;

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

/// The prices of a charge, by the unit from which they hold.
fn steps(charge: &Charge) -> Vec<(Money, Option<Money>)> {
    charge.steps.iter().map(|step| (step.from, step.amount)).collect()
}

/// The only charge of a name for an availability.
fn charge(region: &RegionOffers, sku: &str, availability: Option<Availability>) -> Charge {
    let mut found = region
        .charges
        .iter()
        .filter(|it| it.sku == sku && it.availability == availability && it.tier != Some(Kind::Compute));
    let charge = found.next().unwrap_or_else(|| panic!("no charge {sku}")).clone();
    assert!(found.next().is_none(), "{sku} is there twice");
    charge
}

use Availability::{Single, Standby};
use Term::{OnDemand, Reserved1y, Reserved3y};

#[test]
fn nothing_looks_wrong_in_any_region() {
    for name in ["us-east-1", "eu-west-1", "us-west-2"] {
        let region = region(name);
        assert!(!region.offers.is_empty());
        assert_eq!(audit(&region, &[]), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn machine_prices_are_those_of_the_list() {
    let (virginia, ireland) = (region("us-east-1"), region("eu-west-1"));
    for (sku, amount) in [
        ("c6i.4xlarge", "0.680"),
        ("c7i.4xlarge", "0.714"),
        ("c7a.4xlarge", "0.82112"),
        ("c8g.4xlarge", "0.63808"),
        ("m6a.xlarge", "0.1728"),
        ("t3.medium", "0.0416"),
    ] {
        assert_eq!(price(&offer(&virginia, Kind::Compute, sku), OnDemand, Single), money(amount), "{sku}");
    }
    assert_eq!(price(&offer(&ireland, Kind::Compute, "c6i.4xlarge"), OnDemand, Single), money("0.7296"));
    let committed = offer(&virginia, Kind::Compute, "m6a.xlarge");
    assert_eq!(price(&committed, Reserved1y, Single), money("0.11431"));
    assert_eq!(price(&committed, Reserved3y, Single), money("0.06823"));
    // 0.68 x 730
    assert_eq!(
        price(&offer(&virginia, Kind::Compute, "c6i.4xlarge"), OnDemand, Single) * money("730"),
        money("496.4")
    );
}

#[test]
fn cores_are_half_the_threads_except_where_a_vcpu_is_a_core() {
    let virginia = region("us-east-1");
    for (sku, cores) in [
        ("c6i.4xlarge", 8.0),
        ("c7i.4xlarge", 8.0),
        ("c7a.4xlarge", 16.0),
        ("m7a.xlarge", 4.0),
        ("c8g.4xlarge", 16.0),
    ] {
        assert_eq!(offer(&virginia, Kind::Compute, sku).shape.cores, Some(cores), "{sku}");
    }
    assert_eq!(offer(&virginia, Kind::Database, "db.r6g.2xlarge").shape.cores, Some(8.0));
    assert_eq!(offer(&virginia, Kind::Database, "db.m5.2xlarge").shape.cores, Some(4.0));
    assert!(offer(&virginia, Kind::Compute, "t4g.large").shape.burstable);
    assert!(!offer(&virginia, Kind::Compute, "c6i.large").shape.burstable);
    assert_eq!(offer(&virginia, Kind::Compute, "c6i.4xlarge").shape.network_mbps, Some(6250.0));
    assert_eq!(offer(&virginia, Kind::Compute, "c7i.4xlarge").shape.network_mbps, None);
}

#[test]
fn a_multi_az_database_costs_twice_a_single_one() {
    let virginia = region("us-east-1");
    let r6g = offer(&virginia, Kind::Database, "db.r6g.2xlarge");
    assert_eq!(price(&r6g, OnDemand, Single), money("0.859"));
    assert_eq!(price(&r6g, OnDemand, Standby), money("1.718"));
    assert_eq!(r6g.shape.memory_gib, Some(64.0));
    let r7g = offer(&virginia, Kind::Database, "db.r7g.2xlarge");
    assert_eq!(
        (price(&r7g, OnDemand, Single), price(&r7g, OnDemand, Standby)),
        (money("0.956"), money("1.912"))
    );
    let t3 = offer(&virginia, Kind::Database, "db.t3.large");
    assert_eq!(
        (price(&t3, Reserved1y, Single), price(&t3, Reserved1y, Standby)),
        (money("0.0957"), money("0.1914"))
    );
}

#[test]
fn default_connections_follow_the_class_memory_and_can_be_raised() {
    let virginia = region("us-east-1");
    // "around 1300" on 16 GiB; four times that on 64.
    let small = offer(&virginia, Kind::Database, "db.r6g.large").connections.unwrap();
    let large = offer(&virginia, Kind::Database, "db.r6g.2xlarge").connections.unwrap();
    assert_eq!((small.default, large.default, large.maximum), (1300, 5200, 100_000));
}

#[test]
fn valkey_costs_a_fifth_less_than_redis_under_the_same_name() {
    let virginia = region("us-east-1");
    let of = |engine: &str, sku: &str| {
        let found = virginia.offers.iter().find(|it| it.sku == sku && it.engines == [engine]).unwrap();
        price(found, OnDemand, Single)
    };
    assert_eq!(of("redis", "cache.r6g.large"), money("0.206"));
    assert_eq!(of("valkey", "cache.r6g.large"), money("0.1648"));
    assert_eq!(of("valkey", "cache.r7g.large"), money("0.1752"));
    assert_eq!(of("redis", "cache.r6g.large") * money("0.8"), of("valkey", "cache.r6g.large"));
    let ireland = region("eu-west-1");
    let redis =
        ireland.offers.iter().find(|it| it.sku == "cache.r6g.large" && it.engines == ["redis"]).unwrap();
    assert_eq!(
        (price(redis, OnDemand, Single), price(redis, OnDemand, Standby)),
        (money("0.229"), money("0.458"))
    );
}

#[test]
fn what_no_source_knows_is_unknown_and_says_where_it_was_looked_for() {
    let (virginia, ireland) = (region("us-east-1"), region("eu-west-1"));
    for (region, kind, sku) in [
        (&ireland, Kind::Database, "db.r7g.large"),
        (&virginia, Kind::Database, "db.m7g.large"),
        (&ireland, Kind::Cache, "cache.r5.large"),
        (&ireland, Kind::Compute, "c6i.large"),
    ] {
        let offer = offer(region, kind, sku);
        let rate = offer.rates.iter().find(|rate| rate.term == OnDemand).unwrap();
        assert_eq!(rate.price.amount, None, "{sku}");
        assert!(!rate.price.source.place.is_empty());
    }
    // A scraped figure below the smaller size's is not taken, and the note says so.
    let doubtful = offer(&ireland, Kind::Cache, "cache.m5.4xlarge");
    assert!(doubtful.rates[0].price.note.contains("0.517"), "{}", doubtful.rates[0].price.note);
    assert_eq!(charge(&ireland, "nat-gateway", None).steps[0].amount, None);
    assert_eq!(charge(&ireland, "public-ipv4", None).steps[0].amount, None);
    assert_eq!(charge(&ireland, "alb", None).steps[0].amount, None);
}

#[test]
fn charges_are_those_of_the_list() {
    let virginia = region("us-east-1");
    let amount = |sku: &str, availability: Option<Availability>| {
        charge(&virginia, sku, availability).steps[0].amount.unwrap()
    };
    assert_eq!(amount("alb", None), money("0.0225"));
    assert_eq!(amount("alb-lcu", None), money("0.008"));
    assert_eq!(amount("gp3", Some(Single)), money("0.115"));
    assert_eq!(amount("gp3", Some(Standby)), money("0.23"));
    assert_eq!(amount("gp3-iops", Some(Standby)), money("0.04"));
    assert_eq!(amount("rds-backup", None), money("0.095"));
    assert_eq!(amount("elasticache-backup", None), money("0.085"));
    assert_eq!(amount("nat-gateway", None), money("0.045"));
    assert_eq!(amount("public-ipv4", None), money("0.005"));
    let disk = virginia.charges.iter().find(|it| it.meter == Meter::AppDiskGib).unwrap();
    assert_eq!((disk.sku.as_str(), disk.steps[0].amount), ("gp3", Some(money("0.08"))));
    assert_eq!(charge(&virginia, "cross-zone", None).meter, Meter::CrossZoneGb { directions: 2.0 });
    // An application balancer is never in fewer than two zones and takes an address in each.
    let addresses = Meter::PublicIpHours { per_balancer_zone: true, fewest: 2.0 };
    assert_eq!(charge(&virginia, "public-ipv4", None).meter, addresses);
    let units = charge(&virginia, "alb-lcu", None).meter;
    assert!(matches!(
        units,
        Meter::BalancerUnits {
            new_connections_per_s: Some(25.0),
            active_connections: Some(3000.0),
            gb_per_hour: Some(1.0),
            ..
        }
    ));
}

#[test]
fn egress_is_free_for_a_hundred_gb_and_then_falls_in_four_tiers() {
    for name in ["us-east-1", "eu-west-1"] {
        let wanted = [("0", "0"), ("100", "0.09"), ("10240", "0.085"), ("51200", "0.07"), ("153600", "0.05")];
        let wanted: Vec<_> = wanted.iter().map(|(from, amount)| (money(from), Some(money(amount)))).collect();
        assert_eq!(steps(&charge(&region(name), "egress", None)), wanted);
    }
}

#[test]
fn mysql_8_0_pays_for_extended_support_and_the_rate_outside_virginia_is_unknown() {
    let virginia = region("us-east-1");
    let first = virginia.surcharges.iter().find(|it| it.engine == "mysql" && it.version == "8.0").unwrap();
    assert_eq!((first.from.as_str(), first.until.as_deref()), ("2026-08-01", Some("2029-07-31")));
    // 8 vCPUs of a Multi-AZ pair: 16 x 0.10 x 730
    assert_eq!(first.per_vcpu_hour.amount.unwrap() * money("16") * money("730"), money("1168"));
    let third = virginia.surcharges.iter().find(|it| it.from == "2028-08-01").unwrap();
    assert_eq!((third.version.as_str(), third.per_vcpu_hour.amount), ("8.0", Some(money("0.2"))));
    let ireland = region("eu-west-1");
    assert!(ireland.surcharges.iter().all(|it| it.per_vcpu_hour.amount.is_none()));
}

#[test]
fn redis_5_and_6_leave_standard_support_at_their_dates() {
    let virginia = region("us-east-1");
    let redis: Vec<(&str, &str)> = virginia
        .surcharges
        .iter()
        .filter(|it| it.engine == "redis")
        .map(|it| (it.version.as_str(), it.from.as_str()))
        .collect();
    // Standard support of 5 ended on 2026-01-31 and that of 6 ends on 2027-01-31.
    assert_eq!(redis, [("5", "2026-02-01"), ("6", "2027-02-01")]);
}

#[test]
fn an_old_generation_of_databases_is_sold_and_names_the_next() {
    let virginia = region("us-east-1");
    let lifecycle = offer(&virginia, Kind::Database, "db.r6g.2xlarge").lifecycle;
    assert!(
        matches!(&lifecycle, Lifecycle::Legacy { successor, .. } if successor == "db.r7g"),
        "{lifecycle:?}"
    );
    assert_eq!(offer(&virginia, Kind::Database, "db.r7g.2xlarge").lifecycle, Lifecycle::Current);
}

#[test]
fn the_classic_balancer_is_legacy_and_the_application_balancer_is_billed() {
    let virginia = region("us-east-1");
    assert_eq!(offer(&virginia, Kind::Balancer, "Application Load Balancer").sku, "alb");
    assert!(matches!(offer(&virginia, Kind::Balancer, "clb").lifecycle, Lifecycle::Legacy { .. }));
    assert_eq!(virginia.offers.iter().find(|it| it.kind == Kind::Balancer).unwrap().sku, "alb");
}

#[test]
fn a_region_that_the_books_do_not_know_is_empty() {
    assert_eq!(region("eu-north-1"), RegionOffers::default());
}
