"""Memorystore for Valkey."""

from __future__ import annotations

import re

from . import lro
from .caches import POLICIES, check_region, wrong
from .families import ELSEWHERE
from .limits import REGIONS
from .machines import check_labels
from .refusals import precondition
from .things import Answer, Request, Thing, World, method

VERSIONS = ["VALKEY_7_2", "VALKEY_8_0", "VALKEY_9_0"]
# GB of a node by its type (Memorystore for Valkey documentation, "Instance and node specification").
_NODES = {
    "CUSTOM_PICO": 0.5, "SHARED_CORE_NANO": 1.4, "STANDARD_SMALL": 6.5, "HIGHMEM_MEDIUM": 13.0, "HIGHMEM_XLARGE": 58.0,
    "CUSTOM_MICRO": 1.0, "CUSTOM_MINI": 3.0, "HIGHCPU_MEDIUM": 6.5, "STANDARD_LARGE": 26.0, "HIGHMEM_2XLARGE": 116.0,
}  # fmt: skip
_CHANGEABLE = {
    "labels", "replicaCount", "shardCount", "nodeType", "persistenceConfig", "engineVersion", "engineConfigs", "endpoints",
    "deletionProtectionEnabled", "automatedBackupConfig", "maintenancePolicy", "maintenanceVersion", "simulateMaintenanceEvent",
    "ondemandMaintenance", "rotateServerCertificate", "asyncInstanceEndpointsDeletionEnabled",
}  # fmt: skip
_CONFIGS = {
    "maxmemory-policy", "maxmemory-clients", "maxmemory", "notify-keyspace-events", "slowlog-log-slower-than", "timeout", "tls-ca",
    "activedefrag", "lazyfree-lazy-eviction", "lazyfree-lazy-expire",
}  # fmt: skip
_KIND = "google.cloud.memorystore.v1.Instance"
_SERVICE = "memorystore"
_MOST_RETENTION_S, _DAY_S = 365 * 86_400, 86_400


def _networks(body: Thing) -> list[tuple[str, str]]:
    """Networks and projects that are to have an endpoint."""
    asked = [it["pscAutoConnection"] for end in body.get("endpoints", []) for it in end.get("connections", []) if "pscAutoConnection" in it]
    asked += body.get("pscAutoConnections", [])
    for it in asked:
        if not re.fullmatch(r"projects/[^/]+/global/networks/[^/]+", it.get("network", "")) or not it.get("projectId"):
            raise wrong("psc_auto_connections: each takes project_id and a network of the form projects/PROJECT/global/networks/NETWORK")
    return [(it["network"], it["projectId"]) for it in asked]


def _check(world: World, place: str, body: Thing) -> None:
    region = check_region(place)
    if body.setdefault("engineVersion", VERSIONS[-1]) not in VERSIONS:
        raise wrong(f"engine_version: {body['engineVersion']} is not supported")
    if body.setdefault("nodeType", "HIGHMEM_MEDIUM") not in _NODES:
        raise wrong(f"node_type: {body['nodeType']} is not supported")
    if body.setdefault("mode", "CLUSTER") == "CLUSTER_DISABLED" and body.get("shardCount", 1) != 1:
        raise wrong("shard_count: is 1 where cluster mode is disabled")
    if not 1 <= body.setdefault("shardCount", 1) <= 250 or not 0 <= body.setdefault("replicaCount", 0) <= 5:
        raise wrong("shard_count is from 1 to 250, replica_count from 0 to 5")
    zones = body.setdefault("zoneDistributionConfig", {"mode": "MULTI_ZONE"})
    named = zones.get("zone")
    if (zones.get("mode") == "SINGLE_ZONE") != bool(named):
        raise wrong("zone_distribution_config: a zone is named where and only where the mode is SINGLE_ZONE")
    if named and named not in [f"{region}-{letter}" for letter in REGIONS[region]]:
        raise wrong(f"zone_distribution_config.zone: {named} is no zone of {region}")
    for name, value in body.setdefault("engineConfigs", {}).items():
        if name not in _CONFIGS or (name == "maxmemory-policy" and value not in POLICIES):
            raise wrong(f"engine_configs: {name}={value} is not supported")
    check_labels("labels", body.get("labels", {}))
    backup = body.setdefault("automatedBackupConfig", {"automatedBackupMode": "DISABLED"})
    if backup.get("automatedBackupMode") == "ENABLED":
        # From a day to a year (Memorystore API, `automatedBackupConfig.retention`).
        seconds = float(backup.get("retention", "3024000s")[:-1])
        if "fixedFrequencySchedule" not in backup or not _DAY_S <= seconds <= _MOST_RETENTION_S:
            raise wrong("automated_backup_config: takes a schedule, and a retention from one day to 365")


@method("memorystore.projects.locations.instances.create")
@lro.once
def create(world: World, request: Request) -> Answer:
    """One more."""
    place = lro.vacant(world, request, "instanceId", "[a-z][-a-z0-9]{2,61}[a-z0-9]")
    made: Thing = dict(request.body)
    _check(world, place, made)
    networks = _networks(made)
    if not networks:
        raise wrong("psc_auto_connections: at least one network is needed")
    for network, _ in networks:
        if not _policy(world, place, network):
            said = f"No service connection policy for the service class gcp-memorystore in {place.split('/')[3]} has the network {network}."
            raise precondition(said)
    made.setdefault("authorizationMode", "AUTH_DISABLED")
    made.setdefault("transitEncryptionMode", "TRANSIT_ENCRYPTION_DISABLED")
    made.setdefault("persistenceConfig", {"mode": "DISABLED"})
    made.setdefault("deletionProtectionEnabled", False)
    connections = [_connection(world, network, project) for network, project in networks]
    made |= {
        "name": place, "createTime": world.now(), "updateTime": world.now(), "uid": world.id(), "_networks": [it for it, _ in networks],
        "nodeConfig": {"sizeGb": _NODES[made["nodeType"]]}, "pscAutoConnections": connections,
        "endpoints": [{"connections": [{"pscAutoConnection": it} for it in connections]}],
        "discoveryEndpoints": [{"address": it["ipAddress"], "port": 6379, "network": it["network"]} for it in connections],
    }  # fmt: skip
    world.of(_SERVICE)[place] = made
    return lro.begin(world, request, place, "create", _KIND, lambda: seen(world, made), undo=lambda: _gone(world, place))


def _connection(world: World, network: str, project: str) -> Thing:
    number = world.number()
    return {
        "pscConnectionId": world.id(), "ipAddress": f"10.64.0.{number % 200 + 10}", "network": network, "projectId": project, "port": 6379,
        "pscConnectionStatus": "ACTIVE", "connectionType": "CONNECTION_TYPE_PRIMARY",
        "forwardingRule": f"https://www.googleapis.com/compute/v1/projects/{project}/regions/us-central1/forwardingRules/sca-auto-fr-{number}",
    }  # fmt: skip


def _policy(world: World, place: str, network: str) -> Thing | None:
    """The policy that lets endpoints into a network."""
    home = "/".join(place.split("/")[:4])
    for policy in world.of("networkconnectivity").values():
        same = policy["network"].rsplit("/", 1)[-1] == network.rsplit("/", 1)[-1]
        if same and policy["name"].startswith(home) and policy["serviceClass"] == "gcp-memorystore":
            if not world.busy("networkconnectivity", policy["name"]):
                return policy
    return None


def _gone(world: World, place: str) -> None:
    world.of(_SERVICE).pop(place, None)


def seen(world: World, instance: Thing) -> Thing:
    """An instance as it is shown: what is being made has no address yet."""
    shown = {name: value for name, value in instance.items() if not name.startswith("_")}
    work = world.busy(_SERVICE, instance["name"])
    verb = work.shown["_verb"] if work else None
    shown["state"] = {None: "ACTIVE", "create": "CREATING", "delete": "DELETING"}.get(verb, "UPDATING")
    if verb == "create":
        asked = [{"network": it["network"], "projectId": it["projectId"]} for it in shown.pop("pscAutoConnections")]
        shown["endpoints"] = [{"connections": [{"pscAutoConnection": it} for it in asked]}]
        del shown["discoveryEndpoints"]
    return shown


@method("memorystore.projects.locations.instances.get")
def get(world: World, request: Request) -> Answer:
    """One of them."""
    return Answer(seen(world, lro.one(world, request)))


@method("memorystore.projects.locations.instances.getCertificateAuthority")
def certificates(world: World, request: Request) -> Answer:
    """Whose certificate it shows."""
    lro.one(world, request, request.place.removesuffix("/certificateAuthority"))
    authority = {"caCerts": [{"certificates": ["-----BEGIN CERTIFICATE-----\n"]}]}
    return Answer({"name": request.place, "managedServerCa": authority})


@method("memorystore.projects.locations.instances.list")
def lists(world: World, request: Request) -> Answer:
    """All of a region, or with `-` of all regions."""
    items = [seen(world, it) for it in lro.inside(world, request)]
    return Answer({"instances": items}, "instances")


@method("memorystore.projects.locations.instances.patch")
@lro.once
def patch(world: World, request: Request) -> Answer:
    """Some of it anew."""
    instance = lro.free(world, request)
    wanted = dict(instance)
    for field in lro.mask(request, _CHANGEABLE):
        name = field.split(".")[0]
        if name in request.body:
            wanted[name] = request.body[name]
        else:
            # Named and not said: as it is by itself.
            wanted[name] = {"labels": {}, "engineConfigs": {}, "deletionProtectionEnabled": False, "replicaCount": 0}.get(name)
            if wanted[name] is None:
                raise wrong(f"{name}: is in update_mask and has no value")
    _check(world, request.place, wanted)
    if VERSIONS.index(wanted["engineVersion"]) < VERSIONS.index(instance["engineVersion"]):
        raise wrong(f"engine_version: {wanted['engineVersion']} is older than {instance['engineVersion']}")
    wanted |= {"updateTime": world.now(), "nodeConfig": {"sizeGb": _NODES[wanted["nodeType"]]}}
    return lro.begin(
        world, request, request.place, "update", _KIND, lambda: seen(world, instance), finish=lambda: instance.update(wanted)
    )


@method("memorystore.projects.locations.instances.delete")
@lro.once
def delete(world: World, request: Request) -> Answer:
    """Removes it, with all that it holds."""
    instance = lro.free(world, request)
    if instance["deletionProtectionEnabled"]:
        raise precondition("The instance is deletion protected. Please disable deletion protection to delete the instance.")
    return lro.begin(world, request, request.place, "delete", _KIND, lambda: None, finish=lambda: _gone(world, request.place))


def endpoints_in(world: World, policy: Thing) -> list[str]:
    """Instances whose endpoints a policy has made."""
    return [
        it["name"] for it in world.of(_SERVICE).values()
        if it["name"].startswith("/".join(policy["name"].split("/")[:4]))
        and policy["network"].rsplit("/", 1)[-1] in [network.rsplit("/", 1)[-1] for network in it["_networks"]]
    ]  # fmt: skip


def _users(world: World, address: str) -> list[str]:
    """Instances with an endpoint in a network."""
    return [
        place for place, it in world.of(_SERVICE).items() if any(address.endswith(f"/{network}") for network in it["_networks"])
    ]


ELSEWHERE.append(_users)
