//! Cloud SQL as it was asked for, or why not.

use super::*;

fn database(blueprint: &Blueprint) -> Resource {
    one(&made(blueprint), "database/main")
}

#[test]
fn a_database_is_reached_from_inside_and_encrypted_only() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "ipv4_enabled"), "false");
    assert_eq!(setting(&it, "ssl_mode"), "ENCRYPTED_ONLY");
    assert_eq!(setting(&it, "private_network"), "network of service-connection/services");
}

#[test]
fn a_database_is_protected_and_leaves_a_last_backup() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "deletion_protection_enabled"), "true");
    assert_eq!(setting(&it, "final_backup"), "{enabled: true, retention_days: 30}");
}

#[test]
fn the_password_is_a_reference_to_a_secret_in_the_region() {
    let made = made(&blueprint());
    let database = one(&made, "database/main");
    assert!(matches!(database.settings["root_password"], Value::Of(_)));
    assert_eq!(setting(&database, "root_password"), "password/database");
    assert_eq!(one(&made, "password").settings.keys().collect::<Vec<_>>(), ["replica_locations"]);
}

#[test]
fn a_standby_is_a_regional_instance_in_the_two_named_zones() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "availability_type"), "REGIONAL");
    assert_eq!(
        (setting(&it, "zone"), setting(&it, "secondary_zone")),
        ("us-central1-a".into(), "us-central1-b".into())
    );
    let alone = database(&with_database(|it| it.standby = false));
    assert_eq!(setting(&alone, "availability_type"), "ZONAL");
    assert!(!alone.settings.contains_key("secondary_zone"));
}

#[test]
fn the_edition_is_that_of_the_tier() {
    let edition = |sku: &str| setting(&database(&with_database(|it| it.sku = sku.to_owned())), "edition");
    assert_eq!(edition("db-custom-8-16384"), "ENTERPRISE");
    assert_eq!(edition("db-n1-highmem-8"), "ENTERPRISE");
    assert_eq!(edition("db-perf-optimized-N-4"), "ENTERPRISE_PLUS");
}

#[test]
fn flags_are_text_and_hold_what_the_blueprint_says() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "database_version"), "MYSQL_8_4");
    assert_eq!(setting(&it, "database_flags/max_connections"), "2000");
    assert_eq!(setting(&it, "database_flags/innodb_buffer_pool_size"), "8589934592");
    let Value::Map(flags) = &it.settings["database_flags"] else { panic!() };
    assert!(flags.values().all(|value| matches!(value, Value::Text(_))));
}

#[test]
fn point_in_time_is_a_binary_log_kept_as_long_as_the_backups() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "backup_configuration/binary_log_enabled"), "true");
    assert_eq!(setting(&it, "backup_configuration/retained_backups"), "7");
    assert_eq!(setting(&it, "backup_configuration/transaction_log_retention_days"), "7");
}

#[test]
fn daily_backups_alone_write_no_binary_log() {
    let it = database(&with_database(|it| {
        (it.point_in_time, it.standby, it.backup_days) = (false, false, 30);
    }));
    assert_eq!(setting(&it, "backup_configuration/retained_backups"), "30");
    assert_eq!(setting(&it, "backup_configuration/binary_log_enabled"), "false");
}

#[test]
fn a_standby_writes_a_binary_log_even_where_nobody_asked_for_point_in_time() {
    let it = database(&with_database(|it| (it.point_in_time, it.backup_days) = (false, 30)));
    assert_eq!(setting(&it, "backup_configuration/binary_log_enabled"), "true");
    assert_eq!(setting(&it, "backup_configuration/transaction_log_retention_days"), "7");
}

#[test]
fn no_backups_is_no_backups() {
    let it = database(&with_database(|it| {
        (it.point_in_time, it.standby, it.backup_days) = (false, false, 0);
    }));
    assert_eq!(setting(&it, "backup_configuration"), "{binary_log_enabled: false, enabled: false}");
}

#[test]
fn a_standby_without_backups_is_refused() {
    let (what, why) = objection(&with_database(|it| (it.point_in_time, it.backup_days) = (false, 0)));
    assert_eq!(what, "a standby without backups");
    assert!(why.contains("resilience.backups.keep"), "{why}");
}

#[test]
fn point_in_time_beyond_what_the_edition_keeps_is_refused_with_the_figure() {
    let (what, why) = objection(&with_database(|it| it.backup_days = 30));
    assert_eq!(what, "restoring to any moment of 30 days");
    assert!(why.contains("7 days") && why.contains("db-perf-optimized-N"), "{why}");
    let plus = with_database(|it| (it.sku, it.backup_days) = ("db-perf-optimized-N-4".to_owned(), 35));
    assert_eq!(setting(&database(&plus), "backup_configuration/transaction_log_retention_days"), "35");
    let (_, why) =
        objection(&with_database(|it| (it.sku, it.backup_days) = ("db-perf-optimized-N-4".to_owned(), 36)));
    assert!(why.contains("35 days") && !why.contains("pin"), "{why}");
}

#[test]
fn more_backups_than_a_year_of_days_are_refused() {
    assert_eq!(objection(&with_database(|it| it.backup_days = 366)).0, "backups of 366 days");
}

#[test]
fn too_little_storage_for_the_io_is_refused_with_what_would_do() {
    // 30 a GiB: 100 GiB bear 3000.
    made(&with_database(|it| (it.iops, it.storage_gib) = (3000, 100)));
    let (what, why) = objection(&with_database(|it| (it.iops, it.storage_gib) = (3001, 100)));
    assert_eq!(what, "3001 I/O operations a second");
    assert!(why.contains("101 GiB"), "{why}");
}

#[test]
fn a_buffer_pool_that_does_not_fit_is_refused_with_both_figures() {
    let (what, why) = objection(&with_database(|it| it.memory_gib = Some(8.0)));
    assert_eq!(what, "a buffer pool of 8.0 GiB");
    assert!(why.contains("8 GiB of db-custom-8-16384"), "{why}");
    made(&with_database(|it| it.memory_gib = None));
}

#[test]
fn a_shared_core_tier_refuses_more_connections_than_it_takes() {
    let small = |connections| {
        with_database(|it| {
            (it.sku, it.max_connections, it.buffer_pool_bytes) =
                ("db-f1-micro".to_owned(), connections, 1 << 27);
        })
    };
    made(&small(250));
    assert_eq!(objection(&small(251)).0, "251 connections");
}

#[test]
fn what_cloud_sql_does_not_sell_is_refused() {
    assert_eq!(objection(&with_database(|it| it.version = "5.7".to_owned())).0, "mysql 5.7");
    assert_eq!(objection(&with_database(|it| it.engine = "mariadb".to_owned())).0, "mariadb 8.4");
    assert_eq!(objection(&with_database(|it| it.sku = "db.r6g.large".to_owned())).0, "database db.r6g.large");
    assert_eq!(objection(&with_database(|it| it.storage_gib = 70_000)).0, "70000 GiB of database storage");
}

#[test]
fn storage_never_grows_by_itself() {
    assert_eq!(setting(&database(&blueprint()), "storage_auto_resize"), "false");
}

#[test]
fn without_a_database_there_is_no_secret() {
    let made = made(&with(|it| it.database = None));
    assert!(!has(&made, "password") && !has(&made, "database"));
}

#[test]
fn a_read_replica_is_like_its_database_in_another_zone_without_what_only_a_primary_has() {
    let made = made(&with_database(|it| it.read_replicas = 2));
    let replica = one(&made, "read-replica/1");
    assert_eq!(setting(&replica, "database"), "database/main");
    assert_eq!(setting(&replica, "availability_type"), "ZONAL");
    let primary = one(&made, "database/main");
    assert_eq!(replica.settings["tier"], primary.settings["tier"]);
    assert_eq!(replica.settings["database_flags"], primary.settings["database_flags"]);
    assert_ne!(replica.settings["zone"], primary.settings["zone"]);
    for none in ["backup_configuration", "root_password", "final_backup", "secondary_zone"] {
        assert!(!replica.settings.contains_key(none), "{none}");
    }
    assert_ne!(one(&made, "read-replica/2").settings["zone"], replica.settings["zone"]);
    // What is copied from has a binary log.
    let plain = |it: &mut DatabaseBlueprint| {
        (it.standby, it.point_in_time, it.read_replicas) = (false, false, 1);
    };
    assert_eq!(setting(&database(&with_database(plain)), "backup_configuration/binary_log_enabled"), "true");
}
