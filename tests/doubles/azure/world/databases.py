"""Azure Database for MySQL, Flexible Server: servers, replicas, backups and what else is done to a server."""

from __future__ import annotations

import copy
import re

from .doings import ordered
from .engine import shown
from .kinds import Answer, Ask, Body, Kind, Refusal, action, invalid, kind
from .parameters import defaults_of
from .parts import defaults
from .rules import ZONELESS, not_busy
from .things import Thing, World

SERVER = "Microsoft.DBforMySQL/flexibleServers"
BACKUP = f"{SERVER}/backups"
VERSIONS = ("5.7", "8.0.21", "8.4")
TIERS = {"Burstable": "B", "GeneralPurpose": "D", "MemoryOptimized": "E"}
# Azure docs, "Flexible Server service tiers" and "Storage in Azure Database for MySQL".
_LEAST_STORAGE, _MOST_STORAGE = 20, 32768
# Azure docs, "Read replicas in Azure Database for MySQL".
_MOST_REPLICAS = 10
_NO_LOGINS = {"azure_superuser", "azure_pg_admin", "admin", "administrator", "root", "guest", "public", "sa"}
_WORDS = {"make": "Updating", "change": "Updating", "remove": "Dropping", "ready": "Ready", "failed": "Disabled"}


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
        raise Refusal(501, "NotImplementedByDouble", f"the double does not make servers by {mode}")
    if source is not None:
        defaults(ask.body, {"sku": copy.deepcopy(source.body["sku"])})
        same = {name: copy.deepcopy(source.properties[name]) for name in ("administratorLogin", "version")}
        properties.update(same)
        defaults(properties, {"storage": copy.deepcopy(source.properties["storage"]), "highAvailability": {"mode": "Disabled"}})
        properties.pop("administratorLoginPassword", None)
        properties["sourceServerResourceId"] = source.id.text
        source.properties["replicationRole"] = "Source"
    elif old is None:
        _check_login(properties)
    password = properties.pop("administratorLoginPassword", None)
    if old is not None:
        for name in ("administratorLogin", "availabilityZone", "network", "fullyQualifiedDomainName", "replicationRole", "sourceServerResourceId"):
            if name in old.properties:
                properties.setdefault(name, copy.deepcopy(old.properties[name]))
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
        raise invalid("SkuNotAvailable", f"The requested sku '{sku['name']}' is not available in region '{ask.body['location']}'.")
    defaults(properties, {"version": "8.0.21", "replicationRole": "Replica" if source else "None", "databasePort": 3306})
    if properties["version"] not in VERSIONS:
        raise invalid("InvalidParameterValue", f"Invalid value given for parameter Version: {properties['version']}. Specify one of {VERSIONS}.")
    properties["fullVersion"] = {"5.7": "5.7.44", "8.0.21": "8.0.42", "8.4": "8.4.5"}[properties["version"]]
    properties.setdefault("replicaCapacity", 0 if source or letter == "B" else _MOST_REPLICAS)
    properties["fullyQualifiedDomainName"] = f"{ask.id.name}.mysql.database.azure.com"
    _check_storage(properties, old)
    backup = properties.setdefault("backup", {})
    defaults(backup, {"backupRetentionDays": 7, "backupIntervalHours": 24, "geoRedundantBackup": "Disabled", "earliestRestoreDate": world.now()})
    if not 1 <= backup["backupRetentionDays"] <= 35:
        raise invalid("InvalidParameterValue", "Invalid value given for parameter BackupRetentionDays: 1 to 35.")
    _check_standby(ask, letter)
    network = properties.setdefault("network", {})
    if network.get("delegatedSubnetResourceId"):
        network["publicNetworkAccess"] = "Disabled"
        _check_network(world, network)
    defaults(network, {"publicNetworkAccess": "Enabled"})
    defaults(properties, {"maintenanceWindow": {"customWindow": "Disabled", "startHour": 0, "startMinute": 0, "dayOfWeek": 0}, "privateEndpointConnections": []})  # fmt: skip


def _source(world: World, properties: Body) -> Thing:
    source = world.find(properties.get("sourceServerResourceId") or "")
    if source is None or source.kind.type != SERVER:
        raise invalid("SourceServerNotFound", f"The source server {properties.get('sourceServerResourceId')} was not found.")
    not_busy(world, source.id, source)
    if source.body["sku"]["tier"] == "Burstable":
        raise invalid("ReplicaNotSupportedForBurstableTier", "Read replicas are not available in the Burstable tier.")
    if len(replicas_of(world, source)) >= _MOST_REPLICAS:
        raise invalid("ReplicaCountExceeded", f"A server has {_MOST_REPLICAS} replicas at most.")
    return source


def replicas_of(world: World, source: Thing) -> list[Thing]:
    """Servers that follow it."""
    return [it for it in world.of(SERVER) if str(it.properties.get("sourceServerResourceId", "")).lower() == source.id.key]


def _check_login(properties: Body) -> None:
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
        raise invalid("PasswordNotComplex", "Password validation failed. The password does not meet policy requirements because it is not complex enough.")


def _check_storage(properties: Body, old: Thing | None) -> None:
    storage = properties.setdefault("storage", {})
    before = old.properties["storage"] if old else {}
    size = storage.get("storageSizeGB") or before.get("storageSizeGB") or _LEAST_STORAGE
    if not _LEAST_STORAGE <= size <= _MOST_STORAGE:
        raise invalid("InvalidParameterValue", f"Invalid value given for parameter StorageSizeGB: {_LEAST_STORAGE} to {_MOST_STORAGE}.")
    if size < before.get("storageSizeGB", 0):
        raise invalid("StorageSizeCannotBeReduced", f"The storage of a server cannot be made smaller than {before['storageSizeGB']} GiB.")
    storage["storageSizeGB"] = size
    defaults(storage, {name: before.get(name) for name in ("iops", "autoGrow", "autoIoScaling", "logOnDisk")})
    defaults(storage, {"iops": min(300 + 3 * size, 20000), "autoGrow": "Enabled", "autoIoScaling": "Disabled", "logOnDisk": "Disabled", "storageSku": "Premium_LRS"})  # fmt: skip


def _check_standby(ask: Ask, letter: str) -> None:
    properties = ask.body["properties"]
    available = properties.setdefault("highAvailability", {})
    defaults(available, {"mode": "Disabled"})
    zone, standby = properties.get("availabilityZone"), available.get("standbyAvailabilityZone")
    if available["mode"] == "Disabled":
        available.pop("standbyAvailabilityZone", None)
        return
    if letter == "B":
        raise invalid("HighAvailabilityNotSupportedForBurstableTier", "High availability is not available in the Burstable tier.")
    zoneless = ask.body["location"] in ZONELESS
    if available["mode"] == "ZoneRedundant" and (zoneless or (zone and zone == standby)):
        raise invalid("ZoneRedundantHANotSupported", "A zone-redundant standby stands in another zone, in a region with zones.")
    if available["mode"] == "SameZone" and zone and standby and zone != standby:
        raise invalid("InvalidStandbyZone", "A standby in the same zone stands in the server's zone.")
    if available["mode"] == "ZoneRedundant" and zone and not standby:
        available["standbyAvailabilityZone"] = "2" if zone != "2" else "3"
    # A server with a standby always grows by itself (Azure docs, "Storage auto-grow").
    properties["storage"]["autoGrow"] = "Enabled"


def _check_network(world: World, network: Body) -> None:
    subnet = world.find(network["delegatedSubnetResourceId"])
    services = [it["properties"].get("serviceName", "").lower() for it in subnet.properties.get("delegations", [])] if subnet else []
    if SERVER.lower() not in services:
        raise invalid("InvalidDelegatedSubnet", f"The subnet {network['delegatedSubnetResourceId']} is not delegated to {SERVER}.")
    zone = world.find(network.get("privateDnsZoneResourceId") or "")
    if zone is None:
        raise invalid("PrivateDnsZoneMissing", "A server inside of a network needs a private DNS zone.")
    if not zone.id.name.endswith("mysql.database.azure.com"):
        raise invalid("InvalidPrivateDnsZoneName", f"The private DNS zone {zone.id.name} does not end in mysql.database.azure.com.")
    above = (subnet.id.parent or "").lower() if subnet else ""
    links = [it for it in world.below(zone.id.text) if "virtualNetwork" in it.properties]
    if not any(it.properties["virtualNetwork"]["id"].lower() == above and it.doing is None for it in links):
        raise invalid("PrivateDnsZoneNotLinked", f"The private DNS zone {zone.id.name} is not linked to the virtual network of the server.")


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


def _gone(world: World, thing: Thing) -> None:
    """Replicas of a server that is gone stand alone (Azure docs, "Read replicas")."""
    for it in replicas_of(world, thing):
        it.properties.pop("sourceServerResourceId")
        it.properties["replicationRole"] = "None"
    source = world.find(str(thing.properties.get("sourceServerResourceId", "")))
    if source is not None and not replicas_of(world, source):
        source.properties["replicationRole"] = "None"


@action("GET", f"{SERVER}/replicas")
def list_replicas(world: World, ask: Ask) -> Answer:
    """Servers that follow it."""
    return Answer(200, {"value": [shown(world, it) for it in replicas_of(world, world.get(ask.id))]}, listed=True)


def _backup(world: World, ask: Ask, old: Thing | None) -> None:
    not_busy(world, ask.id, world.find(ask.id.parent or ""))
    ask.body["properties"] = {"backupType": "FULL", "completedTime": world.now(), "source": "Customer Initiated"}


def _done_to(word: str) -> None:
    @action("POST", f"{SERVER}/{word}")
    def it(world: World, ask: Ask) -> Answer:
        thing = world.get(ask.id)
        not_busy(world, ask.id, thing)
        if word == "failover":
            available = thing.properties["highAvailability"]
            if available["mode"] == "Disabled":
                raise invalid("FailoverNotSupported", "A server without a standby cannot fail over.")
            zone, standby = thing.properties.get("availabilityZone"), available.get("standbyAvailabilityZone")
            thing.properties["availabilityZone"], available["standbyAvailabilityZone"] = standby, zone
        parameters = thing.secret["parameters"]

        def restarted() -> None:
            for parameter in parameters.values():
                parameter["pending"] = False

        return ordered(world, ask, thing, restarted)


for _word in ("restart", "failover"):
    _done_to(_word)
kind(
    Kind(
        SERVER, _server, made=202, changed=202, patch=_patch, gone=_gone, state=_state, vanishes=True,
        pattern=r"[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])",
    )
)  # fmt: skip
kind(Kind(BACKUP, _backup, slow=False, tracked=False, made=200, pattern=r"[\w-]{1,128}", state=lambda body, word: None))
