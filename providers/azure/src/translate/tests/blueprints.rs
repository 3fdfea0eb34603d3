//! Blueprints to translate: one of everything, and any.

use loadline_contract::Architecture;
use loadline_contract::deploy::{
    AlarmLines, AppBlueprint, BalancerBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint, NatSpread,
    SshAccess,
};
use proptest::prelude::*;

/// The plan for 2000 users, as it arrives here.
pub(super) fn teachers() -> Blueprint {
    Blueprint {
        deployment: "teachers".parse().unwrap(),
        region: "eastus".to_owned(),
        zones: vec!["1".to_owned(), "2".to_owned()],
        nat: NatSpread::One,
        app: AppBlueprint {
            sku: "Standard_F16as_v6".to_owned(),
            architecture: Architecture::X86,
            count: 3,
            most: 6,
            disk_gib: 512,
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
            sku: "Standard_D8ds_v4".to_owned(),
            engine: "mysql".to_owned(),
            version: "8.4".to_owned(),
            memory_gib: Some(32.0),
            storage_gib: 1024,
            iops: 3000,
            standby: true,
            backup_days: 7,
            point_in_time: true,
            max_connections: 2000,
            buffer_pool_bytes: 8 << 30,
        }),
        cache: Some(CacheBlueprint {
            sku: "balanced-b5".to_owned(),
            engine: "redis".to_owned(),
            version: None,
            replica: true,
            snapshot_days: 7,
            holds_queue: true,
        }),
        balancer: BalancerBlueprint { sku: "load-balancer-standard".to_owned(), nodes: 1, certificate: None },
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

/// The same behind an Application Gateway with a certificate.
pub(super) fn behind_a_gateway() -> Blueprint {
    let mut blueprint = teachers();
    blueprint.balancer.sku = "application-gateway-v2".to_owned();
    blueprint.balancer.certificate = Some(
        "/subscriptions/0/resourceGroups/certificates/providers/Microsoft.KeyVault/vaults/ours/secrets/site"
            .to_owned(),
    );
    blueprint
}

/// Any blueprint that Azure can build.
pub(super) fn any_blueprint() -> impl Strategy<Value = Blueprint> {
    let shape = (0_usize..=3, any::<bool>(), 1_u32..40, 1_u32..3, 1_u32..4000, any::<u16>());
    let parts = (any::<[bool; 8]>(), 0_u32..=35, 10_u32..5000, "[a-z][a-z0-9-]{0,40}", 1_u32..=100);
    (shape, parts).prop_map(
        |((zones, apart, count, factor, disk_gib, port), (has, days, connections, name, cpu))| {
            let mut blueprint = if has[0] { behind_a_gateway() } else { teachers() };
            blueprint.balancer.certificate = blueprint.balancer.certificate.filter(|_| has[1]);
            blueprint.deployment = name.parse().unwrap();
            blueprint.zones = ["1", "2", "3"][..zones].iter().map(|zone| (*zone).to_owned()).collect();
            blueprint.nat = if apart { NatSpread::EachZone } else { NatSpread::One };
            let app = &mut blueprint.app;
            (app.count, app.most, app.disk_gib, app.port) = (count, count * factor, disk_gib, port.max(1));
            app.target_cpu_percent = cpu;
            if let Some(database) = &mut blueprint.database {
                (database.backup_days, database.max_connections) = (days, connections);
                database.standby = has[2];
            }
            if let Some(cache) = &mut blueprint.cache {
                (cache.snapshot_days, cache.replica, cache.holds_queue) = (days, has[3], has[4]);
            }
            blueprint.database = blueprint.database.filter(|_| has[5]);
            blueprint.cache = blueprint.cache.filter(|_| has[6]);
            blueprint.alarms = blueprint.alarms.filter(|_| has[7]);
            blueprint
        },
    )
}
