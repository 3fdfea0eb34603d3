//! Blueprints to translate: one of everything, and any.

use loadline_contract::conformance;
use loadline_contract::deploy::{Blueprint, NatSpread};
use proptest::prelude::*;

/// The plan for 2000 users, as it arrives here.
pub(super) fn teachers() -> Blueprint {
    let mut blueprint = conformance::teachers();
    blueprint.region = "eastus".to_owned();
    blueprint.zones = vec!["1".to_owned(), "2".to_owned()];
    blueprint.app.sku = "Standard_F16as_v6".to_owned();
    blueprint.app.disk_gib = 512;
    if let Some(database) = &mut blueprint.database {
        database.sku = "Standard_D8ds_v4".to_owned();
    }
    if let Some(cache) = &mut blueprint.cache {
        (cache.sku, cache.engine) = ("balanced-b5".to_owned(), "redis".to_owned());
    }
    blueprint.balancer.sku = "load-balancer-standard".to_owned();
    blueprint
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
