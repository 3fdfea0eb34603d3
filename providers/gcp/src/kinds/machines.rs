//! The kinds that make app machines: template, group and autoscaler.

use loadline_contract::deploy::{Billed, Contents, KindRule, fixed, ignored};

use super::QUOTAS;

/// A template is never changed: its name holds the hash of its settings, so that other settings are another template,
/// made before the group takes it and before the old one goes.
pub(super) const TEMPLATE: KindRule = KindRule {
    kind: "template",
    title: "instance template",
    settings: &[
        fixed("disk"),
        fixed("labels"),
        fixed("machine_type"),
        fixed("metadata"),
        fixed("network_interface"),
        fixed("scheduling"),
        fixed("service_accounts"),
        fixed("shielded_instance"),
        fixed("tags"),
    ],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.1, 0.1, 0.1],
    permissions: [
        &["compute.instanceTemplates.list"],
        &[
            "compute.instanceTemplates.create",
            "compute.machineTypes.get",
            "compute.machineTypes.list",
            "compute.disks.create",
            "compute.images.useReadOnly",
            "compute.instances.create",
            "compute.instances.setLabels",
            "compute.instances.setMetadata",
            "compute.instances.setTags",
            "compute.subnetworks.use",
            "compute.globalOperations.get",
            QUOTAS,
        ],
        &[],
        &["compute.instanceTemplates.delete", "compute.globalOperations.get"],
    ],
};

/// `initial_size` is where an autoscaler begins; where there is none, `target_size` stands in its place and is held.
pub(super) const GROUP: KindRule = KindRule {
    kind: "group",
    title: "managed instance group",
    settings: &[fixed("zones"), ignored("initial_size")],
    contents: Contents::Nothing,
    billed: Billed::App,
    minutes: [2.0, 5.0, 3.0],
    permissions: [
        &["compute.instanceGroupManagers.list", "compute.instances.list"],
        &[
            "compute.instanceGroupManagers.create",
            "compute.instanceGroupManagers.get",
            "compute.instanceGroups.create",
            "compute.instanceGroups.update",
            "compute.instanceTemplates.useReadOnly",
            "compute.healthChecks.useReadOnly",
            "compute.disks.create",
            "compute.images.useReadOnly",
            "compute.instances.create",
            "compute.instances.setLabels",
            "compute.instances.setMetadata",
            "compute.instances.setTags",
            "compute.subnetworks.use",
            "compute.regionOperations.get",
            QUOTAS,
        ],
        &[
            "compute.instanceGroupManagers.get",
            "compute.instanceGroupManagers.update",
            "compute.instanceGroups.update",
            QUOTAS,
            "compute.instanceTemplates.useReadOnly",
            "compute.healthChecks.useReadOnly",
            "compute.disks.create",
            "compute.images.useReadOnly",
            "compute.instances.create",
            "compute.instances.delete",
            "compute.instances.setLabels",
            "compute.instances.setMetadata",
            "compute.instances.setTags",
            "compute.subnetworks.use",
            "compute.regionOperations.get",
        ],
        &[
            "compute.instanceGroupManagers.delete",
            "compute.instanceGroups.delete",
            "compute.instances.delete",
            "compute.regionOperations.get",
        ],
    ],
};

pub(super) const AUTOSCALER: KindRule = KindRule {
    kind: "autoscaler",
    title: "autoscaler",
    settings: &[fixed("target")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.2, 0.2, 0.2],
    permissions: [
        &["compute.autoscalers.list"],
        &[
            "compute.autoscalers.create",
            "compute.instanceGroupManagers.use",
            "compute.regionOperations.get",
            QUOTAS,
        ],
        &["compute.autoscalers.update", "compute.regionOperations.get", QUOTAS],
        &["compute.autoscalers.delete", "compute.instanceGroupManagers.use", "compute.regionOperations.get"],
    ],
};
