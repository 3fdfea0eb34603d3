"""Azure Managed Redis: clusters, their one database, and its keys."""

from __future__ import annotations

import re

from .kinds import Answer, Ask, Body, Kind, Refusal, action, invalid, kind
from .parts import defaults, fixed, laid_over
from .private import connections
from .rules import SPELLED, not_busy
from .things import Thing, World

CLUSTER = "Microsoft.Cache/redisEnterprise"
DATABASE = f"{CLUSTER}/databases"
_SKU = re.compile(r"(Balanced_B|MemoryOptimized_M|ComputeOptimized_X|FlashOptimized_A)\d+")
_WORDS = {"make": "Creating", "change": "Updating", "remove": "Deleting", "ready": "Running", "failed": "CreateFailed"}


def _state(body: Body, word: str) -> None:
    properties = body.setdefault("properties", {})
    states = {"make": "Creating", "change": "Updating", "remove": "Deleting", "ready": "Succeeded", "failed": "Failed"}
    properties["provisioningState"] = states.get(word, "Updating")
    properties["resourceState"] = _WORDS.get(word, "Updating")


def _cluster(world: World, ask: Ask, old: Thing | None) -> None:
    name, sku = ask.id.name, ask.body["sku"]["name"]
    if not _SKU.fullmatch(sku):
        raise invalid("InvalidSku", f"The SKU {sku} takes no new clusters.")
    if sku in world.restricted:
        raise invalid("SkuNotAvailable", f"The SKU {sku} is not available in {ask.body['location']}.")
    others = [it for it in world.of(CLUSTER) if it.id.name.lower() == name.lower() and it.id.key != ask.id.key]
    if old is None and (others or f"redisenterprise/{name.lower()}" in world.taken):
        raise Refusal(409, "NameNotAvailable", f"The name {name} is already in use.")
    if ask.body.get("zones"):
        raise invalid(
            "InvalidRequestBody", "Zones cannot be chosen for a Managed Redis: it is spread over them by itself."
        )
    if "capacity" in ask.body["sku"]:
        raise invalid("InvalidRequestBody", "A Managed Redis SKU has no capacity.")
    properties = ask.body.setdefault("properties", {})
    if ask.query["api-version"] >= "2025-07-01" and "publicNetworkAccess" not in properties:
        raise invalid("InvalidRequestBody", "publicNetworkAccess is required since api-version 2025-07-01.")
    defaults(properties, {"highAvailability": "Enabled", "minimumTlsVersion": "1.2", "publicNetworkAccess": "Enabled"})
    properties["redundancyMode"] = "ZR" if properties["highAvailability"] == "Enabled" else "NR"
    properties |= {"hostName": f"{name}.{ask.body['location']}.redis.azure.net", "redisVersion": "7.4"}
    ask.body["kind"] = "v2"


def _show_cluster(world: World, thing: Thing, body: Body) -> None:
    body["location"] = SPELLED[body["location"]]
    body["properties"]["privateEndpointConnections"] = connections(world, thing)


def _leave_cluster(world: World, thing: Thing) -> None:
    """Stricter than what is written anywhere: the order of the project's steps is held against it."""
    parts = [it for it in world.below(thing.id.text) if it.kind.type == DATABASE]
    if parts:
        if parts[0].doing is not None:
            parts[0].doing.left -= 1
        raise Refusal(
            409,
            "ClusterHasDatabases",
            f"The cluster {thing.id.name} has the database {parts[0].id.name}: delete it first.",
        )


def _database(world: World, ask: Ask, old: Thing | None) -> None:
    if ask.id.name != "default":
        raise invalid("InvalidDatabaseName", "A cluster has one database, which is called default.")
    above = world.find(ask.id.parent or "")
    if above is not None and above.doing is not None:
        above.doing.left -= 1
        raise Refusal(409, "ClusterNotReady", f"The cluster {above.id.name} is {above.properties['resourceState']}.")
    properties = ask.body.setdefault("properties", {})
    defaults(
        properties,
        {"clientProtocol": "Encrypted", "port": 10000, "clusteringPolicy": "OSSCluster", "evictionPolicy": "VolatileLRU",
         "accessKeysAuthentication": "Disabled", "deferUpgrade": "NotDeferred", "modules": []},
    )  # fmt: skip
    fixed(ask, old, "properties.port", "properties.clusteringPolicy")
    keeps = properties.get("persistence") or {}
    if keeps.get("rdbEnabled") and keeps.get("rdbFrequency") not in ("1h", "6h", "12h"):
        raise invalid("InvalidPersistence", "A snapshot is made every 1h, 6h or 12h.")
    if keeps.get("rdbEnabled") and keeps.get("aofEnabled"):
        raise invalid("InvalidPersistence", "Either snapshots or a log are kept, not both.")
    properties["redisVersion"] = "7.4"


@action("POST", f"{DATABASE}/listKeys")
def keys(world: World, ask: Ask) -> Answer:
    """The keys, where they are on."""
    thing = world.get(ask.id)
    not_busy(world, ask.id, thing)
    if thing.properties["accessKeysAuthentication"] != "Enabled":
        raise invalid("AccessKeysDisabled", "Access keys authentication is disabled for this database.")
    made = thing.secret.setdefault(
        "keys", {"primaryKey": f"double-{world.uuid()}", "secondaryKey": f"double-{world.uuid()}"}
    )
    return Answer(200, dict(made))


_NAME = r"(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*"
kind(
    Kind(
        CLUSTER,
        _cluster,
        patch=laid_over(_cluster),
        state=_state,
        show=_show_cluster,
        leave=_leave_cluster,
        pattern=_NAME,
    )
)
kind(Kind(DATABASE, _database, tracked=False, patch=laid_over(_database), state=_state, pattern=_NAME))
