//! A blueprint that every translation is tried with, and what a translation has to be.

use std::collections::BTreeMap;

use crate::Architecture;
use crate::deploy::{
    Address, AlarmLines, AppBlueprint, BalancerBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint,
    KindRule, NatSpread, Resource, SshAccess, rule,
};

/// The plan for 2000 users with one of everything, as it arrives at a cloud; a cloud's tests set its own region, zones and
/// products.
///
/// # Panics
/// Never: the name is one.
pub fn teachers() -> Blueprint {
    Blueprint {
        deployment: "teachers".parse().expect("a constant that is a name"),
        region: String::new(),
        zones: Vec::new(),
        nat: NatSpread::One,
        app: AppBlueprint {
            sku: String::new(),
            architecture: Architecture::X86,
            count: 3,
            most: 6,
            disk_gib: 500,
            os: "ubuntu-24.04".to_owned(),
            port: 8000,
            health: "/health".to_owned(),
            target_cpu_percent: 65,
            first_start: "#cloud-config\n{}\n".to_owned(),
            ssh: Some(SshAccess {
                user: "ubuntu".to_owned(),
                public_key: "ssh-ed25519 AAAA ops".to_owned(),
                from: vec!["203.0.113.0/24".to_owned()],
            }),
        },
        database: Some(DatabaseBlueprint {
            sku: String::new(),
            engine: "mysql".to_owned(),
            version: "8.4".to_owned(),
            memory_gib: Some(32.0),
            storage_gib: 1024,
            iops: 3000,
            standby: true,
            read_replicas: 0,
            backup_days: 7,
            point_in_time: true,
            max_connections: 2000,
            buffer_pool_bytes: 8 << 30,
        }),
        cache: Some(CacheBlueprint {
            sku: String::new(),
            engine: "valkey".to_owned(),
            version: None,
            replica: true,
            snapshot_days: 7,
            holds_queue: true,
        }),
        balancer: BalancerBlueprint { sku: String::new(), nodes: 1, certificate: None },
        alarms: Some(AlarmLines {
            email: "ops@example.org".to_owned(),
            cpu_percent: 85.0,
            mean_s: Some(0.3),
            p95_s: Some(0.5),
            connections: 0.8,
            cache_memory_percent: 80.0,
        }),
    }
}

/// Whether a translation can be carried out at all: every address once and of a known kind, every reference to something that
/// is made in a strictly earlier stage.
///
/// # Errors
/// The first that is not so.
pub fn well_formed(stages: &[&[KindRule]], resources: &[Resource]) -> Result<(), String> {
    let mut known: BTreeMap<&Address, usize> = BTreeMap::new();
    for Resource { address, .. } in resources {
        let Some((stage, _)) = rule(stages, address.kind()) else {
            return Err(format!("{address} has no rule"));
        };
        if known.insert(address, stage).is_some() {
            return Err(format!("{address} is there twice"));
        }
    }
    for resource in resources {
        let address = &resource.address;
        for reference in resource.references() {
            match known.get(&reference.of) {
                None => return Err(format!("{address} refers to {}, which is not there", reference.of)),
                Some(stage) if *stage >= known[address] => {
                    return Err(format!("{address} refers to {}, which is not made before it", reference.of));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}
