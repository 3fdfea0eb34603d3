//! The kinds that connect: network, subnet, firewall rules, the way out, and the ways to Google's managed services.

use loadline_contract::deploy::{Billed, Contents, KindRule, fixed};

use super::{API, QUOTAS};

pub(super) const NETWORK: KindRule = KindRule {
    kind: "network",
    title: "VPC network",
    settings: &[fixed("auto_create_subnetworks")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.3, 0.2, 0.5],
    permissions: [
        &["compute.networks.list", "compute.projects.get"],
        &["compute.networks.create", QUOTAS, "compute.globalOperations.get"],
        &["compute.networks.update", "compute.globalOperations.get"],
        &["compute.networks.delete", "compute.globalOperations.get"],
    ],
};

pub(super) const SUBNET: KindRule = KindRule {
    kind: "subnet",
    title: "subnet",
    settings: &[fixed("network"), fixed("ip_cidr_range"), fixed("stack_type")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.4, 0.2, 0.4],
    permissions: [
        &["compute.subnetworks.list"],
        &[
            "compute.subnetworks.create",
            "compute.networks.updatePolicy",
            "compute.regionOperations.get",
            QUOTAS,
        ],
        &[
            "compute.subnetworks.setPrivateIpGoogleAccess",
            "compute.networks.updatePolicy",
            "compute.regionOperations.get",
        ],
        &["compute.subnetworks.delete", "compute.networks.updatePolicy", "compute.regionOperations.get"],
    ],
};

pub(super) const FIREWALL: KindRule = KindRule {
    kind: "firewall",
    title: "firewall rule",
    settings: &[fixed("network"), fixed("direction")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.2, 0.2, 0.2],
    permissions: [
        &["compute.firewalls.list"],
        &[
            "compute.firewalls.create",
            "compute.networks.updatePolicy",
            "compute.globalOperations.get",
            QUOTAS,
        ],
        &["compute.firewalls.update", "compute.networks.updatePolicy", "compute.globalOperations.get"],
        &["compute.firewalls.delete", "compute.networks.updatePolicy", "compute.globalOperations.get"],
    ],
};

pub(super) const ROUTER: KindRule = KindRule {
    kind: "router",
    title: "Cloud Router with Cloud NAT",
    settings: &[fixed("network")],
    contents: Contents::Nothing,
    billed: Billed::Nat,
    minutes: [0.5, 0.3, 0.4],
    permissions: [
        &["compute.routers.list"],
        &["compute.routers.create", "compute.networks.updatePolicy", "compute.regionOperations.get", QUOTAS],
        &["compute.routers.update", "compute.networks.updatePolicy", "compute.regionOperations.get"],
        &["compute.routers.delete", "compute.networks.updatePolicy", "compute.regionOperations.get"],
    ],
};

pub(super) const PRIVATE_RANGE: KindRule = KindRule {
    kind: "private-range",
    title: "address range reserved for managed services",
    settings: &[fixed("network"), fixed("address"), fixed("prefix_length"), fixed("purpose")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.3, 0.1, 0.3],
    permissions: [
        &["compute.globalAddresses.list"],
        &[
            "compute.globalAddresses.create",
            "compute.globalAddresses.createInternal",
            "compute.networks.use",
            "compute.globalOperations.get",
        ],
        &[],
        &[
            "compute.globalAddresses.delete",
            "compute.globalAddresses.deleteInternal",
            "compute.networks.use",
            "compute.globalOperations.get",
        ],
    ],
};

/// Removing it can be refused for up to four days after a database is gone: the resources below a deleted instance go
/// later than the instance (Cloud SQL documentation, "Delete instances").
pub(super) const SERVICE_CONNECTION: KindRule = KindRule {
    kind: "service-connection",
    title: "private services access",
    settings: &[fixed("network")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [1.0, 1.0, 1.0],
    permissions: [
        &["servicenetworking.services.get", "compute.networks.list", "resourcemanager.projects.get"],
        &[
            API,
            "servicenetworking.services.addPeering",
            "servicenetworking.operations.get",
            "compute.networks.use",
        ],
        &[
            "servicenetworking.services.addPeering",
            "servicenetworking.operations.get",
            "compute.networks.use",
        ],
        &[
            "servicenetworking.services.deleteConnection",
            "servicenetworking.operations.get",
            "compute.networks.removePeering",
        ],
    ],
};

pub(super) const CONNECTION_POLICY: KindRule = KindRule {
    kind: "connection-policy",
    title: "service connection policy",
    settings: &[fixed("network"), fixed("service_class")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.5, 0.3, 0.5],
    permissions: [
        &["networkconnectivity.serviceConnectionPolicies.list"],
        &[
            API,
            "networkconnectivity.serviceConnectionPolicies.create",
            "networkconnectivity.operations.get",
            "compute.networks.use",
            "compute.subnetworks.use",
        ],
        &[
            "networkconnectivity.serviceConnectionPolicies.update",
            "networkconnectivity.operations.get",
            "compute.subnetworks.use",
        ],
        &["networkconnectivity.serviceConnectionPolicies.delete", "networkconnectivity.operations.get"],
    ],
};
