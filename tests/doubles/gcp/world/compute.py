"""The methods that all families of Compute Engine have: insert, get, list, aggregatedList, patch, update, delete, setLabels."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from . import limits
from .families import FAMILIES, Family, scope_of, stamp, unused, url
from .machines import check_labels
from .patches import merged
from .refusals import check_name, stale, taken, unready
from .things import METHODS, Answer, Request, Thing, World
from .work import begin, current, moment, once

# What only the cloud sets, and what a change as a whole therefore leaves.
_KEPT = ("kind", "id", "creationTimestamp", "selfLink", "selfLinkWithId", "region", "zone", "name", "labelFingerprint", "instanceGroup")


def seen(world: World, family: Family, thing: Thing) -> Thing:
    """A thing as it is shown."""
    family.shown(world, thing)
    return {name: value for name, value in thing.items() if not name.startswith("_")}


@once
def insert(world: World, request: Request) -> Answer:
    """One more."""
    family = FAMILIES[request.id.split(".")[1]]
    thing: Thing = dict(request.body)
    check_name(thing.get("name"))
    place = f"{request.place}/{thing['name']}"
    if place in world.of(family.name):
        raise taken(place)
    scope, where = scope_of(place)
    limits.check_place(scope, where)
    check_labels("labels", thing.get("labels", {}))
    family.read(world, request, thing)
    limits.count(world, family, place)
    thing |= {"kind": family.kind, "id": world.id(), "creationTimestamp": moment(world), "selfLink": url(place)}
    if where:
        thing["region" if scope == "regions" else "zone"] = url("/".join(place.split("/")[:4]))
    stamp(family, thing)
    world.of(family.name)[place] = thing
    family.made(world, thing)

    def undo() -> None:
        world.of(family.name).pop(place, None)
        family.gone(world, thing)

    return begin(world, request, place, thing, "insert", undo=undo)


def get(world: World, request: Request) -> Answer:
    """One of them."""
    family, place, thing = current(world, request)
    world.look("compute", place)
    # The look may have been the last that it took to remove it.
    family, place, thing = current(world, request)
    return Answer(seen(world, family, thing))


def lists(world: World, request: Request) -> Answer:
    """All at a place."""
    family = FAMILIES[request.id.split(".")[1]]
    inside = f"{request.place}/"
    for place in [it for it in world.of(family.name) if it.startswith(inside)]:
        world.look("compute", place)
    items = [seen(world, family, it) for place, it in world.of(family.name).items() if place.startswith(inside)]
    body = {"kind": f"{family.kind}List", "id": request.place, "selfLink": url(request.place), "items": items}
    return Answer(body, "items")


def aggregated(world: World, request: Request) -> Answer:
    """All of a project, scope by scope."""
    collection = request.place.split("/")[-1]
    kind = ""
    items: dict[str, dict[str, list[Thing]]] = {}
    for family in [it for it in FAMILIES.values() if it.collection == collection]:
        kind = kind or family.kind
        for place in list(world.of(family.name)):
            world.look("compute", place)
        for place, thing in world.of(family.name).items():
            if place.startswith(f"projects/{request.project}/"):
                scope = "/".join(place.split("/")[2:-2])
                items.setdefault(scope, {}).setdefault(collection, []).append(seen(world, family, thing))
    body = {"kind": f"{kind}AggregatedList", "id": request.place, "selfLink": url(request.place), "items": items}
    return Answer(body, "items")


def change(world: World, request: Request, thing: Thing, family: Family, place: str, wanted: Thing, kind: str) -> Answer:
    """What is there becomes what is wanted, when the operation is done."""
    wanted = copy.deepcopy(wanted)
    family.read(world, request, wanted)
    family.change(world, request, thing, wanted)
    stamp(family, wanted)

    def finish() -> None:
        thing.clear()
        thing.update(wanted)
        family.made(world, thing)

    return begin(world, request, place, thing, kind, finish)


def changeable(world: World, request: Request, place: str | None = None) -> tuple[Family, str, Thing]:
    """What a request wants to change; refused while something is being done to it."""
    family, place, thing = current(world, request, place)
    if world.busy("compute", place) and not world.hasty:
        raise unready(place)
    return family, place, thing


def fitting(family: Family, thing: Thing, body: Thing) -> None:
    """Refuses a change to something else than what was read."""
    given = body.get("fingerprint")
    if (family.fingerprint == "required" or given is not None) and given != thing.get("fingerprint"):
        raise stale()


@once
def patch(world: World, request: Request) -> Answer:
    """Some of it anew."""
    family, place, thing = changeable(world, request)
    fitting(family, thing, request.body)
    return change(world, request, thing, family, place, merged(thing, request.body), "patch")


@once
def update(world: World, request: Request) -> Answer:
    """All of it anew: what is left out is as the cloud has it by itself."""
    family, place, thing = changeable(world, request)
    fitting(family, thing, request.body)
    wanted = {**request.body, **{name: thing[name] for name in _KEPT if name in thing}}
    wanted |= {name: value for name, value in thing.items() if name.startswith("_")}
    return change(world, request, thing, family, place, wanted, "update")


@once
def delete(world: World, request: Request) -> Answer:
    """Removes it, unless something needs it."""
    family, place, thing = changeable(world, request)
    unused(world, family, place, thing)
    family.leave(world, thing)

    def finish() -> None:
        world.of(family.name).pop(place, None)
        family.gone(world, thing)

    return begin(world, request, place, thing, "delete", finish)


@once
def set_labels(world: World, request: Request) -> Answer:
    """Other labels, for whoever has read the present ones."""
    family, place, thing = changeable(world, request, request.place.removesuffix("/setLabels"))
    if request.body.get("labelFingerprint") != thing["labelFingerprint"]:
        raise stale("labels fingerprint")
    labels = request.body.get("labels", {})
    check_labels("labels", labels)
    return change(world, request, thing, family, place, {**thing, "labels": labels}, "setLabels")


def setter(verb: str, apply: Callable[[World, Request, Thing, Thing], None]) -> Callable[[World, Request], Answer]:
    """A method that sets one part; `apply` writes it into the second thing."""

    @once
    def handler(world: World, request: Request) -> Answer:
        place = request.place.removesuffix(f"/{verb}")
        # Two of these methods stand outside of `global`, where what they change stands.
        parts = place.split("/")
        if parts[2] in ("targetHttpProxies", "targetHttpsProxies"):
            place = "/".join([*parts[:2], "global", *parts[2:]])
        family, place, thing = changeable(world, request, place)
        wanted: Thing = dict(thing)
        apply(world, request, thing, wanted)
        return change(world, request, thing, family, place, wanted, verb)

    return handler


def register() -> None:
    """Enters the methods of every family."""
    general: dict[str, Any] = {"insert": insert, "get": get, "list": lists, "aggregatedList": aggregated}
    general |= {"patch": patch, "update": update, "delete": delete, "setLabels": set_labels}
    for name in FAMILIES:
        for verb, handler in general.items():
            if name in ("instances", "regionInstanceGroups") and verb not in ("get", "list", "aggregatedList", "delete"):
                continue
            METHODS.setdefault(f"compute.{name}.{verb}", handler)
    # Lists over all scopes have the names of the families of the smallest.
    for name in ("addresses", "autoscalers", "forwardingRules", "instanceGroupManagers", "instanceGroups"):
        METHODS[f"compute.{name}.aggregatedList"] = aggregated
