"""Service Networking: the connection of a network with Google's own, over which managed services are reached."""

from __future__ import annotations

import re

from . import lro
from .refusals import missing
from .things import Answer, Refusal, Request, Thing, World, method

_SERVICE, _PEERING = "services/servicenetworking.googleapis.com", "servicenetworking-googleapis-com"
_KIND = "google.cloud.servicenetworking.v1.Connection"
_URL = re.compile(r"https://(www|compute)\.googleapis\.com/(compute/)?v1/")


def network_place(world: World, reference: str) -> str:
    """The place of a network that is named by the project's id or number."""
    parts = _URL.sub("", reference).split("/")
    return "/".join([parts[0], world.project_id(parts[1]), *parts[2:]]) if len(parts) == 5 else reference


def connected(world: World, network: str) -> bool:
    """Whether a network has a connection that is ready."""
    place = network_place(world, network)
    return place in world.of("servicenetworking") and not world.busy("servicenetworking", place)


def _wrong(message: str) -> Refusal:
    return Refusal(400, "INVALID_ARGUMENT", message)


def _network(world: World, reference: str | None) -> str:
    """The network of a request: the documentation wants the project's number, which ids do not replace."""
    found = re.fullmatch(r"projects/(\d+)/global/networks/([^/]+)", reference or "")
    if not found:
        said = f"network: '{reference}' is not of the form projects/PROJECT_NUMBER/global/networks/NETWORK"
        raise _wrong(f"{said} (Service Networking API, Connection.network: 'PROJECT' is a project number).")
    place = network_place(world, str(reference))
    if place not in world.of("networks"):
        raise missing(place)
    return place


def _ranges(world: World, network: str, asked: list[str]) -> None:
    home = network.removesuffix(network.split("/global/")[1]) + "addresses/"
    for name in asked:
        found = world.of("globalAddresses").get(home + name)
        if not found or not str(found.get("network", "")).endswith(network):
            raise _wrong(f"Allocated IP range '{name}' not found in network.")
    if not asked:
        raise _wrong("reserved_peering_ranges: at least one allocated range is needed.")


def _begin(world: World, request: Request, network: str, verb: str, thing: Thing | None, **more: object) -> Answer:
    home = f"operations/pssn.p24-{world.project_number(network.split('/')[1])}-"
    return lro.begin(world, request, network, verb, _KIND, lambda: thing, home=home, **more)  # type: ignore[arg-type]


@method("servicenetworking.services.connections.create")
def create(world: World, request: Request) -> Answer:
    """A connection; the same once more is the same, another in its place is refused."""
    network = _network(world, request.body.get("network"))
    ranges = request.body.get("reservedPeeringRanges", [])
    _ranges(world, network, ranges)
    there = world.of("servicenetworking").get(network)
    made: Thing = {"network": request.body["network"], "reservedPeeringRanges": ranges, "peering": _PEERING, "service": _SERVICE}
    if there and there["reservedPeeringRanges"] != ranges:
        said = "Cannot modify allocated ranges in CreateConnection. Please use UpdateConnection."
        return _fails(world, request, network, "create", said)
    if there:
        return _begin(world, request, network, "create", there)
    world.of("servicenetworking")[network] = made
    project = f"{world.project_number('tenant')}-tp"
    peering = {
        "name": _PEERING, "network": f"https://www.googleapis.com/compute/v1/projects/{project}/global/networks/servicenetworking",
        "state": "ACTIVE", "stateDetails": "[2026-01-01T00:00:00.000-08:00]: Connected.", "autoCreateRoutes": True, "exchangeSubnetRoutes": True,
    }  # fmt: skip
    world.of("networks")[network].setdefault("peerings", []).append(peering)
    return _begin(world, request, network, "create", made, undo=lambda: _gone(world, network))


def _fails(world: World, request: Request, network: str, verb: str, said: str) -> Answer:
    """An operation that is taken on and ends in an error, as Google answers this."""
    world.failing.insert(0, {"what": request.id, "code": "FAILED_PRECONDITION", "message": said, "times": 1})
    return _begin(world, request, network, verb, None)


def _gone(world: World, network: str) -> None:
    world.of("servicenetworking").pop(network, None)
    thing = world.of("networks").get(network, {})
    left = [it for it in thing.pop("peerings", []) if it["name"] != _PEERING]
    if left:
        thing["peerings"] = left


@method("servicenetworking.services.connections.list")
def lists(world: World, request: Request) -> Answer:
    """The connections of a network."""
    network = _network(world, request.asked("network"))
    world.look("servicenetworking", network)
    found = world.of("servicenetworking").get(network)
    items = [found] if found and not world.busy("servicenetworking", network) else []
    return Answer({"connections": items}, "connections", by="peering")


@method("servicenetworking.services.connections.patch")
def patch(world: World, request: Request) -> Answer:
    """Other ranges; one that was there goes only by force."""
    network = _network(world, request.body.get("network"))
    there = _there(world, network)
    lro.mask(request, {"reservedPeeringRanges"})
    ranges = request.body.get("reservedPeeringRanges", [])
    _ranges(world, network, ranges)
    if set(there["reservedPeeringRanges"]) - set(ranges) and not request.flag("force"):
        return _fails(world, request, network, "update", "Cannot remove allocated ranges without force.")
    return _begin(world, request, network, "update", there, finish=lambda: there.update({"reservedPeeringRanges": ranges}))


def _there(world: World, network: str) -> Thing:
    if network not in world.of("servicenetworking"):
        raise Refusal(404, "NOT_FOUND", f"There is no connection of {network}.")
    if world.busy("servicenetworking", network):
        raise Refusal(409, "ABORTED", "There is already an operation in progress on the connection.")
    return world.of("servicenetworking")[network]


def users(world: World, network: str) -> list[str]:
    """Managed services that are reached over a connection."""
    databases = [place for place, it in world.of("sql").items() if it["_network"] and network_place(world, it["_network"]) == network]
    caches = [
        place for place, it in world.of("redis").items()
        if it["connectMode"] == "PRIVATE_SERVICE_ACCESS" and network_place(world, it["authorizedNetwork"]) == network
    ]  # fmt: skip
    return databases + caches


@method("servicenetworking.services.connections.deleteConnection")
def delete(world: World, request: Request) -> Answer:
    """Removes it: answered well, and ended in an error while managed services use it, and for a while after."""
    network = _network(world, request.body.get("consumerNetwork"))
    _there(world, network)
    waiting = world.of("leaving").get(network, {"left": 0})
    if users(world, network) or waiting["left"] > 0:
        waiting["left"] -= 0 if users(world, network) else 1
        said = "Failed to delete connection; Producer services (e.g. CloudSQL, Cloud Memstore, etc.) are still using this connection."
        return _fails(world, request, network, "delete", said)
    return _begin(world, request, network, "delete", None, finish=lambda: _gone(world, network))


def leave(world: World, network: str | None) -> None:
    """A database is gone; what stood below it goes later, if a test asked for that."""
    if network and world.slow.get("peering") and not world.hasty:
        world.of("leaving")[network_place(world, network)] = {"left": world.slow["peering"]}
