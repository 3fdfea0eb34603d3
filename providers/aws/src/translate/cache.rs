//! The cache: an ElastiCache replication group with one shard. Task queues cannot use a sharded one.

use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::network::Network;
use super::security::Firewalls;

pub(super) fn add(draft: &mut Draft<'_>, network: &Network, firewalls: &Firewalls) -> Option<Address> {
    let (wanted, firewall) = (draft.blueprint.cache.as_ref()?, firewalls.cache.as_ref()?);
    let newest = match wanted.engine.as_str() {
        "valkey" => "8.0",
        _ => "7.1",
    };
    let version = wanted.version.as_deref().unwrap_or(newest);
    let major = version.split('.').next().unwrap_or_default();
    let family = match (wanted.engine.as_str(), major) {
        ("valkey", "7") => "valkey7",
        ("valkey", "8") => "valkey8",
        ("redis", "7") => "redis7",
        (engine, _) => {
            let why = format!(
                "ElastiCache runs Valkey 7 and 8 and Redis 7, not {engine} {version}; change cache.version"
            );
            draft.object("cache.version", why);
            return None;
        }
    };
    if wanted.snapshot_days > 35 {
        draft.object(
            "backups",
            "ElastiCache keeps snapshots for 35 days at most; lower resilience.backups.keep",
        );
    }
    // A queue is one key: evicting it would drop every waiting task.
    let policy = if wanted.holds_queue { "noeviction" } else { "allkeys-lfu" };
    let parameters = draft.add(Resource::new(
        Address::new("cache-parameters", family),
        [
            ("family", family.into()),
            ("parameters", Value::Map(BTreeMap::from([("maxmemory-policy".to_owned(), policy.into())]))),
        ],
    ));
    let subnets = draft.add(Resource::new(
        Address::new("cache-subnets", "main"),
        [("subnets", Value::List(network.private.iter().map(Value::of).collect()))],
    ));
    Some(draft.add(Resource::new(
        Address::new("cache", "main"),
        [
            ("engine", wanted.engine.as_str().into()),
            ("version", version.into()),
            ("node_type", wanted.sku.as_str().into()),
            ("nodes", (1 + u32::from(wanted.replica)).into()),
            ("multi_az", wanted.replica.into()),
            ("encrypted", true.into()),
            ("in_transit_encryption", true.into()),
            ("snapshot_days", wanted.snapshot_days.into()),
            ("parameters", Value::of(&parameters)),
            ("subnets", Value::of(&subnets)),
            ("firewalls", Value::List(vec![Value::of(firewall)])),
        ],
    )))
}
