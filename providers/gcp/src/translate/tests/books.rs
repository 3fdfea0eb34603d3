//! That whatever the price books sell can be built, or is refused for a reason that is known here.

use loadline_contract::{Kind, Offer, Provider};

use super::*;
use crate::Gcp;

fn offers(kind: Kind) -> Vec<Offer> {
    let region = Gcp.offers("us-central1").unwrap();
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
            it.max_connections = 200;
        });
        assert!(translate(&blueprint).is_ok(), "{}", offer.sku);
    }
}

#[test]
fn every_cache_that_is_sold_can_be_built_but_clusters() {
    for offer in offers(Kind::Cache) {
        let blueprint = with_cache(|it| {
            it.sku.clone_from(&offer.sku);
            it.engine.clone_from(&offer.engines[0]);
            it.snapshot_days = 0;
        });
        assert_eq!(translate(&blueprint).is_ok(), !offer.sku.starts_with("redis-cluster-"), "{}", offer.sku);
    }
}

#[test]
fn the_balancer_that_is_sold_can_be_built() {
    for offer in offers(Kind::Balancer) {
        assert!(translate(&with(|it| it.balancer.sku.clone_from(&offer.sku))).is_ok(), "{}", offer.sku);
    }
}
