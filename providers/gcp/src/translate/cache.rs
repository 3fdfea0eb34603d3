//! The cache: Memorystore for Valkey or for Redis, whichever the product is, never in cluster mode, encrypted on the way.

use loadline_contract::deploy::{Blueprint, CacheBlueprint, Objection, Resource, Value};

use super::{Part, addresses, objection, unless};

/// Days that automated backups of Memorystore for Valkey are kept (Memorystore API, `automatedBackupConfig.retention`).
const MOST_BACKUP_DAYS: u32 = 365;
/// Seconds of a day: the API writes a retention as `604800s`.
const DAY_S: u64 = 86_400;
/// Newest first; the newest is taken where none is asked for. 9.1 is a preview (November 2026).
const VALKEY_VERSIONS: [(&str, &str); 3] =
    [("9.0", "VALKEY_9_0"), ("8.0", "VALKEY_8_0"), ("7.2", "VALKEY_7_2")];
/// Newest first (Redis API, `redisVersion`).
const REDIS_VERSIONS: [(&str, &str); 3] = [("7.2", "REDIS_7_2"), ("7.0", "REDIS_7_0"), ("6", "REDIS_6_X")];
/// Node types by the product's name (`cache.book`; Memorystore API, `nodeType`).
const NODE_TYPES: [(&str, &str); 4] = [
    ("valkey-shared-core-nano", "SHARED_CORE_NANO"),
    ("valkey-standard-small", "STANDARD_SMALL"),
    ("valkey-highmem-medium", "HIGHMEM_MEDIUM"),
    ("valkey-highmem-xlarge", "HIGHMEM_XLARGE"),
];

/// What a product's name says.
enum Product {
    Valkey { node_type: &'static str },
    Redis { memory_gb: u32 },
}

fn product(sku: &str) -> Option<Product> {
    if let Some((_, node_type)) = NODE_TYPES.iter().find(|(name, _)| *name == sku) {
        return Some(Product::Valkey { node_type });
    }
    // Capacity tier and size: `m2-8gb`.
    let (tier, size) = sku.split_once('-')?;
    let known = ["m1", "m2", "m3", "m4", "m5"].contains(&tier);
    let memory_gb = size.strip_suffix("gb")?.parse().ok().filter(|gb| (1..=300).contains(gb))?;
    known.then_some(Product::Redis { memory_gb })
}

/// Whether there is a cache that is reached over private services access.
pub(super) fn is_redis(blueprint: &Blueprint) -> bool {
    let product = blueprint.cache.as_ref().and_then(|cache| product(&cache.sku));
    matches!(product, Some(Product::Redis { .. }))
}

/// The API's name of a version; `None`: not sold.
fn version(sold: &[(&str, &'static str)], asked: Option<&str>) -> Option<&'static str> {
    let Some(asked) = asked else { return sold.first().map(|(_, name)| *name) };
    // 6.0 and 6.2 are one product, 6.x.
    let same = |version: &str| version == asked || (version == "6" && asked.starts_with("6."));
    sold.iter().find(|(version, _)| same(version)).map(|(_, name)| *name)
}

pub(super) fn cache(blueprint: &Blueprint) -> Part {
    let Some(cache) = &blueprint.cache else { return Ok(Vec::new()) };
    let Some(product) = product(&cache.sku) else { return Err(vec![no_product(cache)]) };
    let sold: &[_] = match product {
        Product::Valkey { .. } => &VALKEY_VERSIONS,
        Product::Redis { .. } => &REDIS_VERSIONS,
    };
    let mut objections = snapshots(cache, &product);
    let Some(version) = version(sold, cache.version.as_deref()) else {
        let versions: Vec<&str> = sold.iter().map(|(version, _)| *version).collect();
        objections.push(objection(
            format!("{} {}", cache.engine, cache.version.as_deref().unwrap_or_default()),
            format!("{} is sold with {}; set cache.version to one of them", cache.sku, versions.join(", ")),
        ));
        return Err(objections);
    };
    unless(objections, || {
        vec![match product {
            Product::Valkey { node_type } => valkey(blueprint, cache, node_type, version),
            Product::Redis { memory_gb } => redis(blueprint, cache, memory_gb, version),
        }]
    })
}

fn no_product(cache: &CacheBlueprint) -> Objection {
    let why = if cache.sku.starts_with("redis-cluster-") {
        "Memorystore for Redis Cluster speaks the cluster protocol only, which a plain client and Celery do not; pin a \
         valkey-… product, or one of Memorystore for Redis such as m2-8gb"
    } else {
        "this is no product of Memorystore; pin a valkey-… product, or one of Memorystore for Redis such as m2-8gb"
    };
    objection(format!("cache {}", cache.sku), why)
}

fn snapshots(cache: &CacheBlueprint, product: &Product) -> Vec<Objection> {
    let days = cache.snapshot_days;
    match product {
        Product::Redis { .. } if days > 0 => vec![objection(
            format!("cache snapshots of {days} days"),
            "Memorystore for Redis keeps none: it writes one for its own recovery only; pin a valkey-… product, or set \
             resilience.backups.keep to 0 days",
        )],
        Product::Valkey { .. } if days > MOST_BACKUP_DAYS => vec![objection(
            format!("cache snapshots of {days} days"),
            format!(
                "Memorystore keeps backups for at most {MOST_BACKUP_DAYS} days; lower resilience.backups.keep"
            ),
        )],
        _ => Vec::new(),
    }
}

/// A queue may lose nothing silently; of a mere cache the least used goes first.
fn eviction(cache: &CacheBlueprint) -> Value {
    let policy = if cache.holds_queue { "noeviction" } else { "allkeys-lfu" };
    Value::map([("maxmemory-policy", policy.into())])
}

fn valkey(blueprint: &Blueprint, cache: &CacheBlueprint, node_type: &str, version: &str) -> Resource {
    let first = blueprint.zones.first().map(String::as_str).unwrap_or_default();
    let zones = if cache.replica && blueprint.zones.len() > 1 {
        Value::map([("mode", "MULTI_ZONE".into())])
    } else {
        Value::map([("mode", "SINGLE_ZONE".into()), ("zone", first.into())])
    };
    let backups = if cache.snapshot_days == 0 {
        Value::map([("automated_backup_mode", "DISABLED".into())])
    } else {
        Value::map([
            ("automated_backup_mode", "ENABLED".into()),
            ("start_hour", 3_u32.into()),
            ("retention", format!("{}s", u64::from(cache.snapshot_days) * DAY_S).into()),
        ])
    };
    Resource::new(
        addresses::cache(),
        [
            ("product", "valkey".into()),
            ("engine_version", version.into()),
            ("node_type", node_type.into()),
            // One shard without the cluster protocol: Celery cannot use a cluster.
            ("mode", "CLUSTER_DISABLED".into()),
            ("shard_count", 1_u32.into()),
            ("replica_count", u32::from(cache.replica).into()),
            ("zone_distribution", zones),
            ("network", Value::output(&addresses::connection_policy(), "network")),
            ("transit_encryption_mode", "SERVER_AUTHENTICATION".into()),
            // The other mode takes Google identities whose tokens end within the hour, which a client with a fixed
            // password cannot follow. Only the subnet of the app machines has an endpoint.
            ("authorization_mode", "AUTH_DISABLED".into()),
            ("engine_configs", eviction(cache)),
            ("persistence_mode", "DISABLED".into()),
            ("automated_backup", backups),
            ("deletion_protection_enabled", true.into()),
        ],
    )
}

fn redis(blueprint: &Blueprint, cache: &CacheBlueprint, memory_gb: u32, version: &str) -> Resource {
    let mut instance = Resource::new(
        addresses::cache(),
        [
            ("product", "redis".into()),
            ("redis_version", version.into()),
            ("tier", if cache.replica { "STANDARD_HA" } else { "BASIC" }.into()),
            ("memory_size_gb", memory_gb.into()),
            ("network", Value::output(&addresses::service_connection(), "network")),
            ("connect_mode", "PRIVATE_SERVICE_ACCESS".into()),
            ("auth_enabled", true.into()),
            ("transit_encryption_mode", "SERVER_AUTHENTICATION".into()),
            ("redis_configs", eviction(cache)),
            ("persistence_mode", "DISABLED".into()),
        ],
    );
    let places = ["location_id", "alternative_location_id"].into_iter().zip(&blueprint.zones);
    for (setting, zone) in places.take(if cache.replica { 2 } else { 1 }) {
        instance.settings.insert(setting.to_owned(), zone.as_str().into());
    }
    instance
}
