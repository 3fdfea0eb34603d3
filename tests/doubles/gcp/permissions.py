"""The permissions that a call needs, as the methods' pages in Google's references and the lists of roles name them.

What a call needs besides its own depends on what it says: a disk, a label, a subnetwork. Images of `ubuntu-os-cloud` are open to all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Body = dict[str, Any]

_VERBS = {
    "insert": "create", "aggregatedList": "list", "patch": "update", "wait": "get", "resize": "update", "batchGet": "get",
    "listManagedInstances": "get", "listErrors": "get", "listInstances": "list", "setNamedPorts": "update", "setInstanceTemplate": "update",
    "recreateInstances": "update", "deleteInstances": "update",
}  # fmt: skip
# Families of Compute Engine whose permissions bear another name.
_NAMES = {
    "regionInstanceGroupManagers": "instanceGroupManagers", "regionInstanceGroups": "instanceGroups", "regionAutoscalers": "autoscalers",
}  # fmt: skip
_MACHINE = [
    "compute.disks.create", "compute.images.useReadOnly", "compute.instances.create", "compute.instances.setLabels",
    "compute.instances.setMetadata", "compute.instances.setTags", "compute.subnetworks.use",
]  # fmt: skip
_OTHERS: dict[str, list[str]] = {
    "sql.operations.get": ["cloudsql.instances.get"],
    "sql.operations.list": ["cloudsql.instances.get"],
    "sql.flags.list": [],
    "sql.tiers.list": [],
    "sql.Backups.CreateBackup": ["cloudsql.backupRuns.create"],
    "sql.Backups.GetBackup": ["cloudsql.backupRuns.get"],
    "sql.Backups.ListBackups": ["cloudsql.backupRuns.list"],
    "sql.Backups.DeleteBackup": ["cloudsql.backupRuns.delete"],
    "servicenetworking.services.connections.create": ["servicenetworking.services.addPeering"],
    "servicenetworking.services.connections.patch": ["servicenetworking.services.addPeering"],
    "servicenetworking.services.connections.list": ["servicenetworking.services.get"],
    "servicenetworking.services.connections.deleteConnection": ["servicenetworking.services.deleteConnection"],
    "cloudresourcemanager.projects.get": ["resourcemanager.projects.get"],
    "cloudresourcemanager.projects.testIamPermissions": [],
    **{f"certificatemanager.projects.locations.certificateMaps.{it}": [f"certificatemanager.certmaps.{it}"] for it in ("create", "get", "list", "delete")},
    "secretmanager.projects.secrets.addVersion": ["secretmanager.versions.add"],
}


def _network_policy(body: Body) -> list[str]:
    return ["compute.networks.updatePolicy"]


def _address(body: Body) -> list[str]:
    internal = ["compute.globalAddresses.createInternal", "compute.networks.use"] if body.get("addressType") == "INTERNAL" else []
    return internal + (["compute.globalAddresses.setLabels"] if body.get("labels") else [])


def _template(body: Body) -> list[str]:
    properties = body.get("properties", {})
    kept = {"compute.instances.setLabels": "labels", "compute.instances.setMetadata": "metadata", "compute.instances.setTags": "tags"}
    needed = [it for it in _MACHINE if it not in kept or properties.get(kept[it])]
    return needed + (["iam.serviceAccounts.actAs"] if properties.get("serviceAccounts") else [])


def _group(body: Body) -> list[str]:
    needed = ["compute.instanceTemplates.useReadOnly"] if body.get("instanceTemplate") or body.get("versions") else []
    needed += ["compute.healthChecks.useReadOnly"] if body.get("autoHealingPolicies") else []
    return needed


def _group_made(body: Body) -> list[str]:
    ports = ["compute.instanceGroups.update"] if body.get("namedPorts") else []
    return ["compute.instanceGroups.create", *ports, *_group(body), *_MACHINE]


def _group_gone(body: Body) -> list[str]:
    return ["compute.instanceGroups.delete", "compute.instances.delete"]


def _backend(body: Body) -> list[str]:
    checks = ["compute.healthChecks.useReadOnly"] if body.get("healthChecks") else []
    return checks + (["compute.instanceGroups.use"] if body.get("backends") else [])


def _map(body: Body) -> list[str]:
    return ["compute.backendServices.use"] if body.get("defaultService") else []


def _proxy(body: Body) -> list[str]:
    needed = ["compute.urlMaps.use"] if body.get("urlMap") else []
    needed += ["compute.sslCertificates.get"] if body.get("sslCertificates") else []
    needed += ["compute.sslPolicies.use"] if body.get("sslPolicy") else []
    needed += ["certificatemanager.certmaps.get", "certificatemanager.certmaps.use"] if body.get("certificateMap") else []
    return needed


def _rule(body: Body) -> list[str]:
    target = str(body.get("target", ""))
    needed = ["compute.targetHttpsProxies.use" if "/targetHttpsProxies/" in target else "compute.targetHttpProxies.use"] if target else []
    needed += ["compute.globalAddresses.use"] if body.get("IPAddress") else []
    return needed + (["compute.globalForwardingRules.setLabels"] if body.get("labels") else [])


def _policy(body: Body) -> list[str]:
    subnetworks = ["compute.subnetworks.use"] if body.get("pscConfig") else []
    return subnetworks + (["compute.networks.use"] if body.get("network") else [])


def _scaled(body: Body) -> list[str]:
    return ["compute.instanceGroupManagers.use"]


# What a call needs besides, by method.
_BESIDES: dict[str, Callable[[Body], list[str]]] = {
    **{f"compute.{family}.{verb}": _network_policy for family in ("subnetworks", "firewalls", "routers") for verb in ("insert", "patch", "update", "delete")},
    "compute.globalAddresses.insert": _address,
    "compute.instanceTemplates.insert": _template,
    "compute.regionInstanceGroupManagers.insert": _group_made,
    "compute.regionInstanceGroupManagers.patch": _group,
    "compute.regionInstanceGroupManagers.delete": _group_gone,
    "compute.regionAutoscalers.insert": _scaled,
    "compute.regionAutoscalers.delete": _scaled,
    **{f"compute.backendServices.{verb}": _backend for verb in ("insert", "patch", "update")},
    **{f"compute.urlMaps.{verb}": _map for verb in ("insert", "patch", "update")},
    **{f"compute.targetHttpProxies.{verb}": _proxy for verb in ("insert", "patch", "setUrlMap")},
    **{
        f"compute.targetHttpsProxies.{verb}": _proxy
        for verb in ("insert", "patch", "setUrlMap", "setSslCertificates", "setSslPolicy", "setCertificateMap")
    },
    **{f"compute.globalForwardingRules.{verb}": _rule for verb in ("insert", "setTarget")},
    **{f"networkconnectivity.projects.locations.serviceConnectionPolicies.{verb}": _policy for verb in ("create", "patch")},
}  # fmt: skip


def permissions(id: str, body: Any, place: str) -> list[str]:
    """What the caller of a method has to be allowed; what names the method itself comes first."""
    if id in _OTHERS:
        return list(_OTHERS[id])
    if place.startswith("projects/ubuntu-os-cloud/"):
        return []
    parts = id.split(".")
    service, family, verb = parts[0], parts[-2], parts[-1]
    service = {"sql": "cloudsql"}.get(service, service)
    own = f"{service}.{_NAMES.get(family, family)}.{_VERBS.get(verb, verb)}"
    besides = _BESIDES.get(id)
    more = besides(body if isinstance(body, dict) else {}) if besides else []
    return [own, *sorted(set(more))]
