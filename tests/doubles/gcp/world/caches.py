"""Memorystore for Redis."""

from __future__ import annotations

import re

from . import lro
from .limits import REGIONS
from .machines import check_labels
from .peering import connected
from .refusals import missing, precondition
from .things import Answer, Refusal, Request, Thing, World, method

VERSIONS = ["REDIS_3_2", "REDIS_4_0", "REDIS_5_0", "REDIS_6_X", "REDIS_7_0", "REDIS_7_2"]
_CHANGEABLE = {
    "displayName", "labels", "memorySizeGb", "redisConfig", "redisConfigs", "replicaCount", "maintenancePolicy", "persistenceConfig",
    "authEnabled", "readReplicasMode",
}  # fmt: skip
_CONFIGS = {
    "maxmemory-policy", "notify-keyspace-events", "activedefrag", "lfu-decay-time", "lfu-log-factor", "maxmemory-gb",
    "stream-node-max-bytes", "stream-node-max-entries", "timeout",
}  # fmt: skip
POLICIES = {
    "noeviction", "allkeys-lru", "volatile-lru", "allkeys-random", "volatile-random", "volatile-ttl", "allkeys-lfu", "volatile-lfu",
}  # fmt: skip
_KIND = "google.cloud.redis.v1.Instance"


def wrong(message: str) -> Refusal:
    """What the newer services say of what cannot be."""
    return Refusal(400, "INVALID_ARGUMENT", message)


def check_region(place: str) -> str:
    """The region in a place; refused if there is none of that name."""
    region = place.split("/")[3]
    if region not in REGIONS:
        raise wrong(f"Location '{region}' is not found or access is unauthorized.")
    return region


def _check(world: World, place: str, body: Thing) -> None:
    region = check_region(place)
    if body.get("tier") not in ("BASIC", "STANDARD_HA"):
        raise wrong("tier: must be BASIC or STANDARD_HA")
    if not 1 <= (body.get("memorySizeGb") or 0) <= 300:
        raise wrong(f"memory_size_gb: {body.get('memorySizeGb')} is not from 1 to 300")
    if body.setdefault("redisVersion", "REDIS_7_2") not in VERSIONS:
        raise wrong(f"redis_version: {body['redisVersion']} is not supported")
    zones = [f"{region}-{letter}" for letter in REGIONS[region]]
    for field in ("locationId", "alternativeLocationId"):
        if field in body and body[field] not in zones:
            raise wrong(f"{field}: {body[field]} is no zone of {region}")
    if "alternativeLocationId" in body and (body["tier"] == "BASIC" or body["alternativeLocationId"] == body.get("locationId")):
        raise wrong("alternative_location_id: takes STANDARD_HA and another zone than location_id")
    for name, value in body.setdefault("redisConfigs", {}).items():
        if name not in _CONFIGS or (name == "maxmemory-policy" and value not in POLICIES):
            raise wrong(f"redis_configs: {name}={value} is not supported")
    check_labels("labels", body.get("labels", {}))
    network = body.get("authorizedNetwork", f"projects/{place.split('/')[1]}/global/networks/default")
    if not re.fullmatch(r"projects/[^/]+/global/networks/[^/]+", network):
        raise wrong(f"authorized_network: {network} is not of the form projects/PROJECT/global/networks/NETWORK")
    body["authorizedNetwork"] = network
    if body.setdefault("connectMode", "DIRECT_PEERING") == "PRIVATE_SERVICE_ACCESS" and not connected(world, network):
        raise precondition(f"Google private service access is not enabled. Enable private service access on {network} and try again.")


@method("redis.projects.locations.instances.create")
def create(world: World, request: Request) -> Answer:
    """One more."""
    place = lro.vacant(world, request, "instanceId", "[a-z]([-a-z0-9]{0,38}[a-z0-9])?")
    made: Thing = dict(request.body)
    _check(world, place, made)
    made.setdefault("transitEncryptionMode", "DISABLED")
    made.setdefault("authEnabled", False)
    made.setdefault("persistenceConfig", {"persistenceMode": "DISABLED"})
    made.setdefault("readReplicasMode", "READ_REPLICAS_DISABLED")
    made.setdefault("replicaCount", 1 if made["tier"] == "STANDARD_HA" else 0)
    region = place.split("/")[3]
    made.setdefault("locationId", f"{region}-{REGIONS[region][0]}")
    if made["tier"] == "STANDARD_HA":
        made.setdefault("alternativeLocationId", f"{region}-{REGIONS[region][1]}")
    zones = [made["locationId"], *([made["alternativeLocationId"]] if made["tier"] == "STANDARD_HA" else [])]
    encrypted = made["transitEncryptionMode"] == "SERVER_AUTHENTICATION"
    made |= {
        "name": place, "createTime": world.now(), "_auth": f"auth-{world.id()}", "currentLocationId": made["locationId"],
        "host": f"10.64.129.{world.number() % 250 + 1}", "port": 6378 if encrypted else 6379,
        "nodes": [{"id": f"node-{at}", "zone": zone} for at, zone in enumerate(zones)],
    }  # fmt: skip
    if encrypted:
        made["serverCaCerts"] = [{"serialNumber": "1", "cert": "-----BEGIN CERTIFICATE-----\n", "createTime": made["createTime"]}]
    world.of("redis")[place] = made
    return lro.begin(world, request, place, "create", _KIND, lambda: seen(world, made), undo=lambda: _gone(world, place))


def _gone(world: World, place: str) -> None:
    world.of("redis").pop(place, None)


def seen(world: World, instance: Thing) -> Thing:
    """An instance as it is shown: what is being made has no address yet."""
    shown = {name: value for name, value in instance.items() if not name.startswith("_")}
    work = world.busy("redis", instance["name"])
    verb = work.shown["_verb"] if work else None
    shown["state"] = {None: "READY", "create": "CREATING", "delete": "DELETING"}.get(verb, "UPDATING")
    if verb == "create":
        for name in ("host", "port", "currentLocationId", "nodes", "serverCaCerts"):
            shown.pop(name, None)
    return shown


def ready(world: World, request: Request, place: str) -> Thing:
    """One that a request wants to change; refused while something is being done to it."""
    if place not in world.of("redis"):
        raise missing(place)
    if world.busy("redis", place):
        raise precondition(f"Instance {place} is not in a state in which it can be changed: it has to be READY.")
    return world.of("redis")[place]


@method("redis.projects.locations.instances.get")
def get(world: World, request: Request) -> Answer:
    """One of them."""
    return Answer(seen(world, lro.one(world, request)))


@method("redis.projects.locations.instances.list")
def lists(world: World, request: Request) -> Answer:
    """All of a region, or with `-` of all regions."""
    items = [seen(world, it) for it in lro.inside(world, request)]
    return Answer({"instances": items}, "instances")


@method("redis.projects.locations.instances.getAuthString")
def auth(world: World, request: Request) -> Answer:
    """What opens it."""
    instance = lro.one(world, request, request.place.removesuffix("/authString"))
    if not instance["authEnabled"]:
        raise precondition("AUTH is not enabled for the instance.")
    return Answer({"authString": instance["_auth"]})


@method("redis.projects.locations.instances.patch")
def patch(world: World, request: Request) -> Answer:
    """Some of it anew."""
    instance = ready(world, request, request.place)
    fields = lro.mask(request, _CHANGEABLE)
    wanted = dict(instance)
    for field in fields:
        name = "redisConfigs" if field == "redisConfig" else field.split(".")[0]
        wanted[name] = request.body.get(name, {} if name in ("labels", "redisConfigs") else False if name == "authEnabled" else None)
    _check(world, request.place, wanted)
    return lro.begin(
        world, request, request.place, "update", _KIND, lambda: seen(world, instance), finish=lambda: instance.update(wanted)
    )


@method("redis.projects.locations.instances.upgrade")
def upgrade(world: World, request: Request) -> Answer:
    """A newer version."""
    place = request.place.removesuffix(":upgrade")
    instance, version = ready(world, request, place), request.body.get("redisVersion")
    if version not in VERSIONS or VERSIONS.index(version) <= VERSIONS.index(instance["redisVersion"]):
        raise wrong(f"redis_version: {version} is no newer version than {instance['redisVersion']}")
    finish = {"redisVersion": version}
    return lro.begin(world, request, place, "upgrade", _KIND, lambda: seen(world, instance), finish=lambda: instance.update(finish))


@method("redis.projects.locations.instances.delete")
def delete(world: World, request: Request) -> Answer:
    """Removes it, with all that it holds."""
    ready(world, request, request.place)
    return lro.begin(world, request, request.place, "delete", _KIND, lambda: None, finish=lambda: _gone(world, request.place))
