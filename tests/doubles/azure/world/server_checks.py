"""What a MySQL server may be: login, storage, standby, network."""

from __future__ import annotations

import re

from .kinds import Ask, Body, invalid
from .parts import defaults
from .rules import ZONELESS
from .things import Thing, World

SERVER = "Microsoft.DBforMySQL/flexibleServers"
# Azure docs, "Flexible Server service tiers" and "Storage in Azure Database for MySQL".
_LEAST_STORAGE, _MOST_STORAGE = 20, 32768
_NO_LOGINS = {"azure_superuser", "azure_pg_admin", "admin", "administrator", "root", "guest", "public", "sa"}


def check_login(properties: Body) -> None:
    """An administrator has a name that is not taken by the service, and a password."""
    login, password = properties.get("administratorLogin"), properties.get("administratorLoginPassword")
    if not login or not password:
        raise invalid("MissingParameter", "A server needs administratorLogin and administratorLoginPassword.")
    if login.lower() in _NO_LOGINS or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", login):
        raise invalid("InvalidLoginName", f"The login name '{login}' is not allowed.")
    check_password(password)


def check_password(password: str) -> None:
    """8 to 128 letters of three of four sorts (Azure docs, "Create a Flexible Server")."""
    sorts = sum(bool(re.search(sort, password)) for sort in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    if not 8 <= len(password) <= 128 or sorts < 3:
        raise invalid(
            "PasswordNotComplex",
            "Password validation failed. The password does not meet policy requirements because it is not complex"
            " enough.",
        )


def check_storage(properties: Body, old: Thing | None) -> None:
    """Storage grows only."""
    storage = properties.setdefault("storage", {})
    before = old.properties["storage"] if old else {}
    size = storage.get("storageSizeGB") or before.get("storageSizeGB") or _LEAST_STORAGE
    if not _LEAST_STORAGE <= size <= _MOST_STORAGE:
        raise invalid(
            "InvalidParameterValue",
            f"Invalid value given for parameter StorageSizeGB: {_LEAST_STORAGE} to {_MOST_STORAGE}.",
        )
    if size < before.get("storageSizeGB", 0):
        raise invalid(
            "StorageSizeCannotBeReduced",
            f"The storage of a server cannot be made smaller than {before['storageSizeGB']} GiB.",
        )
    storage["storageSizeGB"] = size
    defaults(storage, {name: before.get(name) for name in ("iops", "autoGrow", "autoIoScaling", "logOnDisk")})
    defaults(
        storage,
        {
            "iops": min(300 + 3 * size, 20000),
            "autoGrow": "Enabled",
            "autoIoScaling": "Disabled",
            "logOnDisk": "Disabled",
            "storageSku": "Premium_LRS",
        },
    )


def check_standby(ask: Ask, letter: str) -> None:
    """A standby is not for every tier, and stands where its mode says."""
    properties = ask.body["properties"]
    available = properties.setdefault("highAvailability", {})
    defaults(available, {"mode": "Disabled"})
    zone, standby = properties.get("availabilityZone"), available.get("standbyAvailabilityZone")
    if available["mode"] == "Disabled":
        available.pop("standbyAvailabilityZone", None)
        return
    if letter == "B":
        raise invalid(
            "HighAvailabilityNotSupportedForBurstableTier", "High availability is not available in the Burstable tier."
        )
    zoneless = ask.body["location"] in ZONELESS
    if available["mode"] == "ZoneRedundant" and (zoneless or (zone and zone == standby)):
        raise invalid(
            "ZoneRedundantHANotSupported", "A zone-redundant standby stands in another zone, in a region with zones."
        )
    if available["mode"] == "SameZone" and zone and standby and zone != standby:
        raise invalid("InvalidStandbyZone", "A standby in the same zone stands in the server's zone.")
    if available["mode"] == "ZoneRedundant" and zone and not standby:
        available["standbyAvailabilityZone"] = "2" if zone != "2" else "3"
    # A server with a standby always grows by itself (Azure docs, "Storage auto-grow").
    properties["storage"]["autoGrow"] = "Enabled"


def check_network(world: World, network: Body) -> None:
    """A server inside of a network has a subnet that is delegated to it and a private zone that the network is linked to."""
    subnet = world.find(network["delegatedSubnetResourceId"])
    services = (
        [it["properties"].get("serviceName", "").lower() for it in subnet.properties.get("delegations", [])]
        if subnet
        else []
    )
    if SERVER.lower() not in services:
        raise invalid(
            "InvalidDelegatedSubnet", f"The subnet {network['delegatedSubnetResourceId']} is not delegated to {SERVER}."
        )
    zone = world.find(network.get("privateDnsZoneResourceId") or "")
    if zone is None:
        raise invalid("PrivateDnsZoneMissing", "A server inside of a network needs a private DNS zone.")
    if not zone.id.name.endswith("mysql.database.azure.com"):
        raise invalid(
            "InvalidPrivateDnsZoneName",
            f"The private DNS zone {zone.id.name} does not end in mysql.database.azure.com.",
        )
    above = (subnet.id.parent or "").lower() if subnet else ""
    links = [it for it in world.below(zone.id.text) if "virtualNetwork" in it.properties]
    if not any(it.properties["virtualNetwork"]["id"].lower() == above and it.doing is None for it in links):
        raise invalid(
            "PrivateDnsZoneNotLinked",
            f"The private DNS zone {zone.id.name} is not linked to the virtual network of the server.",
        )
