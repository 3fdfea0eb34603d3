"""Instance templates, and the machines that are made from them."""

from __future__ import annotations

import ipaddress
import re

from .families import family, place_of, refer, url
from .patches import digest
from .refusals import absent, invalid
from .sold import image_at, types
from .things import Request, Thing, World
from .work import moment

# Families that take Hyperdisk and no persistent disk (Compute Engine documentation, "Machine family resource", disks).
_HYPERDISK_ONLY = {"c4", "c4a", "c4d", "n4"}
_DISKS = {"pd-standard", "pd-balanced", "pd-ssd", "pd-extreme", "hyperdisk-balanced", "hyperdisk-extreme"}
_MOST_METADATA_BYTES = 262_144


def _template(world: World, request: Request, body: Thing) -> None:
    properties = body.get("properties")
    if not properties:
        raise absent("properties")
    kind = properties["machineType"]
    if kind not in types():
        raise invalid("properties.machineType", kind, f"The machine type '{kind}' does not exist.")
    disks = properties.get("disks", [])
    if not any(disk.get("boot") for disk in disks):
        raise invalid("properties.disks", disks, "Boot disk must be specified.")
    for at, disk in enumerate(disks):
        _disk(disk, at, kind)
    interfaces = properties.get("networkInterfaces", [])
    if not interfaces:
        raise absent("properties.networkInterfaces")
    for at, interface in enumerate(interfaces):
        _interface(world, request, interface, at)
    _texts(properties)
    scheduling = properties.setdefault("scheduling", {})
    for name, value in {"automaticRestart": True, "onHostMaintenance": "MIGRATE", "preemptible": False, "provisioningModel": "STANDARD"}.items():
        scheduling.setdefault(name, value)
    if not properties.get("serviceAccounts"):
        properties.pop("serviceAccounts", None)


def _disk(disk: Thing, at: int, machine_type: str) -> None:
    parameters = disk.get("initializeParams", {})
    kind, image = parameters.get("diskType", "pd-standard"), parameters.get("sourceImage")
    if kind not in _DISKS:
        raise invalid(f"properties.disks[{at}].initializeParams.diskType", kind, "Unknown disk type.")
    if machine_type.split("-")[0] in _HYPERDISK_ONLY and kind.startswith("pd-"):
        said = f"{kind} is not supported by machine type {machine_type}."
        raise invalid(f"properties.disks[{at}].initializeParams.diskType", kind, said)
    if disk.get("boot"):
        if not image:
            raise absent(f"properties.disks[{at}].initializeParams.sourceImage")
        place = place_of("nobody", image)
        if image_at(place) is None:
            raise invalid(f"properties.disks[{at}].initializeParams.sourceImage", image, "The referenced image resource cannot be found.")
        parameters["sourceImage"] = url(place)
    if int(parameters.get("diskSizeGb", disk.get("diskSizeGb", "10"))) < 10:
        raise invalid(f"properties.disks[{at}].diskSizeGb", parameters["diskSizeGb"], "Must be at least the size of the image, 10 GB.")
    disk |= {"kind": "compute#attachedDisk", "index": at}
    for name, value in {"type": "PERSISTENT", "mode": "READ_WRITE", "autoDelete": False, "deviceName": f"persistent-disk-{at}"}.items():
        disk.setdefault(name, value)


def _interface(world: World, request: Request, interface: Thing, at: int) -> None:
    field = f"properties.networkInterfaces[{at}]"
    if interface.get("subnetwork"):
        interface["subnetwork"] = refer(world, request, f"{field}.subnetwork", interface["subnetwork"], "subnetworks")
        interface["network"] = world.of("subnetworks")[place_of(request.project, interface["subnetwork"])]["network"]
    else:
        interface["network"] = refer(world, request, f"{field}.network", interface.get("network"), "networks")
    interface |= {"kind": "compute#networkInterface", "name": f"nic{at}"}
    if not interface.get("accessConfigs"):
        interface.pop("accessConfigs", None)
    for access in interface.get("accessConfigs", []):
        access |= {"kind": "compute#accessConfig"}
        for name, value in {"name": "External NAT", "type": "ONE_TO_ONE_NAT", "networkTier": "PREMIUM"}.items():
            access.setdefault(name, value)


def _texts(properties: Thing) -> None:
    """Metadata, labels and tags as they may be."""
    metadata = properties.setdefault("metadata", {})
    keys = [item["key"] for item in metadata.get("items", [])]
    if len(set(keys)) < len(keys):
        raise invalid("properties.metadata", keys, "Keys of metadata must be distinct.")
    for item in metadata.get("items", []):
        if len(str(item.get("value", "")).encode()) > _MOST_METADATA_BYTES:
            raise invalid("properties.metadata.items[0].value", item["key"], "Value is too long.")
    metadata |= {"kind": "compute#metadata", "fingerprint": digest(keys)}
    check_labels("properties.labels", properties.get("labels", {}))
    for tag in properties.get("tags", {}).get("items", []):
        if not re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", tag):
            raise invalid("properties.tags.items[0]", tag, "Must be a match of regex '[a-z]([-a-z0-9]{0,61}[a-z0-9])?'")


def check_labels(field: str, labels: dict[str, str]) -> None:
    """Labels as they may be (Resource Manager documentation, "Requirements for labels")."""
    for key, value in labels.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key) or not re.fullmatch(r"[a-z0-9_-]{0,63}", str(value)):
            raise invalid(field, f"{key}={value}", "Keys and values are at most 63 lower-case letters, digits, _ and -.")


family("instanceTemplates", "instanceTemplates", "instanceTemplate", "instance_template", read=_template, quota="INSTANCE_TEMPLATES")
# Made by groups; clients read and remove them.
family("instances", "instances", "instance", "instance", labels=True)


def make(world: World, project: str, zone: str, name: str, template: Thing, group: str) -> Thing:
    """A machine from a template; it runs."""
    properties, home = template["properties"], f"projects/{project}/zones/{zone}"
    cpus, _, metric = types()[properties["machineType"]]
    place = f"{home}/instances/{name}"
    created = {"key": "created-by", "value": group}
    machine: Thing = {
        "kind": "compute#instance", "id": world.id(), "name": name, "zone": url(home), "selfLink": url(place), "status": "RUNNING",
        "creationTimestamp": moment(world), "lastStartTimestamp": moment(world), "cpuPlatform": "AMD Milan", "startRestricted": False,
        "machineType": url(f"{home}/machineTypes/{properties['machineType']}"), "canIpForward": False, "deletionProtection": False,
        "labels": dict(properties.get("labels", {})), "scheduling": properties["scheduling"],
        "tags": {**properties.get("tags", {}), "fingerprint": digest(properties.get("tags"))},
        "metadata": {**properties["metadata"], "items": [*properties["metadata"].get("items", []), created]},
        "networkInterfaces": [_attached(world, it) for it in properties["networkInterfaces"]],
        "disks": [
            {
                **{key: value for key, value in it.items() if key != "initializeParams"},
                "source": url(f"{home}/disks/{name}"), "diskSizeGb": it.get("initializeParams", {}).get("diskSizeGb", "10"),
            }
            for it in properties["disks"]
        ],
        "_cpus": cpus, "_metric": metric,
    }  # fmt: skip
    for name_ in ("shieldedInstanceConfig", "serviceAccounts"):
        if properties.get(name_):
            machine[name_] = properties[name_]
    machine["fingerprint"] = machine["labelFingerprint"] = digest(machine["labels"])
    world.of("instances")[place] = machine
    return machine


def _attached(world: World, interface: Thing) -> Thing:
    subnetwork = next(it for it in world.of("subnetworks").values() if it["selfLink"] == interface["subnetwork"])
    taken = {nic["networkIP"] for it in world.of("instances").values() for nic in it["networkInterfaces"]}
    # The first is the gateway's; Google keeps the second to last and the last, too.
    free = (str(it) for it in list(ipaddress.IPv4Network(subnetwork["ipCidrRange"]).hosts())[1:-2])
    made = {**interface, "networkIP": next(it for it in free if it not in taken), "stackType": "IPV4_ONLY"}
    made["fingerprint"] = digest(made["networkIP"])
    if interface.get("accessConfigs"):
        public = {"natIP": f"192.0.2.{world.number() % 250 + 1}"}
        made["accessConfigs"] = [{**it, **public} for it in interface["accessConfigs"]]
    return made
