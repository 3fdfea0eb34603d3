//! The kinds of resources on this cloud, in the order in which they are made: what a change takes, what holds data, what is billed as
//! what, how long it takes and which permissions it needs.
//!
//! Permissions are actions of Azure roles; those on the values of secrets are data actions (`.../secrets/getSecret/action`). Minutes are
//! rounded from what the services' documentation and their users report; they only show how long a plan takes.

use loadline_contract::deploy::{Billed, Contents, KindRule, SettingRule, fixed, growing, ignored};

/// Nothing moves from one group to another.
const GROUPED: SettingRule = fixed("resource_group");

type Permissions = [&'static [&'static str]; 4];

/// The permissions on a type of resources, and what making or changing one needs beside them.
macro_rules! actions {
    ($type:literal $(, $more:literal)*) => {
        [
            &[concat!($type, "/read")],
            &[concat!($type, "/write") $(, $more)*],
            &[concat!($type, "/write") $(, $more)*],
            &[concat!($type, "/delete")],
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
    KindRule { kind, title, settings, contents, billed, minutes: [0.2, 0.2, 0.2], permissions }
}

const RESOURCE_GROUP: KindRule = free(
    "resource-group",
    "resource group",
    &[fixed("region")],
    [
        &[
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            // Whether a service is registered is looked at before anything is made.
            "Microsoft.Resources/subscriptions/providers/read",
        ],
        &["Microsoft.Resources/subscriptions/resourceGroups/write"],
        &[],
        // Nothing of others may be in it.
        &[
            "Microsoft.Resources/subscriptions/resourceGroups/delete",
            "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
            // A vault that a run removed and had no time to purge.
            "Microsoft.KeyVault/locations/deletedVaults/read",
            "Microsoft.KeyVault/locations/deletedVaults/purge/action",
        ],
    ],
);

const NETWORK: KindRule = free(
    "network",
    "virtual network",
    &[GROUPED, fixed("cidr")],
    actions!("Microsoft.Network/virtualNetworks", "Microsoft.Network/locations/usages/read"),
);

const FIREWALL: KindRule = free(
    "firewall",
    "network security group",
    &[GROUPED],
    actions!("Microsoft.Network/networkSecurityGroups"),
);

const ADDRESS: KindRule = KindRule {
    billed: Billed::PublicAddress,
    ..free(
        "address",
        "public IP address",
        &[GROUPED, fixed("sku"), fixed("zones")],
        actions!("Microsoft.Network/publicIPAddresses", "Microsoft.Network/locations/usages/read"),
    )
};

const DNS_ZONE: KindRule = KindRule {
    minutes: [0.7, 0.2, 0.7],
    ..free(
        "dns-zone",
        "private DNS zone",
        &[GROUPED, fixed("name")],
        actions!("Microsoft.Network/privateDnsZones"),
    )
};

const VAULT: KindRule = KindRule {
    minutes: [0.7, 0.2, 0.3],
    ..free(
        "vault",
        "Key Vault",
        &[GROUPED, fixed("soft_delete_days")],
        [
            &["Microsoft.KeyVault/vaults/read"],
            &[
                "Microsoft.KeyVault/vaults/write",
                // One that was removed and holds its name is taken back.
                "Microsoft.KeyVault/locations/deletedVaults/read",
                "Microsoft.KeyVault/checkNameAvailability/read",
            ],
            &["Microsoft.KeyVault/vaults/write"],
            &["Microsoft.KeyVault/vaults/delete", "Microsoft.KeyVault/locations/deletedVaults/purge/action"],
        ],
    )
};

const ACTION_GROUP: KindRule =
    free("action-group", "action group", &[GROUPED], actions!("Microsoft.Insights/actionGroups"));

const IDENTITY: KindRule = free(
    "identity",
    "managed identity",
    &[GROUPED],
    actions!("Microsoft.ManagedIdentity/userAssignedIdentities"),
);

const CACHE: KindRule = KindRule {
    contents: Contents::Data(None),
    billed: Billed::Cache,
    minutes: [10.0, 10.0, 8.0],
    ..free("cache", "Azure Managed Redis", &[GROUPED], actions!("Microsoft.Cache/redisEnterprise"))
};

const NAT: KindRule = KindRule {
    billed: Billed::Nat,
    minutes: [0.5, 0.2, 0.5],
    ..free(
        "nat",
        "NAT gateway",
        &[GROUPED, fixed("sku"), fixed("zones")],
        actions!("Microsoft.Network/natGateways", "Microsoft.Network/publicIPAddresses/join/action"),
    )
};

const DNS_LINK: KindRule = KindRule {
    minutes: [0.7, 0.2, 0.7],
    ..free(
        "dns-link",
        "link of a private DNS zone",
        &[fixed("zone"), fixed("network")],
        actions!(
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            "Microsoft.Network/virtualNetworks/join/action"
        ),
    )
};

const SECRET: KindRule = free(
    "secret",
    "secret",
    &[fixed("vault")],
    [
        &["Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
        &[
            "Microsoft.KeyVault/vaults/secrets/setSecret/action",
            "Microsoft.KeyVault/vaults/secrets/recover/action",
        ],
        &[],
        &["Microsoft.KeyVault/vaults/secrets/delete", "Microsoft.KeyVault/vaults/secrets/purge/action"],
    ],
);

const CACHE_DATABASE: KindRule = KindRule {
    contents: Contents::Data(None),
    minutes: [3.0, 1.0, 2.0],
    ..free(
        "cache-database",
        "database of a Managed Redis",
        &[fixed("cache"), fixed("port"), fixed("clustering")],
        actions!("Microsoft.Cache/redisEnterprise/databases"),
    )
};

const ROLE: KindRule = free(
    "role",
    "role assignment",
    &[fixed("scope"), fixed("role"), fixed("principal")],
    // The certificate that it is about is somebody's who brought it: it is looked for before.
    actions!("Microsoft.Authorization/roleAssignments", "Microsoft.KeyVault/vaults/secrets/read"),
);

const SUBNET: KindRule = free(
    "subnet",
    "subnet",
    &[fixed("network"), fixed("cidr"), fixed("delegated_to")],
    actions!(
        "Microsoft.Network/virtualNetworks/subnets",
        "Microsoft.Network/networkSecurityGroups/join/action",
        "Microsoft.Network/natGateways/join/action"
    ),
);

const BALANCER: KindRule = KindRule {
    billed: Billed::Balancer,
    minutes: [4.0, 2.0, 3.0],
    ..free(
        "balancer",
        "load balancer",
        // The role only has to be there before the gateway looks for its certificate.
        &[GROUPED, fixed("sku"), fixed("zones"), ignored("identity_role")],
        [
            &["Microsoft.Network/loadBalancers/read", "Microsoft.Network/applicationGateways/read"],
            &[
                "Microsoft.Network/loadBalancers/write",
                "Microsoft.Network/applicationGateways/write",
                "Microsoft.Network/publicIPAddresses/join/action",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
            ],
            &[
                "Microsoft.Network/loadBalancers/write",
                "Microsoft.Network/applicationGateways/write",
                "Microsoft.Network/publicIPAddresses/join/action",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
            ],
            &["Microsoft.Network/loadBalancers/delete", "Microsoft.Network/applicationGateways/delete"],
        ],
    )
};

const DATABASE: KindRule = KindRule {
    contents: Contents::Data(None),
    billed: Billed::Database,
    minutes: [12.0, 8.0, 5.0],
    ..free(
        "database",
        "Azure Database for MySQL",
        &[
            GROUPED,
            growing("storage_gib"),
            fixed("subnet"),
            fixed("dns_zone"),
            ignored("dns_link"),
            // A failover swaps them.
            ignored("zone"),
            ignored("standby_zone"),
        ],
        [
            &["Microsoft.DBforMySQL/flexibleServers/read"],
            &[
                "Microsoft.DBforMySQL/flexibleServers/write",
                "Microsoft.DBforMySQL/locations/capabilities/read",
                "Microsoft.DBforMySQL/locations/checkNameAvailability/action",
                // It is given its password.
                "Microsoft.KeyVault/vaults/secrets/getSecret/action",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.Network/privateDnsZones/join/action",
            ],
            &[
                "Microsoft.DBforMySQL/flexibleServers/write",
                "Microsoft.DBforMySQL/locations/capabilities/read",
                "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            ],
            // The server's backups go with it: one more is made just before.
            &[
                "Microsoft.DBforMySQL/flexibleServers/backups/read",
                "Microsoft.DBforMySQL/flexibleServers/backups/write",
                "Microsoft.DBforMySQL/flexibleServers/delete",
            ],
        ],
    )
};

const ENDPOINT: KindRule = KindRule {
    minutes: [1.5, 0.5, 1.0],
    ..free(
        "endpoint",
        "private endpoint",
        &[GROUPED, fixed("subnet"), fixed("target"), fixed("part"), ignored("dns_link")],
        [
            &[
                "Microsoft.Network/privateEndpoints/read",
                "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read",
            ],
            &[
                "Microsoft.Network/privateEndpoints/write",
                "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write",
                "Microsoft.Network/privateDnsZones/join/action",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.Cache/redisEnterprise/PrivateEndpointConnectionsApproval/action",
            ],
            &[
                "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write",
                "Microsoft.Network/privateDnsZones/join/action",
            ],
            &["Microsoft.Network/privateEndpoints/delete"],
        ],
    )
};

const DB_PARAMETERS: KindRule = KindRule {
    minutes: [2.0, 2.0, 0.1],
    ..free(
        "db-parameters",
        "parameters of the server",
        &[fixed("database")],
        [
            &["Microsoft.DBforMySQL/flexibleServers/configurations/read"],
            &[
                "Microsoft.DBforMySQL/flexibleServers/updateConfigurations/action",
                "Microsoft.DBforMySQL/flexibleServers/restart/action",
            ],
            &[
                "Microsoft.DBforMySQL/flexibleServers/updateConfigurations/action",
                "Microsoft.DBforMySQL/flexibleServers/restart/action",
            ],
            // They go with the server.
            &[],
        ],
    )
};

/// A copy: whatever is in it is in the database too.
const READ_REPLICA: KindRule = KindRule {
    billed: Billed::ReadReplica,
    minutes: [15.0, 8.0, 5.0],
    ..free(
        "read-replica",
        "read replica of the server",
        &[
            GROUPED,
            fixed("database"),
            growing("storage_gib"),
            fixed("subnet"),
            fixed("dns_zone"),
            ignored("dns_link"),
            ignored("zone"),
        ],
        [
            &["Microsoft.DBforMySQL/flexibleServers/read"],
            &[
                "Microsoft.DBforMySQL/flexibleServers/write",
                "Microsoft.DBforMySQL/locations/capabilities/read",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.Network/privateDnsZones/join/action",
            ],
            &[
                "Microsoft.DBforMySQL/flexibleServers/write",
                "Microsoft.DBforMySQL/locations/capabilities/read",
            ],
            &["Microsoft.DBforMySQL/flexibleServers/delete"],
        ],
    )
};

const LOCK: KindRule =
    free("lock", "deletion lock", &[fixed("target")], actions!("Microsoft.Authorization/locks"));

const GROUP: KindRule = KindRule {
    billed: Billed::App,
    minutes: [3.0, 5.0, 3.0],
    ..free(
        "group",
        "scale set",
        &[
            GROUPED,
            fixed("orchestration"),
            fixed("zones"),
            fixed("user"),
            fixed("disk_type"),
            // The autoscale setting moves it.
            ignored("first_count"),
            // The cloud does not tell what it is; `revision` does.
            ignored("first_start"),
        ],
        [
            &[
                "Microsoft.Compute/virtualMachineScaleSets/read",
                // Where machines are logged in to.
                "Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read",
                "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read",
            ],
            &[
                "Microsoft.Compute/virtualMachineScaleSets/write",
                "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read",
                "Microsoft.Compute/locations/usages/read",
                "Microsoft.Compute/skus/read",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.Network/loadBalancers/backendAddressPools/join/action",
                "Microsoft.Network/loadBalancers/probes/join/action",
                "Microsoft.Network/applicationGateways/backendAddressPools/join/action",
            ],
            &[
                "Microsoft.Compute/virtualMachineScaleSets/write",
                "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read",
                "Microsoft.Compute/locations/usages/read",
                "Microsoft.Compute/skus/read",
                // Machines of an older model are replaced.
                "Microsoft.Compute/virtualMachineScaleSets/delete/action",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                "Microsoft.Network/loadBalancers/backendAddressPools/join/action",
                "Microsoft.Network/loadBalancers/probes/join/action",
                "Microsoft.Network/applicationGateways/backendAddressPools/join/action",
            ],
            &["Microsoft.Compute/virtualMachineScaleSets/delete"],
        ],
    )
};

const AUTOSCALE: KindRule = free(
    "autoscale",
    "autoscale setting",
    &[GROUPED, fixed("group")],
    actions!("Microsoft.Insights/autoscaleSettings"),
);

const ALARM: KindRule = KindRule {
    billed: Billed::Alarm,
    ..free("alarm", "metric alert", &[GROUPED, fixed("target")], actions!("Microsoft.Insights/metricAlerts"))
};

/// Every kind; what stands in one stage does not refer to each other.
pub(crate) const STAGES: &[&[KindRule]] = &[
    &[RESOURCE_GROUP],
    &[NETWORK, FIREWALL, ADDRESS, DNS_ZONE, VAULT, ACTION_GROUP, IDENTITY, CACHE],
    &[NAT, DNS_LINK, SECRET, CACHE_DATABASE, ROLE],
    &[SUBNET],
    &[BALANCER, DATABASE, ENDPOINT],
    &[READ_REPLICA, GROUP],
    &[DB_PARAMETERS, LOCK, AUTOSCALE, ALARM],
];
