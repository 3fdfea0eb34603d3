//! The kinds of resources on this cloud, in the order in which they are made: what a change takes, what holds data, what is billed as
//! what, how long it takes and which permissions it needs.
//!
//! Permissions are the scopes of a token, as the API description states them. Minutes are rounded from what the services'
//! documentation and their users report; they only show how long a plan takes.

use loadline_contract::deploy::OnChange::{Ignore, RaiseOnly, Replace};
use loadline_contract::deploy::{Billed, Contents, KindRule, OnChange, SettingRule};

const fn on(setting: &'static str, on_change: OnChange) -> SettingRule {
    SettingRule { setting, on_change }
}

type Permissions = [&'static [&'static str]; 4];

/// The scopes of one sort of things, and what making one needs beside them.
macro_rules! scopes {
    ($sort:literal $(, $more:literal)*) => {
        [
            &[concat!($sort, ":read")],
            &[concat!($sort, ":create") $(, $more)*],
            &[concat!($sort, ":update")],
            &[concat!($sort, ":delete")],
        ]
    };
}

const fn free(
    kind: &'static str,
    title: &'static str,
    settings: &'static [SettingRule],
    permissions: Permissions,
) -> KindRule {
    let (contents, billed) = (Contents::Nothing, Billed::Free);
    KindRule { kind, title, settings, contents, billed, minutes: [0.1, 0.1, 0.1], permissions }
}

const PROJECT: KindRule = free("project", "project", &[], scopes!("project"));

const NETWORK: KindRule = free("network", "VPC network", &[on("region", Replace)], scopes!("vpc"));

const KEY: KindRule = free("key", "SSH key", &[on("public_key", Replace)], scopes!("ssh_key"));

const TAG: KindRule =
    free("tag", "tag", &[on("name", Replace)], [&["tag:read"], &["tag:create"], &[], &["tag:delete"]]);

const VOLUME: KindRule = KindRule {
    billed: Billed::App,
    ..free(
        "volume",
        "block storage volume",
        &[on("region", Replace), on("size_gib", RaiseOnly), on("filesystem", Replace)],
        [
            &["block_storage:read"],
            &["block_storage:create", "tag:create", "project:assign_resource"],
            &["block_storage_action:create"],
            &["block_storage:delete"],
        ],
    )
};

const BALANCER: KindRule = KindRule {
    billed: Billed::Balancer,
    minutes: [3.0, 1.0, 1.0],
    ..free(
        "balancer",
        "load balancer",
        &[on("network", Replace), on("kind", Replace), on("region", Replace)],
        scopes!("load_balancer", "tag:read", "project:assign_resource"),
    )
};

const DATABASE: KindRule = KindRule {
    contents: Contents::Data,
    billed: Billed::Database,
    minutes: [8.0, 15.0, 1.0],
    ..free(
        "database",
        "Managed MySQL",
        &[on("engine", Replace), on("region", Replace), on("network", Replace), on("storage_gib", RaiseOnly)],
        scopes!("database", "vpc:read", "tag:create", "project:assign_resource"),
    )
};

const CACHE: KindRule = KindRule {
    contents: Contents::Data,
    billed: Billed::Cache,
    minutes: [6.0, 10.0, 1.0],
    ..free(
        "cache",
        "Managed Valkey",
        &[on("engine", Replace), on("region", Replace), on("network", Replace)],
        scopes!("database", "vpc:read", "tag:create", "project:assign_resource"),
    )
};

const FIREWALL: KindRule = free("firewall", "cloud firewall", &[], scopes!("firewall", "tag:read"));

const APP: KindRule = KindRule {
    billed: Billed::App,
    minutes: [1.0, 3.0, 0.5],
    ..free(
        "app",
        "droplet",
        &[
            on("region", Replace),
            on("image", Replace),
            on("network", Replace),
            on("volumes", Replace),
            // They hold for the first start only, and the cloud does not tell what they are. Machines that run are tuned in place.
            on("first_start", Ignore),
            on("keys", Ignore),
            on("monitoring", Replace),
            on("firewall", Ignore),
        ],
        scopes!("droplet", "image:read", "ssh_key:read", "tag:create", "vpc:read", "project:assign_resource"),
    )
};

const GROUP: KindRule = KindRule {
    billed: Billed::App,
    minutes: [3.0, 5.0, 2.0],
    ..free(
        "group",
        "autoscale pool",
        &[on("region", Replace), on("machine_name", Replace), on("firewall", Ignore)],
        [
            &["droplet:read"],
            &["droplet:create", "ssh_key:read", "tag:read", "vpc:read", "project:read"],
            // So the API description: an update of a pool is a right to make machines.
            &["droplet:create"],
            &["droplet:delete"],
        ],
    )
};

const ALARM: KindRule = KindRule {
    billed: Billed::Alarm,
    ..free("alarm", "alert policy", &[on("type", Replace)], scopes!("monitoring"))
};

/// Every kind; what stands in one stage does not refer to each other. Machines come after their firewall: none is open for a moment.
pub(crate) const STAGES: &[&[KindRule]] = &[
    &[PROJECT, NETWORK, KEY, TAG],
    &[VOLUME, BALANCER, DATABASE, CACHE],
    &[FIREWALL],
    &[APP, GROUP],
    &[ALARM],
];
