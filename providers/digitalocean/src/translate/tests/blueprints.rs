//! Blueprints to translate: one of everything, and any.

use loadline_contract::conformance;
use loadline_contract::deploy::Blueprint;
use proptest::prelude::*;

/// The plan for 2000 users, as far as it can be built here.
pub(super) fn teachers() -> Blueprint {
    let mut blueprint = conformance::teachers();
    blueprint.region = "nyc3".to_owned();
    let app = &mut blueprint.app;
    (app.sku, app.most) = ("c-16".to_owned(), app.count);
    app.first_start = "#cloud-config\n{\"runcmd\":[]}\n".to_owned();
    if let Some(database) = &mut blueprint.database {
        (database.sku, database.version) = ("db-s-8vcpu-32gb".to_owned(), "8.0".to_owned());
    }
    if let Some(cache) = &mut blueprint.cache {
        cache.sku = "db-s-2vcpu-4gb".to_owned();
    }
    (blueprint.balancer.sku, blueprint.balancer.nodes) = ("regional-lb".to_owned(), 2);
    blueprint
}

/// The same in a pool that may double, with no more disk than its machines have.
pub(super) fn growing() -> Blueprint {
    let mut blueprint = teachers();
    (blueprint.app.most, blueprint.app.disk_gib) = (6, 200);
    blueprint
}

/// Any blueprint that can be built.
pub(super) fn any_blueprint() -> impl Strategy<Value = Blueprint> {
    let shape = (1_u32..40, 1_u32..3, 1_u32..4000, any::<u16>(), 1_u32..=100);
    let parts = (any::<[bool; 8]>(), 0_u32..=7, 10_u32..3200, "[a-z][a-z0-9-]{0,40}", 1_u32..=100);
    (shape, parts).prop_map(
        |((count, factor, disk_gib, port, cpu), (has, days, connections, name, nodes))| {
            let mut blueprint = teachers();
            blueprint.deployment = name.parse().unwrap();
            blueprint.balancer.nodes = nodes;
            blueprint.balancer.certificate =
                has[0].then(|| "892071a0-bb95-49bc-8021-3afd67a210bf".to_owned());
            let app = &mut blueprint.app;
            (app.count, app.most, app.port, app.target_cpu_percent) =
                (count, count * factor, port.max(1), cpu);
            app.disk_gib = if app.most > app.count { disk_gib.min(200) } else { disk_gib };
            if !has[1] && app.most == app.count {
                app.ssh = None;
            }
            if let Some(database) = &mut blueprint.database {
                (database.backup_days, database.max_connections) = (days, connections);
                database.standby = has[2];
            }
            if let Some(cache) = &mut blueprint.cache {
                (cache.replica, cache.holds_queue) = (has[3], has[4]);
            }
            blueprint.database = blueprint.database.filter(|_| has[5]);
            blueprint.cache = blueprint.cache.filter(|_| has[6]);
            blueprint.alarms = blueprint.alarms.filter(|_| has[7]);
            blueprint
        },
    )
}
