//! The cache: Azure Managed Redis with its one database, reached by a private endpoint.
//!
//! Azure Cache for Redis takes no new customers and is not made.

use loadline_contract::deploy::{Address, CacheBlueprint, Resource, Value};

use super::Draft;
use super::network::Network;

/// The port of every Managed Redis (Azure docs, "Azure Managed Redis architecture").
pub(super) const PORT: u16 = 10_000;

pub(super) fn add(draft: &mut Draft<'_>, network: &Network) -> Option<Address> {
    let (wanted, subnet) = (draft.blueprint.cache.as_ref()?, network.cache.as_ref()?);
    let sku = sku(draft, wanted)?;
    let availability = if wanted.replica { "Enabled" } else { "Disabled" };
    let cache = draft.add(Resource::new(
        Address::new("cache", "main"),
        [
            ("sku", sku.into()),
            // Its two nodes are spread over zones wherever the region has some.
            ("high_availability", availability.into()),
            ("minimum_tls", "1.2".into()),
            ("public_network_access", "Disabled".into()),
        ],
    ));
    // A queue is one key: evicting it would drop every waiting task.
    let eviction = if wanted.holds_queue { "NoEviction" } else { "AllKeysLFU" };
    draft.add_inside(Resource::new(
        Address::new("cache-database", "main"),
        [
            ("cache", Value::of(&cache)),
            ("port", u32::from(PORT).into()),
            ("protocol", "Encrypted".into()),
            // One address and the classic protocol: task queues cannot use a sharded one.
            ("clustering", "EnterpriseCluster".into()),
            ("eviction", eviction.into()),
            // What task queues and cache libraries log in with; it is off unless it is asked for.
            ("access_keys", "Enabled".into()),
            // It keeps the newest snapshot to start again from, not one for each day: that would be an export of its own.
            ("snapshot_every", if wanted.snapshot_days > 0 { "1h" } else { "never" }.into()),
        ],
    ));
    let zone = draft.add(Resource::new(
        Address::new("dns-zone", "cache"),
        [("name", "privatelink.redis.azure.net".into())],
    ));
    let link = super::database::link(draft, "cache", &zone, network);
    draft.add(Resource::new(
        Address::new("endpoint", "cache"),
        [
            ("subnet", Value::of(subnet)),
            ("target", Value::of(&cache)),
            ("part", "redisEnterprise".into()),
            ("dns_zone", Value::of(&zone)),
            ("dns_link", Value::of(&link)),
        ],
    ));
    Some(cache)
}

/// The product as the API spells it: `balanced-b10` is `Balanced_B10`.
fn sku(draft: &mut Draft<'_>, wanted: &CacheBlueprint) -> Option<String> {
    if wanted.engine != "redis" {
        draft.object(
            "cache.engine",
            format!("Azure sells Managed Redis, not {}; set cache.engine to redis", wanted.engine),
        );
        return None;
    }
    if let Some(version) = wanted.version.as_ref().filter(|version| version.split('.').next() != Some("7")) {
        let why = format!(
            "Managed Redis runs Redis 7 and no other can be chosen, not {version}; leave cache.version out"
        );
        draft.object("cache.version", why);
    }
    let spelled = [
        ("balanced-", "Balanced_"),
        ("memory-optimized-", "MemoryOptimized_"),
        ("compute-optimized-", "ComputeOptimized_"),
        ("flash-optimized-", "FlashOptimized_"),
    ];
    let found = spelled.iter().find_map(|(ours, theirs)| {
        Some(format!("{theirs}{}", wanted.sku.strip_prefix(ours)?.to_uppercase()))
    });
    if found.is_none() {
        let why = format!(
            "`{}` takes no new customers; take an Azure Managed Redis, such as balanced-b10",
            wanted.sku
        );
        draft.object("cache", why);
    }
    found
}
