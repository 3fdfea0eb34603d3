//! The cache: Managed Valkey, reachable by the application's machines only.

use loadline_contract::deploy::{Address, Resource, Value};

use super::{Base, Draft};

pub(super) fn add(draft: &mut Draft<'_>, base: &Base) -> Option<Address> {
    let wanted = draft.blueprint.cache.as_ref()?;
    if wanted.engine != "valkey" {
        let why = format!(
            "Managed {} is not sold any more (since 2025-06-30); set cache.engine to valkey",
            wanted.engine
        );
        draft.object("cache.engine", why);
    }
    if let Some(version) = wanted.version.as_ref().filter(|version| version.split('.').next() != Some("8")) {
        draft.object(
            "cache.version",
            format!("Managed Valkey is sold as version 8, not {version}; leave cache.version out"),
        );
    }
    if wanted.replica && wanted.sku.ends_with("-1vcpu-1gb") {
        let why = format!("{} is sold without a standby; take a size of 2 GB or more", wanted.sku);
        draft.object("resilience.cache_replica", why);
    }
    // A queue is one key: evicting it would drop every waiting task. Of the policies that the API takes for Valkey, the least
    // recently used is the nearest to what a cache wants; it has none by frequency.
    let eviction = if wanted.holds_queue { "noeviction" } else { "allkeys_lru" };
    Some(draft.add(Resource::new(
        Address::new("cache", "main"),
        [
            ("engine", "valkey".into()),
            ("version", "8".into()),
            ("region", draft.region()),
            ("size", wanted.sku.as_str().into()),
            ("nodes", (1 + u32::from(wanted.replica)).into()),
            ("eviction", eviction.into()),
            ("persistence", "rdb".into()),
            ("network", Value::of(&base.network)),
            ("project", Value::of(&base.project)),
            ("trusted", Value::List(vec![Value::of(&base.tag)])),
        ],
    )))
}
