"""Firewalls."""

from __future__ import annotations

from .things import Answer, Request, Thing, World, distinct, invalid, path, required


@path("GET", "/v2/firewalls")
def firewalls(world: World, request: Request) -> Answer:
    """All firewalls."""
    shown = [seen(world, it, look=True) for it in world.of("firewalls").values()]
    return Answer(200, {"firewalls": shown}, listed="firewalls")


def seen(world: World, firewall: Thing, *, look: bool) -> Thing:
    """A firewall as it is shown."""
    return {**firewall, "status": "waiting" if world.is_busy(firewall["id"], look=look) else "succeeded"}


def read(world: World, body: Thing) -> Thing:
    """What a request asks for, as the cloud gives it back: `0` for all ports."""
    required(body, "name")
    for tag in body.get("tags") or []:
        if tag not in world.of("tags"):
            raise invalid(f"tag {tag} does not exist")
    made: Thing = {"droplet_ids": [], "tags": [], "inbound_rules": [], "outbound_rules": [], **body}
    for name, ends in (("inbound_rules", "sources"), ("outbound_rules", "destinations")):
        for rule in made[name]:
            if rule["protocol"] == "icmp" or rule["ports"] in ("all", "0"):
                rule["ports"] = "0"
            for balancer in rule[ends].get("load_balancer_uids", []):
                if balancer not in world.of("load_balancers"):
                    raise invalid(f"load balancer {balancer} does not exist")
    return made


@path("POST", "/v2/firewalls")
def create(world: World, request: Request) -> Answer:
    """One more."""
    distinct(world, "firewalls", request.body.get("name", ""))
    made = read(world, request.body)
    id = world.uuid()
    firewall = {**made, "id": id, "created_at": world.now(), "pending_changes": []}
    world.of("firewalls")[id] = firewall
    world.begin("firewall", id)
    return Answer(202, {"firewall": seen(world, firewall, look=False)})


@path("PUT", "/v2/firewalls/{}")
def change(world: World, request: Request) -> Answer:
    """All of it anew."""
    firewall = world.get("firewalls", request.ids[0])
    firewall.update(read(world, request.body))
    return Answer(200, {"firewall": seen(world, firewall, look=False)})


@path("DELETE", "/v2/firewalls/{}")
def delete(world: World, request: Request) -> Answer:
    """Machines stay, unguarded."""
    del world.of("firewalls")[world.get("firewalls", request.ids[0])["id"]]
    return Answer(204)
