"""Autoscale pools: they keep as many machines as they should have."""

from __future__ import annotations

from .compute import make, remove
from .things import Answer, Request, Thing, World, distinct, invalid, path, required


@path("GET", "/v2/droplets/autoscale")
def pools(world: World, request: Request) -> Answer:
    """All pools, each with as many machines as it has got to."""
    shown = []
    for pool in world.of("pools").values():
        if not world.is_busy(pool["id"], look=True) and pool["id"] not in world.failed:
            fill(world, pool)
        shown.append(seen(world, pool))
    return Answer(200, {"autoscale_pools": shown}, listed="autoscale_pools")


def members(world: World, pool: Thing) -> list[Thing]:
    """Its machines."""
    return [it for it in world.of("droplets").values() if it["id"] in world.of("members").get(pool["id"], {})]


def seen(world: World, pool: Thing) -> Thing:
    """A pool as it is shown."""
    status = "error" if pool["id"] in world.failed else pool["status"]
    return {**pool, "status": status, "active_resources_count": len(members(world, pool))}


def fill(world: World, pool: Thing) -> None:
    """Makes what is missing and removes what is too much."""
    least = pool["config"].get("min_instances") or pool["config"]["target_number_instances"]
    most = pool["config"].get("max_instances") or least
    has = members(world, pool)
    for machine in has[most:]:
        remove(world, machine)
    template = pool["droplet_template"]
    for _ in range(len(has), least):
        machine = make(world, {**template, "monitoring": True}, template["name"])
        world.of("droplets")[str(machine["id"])] = machine
        world.of("members").setdefault(pool["id"], {})[machine["id"]] = True
        if template.get("project_id"):
            world.of("projects")[template["project_id"]]["members"][f"do:droplet:{machine['id']}"] = world.now()


def check(world: World, body: Thing) -> None:
    """What the cloud refuses."""
    required(body, "name", "config", "droplet_template")
    template = body["droplet_template"]
    required(template, "region", "size", "image")
    if not template.get("ssh_keys"):
        raise invalid("at least one ssh key is required")
    for tag in template.get("tags", []):
        if tag not in world.of("tags"):
            raise invalid(f"tag {tag} does not exist")
    if template.get("project_id") and template["project_id"] not in world.of("projects"):
        raise invalid("project does not exist")
    make(world, template, "tried")


@path("POST", "/v2/droplets/autoscale")
def create(world: World, request: Request) -> Answer:
    """One more."""
    check(world, request.body)
    distinct(world, "pools", request.body["name"])
    id, now = world.uuid(), world.now()
    pool = {"id": id, "created_at": now, "updated_at": now, "status": "active", **request.body}
    pool["current_utilization"] = {"cpu": 0.1, "memory": 0.1}
    world.of("pools")[id] = pool
    world.begin("pool", id)
    return Answer(202, {"autoscale_pool": seen(world, pool)})


@path("PUT", "/v2/droplets/autoscale/{}")
def change(world: World, request: Request) -> Answer:
    """All of it anew; machines that run stay as they are."""
    pool = world.get("pools", request.ids[0])
    check(world, request.body)
    if request.body["name"] != pool["name"]:
        raise invalid("name cannot be updated")
    pool.update(request.body)
    return Answer(200, {"autoscale_pool": seen(world, pool)})


@path("DELETE", "/v2/droplets/autoscale/{}/dangerous")
def delete(world: World, request: Request) -> Answer:
    """Its machines go with it."""
    pool = world.get("pools", request.ids[0])
    for machine in members(world, pool):
        remove(world, machine)
    del world.of("pools")[pool["id"]]
    world.of("members").pop(pool["id"], None)
    return Answer(202)
