"""Scale sets and their machines."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from .kinds import Ask, Body, Kind, Refusal, invalid, kind
from .machines import SET, machines_of, populate
from .parts import defaults, fixed, laid_over, zones_exist
from .sold import machine_size, vcpus, vcpus_used
from .things import Thing, World

# Azure docs, REST API reference, Virtual Machines, osProfile.
_NO_ADMINISTRATORS = {
    "root", "admin", "administrator", "user", "user1", "test", "guest", "backup", "support", "sys", "owner", "david", "john", "sql",
}  # fmt: skip
_MOST_CUSTOM_DATA = 65_535


def _set(world: World, ask: Ask, old: Thing | None) -> None:
    zones_exist(world, ask)
    properties = ask.body.setdefault("properties", {})
    defaults(properties, {"orchestrationMode": "Uniform", "overprovision": True, "singlePlacementGroup": True})
    sku = ask.body.get("sku") or {}
    if not sku.get("name") or sku.get("capacity") is None:
        raise invalid("InvalidParameter", "A scale set needs sku.name and sku.capacity.")
    defaults(sku, {"tier": "Standard"})
    fixed(ask, old, "properties.orchestrationMode", "properties.singlePlacementGroup", "zones")
    if not (properties.get("upgradePolicy") or {}).get("mode"):
        raise invalid("InvalidParameter", "Required parameter 'upgradePolicy.mode' is missing (null).")
    if properties["orchestrationMode"] == "Flexible" and properties["overprovision"]:
        raise invalid(
            "InvalidParameter", "The value 'True' of parameter 'overprovision' is not allowed for a flexible scale set."
        )
    machine_size(world, sku["name"], ask.body["location"], ask.body.get("zones") or [])
    _quota(world, sku, old)
    profile = properties.get("virtualMachineProfile")
    if not profile:
        raise invalid("InvalidParameter", "Required parameter 'virtualMachineProfile' is missing (null).")
    ask.body["_secret"] = _system(ask, profile, old)
    _network(world, ask, profile)
    _disk(profile)
    defaults(
        properties,
        {
            "uniqueId": old.properties["uniqueId"] if old else world.uuid(),
            "timeCreated": old.properties["timeCreated"] if old else world.now(),
        },
    )
    # Machines are of the model that they were last upgraded to.
    changed = old is not None and (_model(old.body) != _model(ask.body) or ask.body["_secret"] != _hidden(old))
    if old is not None and changed:
        for it in machines_of(world, old):
            it.properties["latestModelApplied"] = False


def _hidden(thing: Thing) -> Body:
    return {name: it for name, it in thing.secret.items() if name in ("customData", "adminPassword")}


def _model(body: Body) -> Any:
    return [body["sku"]["name"], body["properties"]["virtualMachineProfile"]]


def _quota(world: World, sku: Body, old: Thing | None) -> None:
    limit = world.limits.get("cores", 1000)
    before = _cores(old.body["sku"]) if old else 0
    used = vcpus_used(world)
    wanted = used - before + _cores(sku)
    if wanted > limit and wanted > used:
        message = (
            "Operation could not be completed as it results in exceeding approved Total Regional Cores quota."
            f" Additional details - Deployment Model: Resource Manager, Location: eastus, Current Limit: {limit},"
            f" Current Usage: {used}, Additional Required: {wanted - used}, (Minimum) New Limit Required: {wanted}."
        )
        raise Refusal(409, "OperationNotAllowed", message)


def _cores(sku: Body) -> int:
    return vcpus(sku["name"]) * int(sku["capacity"])


def _system(ask: Ask, profile: Body, old: Thing | None) -> Body:
    """Who may log in; answers what is not told again."""
    system = profile.get("osProfile") or {}
    before = old.properties["virtualMachineProfile"].get("osProfile", {}) if old else {}
    name = system.get("adminUsername") or before.get("adminUsername")
    if not name or name.lower() in _NO_ADMINISTRATORS:
        raise invalid("InvalidParameter", f"The Admin Username specified is not allowed: {name}.")
    if before and before["adminUsername"] != name:
        raise invalid("PropertyChangeNotAllowed", "Changing property 'osProfile.adminUsername' is not allowed.")
    hidden: Body = {}
    if data := system.pop("customData", None):
        try:
            size = len(base64.b64decode(data, validate=True))
        except binascii.Error as error:
            raise invalid(
                "InvalidParameter",
                "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters.",
            ) from error
        if size > _MOST_CUSTOM_DATA:
            raise invalid("InvalidParameter", "Custom data in OSProfile is too large.")
        hidden["customData"] = data
    elif old is not None and "customData" in old.secret:
        hidden["customData"] = old.secret["customData"]
    password = system.pop("adminPassword", None)
    linux = system.get("linuxConfiguration") or {}
    keys = (linux.get("ssh") or {}).get("publicKeys") or []
    if not keys and not password:
        raise invalid(
            "InvalidParameter",
            "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
        )
    for key in keys:
        if key.get("path") != f"/home/{name}/.ssh/authorized_keys":
            raise invalid(
                "InvalidParameter",
                "Destination path for SSH public keys is currently limited to its default value"
                f" /home/{name}/.ssh/authorized_keys.",
            )
        if not re.match(r"(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/=]{60,}", key.get("keyData", "")):
            raise invalid(
                "InvalidParameter", "The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid."
            )
    defaults(linux, {"disablePasswordAuthentication": False, "provisionVMAgent": True})
    if linux:
        system["linuxConfiguration"] = linux
    defaults(
        system,
        {
            "computerNamePrefix": ask.id.name[:9],
            "allowExtensionOperations": True,
            "requireGuestProvisionSignal": True,
            "secrets": [],
        },
    )
    profile["osProfile"] = system
    return hidden


def _network(world: World, ask: Ask, profile: Body) -> None:
    network = profile.get("networkProfile") or {}
    cards = network.get("networkInterfaceConfigurations") or []
    if not cards:
        raise invalid("InvalidParameter", "Required parameter 'networkInterfaceConfigurations' is missing (null).")
    if sum(bool((card.get("properties") or {}).get("primary")) for card in cards) != 1:
        raise invalid("InvalidParameter", "One network interface configuration has to be the primary one.")
    for card in cards:
        for ip in card["properties"].get("ipConfigurations") or []:
            said = ip.get("properties") or {}
            subnet = world.find((said.get("subnet") or {}).get("id", ""))
            if subnet is None:
                raise invalid("InvalidParameter", "An IP configuration needs a subnet.")
            if subnet.properties.get("delegations"):
                raise invalid("SubnetIsDelegated", f"Subnet {subnet.id.text} is delegated and takes no machines.")
            defaults(said, {"privateIPAddressVersion": "IPv4"})
        defaults(
            card["properties"],
            {"enableAcceleratedNetworking": False, "enableIPForwarding": False, "dnsSettings": {"dnsServers": []}},
        )
    probe = (network.get("healthProbe") or {}).get("id")
    if probe:
        balancer = world.find("/".join(probe.split("/")[:-2]))
        rules = balancer.properties["loadBalancingRules"] if balancer else []
        if not any((rule["properties"].get("probe") or {}).get("id", "").lower() == probe.lower() for rule in rules):
            # Azure docs, "Troubleshoot scale sets with health probes": a probe that no rule uses is refused.
            raise invalid(
                "CannotUseInactiveHealthProbe",
                f"VM scale set {ask.id.text} cannot use probe {probe} as a HealthProbe because load balancing rules"
                " that send traffic to the scale set IPs do not use this probe.",
            )


def _disk(profile: Body) -> None:
    storage = profile.get("storageProfile") or {}
    image = storage.get("imageReference") or {}
    if not image.get("id") and not all(image.get(word) for word in ("publisher", "offer", "sku", "version")):
        raise invalid("InvalidParameter", "Required parameter 'imageReference' is missing (null).")
    disk = storage.setdefault("osDisk", {"createOption": "FromImage"})
    defaults(disk, {"caching": "None", "createOption": "FromImage", "osType": "Linux", "diskSizeGB": 30})
    if disk["diskSizeGB"] < 30:
        raise invalid(
            "ResizeDiskError",
            "The specified disk size is smaller than the size of the corresponding disk in the VM image: 30 GB.",
        )
    disk.setdefault("managedDisk", {}).setdefault("storageAccountType", "Premium_LRS")


kind(
    Kind(
        SET,
        _set,
        has_etag=True,
        patch=laid_over(_set),
        patched=200,
        done=populate,
        pattern=r"[A-Za-z0-9](?:[\w.\-]{0,62}[\w])?",
    )
)
