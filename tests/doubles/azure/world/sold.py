"""What is sold where, and how much of it the subscription may have: sizes of machines, images, usages. The lists are a choice of the
double's: enough for the sizes that the project's price books have."""

from __future__ import annotations

import re
from typing import Any

from .kinds import Answer, Ask, Body, Refusal, action, invalid
from .rules import REGIONS, ZONELESS
from .things import SUBSCRIPTION, World

# Families by the letters around the number of vCPUs (Azure docs, "Virtual machine sizes naming conventions").
_FAMILIES = (
    "Standard_D{}s_v3", "Standard_D{}s_v4", "Standard_D{}s_v5", "Standard_D{}as_v4", "Standard_D{}as_v5", "Standard_D{}as_v6", "Standard_D{}as_v7",
    "Standard_D{}ads_v5", "Standard_D{}ads_v6", "Standard_D{}ds_v4", "Standard_D{}ds_v5", "Standard_D{}s_v6", "Standard_D{}ps_v5", "Standard_D{}ps_v6",
    "Standard_D{}pds_v5", "Standard_D{}pls_v5", "Standard_D{}pls_v6", "Standard_D{}ls_v5", "Standard_D{}ls_v6", "Standard_D{}als_v6", "Standard_D{}als_v7",
    "Standard_E{}s_v3", "Standard_E{}s_v5", "Standard_E{}s_v6", "Standard_E{}as_v5", "Standard_E{}as_v6", "Standard_E{}ds_v4", "Standard_E{}ds_v5",
    "Standard_E{}ads_v5", "Standard_E{}ps_v5", "Standard_E{}ps_v6", "Standard_E{}pds_v5",
    "Standard_F{}s_v2", "Standard_F{}as_v6", "Standard_F{}as_v7", "Standard_F{}als_v6", "Standard_F{}als_v7", "Standard_F{}ams_v6", "Standard_F{}ams_v7",
    "Standard_B{}s_v2", "Standard_B{}as_v2", "Standard_B{}ps_v2", "Standard_B{}ms", "Standard_B{}s",
)  # fmt: skip
_VCPUS = (1, 2, 4, 8, 16, 32, 48, 64, 96)
_IMAGE = "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus"
# Offer and SKU: Canonical's images of Ubuntu.
_IMAGES = {
    ("0001-com-ubuntu-server-jammy", it) for it in ("22_04-lts", "22_04-lts-gen2", "22_04-lts-arm64")
} | {("ubuntu-24_04-lts", it) for it in ("server", "server-gen1", "server-arm64")}  # fmt: skip


def vcpus(size: str) -> int:
    """vCPUs of a size, as its name says them."""
    found = re.match(r"Standard_[A-Z]+(\d+)", size)
    return int(found[1]) if found else 0


def family(size: str) -> str:
    """The family by which cores are counted: Standard_D8as_v6 is standardDasv6Family."""
    found = re.fullmatch(r"Standard_([A-Z]+)\d+(?:-\d+)?([a-z]*)(?:_(v\d))?", size)
    return f"standard{found[1]}{found[2]}{found[3] or ''}Family" if found else "standardDv3Family"


def sizes() -> list[str]:
    """All sizes that are sold."""
    return [of.format(number) for of in _FAMILIES for number in _VCPUS]


def machine_size(world: World, size: str, location: str, zones: list[str]) -> None:
    """Refused where it is not sold."""
    if vcpus(size) == 0:
        raise invalid("InvalidParameter", f"The value {size} provided for the VM size is not valid.")
    if size in world.restricted:
        message = (
            f"The requested size for resource is currently not available in location '{location}' zones"
            f" '{','.join(zones)}' for subscription '{SUBSCRIPTION}'. Please try another size or deploy to a different"
            " location or zones. See https://aka.ms/azureskunotavailable for details."
        )
        raise Refusal(409, "SkuNotAvailable", message)


def vcpus_used(world: World) -> int:
    """Cores that the subscription's scale sets have."""
    sets = world.of("Microsoft.Compute/virtualMachineScaleSets")
    return sum(vcpus(it.body["sku"]["name"]) * int(it.body["sku"]["capacity"]) for it in sets)


@action("GET", "Microsoft.Compute/skus")
def skus(world: World, ask: Ask) -> Answer:
    """Sizes with zones and restrictions; `$filter` takes the location."""
    filter = ask.query.get("$filter")
    wanted = re.fullmatch(r"location eq '([^']+)'", filter) if filter else None
    if filter and not wanted:
        raise invalid("InvalidFilter", "Only the filter location eq 'NAME' is supported.")
    found = []
    for location in [wanted[1].lower()] if wanted else REGIONS:
        zones = [] if location in ZONELESS else ["1", "2", "3"]
        found += [_sku(world, size, location, zones) for size in sizes()] if location in REGIONS else []
    return Answer(200, {"value": found}, listed=True)


def _sku(world: World, size: str, location: str, zones: list[str]) -> Body:
    letters = re.sub(r"^Standard_[A-Z]+\d+", "", size).split("_")[0]
    restrictions: list[Body] = []
    if size in world.restricted:
        info = {"locations": [location], "zones": zones}
        restrictions = [
            {"type": "Location", "values": [location], "restrictionInfo": {"locations": [location]}, "reasonCode": "NotAvailableForSubscription"},
            {"type": "Zone", "values": [location], "restrictionInfo": info, "reasonCode": "NotAvailableForSubscription"},
        ]  # fmt: skip
    capabilities = {
        "vCPUs": str(vcpus(size)), "MemoryGB": str(4 * vcpus(size)), "CpuArchitectureType": "Arm64" if "p" in letters else "x64",
        "PremiumIO": str("s" in letters), "HyperVGenerations": "V1,V2" if "s" in letters else "V1",
    }  # fmt: skip
    return {
        "resourceType": "virtualMachines", "name": size, "tier": "Standard", "size": size.removeprefix("Standard_"), "family": family(size),
        "locations": [location], "locationInfo": [{"location": location, "zones": zones, "zoneDetails": []}],
        "capabilities": [{"name": name, "value": value} for name, value in capabilities.items()], "restrictions": restrictions,
    }  # fmt: skip


def _usage(name: str, shown: str, used: int, limit: int) -> Body:
    return {"unit": "Count", "currentValue": used, "limit": limit, "name": {"value": name, "localizedValue": shown}}


@action("GET", "Microsoft.Compute/locations/usages")
def machines_usage(world: World, ask: Ask) -> Answer:
    """Cores, in total and by family."""
    location = ask.id.name.lower()
    sets = [it for it in world.of("Microsoft.Compute/virtualMachineScaleSets") if it.body["location"] == location]
    limit = world.limits.get("cores", 1000)
    found = [
        _usage("cores", "Total Regional vCPUs", vcpus_used(world), limit),
        _usage("virtualMachineScaleSets", "Virtual Machine Scale Sets", len(sets), 2500),
    ]
    for name in dict.fromkeys(family(of.format(2)) for of in _FAMILIES):
        used = sum(
            vcpus(it.body["sku"]["name"]) * int(it.body["sku"]["capacity"])
            for it in sets
            if family(it.body["sku"]["name"]) == name
        )
        found.append(_usage(name, f"{name} vCPUs", used, world.limits.get(name, limit)))
    return Answer(200, {"value": found}, listed=True)


@action("GET", "Microsoft.Network/locations/usages")
def network_usage(world: World, ask: Ask) -> Answer:
    """Addresses and what else of the network is counted."""
    location = ask.id.name.lower()
    counted = {
        "PublicIPAddresses": "publicIPAddresses", "StandardSkuPublicIpAddresses": "publicIPAddresses", "StaticPublicIPAddresses": "publicIPAddresses",
        "VirtualNetworks": "virtualNetworks", "NetworkSecurityGroups": "networkSecurityGroups", "LoadBalancers": "loadBalancers",
        "NatGateways": "natGateways", "ApplicationGateways": "applicationGateways", "PrivateEndpoints": "privateEndpoints",
    }  # fmt: skip
    found = []
    for name, type in counted.items():
        used = sum(it.body.get("location") == location for it in world.of(f"Microsoft.Network/{type}"))
        id = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/locations/{location}/usages/{name}"
        found.append({"id": id, **_usage(name, name, used, world.limits.get(type, 1000))})
    return Answer(200, {"value": found}, listed=True)


@action("GET", f"{_IMAGE}/versions")
def image_versions(world: World, ask: Ask) -> Answer:
    """Versions of an image, in the order of their names; the newest alone by `$top=1&$orderby=name desc`."""
    found = _versions(ask.id.names)
    found.sort(key=lambda it: str(it["name"]), reverse=ask.query.get("$orderby", "").endswith("desc"))
    return Answer(200, found[: int(ask.query.get("$top", len(found)))])


def _versions(names: tuple[str, ...]) -> list[dict[str, Any]]:
    location, publisher, _, offer, sku = names[:5]
    if publisher.lower() != "canonical" or (offer, sku) not in _IMAGES:
        message = f"Artifact: VMImage was not found: publisher {publisher}, offer {offer}, sku {sku} in {location}."
        raise Refusal(404, "NotFound", message)
    base = f"/Subscriptions/{SUBSCRIPTION}/Providers/Microsoft.Compute/Locations/{location}/Publishers/Canonical/ArtifactTypes/VMImage/Offers/{offer}/Skus/{sku}/Versions"
    known = ["22.04.202611010", "22.04.202610150"] if "jammy" in offer else ["24.04.202611050", "24.04.202610200"]
    return [{"id": f"{base}/{it}", "name": it, "location": location} for it in known]


def _image(world: World, ask: Ask) -> Answer:
    sku, version = ask.id.names[4:6]
    one = [it for it in _versions(ask.id.names) if it["name"] == version]
    if not one:
        raise Refusal(404, "NotFound", f"Artifact: VMImage was not found: {sku} {version}.")
    arm = "arm64" in sku
    return Answer(
        200,
        {
            **one[0],
            "properties": {
                "hyperVGeneration": "V1" if sku in ("22_04-lts", "server-gen1") else "V2",
                "architecture": "Arm64" if arm else "x64",
                "osDiskImage": {"operatingSystem": "Linux"},
            },
        },
    )


action("GET", f"{_IMAGE}/versions/")(_image)
