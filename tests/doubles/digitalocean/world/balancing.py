"""Balancers."""

from __future__ import annotations

from .base import join, quit_projects
from .things import Answer, Request, Thing, World, distinct, invalid, path, required


@path("GET", "/v2/load_balancers")
def balancers(world: World, request: Request) -> Answer:
    """All balancers."""
    shown = [seen(world, it, look=True) for it in world.of("load_balancers").values()]
    return Answer(200, {"load_balancers": shown}, listed="load_balancers")


def seen(world: World, balancer: Thing, *, look: bool) -> Thing:
    """A balancer as it is shown: with an address when it is ready."""
    busy = world.is_busy(balancer["id"], look=look)
    tagged = [it["id"] for it in world.of("droplets").values() if balancer.get("tag") in it["tags"]]
    return {
        **balancer,
        "status": "errored" if balancer["id"] in world.failed else "new" if busy else "active",
        "ip": "" if busy else balancer["ip"],
        "droplet_ids": tagged,
    }


def read(world: World, body: Thing) -> Thing:
    """What a request asks for, with what the cloud adds."""
    required(body, "name", "region", "forwarding_rules")
    if body.get("vpc_uuid"):
        world.network(body["vpc_uuid"], body["region"])
    if body.get("tag") and body["tag"] not in world.of("tags"):
        raise invalid(f"tag {body['tag']} does not exist")
    rules = [{"certificate_id": "", "tls_passthrough": False, **rule} for rule in body["forwarding_rules"]]
    for rule in rules:
        if rule["entry_protocol"] == "https" and not rule["certificate_id"]:
            raise invalid("https needs a certificate")
    return {
        "size_unit": 1, "redirect_http_to_https": False, "enable_proxy_protocol": False,
        "enable_backend_keepalive": False, "http_idle_timeout_seconds": 60, "type": "REGIONAL",
        "sticky_sessions": {"type": "none"}, "disable_lets_encrypt_dns_records": False, **body,
        "region": world.region(body["region"]), "forwarding_rules": rules,
    }  # fmt: skip


@path("POST", "/v2/load_balancers")
def create(world: World, request: Request) -> Answer:
    """One more."""
    distinct(world, "load_balancers", request.body.get("name", ""), status=422)
    made = read(world, request.body)
    id = world.uuid()
    join(world, request.body.get("project_id"), f"do:loadbalancer:{id}")
    balancer = {**made, "id": id, "ip": f"198.51.100.{len(world.of('load_balancers')) + 2}", "created_at": world.now()}
    world.of("load_balancers")[id] = balancer
    world.begin("balancer", id)
    return Answer(202, {"load_balancer": seen(world, balancer, look=False)})


@path("PUT", "/v2/load_balancers/{}")
def change(world: World, request: Request) -> Answer:
    """All of it anew: what is left out is as the cloud has it by itself."""
    balancer = world.get("load_balancers", request.ids[0])
    made = read(world, request.body)
    if made["type"] != balancer["type"] or made.get("vpc_uuid") != balancer.get("vpc_uuid"):
        raise invalid("type and vpc cannot be changed")
    join(world, request.body.get("project_id"), f"do:loadbalancer:{balancer['id']}")
    balancer.update(made)
    world.begin("balancer", balancer["id"])
    return Answer(200, {"load_balancer": seen(world, balancer, look=False)})


@path("DELETE", "/v2/load_balancers/{}")
def delete(world: World, request: Request) -> Answer:
    """Machines stay."""
    balancer = world.get("load_balancers", request.ids[0])
    quit_projects(world, f"do:loadbalancer:{balancer['id']}", "balancer")
    world.leave("balancer", balancer.get("vpc_uuid"), None)
    del world.of("load_balancers")[balancer["id"]]
    return Answer(204)
