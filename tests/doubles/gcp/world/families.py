"""The families of Compute Engine that are made, read, changed and removed in the same way, and what is particular to each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .patches import digest
from .refusals import absent, in_use, invalid, missing, unready
from .things import Request, Thing, World

BASE = "https://www.googleapis.com/compute/v1/"
_URL = re.compile(r"https://(www|compute)\.googleapis\.com/(compute/)?v1/")


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True)
class Family:
    """`collection`: its part of a path. `read`: fills in and checks a body before it is made. `change`: the same before what is
    there becomes it. `leave`: whether it may be removed. `made`, `gone`: what else happens then. `fingerprint`: `required` where changes have to
    carry the one that was read, `optional` where they may."""

    name: str
    collection: str
    kind: str
    title: str
    read: Callable[[World, Request, Thing], None] = _nothing
    change: Callable[[World, Request, Thing, Thing], None] = _nothing
    leave: Callable[[World, Thing], None] = _nothing
    made: Callable[[World, Thing], None] = _nothing
    gone: Callable[[World, Thing], None] = _nothing
    shown: Callable[[World, Thing], None] = _nothing
    fingerprint: str = ""
    labels: bool = False
    # The quota of the project or region that it counts against.
    quota: str | None = None


FAMILIES: dict[str, Family] = {}


def family(name: str, collection: str, kind: str, title: str, **more: Any) -> Family:
    """Enters a family."""
    FAMILIES[name] = Family(name, collection, f"compute#{kind}", title, **more)
    return FAMILIES[name]


def url(place: str) -> str:
    """The address of a thing, as things refer to each other."""
    return BASE + place


def place_of(project: str, reference: str) -> str:
    """The place that a full or partial address means."""
    place = _URL.sub("", reference)
    if place.startswith(("global/", "regions/", "zones/")):
        place = f"projects/{project}/{place}"
    return place


def scope_of(place: str) -> tuple[str, str | None]:
    """`global`, or `regions` or `zones` and which."""
    parts = place.split("/")
    return (parts[2], None) if parts[2] == "global" else (parts[2], parts[3])


def family_at(place: str) -> Family | None:
    """The family that a place belongs to."""
    parts = place.split("/")
    if len(parts) < 5 or parts[0] != "projects":
        return None
    scope, collection = parts[2], parts[-2]
    for it in FAMILIES.values():
        named = {"global": not it.name.startswith("region"), "regions": it.name not in _GLOBAL}.get(scope, True)
        if it.collection == collection and named:
            return it
    return None


# Of families with the same part in their paths, those that are global only.
_GLOBAL = {"globalAddresses", "globalForwardingRules", "instanceTemplates"}


def find(world: World, place: str) -> tuple[Family, Thing]:
    """What is at a place; refused if nothing is."""
    found = family_at(place)
    if found is None or place not in world.of(found.name):
        raise missing(place)
    return found, world.of(found.name)[place]


def refer(world: World, request: Request, field: str, value: Any, *collections: str) -> str:
    """The address of what a field refers to. Refused where it is malformed, of another family, not there, or not ready."""
    if not value:
        raise absent(field)
    place = place_of(request.project, str(value))
    if not re.fullmatch(r"projects/[^/]+/(global|regions/[^/]+|zones/[^/]+)/\w+/[^/]+", place):
        raise invalid(field, value, "The URL is malformed.")
    if place.split("/")[-2] not in collections:
        raise invalid(field, value, f"Unexpected resource collection '{place.split('/')[-2]}'.")
    find(world, place)
    if not world.hasty:
        work = world.busy("compute", place)
        if work:
            raise unready(place)
    return url(place)


# Fields that show a reference of somebody else's.
_SHOWN_ONLY = {"selfLink", "subnetworks", "users", "usedBy", "status", "instanceGroup"}
# Users of networks and subnetworks among other services.
ELSEWHERE: list[Callable[[World, str], list[str]]] = []


def users(world: World, address: str, but: str) -> list[str]:
    """Places of what refers to an address."""

    def has(value: Any) -> bool:
        if isinstance(value, dict):
            return any(has(item) for name, item in value.items() if name not in _SHOWN_ONLY)
        if isinstance(value, list):
            return any(has(item) for item in value)
        return bool(value == address)

    found = [
        place
        for name, place, thing in world.everything()
        if name in FAMILIES and place != but and not thing.get("_hidden") and has(thing)
    ]
    return found + [by for look in ELSEWHERE for by in look(world, address)]


def unused(world: World, family: Family, place: str, thing: Thing) -> None:
    """Refuses to remove what others refer to."""
    for address in (thing["selfLink"], thing.get("instanceGroup")):
        for by in users(world, address, place) if address else []:
            # A group and its list of machines are one; its machines go with it.
            if by.replace("/instanceGroups/", "/instanceGroupManagers/") == place or "/instances/" in by and "instanceGroup" in thing:
                continue
            raise in_use(family.title, place, by)


def stamp(family: Family, thing: Thing) -> None:
    """Fingerprints anew."""
    if family.fingerprint:
        thing["fingerprint"] = digest({name: value for name, value in thing.items() if name != "fingerprint"})
    if family.labels:
        thing["labelFingerprint"] = digest(thing.get("labels", {}))
