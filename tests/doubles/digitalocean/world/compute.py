"""Machines, their actions, and volumes."""

from __future__ import annotations

from typing import Any

from .base import quit_projects
from .listing import IMAGES, image, sizes
from .things import Answer, Refusal, Request, Thing, World, distinct, invalid, path, required


@path("GET", "/v2/droplets")
def droplets(world: World, request: Request) -> Answer:
    """All machines, or those with a tag."""
    tag = request.query.get("tag_name")
    found = [it for it in world.of("droplets").values() if tag is None or tag in it["tags"]]
    return Answer(200, {"droplets": [shown(world, it, look=True) for it in found]}, listed="droplets")


@path("GET", "/v2/droplets/{}")
def droplet(world: World, request: Request) -> Answer:
    """One machine."""
    return Answer(200, {"droplet": shown(world, world.get("droplets", request.ids[0]), look=True)})


def shown(world: World, droplet: Thing, *, look: bool) -> Thing:
    """A machine as it is seen: an action that is over has had its effect."""
    if world.is_busy(str(droplet["id"]), look=look):
        return {**{name: value for name, value in droplet.items() if name != "effect"}, "locked": True}
    effect = droplet.pop("effect", None)
    if effect:
        droplet.update(effect)
    if droplet["status"] == "new":
        droplet["status"] = "active"
    return {name: value for name, value in droplet.items() if name != "effect"}


def make(world: World, asked: Thing, name: str) -> Thing:
    """A machine of a request or of a pool's template."""
    every = sizes()
    size = every.get(asked["size"])
    if size is None:
        raise invalid("You specified an invalid size for Droplet creation.")
    region = world.region(asked["region"])
    if region["slug"] not in size["regions"]:
        raise invalid("Size is not available in this region.")
    if asked["image"] not in IMAGES:
        raise invalid("You specified an invalid image for Droplet creation.")
    for key in asked.get("ssh_keys", []):
        if str(key) not in world.of("keys"):
            raise invalid(f"{key} are invalid key identifiers for Droplet creation.")
    if len(world.of("droplets")) >= world.droplet_limit:
        raise invalid("creating this/these droplet(s) will exceed your droplet limit")
    if asked.get("vpc_uuid"):
        world.network(asked["vpc_uuid"], asked["region"])
    number = world.number()
    machine: Thing = {
        "id": number, "name": name, "memory": size["memory"], "vcpus": size["vcpus"], "disk": size["disk"],
        "disk_info": [{"type": "local", "size": {"amount": size["disk"], "unit": "gib"}}], "locked": False,
        "status": "new", "kernel": None, "created_at": world.now(), "backup_ids": [], "next_backup_window": None,
        "features": ["private_networking", "droplet_agent", *(["monitoring"] if asked.get("monitoring") else [])],
        "snapshot_ids": [], "image": image(200_000_001, asked["image"]), "volume_ids": [], "size": size,
        "size_slug": size["slug"], "region": region, "vpc_uuid": asked.get("vpc_uuid") or "",
        "tags": world.tag(asked.get("tags")),
        "networks": {"v4": [
            {"ip_address": f"10.116.0.{number % 250 + 2}", "netmask": "255.255.240.0", "gateway": "10.116.0.1", "type": "private"},
            {"ip_address": f"192.0.2.{number % 250 + 2}", "netmask": "255.255.255.0", "gateway": "192.0.2.1", "type": "public"},
        ], "v6": []},
    }  # fmt: skip
    return machine


@path("POST", "/v2/droplets")
def create(world: World, request: Request) -> Answer:
    """One more."""
    required(request.body, "name", "region", "size", "image")
    if len(request.body.get("user_data", "").encode()) > 64 * 1024:
        raise invalid("user_data is too long")
    machine = make(world, request.body, request.body["name"])
    for id in request.body.get("volumes", []):
        volume = world.of("volumes").get(id)
        if volume is None or volume["region"]["slug"] != request.body["region"]:
            raise invalid(f"volume {id} does not exist in this region")
        if volume["droplet_ids"]:
            raise Refusal(409, "conflict", f"volume {id} is attached to another Droplet")
    for id in request.body.get("volumes", []):
        world.of("volumes")[id]["droplet_ids"] = [machine["id"]]
        machine["volume_ids"].append(id)
    world.of("droplets")[str(machine["id"])] = machine
    world.begin("droplet", str(machine["id"]))
    action = {"id": world.number(), "rel": "create", "href": "https://api.digitalocean.com/v2/actions/7515"}
    return Answer(202, {"droplet": dict(machine), "links": {"actions": [action]}})


@path("DELETE", "/v2/droplets/{}")
def delete(world: World, request: Request) -> Answer:
    """Volumes stay."""
    remove(world, world.get("droplets", request.ids[0]))
    return Answer(204)


def remove(world: World, machine: Thing) -> None:
    """Takes a machine out of everything."""
    id = str(machine["id"])
    for volume in machine["volume_ids"]:
        world.of("volumes")[volume]["droplet_ids"] = []
    quit_projects(world, f"do:droplet:{id}", "droplet")
    world.leave("droplet", machine["vpc_uuid"], None)
    del world.of("droplets")[id]


@path("POST", "/v2/droplets/{}/actions")
def act(world: World, request: Request) -> Answer:
    """Begins an action; one at a time."""
    machine = world.get("droplets", request.ids[0])
    seen = shown(world, machine, look=False)
    if seen["locked"]:
        raise invalid("Droplet already has a pending event.")
    kind = request.body.get("type")
    effect: dict[str, Any]
    if kind == "power_off":
        effect = {"status": "off"}
    elif kind == "power_on":
        effect = {"status": "active"}
    elif kind == "resize":
        size = sizes().get(request.body["size"])
        if seen["status"] != "off":
            raise invalid("Droplet must be powered off to be resized.")
        if size is None or size["disk"] < seen["disk"]:
            raise invalid("This size is not available because it has a smaller disk.")
        effect = {"size": size, "size_slug": size["slug"], "vcpus": size["vcpus"], "memory": size["memory"]}
    else:
        raise invalid(f"this double knows no action {kind}")
    machine["effect"] = effect
    world.begin("action", str(machine["id"]))
    return Answer(201, {"action": {
        "id": world.number(), "status": "in-progress", "type": kind, "started_at": world.now(), "completed_at": None,
        "resource_id": machine["id"], "resource_type": "droplet", "region": machine["region"],
        "region_slug": machine["region"]["slug"],
    }})  # fmt: skip


@path("GET", "/v2/volumes")
def volumes(world: World, request: Request) -> Answer:
    """All volumes."""
    return Answer(200, {"volumes": list(world.of("volumes").values())}, listed="volumes")


@path("POST", "/v2/volumes")
def create_volume(world: World, request: Request) -> Answer:
    """One more."""
    required(request.body, "name", "size_gigabytes", "region")
    distinct(world, "volumes", request.body["name"])
    id = world.uuid()
    volume = {
        "id": id, "name": request.body["name"], "description": "", "size_gigabytes": request.body["size_gigabytes"],
        "region": world.region(request.body["region"]), "droplet_ids": [], "created_at": world.now(),
        "tags": world.tag(request.body.get("tags")), "filesystem_type": request.body.get("filesystem_type", ""),
        "filesystem_label": "",
    }  # fmt: skip
    world.of("volumes")[id] = volume
    return Answer(201, {"volume": volume})


@path("POST", "/v2/volumes/{}/actions")
def act_on_volume(world: World, request: Request) -> Answer:
    """Grows it: nothing else is asked of it here."""
    volume = world.get("volumes", request.ids[0])
    if request.body.get("type") != "resize":
        raise invalid("this double grows volumes only")
    if request.body["size_gigabytes"] <= volume["size_gigabytes"]:
        raise invalid("volume can only be grown")
    volume["size_gigabytes"] = request.body["size_gigabytes"]
    return Answer(202, {"action": {
        "id": world.number(), "status": "in-progress", "type": "resize", "started_at": world.now(),
        "completed_at": None, "resource_id": None, "resource_type": "backend", "region": volume["region"],
        "region_slug": volume["region"]["slug"],
    }})  # fmt: skip


@path("DELETE", "/v2/volumes/{}")
def delete_volume(world: World, request: Request) -> Answer:
    """Refused while a machine has it."""
    volume = world.get("volumes", request.ids[0])
    if volume["droplet_ids"]:
        raise Refusal(409, "conflict", "volume is attached to a Droplet")
    quit_projects(world, f"do:volume:{volume['id']}")
    del world.of("volumes")[volume["id"]]
    return Answer(204)


