//! ElastiCache as it was asked for, or why not.

use super::*;

fn cache(blueprint: &Blueprint) -> Resource {
    one(&made(blueprint), "cache")
}

fn running(engine: &str, version: Option<&str>) -> Blueprint {
    with_cache(|it| (it.engine, it.version) = (engine.to_owned(), version.map(str::to_owned)))
}

#[test]
fn a_cache_is_encrypted_at_rest_and_on_the_way() {
    let it = cache(&blueprint());
    assert_eq!(
        (setting(&it, "encrypted"), setting(&it, "in_transit_encryption")),
        ("true".into(), "true".into())
    );
    assert_eq!(setting(&it, "node_type"), "cache.r6g.large");
    assert_eq!(setting(&it, "snapshot_days"), "7");
    assert_eq!(setting(&it, "subnets"), "cache-subnets/main");
}

#[test]
fn a_replica_is_a_second_node_that_takes_over_in_another_zone() {
    let of = |replica| {
        let it = cache(&with_cache(|it| it.replica = replica));
        (setting(&it, "nodes"), setting(&it, "multi_az"))
    };
    assert_eq!(of(true), ("2".into(), "true".into()));
    assert_eq!(of(false), ("1".into(), "false".into()));
}

#[test]
fn nothing_is_evicted_where_a_queue_lives() {
    let policy = |holds_queue| {
        let made = made(&with_cache(|it| it.holds_queue = holds_queue));
        let parameters = one(&made, "cache-parameters");
        assert_eq!(setting(&one(&made, "cache"), "parameters"), parameters.address.to_string());
        setting(&parameters, "parameters/maxmemory-policy")
    };
    assert_eq!(policy(true), "noeviction");
    assert_eq!(policy(false), "allkeys-lfu");
}

#[test]
fn the_parameter_family_is_that_of_engine_and_version() {
    for (engine, version, family, taken) in [
        ("valkey", None, "valkey8", "8.0"),
        ("valkey", Some("8"), "valkey8", "8.0"),
        ("valkey", Some("8.1"), "valkey8", "8.1"),
        ("valkey", Some("7"), "valkey7", "7.2"),
        ("valkey", Some("7.2"), "valkey7", "7.2"),
        ("redis", None, "redis7", "7.1"),
        ("redis", Some("7.0"), "redis7", "7.0"),
    ] {
        let made = made(&running(engine, version));
        let parameters = one(&made, "cache-parameters");
        assert_eq!((setting(&parameters, "family"), parameters.address.name()), (family.to_owned(), family));
        assert_eq!(setting(&one(&made, "cache"), "version"), taken);
        assert_eq!(setting(&one(&made, "cache"), "engine"), engine);
    }
}

#[test]
fn a_version_that_is_not_sold_is_refused_with_those_that_are() {
    for (engine, version) in
        [("redis", "7.2"), ("redis", "5.0"), ("valkey", "7.0"), ("valkey", "8.0.1"), ("memcached", "1.6")]
    {
        let (what, why) = objection(&running(engine, Some(version)));
        assert_eq!(what, "cache.version");
        assert!(why.contains(&format!("not {engine} {version}")) && why.contains("Valkey 7.2"), "{why}");
    }
}

#[test]
fn snapshots_are_kept_as_long_as_the_service_does_and_no_longer() {
    assert_eq!(setting(&cache(&with_cache(|it| it.snapshot_days = 0)), "snapshot_days"), "0");
    made(&with_cache(|it| it.snapshot_days = 35));
    let (what, why) = objection(&with_cache(|it| it.snapshot_days = 36));
    assert!(what == "backups" && why.contains("35 days"), "{why}");
}

#[test]
fn without_a_cache_nothing_of_it_is_made() {
    let made = made(&with(|it| it.cache = None));
    for kind in ["cache", "cache-parameters", "cache-subnets", "firewall/cache", "alarm/cache-cpu"] {
        assert!(!has(&made, kind), "{kind}");
    }
}
