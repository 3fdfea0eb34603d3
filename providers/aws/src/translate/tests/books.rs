//! That whatever the price books sell can be built, or is refused for a reason that is known here.

use loadline_contract::{Kind, Offer, Provider};

use super::*;
use crate::Aws;

fn offers(kind: Kind) -> Vec<Offer> {
    let region = Aws.offers("us-east-1").unwrap();
    let offers: Vec<Offer> = region.offers.into_iter().filter(|offer| offer.kind == kind).collect();
    assert!(!offers.is_empty());
    offers
}

#[test]
fn every_machine_that_is_sold_can_be_built() {
    for offer in offers(Kind::Compute) {
        let blueprint = with(|it| {
            it.app.sku.clone_from(&offer.sku);
            it.app.architecture = offer.shape.architecture.unwrap();
        });
        assert!(translate(&blueprint).is_ok(), "{}", offer.sku);
    }
}

#[test]
fn every_database_that_is_sold_can_be_built() {
    for offer in offers(Kind::Database) {
        let blueprint = with_database(|it| {
            it.sku.clone_from(&offer.sku);
            it.memory_gib = offer.shape.memory_gib;
            it.buffer_pool_bytes = (offer.shape.memory_gib.unwrap() / 2.0 * 1_073_741_824.0) as u64;
            it.max_connections = 100;
        });
        assert!(translate(&blueprint).is_ok(), "{}", offer.sku);
    }
}

#[test]
fn every_cache_that_is_sold_can_be_built() {
    for offer in offers(Kind::Cache) {
        for engine in &offer.engines {
            let blueprint = with_cache(|it| (it.sku, it.engine) = (offer.sku.clone(), engine.clone()));
            assert!(translate(&blueprint).is_ok(), "{} {engine}", offer.sku);
        }
    }
}

#[test]
fn of_the_balancers_only_the_one_that_checks_paths_can_be_built() {
    for offer in offers(Kind::Balancer) {
        let built = translate(&with(|it| it.balancer.sku.clone_from(&offer.sku))).is_ok();
        assert_eq!(built, offer.sku == "alb", "{}", offer.sku);
    }
}
