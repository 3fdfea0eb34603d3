"""Alert policies."""

from __future__ import annotations

from .things import Answer, Request, Thing, World, invalid, path, required

_NAMES = ("type", "description", "compare", "value", "window", "alerts")


@path("GET", "/v2/monitoring/alerts")
def policies(world: World, request: Request) -> Answer:
    """All policies."""
    return Answer(200, {"policies": list(world.of("policies").values())}, listed="policies")


def check(world: World, body: Thing) -> None:
    """What the cloud refuses."""
    for name in _NAMES:
        if name not in body:
            raise invalid(f"{name} is required")
    for entity in body["entities"]:
        if entity not in world.of("load_balancers") and entity not in world.of("databases"):
            raise invalid(f"entity {entity} does not exist")
    for tag in body["tags"]:
        if tag not in world.of("tags"):
            raise invalid(f"tag {tag} does not exist")


@path("POST", "/v2/monitoring/alerts")
def create(world: World, request: Request) -> Answer:
    """One more; there may be several of the same description."""
    required(request.body, "description")
    check(world, request.body)
    policy = {**request.body, "uuid": world.uuid()}
    world.of("policies")[policy["uuid"]] = policy
    return Answer(200, {"policy": policy})


@path("PUT", "/v2/monitoring/alerts/{}")
def change(world: World, request: Request) -> Answer:
    """All of it anew."""
    policy = world.get("policies", request.ids[0])
    check(world, request.body)
    policy.update(request.body)
    return Answer(200, {"policy": policy})


@path("DELETE", "/v2/monitoring/alerts/{}")
def delete(world: World, request: Request) -> Answer:
    """Gone at once."""
    del world.of("policies")[world.get("policies", request.ids[0])["uuid"]]
    return Answer(204)
