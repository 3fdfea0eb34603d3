//! RDS for MySQL as it was asked for, or why not.

use super::*;

fn database(blueprint: &Blueprint) -> Resource {
    one(&made(blueprint), "database")
}

#[test]
fn a_database_is_what_was_asked_for() {
    let it = database(&blueprint());
    for (name, value) in [
        ("engine", "mysql"),
        ("version", "8.4"),
        ("class", "db.r6g.2xlarge"),
        ("storage_gib", "1024"),
        ("storage_type", "gp3"),
        ("multi_az", "true"),
        ("backup_days", "7"),
    ] {
        assert_eq!(setting(&it, name), value, "{name}");
    }
    assert_eq!(setting(&database(&with_database(|it| it.standby = false)), "multi_az"), "false");
}

#[test]
fn a_database_is_encrypted_protected_and_not_public() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "encrypted"), "true");
    assert_eq!(setting(&it, "deletion_protection"), "true");
    assert_eq!(setting(&it, "public"), "false");
    assert_eq!(setting(&it, "subnets"), "db-subnets/main");
}

#[test]
fn the_cloud_makes_and_keeps_the_password() {
    let it = database(&blueprint());
    assert_eq!(setting(&it, "managed_password"), "true");
    assert!(!it.settings.keys().any(|name| name == "password" || name.contains("secret")));
}

#[test]
fn parameters_hold_what_the_load_needs_and_what_a_restore_relies_on() {
    let made = made(&blueprint());
    let it = one(&made, "db-parameters");
    assert_eq!(setting(&it, "family"), "mysql8.4");
    assert_eq!(setting(&it, "parameters/max_connections"), "2000");
    assert_eq!(setting(&it, "parameters/innodb_buffer_pool_size"), "8589934592");
    assert_eq!(setting(&it, "parameters/innodb_flush_log_at_trx_commit"), "1");
    assert_eq!(setting(&it, "parameters/sync_binlog"), "1");
    assert_eq!(setting(&one(&made, "database"), "parameters"), it.address.to_string());
}

#[test]
fn another_version_brings_a_parameter_group_of_its_own() {
    let made = made(&with_database(|it| it.version = "8.0".to_owned()));
    assert_eq!(names(&made, "db-parameters"), ["mysql8-0"]);
    assert_eq!(setting(&one(&made, "db-parameters"), "family"), "mysql8.0");
    assert_eq!(setting(&one(&made, "database"), "parameters"), "db-parameters/mysql8-0");
}

#[test]
fn worst_case_memory_above_six_fifths_of_the_machines_is_refused_with_both_figures() {
    // 8 GiB of buffer pool, 40 MiB beside it and 2000 connections of 1.91 MiB and 257,700 bytes each are 12.25 GiB, which is 1.2
    // times 10.208 GiB.
    let on = |memory_gib| with_database(|it| it.memory_gib = Some(memory_gib));
    made(&on(10.21));
    objection(&on(10.20));
    let (what, why) = objection(&on(8.0));
    assert_eq!(what, "database.max_connections");
    for part in
        ["incompatible-parameters", "1.2 x", "12.2 GiB for 2000 connections", "9.6 GiB on db.r6g.2xlarge"]
    {
        assert!(why.contains(part), "{part}: {why}");
    }
}

#[test]
fn memory_that_nobody_states_is_not_judged() {
    made(&with_database(|it| it.memory_gib = None));
}

#[test]
fn fewer_connections_fit_where_more_do_not() {
    let with_connections =
        |connections| with_database(|it| (it.memory_gib, it.max_connections) = (Some(8.0), connections));
    made(&with_connections(500));
    objection(&with_connections(2000));
}

#[test]
fn backups_are_kept_as_long_as_rds_does_and_no_longer() {
    made(&with_database(|it| it.backup_days = 35));
    let (what, why) = objection(&with_database(|it| it.backup_days = 36));
    assert!(what == "backups" && why.contains("35 days"), "{why}");
}

#[test]
fn a_restore_to_any_moment_needs_backups() {
    let none = |point_in_time| with_database(|it| (it.backup_days, it.point_in_time) = (0, point_in_time));
    assert_eq!(setting(&database(&none(false)), "backup_days"), "0");
    assert_eq!(objection(&none(true)).0, "backups");
}

#[test]
fn io_beyond_what_comes_with_the_storage_is_bought_where_that_can_be() {
    let needing = |storage_gib, iops| with_database(|it| (it.storage_gib, it.iops) = (storage_gib, iops));
    let bought = |storage_gib, iops| database(&needing(storage_gib, iops)).settings.get("iops").cloned();
    assert_eq!(bought(399, 3000), None);
    assert_eq!(bought(400, 12_000), None);
    assert_eq!(bought(400, 12_001), Some(Value::from(12_001_u32)));
    let (what, why) = objection(&needing(399, 3001));
    assert!(what == "database.storage" && why.contains("400 GiB"), "{why}");
    assert!(objection(&needing(400, 64_001)).1.contains("64,000"));
}

#[test]
fn storage_is_never_smaller_or_larger_than_gp3() {
    let with_storage = |storage_gib| with_database(|it| it.storage_gib = storage_gib);
    assert_eq!(setting(&database(&with_storage(5)), "storage_gib"), "20");
    assert_eq!(setting(&database(&with_storage(65_536)), "storage_gib"), "65536");
    assert!(objection(&with_storage(65_537)).1.contains("65536"));
}

#[test]
fn what_rds_is_not_set_up_for_is_refused() {
    for (engine, version) in [("mysql", "5.7"), ("mysql", "8.40"), ("mariadb", "10.11"), ("postgres", "17")] {
        let (what, why) =
            objection(&with_database(|it| (it.engine, it.version) = (engine.to_owned(), version.to_owned())));
        assert!(what == "database.version" && why.contains(&format!("{engine} {version}")), "{why}");
    }
}

#[test]
fn a_patch_release_is_the_clouds_to_choose() {
    let (what, why) = objection(&with_database(|it| it.version = "8.4.5".to_owned()));
    assert!(what == "database.version" && why.contains("such as 8.4"), "{why}");
}

#[test]
fn without_a_database_nothing_of_it_is_made() {
    let made = made(&with(|it| it.database = None));
    for kind in ["database", "db-parameters", "db-subnets", "firewall/database", "alarm/database-cpu"] {
        assert!(!has(&made, kind), "{kind}");
    }
}
