//! The cache: an ElastiCache replication group with one shard. Task queues cannot use a sharded one.

use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::network::Network;
use super::security::Firewalls;

pub(super) fn add(draft: &mut Draft<'_>, network: &Network, firewalls: &Firewalls) -> Option<Address> {
    let (wanted, firewall) = (draft.blueprint.cache.as_ref()?, firewalls.cache.as_ref()?);
    // With a major version alone the cloud takes a minor one of its own, which would then differ from what was asked for.
    let asked = wanted.version.as_deref().unwrap_or(if wanted.engine == "valkey" { "8" } else { "7" });
    let (family, version) = match (wanted.engine.as_str(), asked.split('.').collect::<Vec<_>>().as_slice()) {
        ("valkey", ["7"]) => ("valkey7", "7.2"),
        ("valkey", ["7", "2"]) => ("valkey7", asked),
        ("valkey", ["8"]) => ("valkey8", "8.0"),
        ("valkey", ["8", _]) => ("valkey8", asked),
        ("redis", ["7"]) => ("redis7", "7.1"),
        ("redis", ["7", "0" | "1"]) => ("redis7", asked),
        (engine, _) => {
            let why = format!(
                "ElastiCache runs Valkey 7.2 and 8, Redis 7.0 and 7.1, each with the newest patch release, not {engine} {asked}; \
                 change cache.version"
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
