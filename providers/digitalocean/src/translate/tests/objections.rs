//! What cannot be built here, and what is said then.

use loadline_contract::deploy::{AppBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint};
use loadline_contract::{Architecture, Provider};

use super::blueprints::{growing, teachers};
use crate::DigitalOcean;

/// What is objected to when the blueprint is changed.
fn objected(mut blueprint: Blueprint, change: impl FnOnce(&mut Blueprint)) -> Vec<(String, String)> {
    change(&mut blueprint);
    let objections = DigitalOcean.translate(&blueprint).err().unwrap_or_default();
    objections.into_iter().map(|it| (it.what, it.why)).collect()
}

fn database(change: impl FnOnce(&mut DatabaseBlueprint)) -> Vec<(String, String)> {
    objected(teachers(), |it| change(it.database.as_mut().unwrap()))
}

fn cache(change: impl FnOnce(&mut CacheBlueprint)) -> Vec<(String, String)> {
    objected(teachers(), |it| change(it.cache.as_mut().unwrap()))
}

fn pool(change: impl FnOnce(&mut AppBlueprint)) -> Vec<(String, String)> {
    objected(growing(), |it| change(&mut it.app))
}

fn only(objections: &[(String, String)], what: &str, part: &str) {
    assert_eq!(objections.len(), 1, "{objections:?}");
    assert!(objections[0].0 == what && objections[0].1.contains(part), "{objections:?}");
}

#[test]
fn more_connections_than_a_size_takes_are_refused() {
    // 100 for each of 32 GiB.
    assert_eq!(database(|it| it.max_connections = 3200), []);
    only(&database(|it| it.max_connections = 3201), "database.max_connections", "about 3200");
    // 75 for each of 2 GiB.
    let small = |connections| {
        database(|it| {
            (it.sku, it.memory_gib) = ("db-s-1vcpu-2gb".to_owned(), Some(2.0));
            (it.buffer_pool_bytes, it.max_connections) = (1 << 30, connections);
        })
    };
    assert_eq!(small(150), []);
    only(&small(151), "database.max_connections", "about 150");
}

#[test]
fn a_buffer_pool_of_all_the_memory_is_refused() {
    assert_eq!(database(|it| it.buffer_pool_bytes = (32 << 30) - 1), []);
    only(&database(|it| it.buffer_pool_bytes = 32 << 30), "database.buffer_pool", "32 GiB of memory in all");
}

#[test]
fn backups_reach_seven_days_and_the_version_is_the_one_on_sale() {
    only(&database(|it| it.backup_days = 8), "backups", "7 days");
    only(&database(|it| it.version = "8.4".to_owned()), "database.version", "\"8.0\"");
    assert_eq!(database(|it| it.version = "8".to_owned()), []);
}

#[test]
fn the_smallest_size_has_no_standby() {
    let small = database(|it| {
        (it.sku, it.memory_gib) = ("db-s-1vcpu-1gb".to_owned(), Some(1.0));
        (it.buffer_pool_bytes, it.max_connections) = (1 << 28, 50);
    });
    only(&small, "resilience.database_standby", "2 GB");
    only(&cache(|it| it.sku = "db-s-1vcpu-1gb".to_owned()), "resilience.cache_replica", "2 GB");
}

#[test]
fn redis_is_not_sold_any_more() {
    only(&cache(|it| it.engine = "redis".to_owned()), "cache.engine", "valkey");
    only(&cache(|it| it.version = Some("7.2".to_owned())), "cache.version", "version 8");
    assert_eq!(cache(|it| it.version = Some("8.1".to_owned())), []);
}

#[test]
fn a_pool_takes_no_volumes_needs_a_key_and_has_its_regions() {
    assert_eq!(pool(|_| {}), []);
    only(&pool(|it| it.disk_gib = 201), "app.disk", "1 GiB are wanted beyond");
    only(&pool(|it| it.ssh = None), "access.ssh", "public key");
    only(&pool(|it| it.most = 1001), "resilience.autoscale", "ends at 1000");
    only(&objected(growing(), |it| it.region = "ric1".to_owned()), "resilience.autoscale", "ric1");
}

#[test]
fn machines_are_of_the_book_x86_and_of_a_known_system() {
    only(&objected(teachers(), |it| it.app.sku = "c-3".to_owned()), "app", "`c-3`");
    only(&objected(teachers(), |it| it.app.architecture = Architecture::Arm), "app", "ARM");
    only(&objected(teachers(), |it| it.app.os = "debian-13".to_owned()), "access.os", "debian-13");
}

#[test]
fn the_balancer_is_regional_has_a_hundred_nodes_and_its_certificate_an_id() {
    only(&objected(teachers(), |it| it.balancer.sku = "alb".to_owned()), "balancer", "regional-lb");
    only(&objected(teachers(), |it| it.balancer.nodes = 101), "balancer", "100 nodes");
    only(
        &objected(teachers(), |it| it.balancer.certificate = Some("arn:aws:x".to_owned())),
        "certificate",
        "doctl",
    );
}

#[test]
fn zones_are_not_silently_left_out() {
    only(
        &objected(teachers(), |it| it.zones = vec!["1".to_owned(), "2".to_owned()]),
        "zones",
        "one data centre",
    );
}
