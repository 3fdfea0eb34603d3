//! Figures checked by hand against the sources, and what must hold for every price.

use loadline_contract::{
    Availability, Kind, Lifecycle, Meter, Money, NewCustomers, Offer, Provider, RegionOffers, Term, audit,
};

use super::Azure as Cloud;

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
use Term::{OnDemand, Reserved1y, Reserved3y};

#[test]
fn nothing_looks_wrong_in_any_region() {
    for name in ["eastus", "westeurope", "westus", "uksouth", "eastus2", "northeurope"] {
        let region = region(name);
        assert!(!region.offers.is_empty());
        assert_eq!(audit(&region, &[]), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn machine_prices_are_those_of_the_list() {
    let (virginia, europe) = (region("eastus"), region("westeurope"));
    for (name, amount, cores) in [
        ("F16s v2", "0.677", 8.0),
        ("Standard_F16as_v6", "1.093", 16.0),
        ("Standard_F16als_v6", "0.968", 16.0),
        ("D16as_v6", "0.726", 8.0),
        ("Standard_D8ps_v6", "0.281", 8.0),
    ] {
        let offer = offer(&virginia, Kind::Compute, name);
        assert_eq!(price(&offer, OnDemand, Single), money(amount), "{name}");
        assert_eq!(offer.shape.cores, Some(cores), "{name}");
    }
    assert_eq!(price(&offer(&europe, Kind::Compute, "F16s_v2"), OnDemand, Single), money("0.776"));
    let reserved = offer(&virginia, Kind::Compute, "D4ds_v5");
    assert_eq!(price(&reserved, Reserved1y, Single), money("0.13333"));
    assert_eq!(price(&reserved, Reserved3y, Single), money("0.08588"));
    assert_eq!(reserved.rates.iter().find(|it| it.term == OnDemand).unwrap().price.amount, None);
}

#[test]
fn retiring_series_say_when_and_what_instead() {
    let virginia = region("eastus");
    for (name, date) in [
        ("F16s v2", "2028-11-15"),
        ("F4", "2028-11-15"),
        ("F4s", "2028-11-15"),
        ("L8s_v2", "2028-11-15"),
        ("GS3", "2028-11-15"),
        ("A4_v2", "2028-11-15"),
        ("A4m_v2", "2028-11-15"),
        ("B8ms", "2028-11-15"),
        ("D4", "2028-05-01"),
        ("DS4", "2028-05-01"),
        ("D4_v2", "2028-05-01"),
        ("DS4_v2", "2028-05-01"),
        ("L4s", "2028-05-01"),
    ] {
        let lifecycle = offer(&virginia, Kind::Compute, name).lifecycle;
        assert!(
            matches!(&lifecycle, Lifecycle::Retiring { on, new_customers: NewCustomers::Accepted, .. } if on == date),
            "{name}: {lifecycle:?}"
        );
    }
    assert_eq!(offer(&virginia, Kind::Compute, "B8as_v2").lifecycle, Lifecycle::Current);
    assert!(matches!(
        offer(&virginia, Kind::Balancer, "load-balancer-basic").lifecycle,
        Lifecycle::Retired { .. }
    ));
}

#[test]
fn a_database_is_vcores_at_one_rate_and_doubles_with_high_availability() {
    let virginia = region("eastus");
    for name in ["Standard_D8ds_v4", "GP_Standard_D8ds_v4", "D8ds v4"] {
        let offer = offer(&virginia, Kind::Database, name);
        assert_eq!(price(&offer, OnDemand, Single), money("0.684"));
        assert_eq!(price(&offer, OnDemand, Standby), money("1.368"));
        assert_eq!(offer.shape.memory_gib, Some(32.0));
    }
    let sixteen = offer(&virginia, Kind::Database, "Standard_D16ds_v4");
    assert_eq!(
        (price(&sixteen, OnDemand, Single), price(&sixteen, OnDemand, Standby)),
        (money("1.368"), money("2.736"))
    );
    for (name, default, maximum) in
        [("D2ds_v4", 683, 1365), ("D4ds_v4", 1365, 2731), ("D8ds_v4", 2731, 5461), ("D16ds_v4", 5461, 10923)]
    {
        let limit = offer(&virginia, Kind::Database, name).connections.unwrap();
        assert_eq!((limit.default, limit.maximum), (default, maximum), "{name}");
    }
    assert!(offer(&virginia, Kind::Database, "B2s").rates.iter().all(|rate| rate.availability == Single));
    assert_eq!(
        price(&offer(&region("westus"), Kind::Database, "E4ds_v4"), OnDemand, Single),
        money("0.5244")
    );
}

#[test]
fn single_server_is_retired_and_explains_itself() {
    let old = offer(&region("eastus"), Kind::Database, "General Purpose, 8 vCores");
    assert!(matches!(&old.lifecycle, Lifecycle::Retired { on, .. } if on == "2024-09-16"));
    assert_eq!((old.shape.memory_gib, old.rates.len()), (Some(40.0), 0));
    let virginia = region("eastus");
    assert_eq!(offer(&virginia, Kind::Database, "General Purpose 8 vCores 40 GB").sku, "GP_Gen5_8");
    // Each size names the successor with as many vCores.
    for vcores in [2, 4, 8, 16, 32, 64] {
        let old = offer(&virginia, Kind::Database, &format!("GP_Gen5_{vcores}"));
        let successor = format!("Standard_D{vcores}ds_v4");
        assert!(
            matches!(&old.lifecycle, Lifecycle::Retired { successor: text, .. } if text.contains(&successor)),
            "{old:?}"
        );
        assert_eq!(offer(&virginia, Kind::Database, &successor).shape.vcpus, old.shape.vcpus);
    }
}

#[test]
fn enterprise_redis_ends_first_and_takes_nobody_new() {
    let lifecycle = offer(&region("eastus"), Kind::Cache, "Enterprise E10").lifecycle;
    assert!(
        matches!(&lifecycle, Lifecycle::Retiring { on, new_customers: NewCustomers::Refused, .. } if on == "2027-03-31"),
        "{lifecycle:?}"
    );
}

#[test]
fn extended_support_of_mysql_8_0_begins_with_the_next_year_at_an_unknown_rate() {
    let virginia = region("eastus");
    let only = &virginia.surcharges[0];
    assert_eq!((only.version.as_str(), only.from.as_str()), ("8.0", "2027-01-01"));
    assert_eq!((only.until.as_deref(), only.per_vcpu_hour.amount), (Some("2029-05-31"), None));
}

#[test]
fn premium_redis_is_sold_as_a_pair_and_closed_to_new_customers() {
    let virginia = region("eastus");
    let p2 = offer(&virginia, Kind::Cache, "P2");
    assert_eq!(p2.sku, "redis-premium-p2");
    assert_eq!(p2.rates.len(), 1);
    assert_eq!(price(&p2, OnDemand, Standby) * money("730"), money("810.30"));
    assert!(
        matches!(&p2.lifecycle, Lifecycle::Retiring { on, new_customers: NewCustomers::Refused, .. } if on == "2028-09-30")
    );
    // One node: 0.21 x 730 = 153.30
    assert_eq!(price(&offer(&virginia, Kind::Cache, "redis-basic-c4"), OnDemand, Single), money("0.21"));
}

#[test]
fn managed_redis_costs_two_nodes_with_a_standby() {
    let virginia = region("eastus");
    for (sku, single, pair) in [
        ("memory-optimized-m10", "0.216", "0.432"),
        ("balanced-b5", "0.156", "0.312"),
        ("balanced-b10", "0.315", "0.63"),
        ("balanced-b1", "0.032", "0.064"),
        ("compute-optimized-x10", "0.583", "1.166"),
    ] {
        let offer = offer(&virginia, Kind::Cache, sku);
        assert_eq!(
            (price(&offer, OnDemand, Single), price(&offer, OnDemand, Standby)),
            (money(single), money(pair)),
            "{sku}"
        );
    }
    // 91 for a year of 8760 hours
    let committed = price(&offer(&region("eastus2"), Kind::Cache, "B0"), Reserved1y, Single) * money("8760");
    assert_eq!(committed.round_dp(4), money("91"));
}

#[test]
fn what_no_source_knows_is_unknown() {
    let (virginia, europe) = (region("eastus"), region("westeurope"));
    let first = |region: &RegionOffers, sku: &str| {
        region.charges.iter().find(|it| it.sku == sku).unwrap().steps[0].amount
    };
    assert_eq!(first(&virginia, "nat-gateway"), None);
    assert_eq!(first(&virginia, "cross-zone"), None);
    assert_eq!(first(&europe, "nat-gateway"), Some(money("0.045")));
    assert_eq!(first(&europe, "mysql-storage"), None);
    assert_eq!(first(&europe, "public-ipv4"), None);
    let mysql: Vec<_> =
        europe.offers.iter().filter(|it| it.kind == Kind::Database).flat_map(|it| &it.rates).collect();
    assert!(!mysql.is_empty() && mysql.iter().all(|rate| rate.price.amount.is_none()));
}

#[test]
fn charges_are_those_of_the_list() {
    let virginia = region("eastus");
    let charge = |sku: &str, availability| {
        virginia.charges.iter().find(|it| it.sku == sku && it.availability == availability).unwrap()
    };
    assert_eq!(charge("load-balancer-standard", None).steps[0].amount, Some(money("0.025")));
    assert_eq!(charge("load-balancer-standard-data", None).steps[0].amount, Some(money("0.005")));
    assert_eq!(charge("mysql-storage", Some(Standby)).steps[0].amount, Some(money("0.23")));
    let disk = charge("premium-ssd", None);
    assert_eq!(disk.meter, Meter::AppDiskSteps);
    let step = |gib: &str| disk.steps.iter().find(|step| step.from == money(gib)).unwrap().amount;
    assert_eq!((step("512"), step("1024")), (Some(money("73.22")), Some(money("135.17"))));
    let egress = charge("egress", None);
    let prices: Vec<Option<Money>> = egress.steps.iter().map(|step| step.amount).collect();
    assert_eq!(
        prices,
        [
            Some(money("0")),
            Some(money("0.087")),
            Some(money("0.083")),
            Some(money("0.07")),
            Some(money("0.05")),
            None
        ]
    );
}
