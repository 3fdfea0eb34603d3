"""Certificate Manager: maps of certificates, which a proxy can name in place of certificates."""

from __future__ import annotations

from . import lro
from .refusals import precondition
from .things import Answer, Request, Thing, World, method

_SERVICE = "certificatemanager"
_KIND = "google.cloud.certificatemanager.v1.CertificateMap"


def there(world: World, reference: str) -> bool:
    """Whether there is the map that a proxy names."""
    return reference.removeprefix("//certificatemanager.googleapis.com/") in world.of(_SERVICE)


@method("certificatemanager.projects.locations.certificateMaps.create")
def create(world: World, request: Request) -> Answer:
    """One more."""
    place = lro.vacant(world, request, "certificateMapId", "[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
    made: Thing = {**request.body, "name": place, "createTime": world.now(), "updateTime": world.now()}
    world.of(_SERVICE)[place] = made
    return lro.begin(world, request, place, "create", _KIND, lambda: made, undo=lambda: _gone(world, place))


def _gone(world: World, place: str) -> None:
    world.of(_SERVICE).pop(place, None)


@method("certificatemanager.projects.locations.certificateMaps.get")
def get(world: World, request: Request) -> Answer:
    """One of them."""
    return Answer(lro.one(world, request))


@method("certificatemanager.projects.locations.certificateMaps.list")
def lists(world: World, request: Request) -> Answer:
    """All of a place."""
    return Answer({"certificateMaps": lro.inside(world, request)}, "certificateMaps")


@method("certificatemanager.projects.locations.certificateMaps.delete")
def delete(world: World, request: Request) -> Answer:
    """Removes it, unless a proxy names it."""
    found = lro.free(world, request)
    proxies = [it for it in world.of("targetHttpsProxies").values() if it.get("certificateMap", "").endswith(f"/{found['name']}")]
    if proxies:
        raise precondition(f"The certificate map is in use by {proxies[0]['selfLink']}")
    return lro.begin(world, request, request.place, "delete", _KIND, lambda: None, finish=lambda: _gone(world, request.place))
