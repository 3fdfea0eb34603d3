//! Pinned products: honoured, judged, or named as unknown.

use loadline::market::{Ask, Completeness, PickedBy, PinProblem, choose};
use loadline::spec::{Pin, Survive};
use loadline_contract::*;

use crate::support::*;

fn errors(pin: &Pin) -> Vec<loadline::market::PinError> {
    let requirements = requirements();
    let ask = Ask { pin: Some(pin), ..ask(&requirements) };
    choose(&ask, &PROFILE, "north", &region()).unwrap_err()
}

#[test]
fn a_pin_is_honoured_beside_the_choice() {
    let pin = Pin { app: Some("M.8".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &region(), &pin);
    let app = &selection.design.app;
    assert_eq!((app.offer.sku.as_str(), app.count, app.by), ("m.8", 2, PickedBy::Pin));
    assert_eq!(selection.design.database.unwrap().by, PickedBy::Choice);
    assert_eq!(selection.misses, []);
}

#[test]
fn an_alias_is_as_good_as_the_name() {
    let mut sold = region();
    sold.offers[3].aliases = vec!["Compute Sixteen".into()];
    let pin = Pin { app: Some("compute-sixteen".into()), ..Pin::default() };
    assert_eq!(pinned(&requirements(), &sold, &pin).design.app.offer.sku, "c.16");
}

#[test]
fn a_database_too_small_for_its_buffer_pool_is_taken_and_judged() {
    let mut sold = region();
    sold.offers.push(service(Kind::Database, "db-s-4vcpu-8gb", "mysql", (4.0, 8.0), "0.17"));
    let mut requirements = requirements();
    requirements.database.as_mut().unwrap().memory_gib = 13.0;
    let pin = Pin { database: Some("db-s-4vcpu-8gb".into()), ..Pin::default() };
    let selection = pinned(&requirements, &sold, &pin);
    assert_eq!(selection.design.database.as_ref().unwrap().offer.sku, "db-s-4vcpu-8gb");
    let sentences: Vec<&str> = selection.misses.iter().map(|miss| miss.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "pinned db-s-4vcpu-8gb gives 4 cores, 8 cores needed",
            "pinned db-s-4vcpu-8gb has 8 GiB: cannot hold an 8 GiB buffer pool (13 GiB needed)",
        ]
    );
    assert!(selection.misses.iter().all(|miss| miss.code == "pin-too-small"));
}

#[test]
fn a_pinned_count_that_does_not_survive_is_judged() {
    let mut requirements = requirements();
    requirements.app.survive = Survive::Instance;
    let pin = Pin { app: Some("c.16".into()), app_count: Some(1), ..Pin::default() };
    let selection = pinned(&requirements, &region(), &pin);
    assert_eq!(selection.design.app.count, 1);
    assert_eq!(
        selection.misses[0].sentence,
        "pinned c.16: the failure to be survived leaves 0 cores, 13.35 cores needed"
    );
    let pin = Pin { app_count: None, ..pin };
    assert_eq!(pinned(&requirements, &region(), &pin).design.app.count, 2);
}

#[test]
fn threads_of_a_pinned_machine_are_called_by_name() {
    let mut sold = region();
    sold.offers[3].shape.cores = Some(8.0);
    let pin = Pin { app: Some("c.16".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &sold, &pin);
    assert_eq!(selection.notes[0].sentence, "c.16: 16 vCPU are 8 physical cores");
}

#[test]
fn a_pin_may_buy_less_resilience_than_the_choice() {
    let mut requirements = requirements();
    requirements.database.as_mut().unwrap().standby = true;
    let pin = Pin { database_standby: Some(false), ..Pin::default() };
    let ask = Ask { pin: Some(&pin), ..ask(&requirements) };
    let choice = choose(&ask, &PROFILE, "north", &region()).unwrap();
    assert_eq!(choice.pinned.unwrap().design.database.unwrap().availability, Availability::Single);
    assert_eq!(choice.chosen.unwrap().design.database.unwrap().availability, Availability::Standby);
}

#[test]
fn a_retired_pin_is_honoured_and_flagged_with_its_successor() {
    let mut sold = region();
    sold.offers[3].lifecycle =
        Lifecycle::Retired { on: "2024-09-16".into(), successor: "m.8".into(), source: "list".into() };
    let pin = Pin { app: Some("c.16".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &sold, &pin);
    assert_eq!(selection.misses[0].code, "pin-retired");
    assert!(selection.lifecycle[0].sentence.contains("take m.8"));
}

#[test]
fn a_retired_pin_without_a_price_takes_that_of_its_successor_and_says_so() {
    let mut sold = region();
    let old = Offer {
        lifecycle: Lifecycle::Retired {
            on: "2024-09-16".into(),
            successor: "the new line, such as d.8".into(),
            source: "list".into(),
        },
        rates: Vec::new(),
        ..service(Kind::Database, "old.8", "mysql", (8.0, 40.0), "1")
    };
    sold.offers.push(old);
    let pin = Pin { database: Some("old.8".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &sold, &pin);
    // 0.859 x 730, the price of d.8
    assert_eq!(amount(&selection, "old.8"), usd("627.07"));
    let line = selection.bill.lines.iter().find(|line| line.sku.as_deref() == Some("old.8")).unwrap();
    assert_eq!(line.note, "no longer sold: the price is that of its successor d.8 (mysql)");
    assert_eq!(selection.misses[0].sentence, "pinned old.8 is no longer sold");
    // A known price of its own goes first; without a successor for sale the price stays unknown.
    let own = sold.offers.last_mut().unwrap();
    own.rates.push(rate(Term::OnDemand, Availability::Single, Some("0.1")));
    assert_eq!(amount(&pinned(&requirements(), &sold, &pin), "old.8"), usd("73.00"));
    let own = sold.offers.last_mut().unwrap();
    own.rates.clear();
    sold.offers.retain(|offer| offer.sku != "d.8");
    let bill = pinned(&requirements(), &sold, &pin).bill;
    assert_eq!(bill.completeness, Completeness::Incomplete(vec!["database old.8".into()]));
}

#[test]
fn what_is_sold_as_a_pair_only_is_pinned_as_a_pair() {
    let mut sold = region();
    let mut pair = service(Kind::Cache, "pair.13", "valkey", (2.0, 13.0), "0.555");
    pair.rates.retain(|rate| rate.availability == Availability::Standby);
    sold.offers.push(pair);
    let pin = Pin { cache: Some("pair.13".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &sold, &pin);
    // 2 x 0.555 x 730
    assert_eq!(amount(&selection, "pair.13"), usd("810.30"));
    assert_eq!(selection.design.cache.as_ref().unwrap().count, 2);
    assert_eq!(selection.misses, []);
    assert_eq!(selection.notes[0].sentence, "pinned pair.13 is sold as a pair only: the pair is priced");
}

#[test]
fn a_pin_that_has_no_standby_is_priced_without_and_judged() {
    let mut sold = region();
    let mut single = service(Kind::Database, "single.8", "mysql", (8.0, 64.0), "0.5");
    single.rates.retain(|rate| rate.availability == Availability::Single);
    sold.offers.push(single);
    let mut requirements = requirements();
    requirements.database.as_mut().unwrap().standby = true;
    let pin = Pin { database: Some("single.8".into()), ..Pin::default() };
    let selection = pinned(&requirements, &sold, &pin);
    assert_eq!(amount(&selection, "single.8"), usd("365.00"));
    assert_eq!((selection.misses[0].code, selection.misses.len()), ("pin-no-pair", 1));
    assert_eq!(
        selection.misses[0].sentence,
        "pinned single.8 has no standby, or no source states its price: one node is priced"
    );
}

/// A region that describes its balancer and an old one without charges.
fn with_balancers() -> RegionOffers {
    let mut sold = region();
    let described = |sku: &str, alias: &str, lifecycle| Offer {
        kind: Kind::Balancer,
        aliases: vec![alias.into()],
        rates: Vec::new(),
        lifecycle,
        ..machine(sku, 1.0, 1.0, "1")
    };
    let retired =
        Lifecycle::Retired { on: "2025-09-30".into(), successor: "lb".into(), source: "list".into() };
    sold.offers.push(described("lb", "Load Balancer", Lifecycle::Current));
    sold.offers.push(described("lb-basic", "Basic Load Balancer", retired));
    sold
}

#[test]
fn a_balancer_answers_to_its_alias() {
    let pin = Pin { balancer: Some("load balancer".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &with_balancers(), &pin);
    assert_eq!(selection.design.balancer.as_ref().unwrap().sku, "lb");
    assert_eq!(amount(&selection, "lb-hour"), usd("16.43"));
    assert_eq!(selection.misses, []);
}

#[test]
fn a_retired_balancer_costs_something_unknown_and_is_judged() {
    let pin = Pin { balancer: Some("Basic Load Balancer".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &with_balancers(), &pin);
    assert_eq!(selection.bill.completeness, Completeness::Incomplete(vec!["load balancer".into()]));
    assert_eq!(selection.misses[0].sentence, "pinned lb-basic is no longer sold");
    assert!(
        selection.lifecycle[0].sentence.contains("is retired since 2025-09-30"),
        "{:?}",
        selection.lifecycle
    );
}

#[test]
fn every_unknown_pin_is_an_error_with_the_nearest_name() {
    let pin = Pin {
        app: Some("c.17".into()),
        database: Some("d.8x".into()),
        cache: Some("c.16".into()),
        balancer: Some("lbb".into()),
        app_count: Some(0),
        ..Pin::default()
    };
    let errors = errors(&pin);
    assert_eq!(errors.len(), 5);
    assert_eq!(
        errors[0].to_string(),
        "taking `c.17` for pin.hand.app: the price book of north has no such machine: nearest is `c.16`, then `c.2`, `c.4`"
    );
    assert!(matches!(&errors[1].problem, PinProblem::Unknown { nearest, .. } if nearest[0] == "d.8"));
    assert_eq!(errors[2].problem, PinProblem::OtherKind { is: "machine", wanted: "cache" });
    assert!(matches!(&errors[3].problem, PinProblem::Unknown { nearest, .. } if nearest == &["lb"]));
    assert_eq!(errors[4].problem, PinProblem::NoMachines);
}

#[test]
fn a_listed_balancer_is_used_only_when_pinned() {
    let mut sold = region();
    let listed = Charge {
        balancer: Some("other".into()),
        role: ChargeRole::Listed,
        ..charge("other-hour", Meter::BalancerHours, &[("0", Some("0.001"))])
    };
    sold.charges.push(listed);
    assert_eq!(chosen(&requirements(), &sold).design.balancer.unwrap().sku, "lb");
    let pin = Pin { balancer: Some("other".into()), ..Pin::default() };
    let selection = pinned(&requirements(), &sold, &pin);
    assert_eq!(amount(&selection, "other-hour"), usd("0.73"));
    assert!(selection.bill.lines.iter().all(|line| line.sku.as_deref() != Some("lb-hour")));
}

#[test]
fn a_pinned_size_between_the_aim_and_the_limit_is_a_warning_not_a_miss() {
    // 5.68 busy cores on 8: 71 %, aimed for are 70 %, the limit is 85 %. On 4 they would be 142 %.
    let mut requirements = requirements();
    requirements.app.target_utilisation = 0.70;
    requirements.database.as_mut().unwrap().cores = 8.11;
    let pin = Pin { database: Some("d.8".into()), ..Pin::default() };
    let selection = pinned(&requirements, &region(), &pin);
    assert_eq!(selection.misses, []);
    assert_eq!(
        selection.notes[0].sentence,
        "pinned d.8 runs at 71 % CPU: above the 70 % that is aimed for, below the limit of 85 %"
    );
    let pin = Pin { database: Some("d.4".into()), ..Pin::default() };
    assert_eq!(pinned(&requirements, &region(), &pin).misses[0].code, "pin-too-small");
    // Cores that the spec fixes are no aim.
    requirements.database.as_mut().unwrap().pinned_cores = Some(9);
    let pin = Pin { database: Some("d.8".into()), ..Pin::default() };
    assert_eq!(pinned(&requirements, &region(), &pin).misses[0].code, "pin-too-small");
}

#[test]
fn fixed_processes_on_a_pinned_machine_are_reported_and_not_bought_for() {
    // 13.35 cores must be left: 2 x c.16 leave 16, but of 16 fixed processes only 8. 14 on each would do.
    let mut requirements = requirements();
    requirements.app.survive = Survive::Instance;
    requirements.app.processes_fixed = true;
    let pin = Pin { app: Some("c.16".into()), ..Pin::default() };
    let selection = pinned(&requirements, &region(), &pin);
    assert_eq!(selection.design.app.count, 2);
    assert_eq!(selection.misses.len(), 1);
    assert_eq!(selection.misses[0].code, "processes-lost-with-machine");
    assert!(selection.misses[0].sentence.contains("leaves 8 of 16 fixed processes, 13.35"));
    assert!(selection.misses[0].hint.starts_with("run 28 processes"));
    requirements.app.processes = 28;
    assert_eq!(pinned(&requirements, &region(), &pin).misses, []);
}
