"""Azure Database for MySQL, Flexible Server: servers and replicas."""

from __future__ import annotations

import copy
import re

from .kinds import (
    Ask,
    Body,
    Kind,
    Refusal,
    invalid,
    kind,
    lacking,
)
from .parameters import defaults_of
from .parts import defaults, fixed
from .rules import SPELLED, ZONELESS, not_busy
from .server_checks import (
    SERVER,
    check_login,
    check_network,
    check_password,
    check_standby,
    check_storage,
)
from .things import Thing, World

VERSIONS = ("5.7", "8.0.21", "8.4")
TIERS = {"Burstable": "B", "GeneralPurpose": "D", "MemoryOptimized": "E"}
# Azure docs, "Read replicas in Azure Database for MySQL".
_MOST_REPLICAS = 10
_WORDS = {"make": "Updating", "change": "Updating", "remove": "Dropping", "ready": "Ready", "failed": "Ready"}


def _state(body: Body, word: str) -> None:
    properties = body["properties"]
    properties["state"] = _WORDS.get(word, "Updating")
    available = properties.setdefault("highAvailability", {"mode": "Disabled"})
    off = available["mode"] == "Disabled"
    available["state"] = "NotEnabled" if off else "CreatingStandby" if word in ("make", "change") else "Healthy"


def name_is_free(world: World, name: str) -> bool:
    """Names of servers are those of hosts: the whole cloud shares them."""
    mine = any(it.id.name.lower() == name.lower() for it in world.of(SERVER))
    return not mine and f"flexibleservers/{name.lower()}" not in world.taken


def _server(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body.setdefault("properties", {})
    if old is None and not name_is_free(world, ask.id.name):
        raise Refusal(409, "ServerNameAlreadyExists", f"Specified server name '{ask.id.name}' is already used.")
    mode = properties.pop("createMode", "Default")
    source = _source(world, properties) if mode == "Replica" and old is None else None
    if mode not in ("Default", "Replica") and old is None:
        raise lacking(f"making of servers by {mode}")
    if source is not None:
        defaults(ask.body, {"sku": copy.deepcopy(source.body["sku"])})
        same = {name: copy.deepcopy(source.properties[name]) for name in ("administratorLogin", "version")}
        properties.update(same)
        defaults(
            properties,
            {"storage": copy.deepcopy(source.properties["storage"]), "highAvailability": {"mode": "Disabled"}},
        )
        properties.pop("administratorLoginPassword", None)
        properties["sourceServerResourceId"] = source.id.text
    elif old is None:
        check_login(properties)
    password = properties.pop("administratorLoginPassword", None)
    if old is not None:
        for name in (
            "administratorLogin",
            "availabilityZone",
            "network",
            "fullyQualifiedDomainName",
            "replicationRole",
            "sourceServerResourceId",
        ):
            if name in old.properties:
                properties.setdefault(name, copy.deepcopy(old.properties[name]))
    fixed(ask, old, "properties.administratorLogin", "properties.network.delegatedSubnetResourceId")
    _complete(world, ask, source, old)
    ask.body["_secret"] = {"password": password} if password else {}
    if old is None:
        ask.body["_secret"]["parameters"] = defaults_of(ask.body["sku"]["name"])


def _complete(world: World, ask: Ask, source: Thing | None, old: Thing | None) -> None:
    properties, sku = ask.body["properties"], ask.body.get("sku") or {}
    letter = TIERS.get(sku.get("tier", ""))
    if letter is None or not re.match(rf"Standard_{letter}\d+", sku.get("name", "")):
        raise invalid("InvalidSku", f"The SKU {sku.get('name')} is not of the tier {sku.get('tier')}.")
    if sku["name"] in world.restricted:
        raise invalid(
            "SkuNotAvailable", f"The requested sku '{sku['name']}' is not available in region '{ask.body['location']}'."
        )
    if ask.body["location"] not in ZONELESS:
        defaults(properties, {"availabilityZone": "1"})
    defaults(
        properties, {"version": "8.0.21", "replicationRole": "Replica" if source else "None", "databasePort": 3306}
    )
    if properties["version"] not in VERSIONS:
        raise invalid(
            "InvalidParameterValue",
            f"Invalid value given for parameter Version: {properties['version']}. Specify one of {VERSIONS}.",
        )
    properties["fullVersion"] = {"5.7": "5.7.44", "8.0.21": "8.0.42", "8.4": "8.4.5"}[properties["version"]]
    properties.setdefault("replicaCapacity", 0 if source or letter == "B" else _MOST_REPLICAS)
    properties["fullyQualifiedDomainName"] = f"{ask.id.name}.mysql.database.azure.com"
    check_storage(properties, old)
    backup = properties.setdefault("backup", {})
    defaults(
        backup,
        {
            "backupRetentionDays": 7,
            "backupIntervalHours": 24,
            "geoRedundantBackup": "Disabled",
            "earliestRestoreDate": world.now(),
        },
    )
    if not 1 <= backup["backupRetentionDays"] <= 35:
        raise invalid("InvalidParameterValue", "Invalid value given for parameter BackupRetentionDays: 1 to 35.")
    check_standby(ask, letter)
    network = properties.setdefault("network", {})
    if network.get("delegatedSubnetResourceId"):
        network["publicNetworkAccess"] = "Disabled"
        check_network(world, network)
    defaults(network, {"publicNetworkAccess": "Enabled"})
    defaults(
        properties,
        {
            "maintenanceWindow": {"customWindow": "Disabled", "startHour": 0, "startMinute": 0, "dayOfWeek": 0},
            "privateEndpointConnections": [],
        },
    )


def _source(world: World, properties: Body) -> Thing:
    source = world.find(properties.get("sourceServerResourceId") or "")
    if source is None or source.kind.type != SERVER:
        raise invalid(
            "SourceServerNotFound", f"The source server {properties.get('sourceServerResourceId')} was not found."
        )
    not_busy(world, source.id, source)
    if source.body["sku"]["tier"] == "Burstable":
        raise invalid("ReplicaNotSupportedForBurstableTier", "Read replicas are not available in the Burstable tier.")
    if len(replicas_of(world, source)) >= _MOST_REPLICAS:
        raise invalid("ReplicaCountExceeded", f"A server has {_MOST_REPLICAS} replicas at most.")
    return source


def replicas_of(world: World, source: Thing) -> list[Thing]:
    """Servers that follow it."""
    return [
        it for it in world.of(SERVER) if str(it.properties.get("sourceServerResourceId", "")).lower() == source.id.key
    ]


def _patch(world: World, ask: Ask, thing: Thing) -> None:
    given = ask.body.get("properties") or {}
    if password := given.pop("administratorLoginPassword", None):
        check_password(password)
        thing.secret["password"] = password
    whole = copy.deepcopy(thing.body)
    whole["sku"] = ask.body.get("sku") or whole["sku"]
    for name, it in given.items():
        whole["properties"][name] = {**whole["properties"].get(name, {}), **it} if isinstance(it, dict) else it
    if given.get("replicationRole") == "None":
        whole["properties"].pop("sourceServerResourceId", None)
    _complete(world, Ask("PUT", ask.id, ask.query, {}, whole), None, thing)
    thing.body = whole


def _done(world: World, thing: Thing) -> None:
    source = world.find(str(thing.properties.get("sourceServerResourceId", "")))
    if source is not None:
        source.properties["replicationRole"] = "Source"


def _show(world: World, thing: Thing, body: Body) -> None:
    """Its answers spell the region as people do, and a standby that is not there as an empty word."""
    body["location"] = SPELLED[body["location"]]
    body["properties"]["highAvailability"].setdefault("standbyAvailabilityZone", "")


def _gone(world: World, thing: Thing) -> None:
    """Replicas of a server that is gone stand alone (Azure docs, "Read replicas")."""
    for it in replicas_of(world, thing):
        it.properties.pop("sourceServerResourceId")
        it.properties["replicationRole"] = "None"
    source = world.find(str(thing.properties.get("sourceServerResourceId", "")))
    if source is not None and not replicas_of(world, source):
        source.properties["replicationRole"] = "None"


kind(
    Kind(
        SERVER, _server, made=202, changed=202, patch=_patch, done=_done, gone=_gone, show=_show, state=_state, vanishes=True,
        pattern=r"[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])",
    )
)  # fmt: skip
