//! Memorystore for Valkey and for Redis as they were asked for, or why not.

use super::*;

fn cache(blueprint: &Blueprint) -> Resource {
    one(&made(blueprint), "cache")
}

fn redis(change: impl FnOnce(&mut CacheBlueprint)) -> Blueprint {
    with_cache(|it| {
        (it.sku, it.engine, it.snapshot_days) = ("m2-8gb".to_owned(), "redis".to_owned(), 0);
        change(it);
    })
}

#[test]
fn valkey_is_one_shard_without_the_cluster_protocol() {
    let it = cache(&blueprint());
    assert_eq!(setting(&it, "mode"), "CLUSTER_DISABLED");
    assert_eq!(setting(&it, "shard_count"), "1");
    assert_eq!(setting(&it, "node_type"), "STANDARD_SMALL");
    assert_eq!(setting(&it, "network"), "network of connection-policy/cache");
}

#[test]
fn a_replica_lies_in_another_zone() {
    let it = cache(&blueprint());
    assert_eq!(
        (setting(&it, "replica_count"), setting(&it, "zone_distribution")),
        ("1".into(), "{mode: MULTI_ZONE}".into())
    );
    let alone = cache(&with_cache(|it| it.replica = false));
    assert_eq!(setting(&alone, "replica_count"), "0");
    assert_eq!(setting(&alone, "zone_distribution"), "{mode: SINGLE_ZONE, zone: us-central1-a}");
    let it = cache(&redis(|_| ()));
    assert_eq!(
        (setting(&it, "location_id"), setting(&it, "alternative_location_id")),
        ("us-central1-a".into(), "us-central1-b".into())
    );
}

#[test]
fn the_tier_of_redis_is_by_its_replica() {
    assert_eq!(setting(&cache(&redis(|_| ())), "tier"), "STANDARD_HA");
    let alone = cache(&redis(|it| it.replica = false));
    assert_eq!(setting(&alone, "tier"), "BASIC");
    assert!(!alone.settings.contains_key("alternative_location_id"));
}

#[test]
fn redis_asks_for_a_password_and_both_encrypt_on_the_way() {
    let it = cache(&redis(|_| ()));
    assert_eq!(setting(&it, "auth_enabled"), "true");
    assert_eq!(setting(&it, "memory_size_gb"), "8");
    assert_eq!(setting(&it, "transit_encryption_mode"), "SERVER_AUTHENTICATION");
    assert_eq!(setting(&cache(&blueprint()), "transit_encryption_mode"), "SERVER_AUTHENTICATION");
}

#[test]
fn nothing_is_evicted_where_a_queue_lives() {
    assert_eq!(setting(&cache(&blueprint()), "engine_configs/maxmemory-policy"), "noeviction");
    assert_eq!(setting(&cache(&redis(|_| ())), "redis_configs/maxmemory-policy"), "noeviction");
    let mere = cache(&with_cache(|it| it.holds_queue = false));
    assert_eq!(setting(&mere, "engine_configs/maxmemory-policy"), "allkeys-lfu");
}

#[test]
fn the_newest_version_is_taken_where_none_is_asked_for() {
    assert_eq!(setting(&cache(&blueprint()), "engine_version"), "VALKEY_9_0");
    assert_eq!(
        setting(&cache(&with_cache(|it| it.version = Some("8.0".to_owned()))), "engine_version"),
        "VALKEY_8_0"
    );
    assert_eq!(setting(&cache(&redis(|_| ())), "redis_version"), "REDIS_7_2");
    assert_eq!(
        setting(&cache(&redis(|it| it.version = Some("6.2".to_owned()))), "redis_version"),
        "REDIS_6_X"
    );
}

#[test]
fn a_version_that_is_not_sold_is_refused_with_those_that_are() {
    let (what, why) = objection(&redis(|it| it.version = Some("7.4".to_owned())));
    assert_eq!(what, "redis 7.4");
    assert!(why.contains("7.2, 7.0"), "{why}");
}

#[test]
fn snapshots_of_valkey_are_kept_as_long_as_asked() {
    let it = cache(&blueprint());
    assert_eq!(setting(&it, "automated_backup/retention"), "604800s");
    let none = cache(&with_cache(|it| it.snapshot_days = 0));
    assert_eq!(setting(&none, "automated_backup"), "{automated_backup_mode: DISABLED}");
    assert_eq!(objection(&with_cache(|it| it.snapshot_days = 366)).0, "cache snapshots of 366 days");
}

#[test]
fn redis_keeps_no_snapshots_and_says_so() {
    let (what, why) = objection(&redis(|it| it.snapshot_days = 7));
    assert_eq!(what, "cache snapshots of 7 days");
    assert!(why.contains("valkey-"), "{why}");
}

#[test]
fn a_cluster_and_what_is_no_product_are_refused() {
    let (_, why) = objection(&with_cache(|it| it.sku = "redis-cluster-highmem-xlarge".to_owned()));
    assert!(why.contains("cluster protocol"), "{why}");
    for sku in ["cache.r6g.large", "m6-8gb", "m2-gb", "m2-0gb", "valkey-huge"] {
        assert_eq!(objection(&with_cache(|it| it.sku = sku.to_owned())).0, format!("cache {sku}"));
    }
}
