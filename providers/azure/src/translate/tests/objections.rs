//! What Azure cannot build, and what it says then.

use loadline_contract::deploy::Blueprint;

use super::blueprints::{behind_a_gateway, teachers};
use crate::translate::translate;

/// What is objected to when the blueprint is changed.
fn objected(mut blueprint: Blueprint, change: impl FnOnce(&mut Blueprint)) -> Vec<(String, String)> {
    change(&mut blueprint);
    let objections = translate(&blueprint).err().unwrap_or_default();
    objections.into_iter().map(|it| (it.what, it.why)).collect()
}

fn only(objections: &[(String, String)], what: &str, part: &str) {
    assert_eq!(objections.len(), 1, "{objections:?}");
    assert!(objections[0].0 == what && objections[0].1.contains(part), "{objections:?}");
}

#[test]
fn more_connections_than_the_size_takes_are_refused() {
    // 32 GiB take 5461.
    let with =
        |connections| objected(teachers(), |it| it.database.as_mut().unwrap().max_connections = connections);
    assert_eq!(with(5461), []);
    only(&with(5462), "database.max_connections", "5461 connections at most");
}

#[test]
fn a_buffer_pool_above_three_quarters_of_the_memory_is_refused() {
    let with =
        |gib: u64| objected(teachers(), |it| it.database.as_mut().unwrap().buffer_pool_bytes = gib << 30);
    assert_eq!(with(24), []);
    only(&with(25), "database.buffer_pool", "24.0 GiB at most");
    // An 8 GiB size takes 5 of them, not 6.
    let small = objected(teachers(), |it| {
        let database = it.database.as_mut().unwrap();
        (database.sku, database.memory_gib) = ("Standard_D2ds_v4".to_owned(), Some(8.0));
        (database.max_connections, database.buffer_pool_bytes) = (1000, 6 << 30);
    });
    only(&small, "database.buffer_pool", "5.0 GiB at most");
}

#[test]
fn a_burstable_size_has_no_standby() {
    let objections = objected(teachers(), |it| {
        let database = it.database.as_mut().unwrap();
        (database.sku, database.memory_gib) = ("Standard_B2s".to_owned(), Some(4.0));
        (database.max_connections, database.buffer_pool_bytes, database.iops) = (600, 1 << 30, 1000);
    });
    only(&objections, "resilience.database_standby", "General Purpose");
}

#[test]
fn backups_are_kept_for_35_days_at_most_and_versions_are_those_on_sale() {
    only(&objected(teachers(), |it| it.database.as_mut().unwrap().backup_days = 36), "backups", "35 days");
    let version =
        |text: &str| objected(teachers(), |it| it.database.as_mut().unwrap().version = text.to_owned());
    only(&version("9.5"), "database.version", "8.0 and 8.4");
    assert_eq!(version("8.0"), []);
}

#[test]
fn more_operations_than_the_size_does_are_refused() {
    only(
        &objected(teachers(), |it| it.database.as_mut().unwrap().iops = 12_801),
        "database.storage",
        "12800",
    );
}

#[test]
fn a_retired_single_server_is_not_made() {
    only(
        &objected(teachers(), |it| it.database.as_mut().unwrap().sku = "GP_Gen5_8".to_owned()),
        "database",
        "Single Server ended",
    );
}

#[test]
fn caches_that_take_no_new_customers_are_not_made_and_valkey_is_not_sold() {
    let cache = |change: fn(&mut loadline_contract::deploy::CacheBlueprint)| {
        objected(teachers(), |it| change(it.cache.as_mut().unwrap()))
    };
    only(&cache(|it| it.sku = "redis-premium-p2".to_owned()), "cache", "no new customers");
    only(&cache(|it| it.engine = "valkey".to_owned()), "cache.engine", "Managed Redis");
    only(&cache(|it| it.version = Some("6.2".to_owned())), "cache.version", "leave cache.version out");
    assert_eq!(cache(|it| it.version = Some("7.4".to_owned())), []);
}

#[test]
fn a_layer_4_balancer_ends_no_tls_and_a_certificate_is_a_key_vault_secret() {
    let certificate = behind_a_gateway().balancer.certificate;
    only(&objected(teachers(), |it| it.balancer.certificate = certificate), "certificate", "layer 4");
    let arn = Some("arn:aws:acm:us-east-1:1:certificate/x".to_owned());
    only(&objected(behind_a_gateway(), |it| it.balancer.certificate = arn), "certificate", "resource id");
}

#[test]
fn an_administrator_has_a_name_and_a_key_that_azure_takes() {
    let ssh = |change: fn(&mut loadline_contract::deploy::SshAccess)| {
        objected(teachers(), |it| change(it.app.ssh.as_mut().unwrap()))
    };
    only(&ssh(|it| it.user = "root".to_owned()), "access.ssh.user", "`root`");
    only(&ssh(|it| it.public_key = "ecdsa-sha2-nistp256 AAAA".to_owned()), "access.ssh.key", "ed25519");
}

#[test]
fn unknown_systems_and_disks_beyond_the_largest_are_refused_together() {
    let objections = objected(teachers(), |it| {
        it.app.os = "debian-13".to_owned();
        it.app.disk_gib = 5000;
    });
    let whats: Vec<&str> = objections.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(whats, ["access.os", "app.disk"]);
}
