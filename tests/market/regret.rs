//! The choice of least regret.

use loadline::market::{Ask, choose};
use loadline::sizing::{Requirements, Scenario};

use crate::support::*;

/// Only the app differs between worlds: machines without disks, so that prices are easy to add.
fn world(cores: f64) -> Requirements {
    let mut requirements = requirements();
    requirements.app.cores = cores;
    requirements.app.disk_gib = 0.0;
    requirements.app.memory_shared_gib = 1.0;
    requirements
}

fn least(weights: [f64; 2]) -> loadline::market::LeastRegret {
    let mut sold = region();
    sold.offers.retain(|offer| !matches!(offer.sku.as_str(), "c.2" | "c.4" | "m.2" | "m.4" | "m.8"));
    sold.charges.retain(|charge| charge.sku != "nat-gb");
    let scenarios = [
        Scenario { weight: weights[0], requirements: world(8.0) },
        Scenario { weight: weights[1], requirements: world(16.0) },
    ];
    let nominal = world(8.0);
    let ask = Ask { scenarios: &scenarios, ..ask(&nominal) };
    choose(&ask, &PROFILE, "north", &sold).unwrap().least_regret.unwrap()
}

#[test]
fn a_likely_large_world_is_bought_for() {
    // 1 x c.8 = 248.20; 2 x c.8 or 1 x c.16 = 496.40, and the fewer win the tie. Egress is the same in both worlds.
    let least = least([0.5, 0.5]);
    assert_eq!(least.design.app.offer.sku, "c.16");
    // Too large in half of the worlds: (496.40 - 248.20) / 2.
    assert_eq!(least.regrets[0].expected_usd, usd("124.10"));
    assert_eq!(least.regrets[0].worst_usd, usd("248.20"));
    assert!((least.regrets[0].adequate - 1.0).abs() < 1e-12);
    assert!((least.regrets[1].adequate - 0.5).abs() < 1e-12);
}

#[test]
fn an_unlikely_large_world_is_not() {
    let least = least([0.99, 0.01]);
    assert_eq!((least.design.app.offer.sku.as_str(), least.design.app.count), ("c.8", 1));
    assert!(least.regrets[0].expected_usd < least.regrets[1].expected_usd);
}

#[test]
fn there_is_no_regret_without_scenarios() {
    assert_eq!(choice(&requirements(), &region()).least_regret, None);
}
