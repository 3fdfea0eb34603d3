"""What is sold of MySQL servers, and whether a name is free."""

from __future__ import annotations

import re

from .kinds import Answer, Ask, Body, action, invalid
from .rules import REGIONS, ZONELESS
from .things import SUBSCRIPTION, World


def _free(world: World, ask: Ask) -> Answer:
    from .databases import name_is_free

    if not ask.body.get("name"):
        raise invalid("MissingParameter", "A name is needed.")
    if name_is_free(world, ask.body["name"]):
        return Answer(200, {"nameAvailable": True, "message": ""})
    message = f"Specified server name '{ask.body['name']}' is already used."
    return Answer(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})


action("POST", "Microsoft.DBforMySQL/checkNameAvailability")(_free)
action("POST", "Microsoft.DBforMySQL/locations/checkNameAvailability")(_free)

_TIERS = {
    "Burstable": ("B1ms", "B2s", "B2ms", "B4ms", "B8ms", "B12ms", "B16ms", "B20ms"),
    "GeneralPurpose": (
        tuple(f"D{it}ds_v4" for it in (2, 4, 8, 16, 32, 48, 64))
        + tuple(f"D{it}ads_v5" for it in (2, 4, 8, 16, 32, 48, 64))
    ),
    "MemoryOptimized": (
        tuple(f"E{it}ds_v4" for it in (2, 4, 8, 16, 32, 48, 64))
        + tuple(f"E{it}ads_v5" for it in (2, 4, 8, 16, 32, 48, 64))
    ),
}
_VERSIONS = ("5.7", "8.0.21", "8.4")


def _sold(world: World, ask: Ask) -> Answer:
    """What is sold of servers in a region, zone by zone."""
    location = ask.id.name.lower()
    if location not in REGIONS:
        raise invalid("LocationNotAvailableForResourceType", f"There is no location {location}.")
    zones = ["none"] if location in ZONELESS else ["1", "2", "3"]
    modes = ["SameZone"] if location in ZONELESS else ["SameZone", "ZoneRedundant"]

    def edition(tier: str, sizes: tuple[str, ...]) -> Body:
        names = [f"Standard_{it}" for it in sizes if f"Standard_{it}" not in world.restricted]
        skus = [
            {
                "name": it,
                "vCores": int(re.findall(r"\d+", it)[0]),
                "supportedIops": 20000,
                "supportedMemoryPerVCoreMB": 4096,
            }
            for it in names
        ]
        storage = {
            "name": "Premium", "minStorageSize": 20480, "maxStorageSize": 16777216, "minBackupRetentionDays": 1, "maxBackupRetentionDays": 35,
            "minBackupIntervalHours": 24, "maxBackupIntervalHours": 24,
        }  # fmt: skip
        versions = [{"name": version, "supportedSkus": skus} for version in _VERSIONS]
        return {"name": tier, "supportedStorageEditions": [storage], "supportedServerVersions": versions}

    editions = [edition(tier, sizes) for tier, sizes in _TIERS.items()]
    return Answer(
        200,
        {
            "value": [
                {
                    "zone": zone,
                    "supportedHAMode": modes,
                    "supportedGeoBackupRegions": [],
                    "supportedFlexibleServerEditions": editions,
                }
                for zone in zones
            ]
        },
        listed=True,
    )


action("GET", "Microsoft.DBforMySQL/locations/capabilities")(_sold)


def _set_of_sold(world: World, ask: Ask) -> Answer:
    """The same in the newer form: one for the whole region."""
    location = ask.id.names[0].lower()
    modes = ["SameZone"] if location in ZONELESS else ["SameZone", "ZoneRedundant"]
    zones = [] if location in ZONELESS else ["1", "2", "3"]
    editions = []
    for tier, sizes in _TIERS.items():
        names = [f"Standard_{it}" for it in sizes if f"Standard_{it}" not in world.restricted]
        skus = [
            {"name": it, "vCores": int(re.findall(r"\d+", it)[0]), "supportedIops": 20000, "supportedMemoryPerVCoreMB": 4096,
             "supportedZones": zones, "supportedHAMode": [] if tier == "Burstable" else modes}
            for it in names
        ]  # fmt: skip
        editions.append(
            {
                "name": tier,
                "defaultSku": names[0] if names else "",
                "defaultStorageSize": 65536,
                "supportedStorageEditions": [],
                "supportedSkus": skus,
            }
        )
    properties = {
        "supportedGeoBackupRegions": [],
        "supportedFlexibleServerEditions": editions,
        "supportedServerVersions": [{"name": it} for it in _VERSIONS],
    }
    id = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.DBforMySQL/locations/{location}/capabilitySets/default"
    one = {
        "id": id,
        "name": "default",
        "type": "Microsoft.DBforMySQL/locations/capabilitySets",
        "properties": properties,
    }
    return Answer(200, {"value": [one]}, listed=True) if ask.id.tail else Answer(200, one)


action("GET", "Microsoft.DBforMySQL/locations/capabilitySets")(_set_of_sold)
action("GET", "Microsoft.DBforMySQL/locations/capabilitySets/")(_set_of_sold)
