"""Network Connectivity: service connection policies, which let managed services put endpoints into subnetworks."""

from __future__ import annotations

from . import lro
from .caches import check_region, wrong
from .families import ELSEWHERE, place_of
from .machines import check_labels
from .patches import digest
from .peering import network_place
from .refusals import precondition
from .things import Answer, Refusal, Request, Thing, World, method
from .valkey import endpoints_in

_SERVICE = "networkconnectivity"
_KIND = "google.cloud.networkconnectivity.v1.ServiceConnectionPolicy"
_CLASSES = {"gcp-memorystore", "gcp-memorystore-redis", "google-cloud-sql", "gcp-vector-search"}


def _check(world: World, place: str, body: Thing) -> None:
    region = check_region(place)
    network = network_place(world, body.get("network", ""))
    if network not in world.of("networks"):
        raise wrong(f"network: '{body.get('network')}' is not the path of a network that is there")
    if body.get("serviceClass") not in _CLASSES:
        raise wrong(f"service_class: '{body.get('serviceClass')}' is not known")
    subnetworks = body.get("pscConfig", {}).get("subnetworks", [])
    if not subnetworks:
        raise wrong("psc_config.subnetworks: at least one is needed")
    for it in subnetworks:
        found = world.of("subnetworks").get(_id_place(world, it))
        if not found or f"/regions/{region}/" not in it or not found["network"].endswith(network):
            raise wrong(f"psc_config.subnetworks: '{it}' is no subnetwork of the network in {region}")
    check_labels("labels", body.get("labels", {}))


def _id_place(world: World, reference: str) -> str:
    parts = place_of("nobody", reference).split("/")
    return "/".join([parts[0], world.project_id(parts[1]), *parts[2:]]) if len(parts) > 1 else reference


@method("networkconnectivity.projects.locations.serviceConnectionPolicies.create")
@lro.once
def create(world: World, request: Request) -> Answer:
    """One more: one for each network, region and class of services."""
    place = lro.vacant(world, request, "serviceConnectionPolicyId", "[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
    made: Thing = dict(request.body)
    _check(world, place, made)
    for other in world.of(_SERVICE).values():
        same = (network_place(world, other["network"]), other["serviceClass"]) == (network_place(world, made["network"]), made["serviceClass"])
        if same and other["name"].startswith(request.place):
            raise precondition(f"There is already a policy for the network and service class: {other['name']}")
    made |= {"name": place, "createTime": world.now(), "updateTime": world.now(), "infrastructure": "PSC"}
    made["etag"] = digest(made)
    world.of(_SERVICE)[place] = made
    return lro.begin(world, request, place, "create", _KIND, lambda: made, undo=lambda: _gone(world, place))


def _gone(world: World, place: str) -> None:
    world.of(_SERVICE).pop(place, None)


def _seen(world: World, policy: Thing) -> Thing:
    names = endpoints_in(world, policy)
    connections = [{"state": "ACTIVE", "pscConnectionId": str(at + 1)} for at, _ in enumerate(names)]
    return {**policy, **({"pscConnections": connections} if connections else {})}


@method("networkconnectivity.projects.locations.serviceConnectionPolicies.get")
def get(world: World, request: Request) -> Answer:
    """One of them."""
    return Answer(_seen(world, lro.one(world, request)))


@method("networkconnectivity.projects.locations.serviceConnectionPolicies.list")
def lists(world: World, request: Request) -> Answer:
    """All of a region."""
    items = [_seen(world, it) for it in lro.inside(world, request)]
    return Answer({"serviceConnectionPolicies": items}, "serviceConnectionPolicies")


@method("networkconnectivity.projects.locations.serviceConnectionPolicies.patch")
@lro.once
def patch(world: World, request: Request) -> Answer:
    """Some of it anew."""
    policy = lro.free(world, request)
    if request.body.get("etag") not in (None, policy["etag"]):
        raise Refusal(409, "ABORTED", "The etag does not fit.")
    wanted = dict(policy)
    for field in lro.mask(request, {"labels", "description", "pscConfig"}):
        name = field.split(".")[0]
        wanted[name] = request.body.get(name, "" if name == "description" else {})
    _check(world, request.place, wanted)
    wanted["updateTime"] = world.now()
    wanted["etag"] = digest(wanted)
    return lro.begin(world, request, request.place, "update", _KIND, lambda: policy, finish=lambda: policy.update(wanted))


@method("networkconnectivity.projects.locations.serviceConnectionPolicies.delete")
@lro.once
def delete(world: World, request: Request) -> Answer:
    """Removes it, unless endpoints were made by it."""
    policy = lro.free(world, request)
    used = endpoints_in(world, policy)
    if used:
        raise precondition(f"The policy is in use: its connections have to be removed first: {', '.join(used)}")
    return lro.begin(world, request, request.place, "delete", _KIND, lambda: None, finish=lambda: _gone(world, request.place))


def _users(world: World, address: str) -> list[str]:
    """Policies that name a network or subnetwork."""
    place = place_of("nobody", address)
    return [
        it["name"] for it in world.of(_SERVICE).values()
        if network_place(world, it["network"]) == place or place in [_id_place(world, sub) for sub in it["pscConfig"]["subnetworks"]]
    ]  # fmt: skip


ELSEWHERE.append(_users)
