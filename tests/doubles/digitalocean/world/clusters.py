"""Databases, caches and read-only nodes."""

from __future__ import annotations

import re

from .base import join, quit_projects
from .listing import layouts
from .things import Answer, Refusal, Request, Thing, World, distinct, invalid, missing, path, required

# What a size comes with, GiB for each GB of memory: the true figures are in no public description.
_GIB_PER_GB = 15
_VERSIONS = {"mysql": "8", "valkey": "8"}


def included_mib(size: str) -> int:
    """The storage that a size comes with."""
    memory_gb = int(re.findall(r"(\d+)gb", size)[0])
    return max(10, _GIB_PER_GB * memory_gb) // 10 * 10 * 1024


def check_size(size: str, nodes: int) -> None:
    """Refuses what is not sold."""
    if size not in layouts().get(nodes, []):
        raise invalid(f"invalid size {size} for {nodes} nodes")


def ready(world: World, id: str) -> Thing:
    """A cluster that can be worked on."""
    cluster = world.get("databases", id)
    if world.is_busy(id):
        raise invalid("cluster is not online")
    return cluster


def shown(world: World, cluster: Thing, *, look: bool) -> Thing:
    """A cluster as it is seen."""
    busy = world.is_busy(cluster["id"], look=look)
    status = cluster["doing"] if busy else "online"
    hidden = ("doing", "eviction", "persistence")
    seen = {name: value for name, value in cluster.items() if name not in hidden}
    if busy and cluster["doing"] == "creating":
        seen.pop("connection"), seen.pop("private_connection")
    return {**seen, "status": status}


def endpoint(name: str) -> Thing:
    """Where to connect."""
    return {
        "uri": "", "database": "defaultdb", "host": f"{name}.db.example.net", "port": 25060, "user": "doadmin",
        "password": "made-by-the-cloud", "ssl": True,
    }  # fmt: skip


@path("GET", "/v2/databases")
def clusters(world: World, request: Request) -> Answer:
    """All clusters; this list has no pages."""
    tag = request.query.get("tag_name")
    found = [it for it in world.of("databases").values() if tag is None or tag in it["tags"]]
    return Answer(200, {"databases": [shown(world, it, look=True) for it in found]})


@path("GET", "/v2/databases/{}")
def cluster(world: World, request: Request) -> Answer:
    """One cluster."""
    return Answer(200, {"database": shown(world, world.get("databases", request.ids[0]), look=True)})


@path("POST", "/v2/databases")
def create(world: World, request: Request) -> Answer:
    """One more."""
    body = request.body
    required(body, "name", "engine", "region", "size", "num_nodes")
    if body["engine"] not in _VERSIONS:
        raise invalid(f"engine {body['engine']} can no longer be created")
    if body.get("version", "8") != _VERSIONS[body["engine"]]:
        raise invalid(f"version {body['version']} is not available")
    check_size(body["size"], body["num_nodes"])
    if not re.fullmatch(r"[a-z][a-z0-9-]{2,62}", body["name"]):
        raise invalid("invalid cluster name")
    distinct(world, "databases", body["name"], status=422)
    world.region(body["region"])
    if body.get("private_network_uuid"):
        world.network(body["private_network_uuid"], body["region"])
    mib = body.get("storage_size_mib") or included_mib(body["size"])
    if mib < included_mib(body["size"]):
        raise invalid("storage_size_mib is below what the size comes with")
    id = world.uuid()
    made = {
        "id": id, "name": body["name"], "engine": body["engine"], "version": body.get("version", "8"),
        "semantic_version": "8.0.35", "num_nodes": body["num_nodes"], "size": body["size"], "region": body["region"],
        "created_at": world.now(), "private_network_uuid": body.get("private_network_uuid", ""),
        "tags": world.tag(body.get("tags")), "db_names": None, "users": None, "storage_size_mib": mib,
        "project_id": body.get("project_id"), "connection": endpoint(body["name"]),
        "private_connection": endpoint(f"private-{body['name']}"), "rules": numbered(world, id, body.get("rules")),
        "doing": "creating", "eviction": "noeviction", "persistence": "off" if body["engine"] == "valkey" else "rdb",
    }  # fmt: skip
    join(world, body.get("project_id"), f"do:dbaas:{id}")
    world.of("databases")[id] = made
    world.begin("database", id)
    return Answer(201, {"database": shown(world, made, look=False)})


@path("DELETE", "/v2/databases/{}")
def delete(world: World, request: Request) -> Answer:
    """Its backups go with it."""
    cluster = world.get("databases", request.ids[0])
    if any(replica["cluster"] == cluster["id"] for replica in world.of("replicas").values()):
        raise invalid("cluster has read-only nodes")
    quit_projects(world, f"do:dbaas:{cluster['id']}", "database")
    world.leave("database", cluster["private_network_uuid"], None)
    del world.of("databases")[cluster["id"]]
    return Answer(204)


@path("PUT", "/v2/databases/{}/resize")
def resize(world: World, request: Request) -> Answer:
    """Another size, other nodes, more storage; of a read-only node, too."""
    required(request.body, "size", "num_nodes")
    check_size(request.body["size"], request.body["num_nodes"])
    replica = world.of("replicas").get(request.ids[0])
    cluster = replica or ready(world, request.ids[0])
    mib = max(request.body.get("storage_size_mib") or 0, cluster["storage_size_mib"])
    if request.body.get("storage_size_mib", mib) < cluster["storage_size_mib"]:
        raise invalid("storage cannot be lowered")
    cluster.update({"size": request.body["size"], "storage_size_mib": mib})
    if replica is None:
        cluster.update({"num_nodes": request.body["num_nodes"], "doing": "resizing"})
        world.begin("database", cluster["id"])
    return Answer(202)


def numbered(world: World, cluster: str, rules: list[Thing] | None) -> list[Thing]:
    """Rules with their ids."""
    return [
        {"uuid": world.uuid(), "cluster_uuid": cluster, "created_at": world.now(), **rule} for rule in rules or []
    ]


@path("GET", "/v2/databases/{}/firewall")
def trusted(world: World, request: Request) -> Answer:
    """Who may connect."""
    return Answer(200, {"rules": world.get("databases", request.ids[0])["rules"]})


@path("PUT", "/v2/databases/{}/firewall")
def trust(world: World, request: Request) -> Answer:
    """Who may connect from now on."""
    cluster = ready(world, request.ids[0])
    cluster["rules"] = numbered(world, cluster["id"], request.body["rules"])
    return Answer(204)


def cache(world: World, id: str) -> Thing:
    """A cache that runs."""
    cluster = ready(world, id)
    if cluster["engine"] != "valkey":
        raise Refusal(400, "bad_request", "this engine has no eviction policy")
    return cluster


@path("GET", "/v2/databases/{}/eviction_policy")
def eviction(world: World, request: Request) -> Answer:
    """What a cache evicts."""
    return Answer(200, {"eviction_policy": cache(world, request.ids[0])["eviction"]})


@path("PUT", "/v2/databases/{}/eviction_policy")
def set_eviction(world: World, request: Request) -> Answer:
    """What a cache evicts from now on."""
    cache(world, request.ids[0])["eviction"] = request.body["eviction_policy"]
    return Answer(204)


@path("GET", "/v2/databases/{}/config")
def config(world: World, request: Request) -> Answer:
    """The settings of a cache."""
    return Answer(200, {"config": {"valkey_persistence": cache(world, request.ids[0])["persistence"]}})


@path("PATCH", "/v2/databases/{}/config")
def set_config(world: World, request: Request) -> Answer:
    """One setting of a cache."""
    given = request.body["config"]
    if set(given) != {"valkey_persistence"}:
        raise invalid("this double knows valkey_persistence only")
    cache(world, request.ids[0])["persistence"] = given["valkey_persistence"]
    return Answer(200)


@path("GET", "/v2/databases/{}/replicas")
def replicas(world: World, request: Request) -> Answer:
    """Read-only nodes of a database."""
    cluster = world.get("databases", request.ids[0])["id"]
    found = [it for it in world.of("replicas").values() if it["cluster"] == cluster]
    seen = []
    for replica in found:
        busy = world.is_busy(replica["id"], look=True)
        shown = {name: value for name, value in replica.items() if name != "cluster"}
        seen.append({**shown, "status": "creating" if busy else "online"})
    return Answer(200, {"replicas": seen})


@path("POST", "/v2/databases/{}/replicas")
def create_replica(world: World, request: Request) -> Answer:
    """One more; it has at least the storage of its database."""
    cluster = ready(world, request.ids[0])
    body = request.body
    required(body, "name", "size")
    check_size(body["size"], 1)
    distinct(world, "replicas", body["name"], status=422)
    mib = body.get("storage_size_mib") or cluster["storage_size_mib"]
    if mib < cluster["storage_size_mib"]:
        raise invalid("storage_size_mib is below that of the primary")
    id = world.uuid()
    made = {
        "id": id, "name": body["name"], "region": body.get("region", cluster["region"]), "size": body["size"],
        "tags": world.tag(body.get("tags")), "created_at": world.now(), "storage_size_mib": mib,
        "private_network_uuid": body.get("private_network_uuid", cluster["private_network_uuid"]),
        "connection": endpoint(body["name"]), "private_connection": endpoint(f"private-{body['name']}"),
        "cluster": cluster["id"],
    }  # fmt: skip
    world.of("replicas")[id] = made
    world.begin("database", id)
    seen = {name: value for name, value in made.items() if name != "cluster"}
    return Answer(201, {"replica": {**seen, "status": "creating"}})


@path("DELETE", "/v2/databases/{}/replicas/{}")
def delete_replica(world: World, request: Request) -> Answer:
    """By the name of it."""
    cluster, name = request.ids
    for id, replica in list(world.of("replicas").items()):
        if (replica["cluster"], replica["name"]) == (cluster, name):
            del world.of("replicas")[id]
            return Answer(204)
    raise missing()
