//! The kinds of resources on this cloud, in the order in which they are made: what a change takes, what holds data, what is billed as
//! what, how long it takes and which permissions it needs.
//!
//! Permissions are the scopes of a token, as the API description states them. Minutes are rounded from what the services'
//! documentation and their users report; they only show how long a plan takes.

use loadline_contract::deploy::{Billed, Contents, KindRule, SettingRule, fixed, growing, ignored};

type Permissions = [&'static [&'static str]; 4];

/// The scopes of one sort of things, and what making, changing and removing one needs beside them.
macro_rules! scopes {
    ($sort:literal) => {
        scopes!($sort, [], [], [])
    };
    ($sort:literal, [$($make:literal),*], [$($change:literal),*], [$($remove:literal),*]) => {
        [
            &[concat!($sort, ":read")],
            &[concat!($sort, ":create") $(, $make)*],
            &[concat!($sort, ":update") $(, $change)*],
            &[concat!($sort, ":delete") $(, $remove)*],
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

const PROJECT: KindRule = free(
    "project",
    "project",
    &[],
    [
        // Whose the token is, which proves it.
        &["project:read", "account:read"],
        &["project:create"],
        &["project:update"],
        &["project:delete"],
    ],
);

const NETWORK: KindRule = free("network", "VPC network", &[fixed("region")], scopes!("vpc"));

const KEY: KindRule = free("key", "SSH key", &[fixed("public_key")], scopes!("ssh_key"));

const TAG: KindRule = free("tag", "tag", &[], [&["tag:read"], &["tag:create"], &[], &["tag:delete"]]);

const VOLUME: KindRule = KindRule {
    billed: Billed::App,
    ..free(
        "volume",
        "block storage volume",
        &[fixed("region"), growing("size_gib"), fixed("filesystem")],
        [
            &["block_storage:read"],
            &["block_storage:create", "tag:create", "project:assign_resource"],
            &["block_storage_action:create", "project:assign_resource"],
            &["block_storage:delete", "tag:delete"],
        ],
    )
};

const BALANCER: KindRule = KindRule {
    billed: Billed::Balancer,
    minutes: [3.0, 1.0, 1.0],
    ..free(
        "balancer",
        "load balancer",
        &[fixed("network"), fixed("kind"), fixed("region")],
        scopes!("load_balancer", ["tag:read", "project:assign_resource"], ["project:assign_resource"], []),
    )
};

const DATABASE: KindRule = KindRule {
    contents: Contents::Data(None),
    billed: Billed::Database,
    minutes: [8.0, 15.0, 1.0],
    ..free(
        "database",
        "Managed MySQL",
        &[fixed("engine"), fixed("region"), fixed("network"), growing("storage_gib")],
        scopes!(
            "database",
            ["database:update", "vpc:read", "tag:create", "project:assign_resource"],
            ["tag:create", "project:assign_resource"],
            ["tag:delete"]
        ),
    )
};

/// A copy: whatever is in it is in the database too. Its tags, which note its storage, are fixed when it is made.
const READ_REPLICA: KindRule = KindRule {
    billed: Billed::ReadReplica,
    minutes: [8.0, 15.0, 1.0],
    ..free(
        "read-replica",
        "read-only node",
        &[fixed("database"), fixed("region"), fixed("network"), fixed("storage_gib")],
        scopes!("database", ["vpc:read", "tag:create"], [], ["tag:delete"]),
    )
};

const CACHE: KindRule = KindRule {
    contents: Contents::Data(None),
    billed: Billed::Cache,
    minutes: [6.0, 10.0, 1.0],
    ..free(
        "cache",
        "Managed Valkey",
        &[fixed("engine"), fixed("region"), fixed("network")],
        scopes!(
            "database",
            ["database:update", "vpc:read", "tag:create", "project:assign_resource"],
            ["tag:create", "project:assign_resource"],
            ["tag:delete"]
        ),
    )
};

const FIREWALL: KindRule = free("firewall", "cloud firewall", &[], scopes!("firewall", ["tag:read"], [], []));

const APP: KindRule = KindRule {
    billed: Billed::App,
    minutes: [1.0, 3.0, 0.5],
    ..free(
        "app",
        "droplet",
        &[
            fixed("region"),
            fixed("image"),
            fixed("network"),
            fixed("volumes"),
            // They hold for the first start only, and the cloud does not tell what they are. Machines that run are tuned in place.
            ignored("first_start"),
            ignored("keys"),
            fixed("monitoring"),
            ignored("firewall"),
        ],
        scopes!(
            "droplet",
            [
                "image:read",
                "sizes:read",
                "regions:read",
                "ssh_key:read",
                "tag:create",
                "vpc:read",
                "project:assign_resource"
            ],
            ["image:read", "sizes:read", "tag:create", "project:assign_resource"],
            ["tag:delete"]
        ),
    )
};

const GROUP: KindRule = KindRule {
    billed: Billed::App,
    minutes: [3.0, 5.0, 2.0],
    ..free(
        "group",
        "autoscale pool",
        &[fixed("region"), fixed("machine_name"), ignored("firewall")],
        [
            &["droplet:read"],
            &[
                "droplet:create",
                "image:read",
                "sizes:read",
                "regions:read",
                "ssh_key:read",
                "tag:read",
                "vpc:read",
                "project:read",
            ],
            // So the API description: an update of a pool is a right to make machines.
            &["droplet:create", "image:read", "sizes:read"],
            &["droplet:delete"],
        ],
    )
};

const ALARM: KindRule = KindRule {
    billed: Billed::Alarm,
    ..free("alarm", "alert policy", &[fixed("type")], scopes!("monitoring"))
};

/// Every kind; what stands in one stage does not refer to each other. Machines come after their firewall: none is open for a moment.
pub(crate) const STAGES: &[&[KindRule]] = &[
    &[PROJECT, NETWORK, KEY, TAG],
    &[VOLUME, BALANCER, DATABASE, CACHE],
    &[FIREWALL, READ_REPLICA],
    &[APP, GROUP],
    &[ALARM],
];
