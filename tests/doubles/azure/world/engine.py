"""What is done to resources of every type: make or change, look, list, remove."""

from __future__ import annotations

import copy
import re

from .doings import begin, forget, headers, look
from .ids import GROUPS, Id
from .kinds import KINDS, Answer, Ask, Body, Kind, invalid, lacking, missing
from .rules import (
    check_group,
    check_location,
    check_locks,
    check_match,
    check_place,
    check_references,
    check_tags,
    held,
    not_busy,
)
from .things import Thing, World


def shown(world: World, thing: Thing) -> Body:
    """A resource as it is told."""
    body: Body = {"id": thing.id.text, "name": thing.id.name, "type": thing.kind.type, **copy.deepcopy(thing.body)}
    if not thing.kind.typed:
        del body["type"]
    if thing.kind.has_etag:
        body["etag"] = f'W/"{thing.etag}"'
    if thing.kind.show is not None:
        thing.kind.show(world, thing, body)
    return body


def put(world: World, ask: Ask) -> Answer:
    """Makes a resource, or replaces what is said of it."""
    kind, old = _kind(ask.id), world.find(ask.id.text)
    check_place(world, ask, kind)
    check_match(ask, old)
    if kind.tracked:
        check_tags(ask.body.get("tags"))
        check_location(ask, kind, old)
    if old is None and not re.fullmatch(kind.pattern, ask.id.name):
        raise invalid(
            "InvalidResourceName", f"Resource name {ask.id.name} is invalid: it does not match {kind.pattern}."
        )
    not_busy(world, ask.id, old)
    for name in ("id", "name", "type", "etag"):
        ask.body.pop(name, None)
    check_references(world, ask)
    kind.make(world, ask, old)
    secret = ask.body.pop("_secret", {})
    if old is None:
        thing = Thing(Id(_spelled(world, ask.id), ask.id.scope, kind.type, ask.id.names), kind, ask.body)
        world.things[thing.id.key] = thing
    else:
        thing = old
        thing.body = ask.body
        thing.etag += 1
    thing.secret |= secret
    status = kind.made if old is None else kind.changed
    if not kind.slow:
        kind.state(thing.body, "ready")
        return Answer(status, shown(world, thing))
    doing = begin(world, ask, thing, "make" if old is None else "change")
    return Answer(status, None if status == 202 else shown(world, thing), headers(world, ask, doing))


def patch(world: World, ask: Ask) -> Answer:
    """Changes what is given of a resource."""
    check_group(world, ask.id, writing=True)
    thing = world.get(ask.id)
    check_match(ask, thing)
    not_busy(world, ask.id, thing)
    if "tags" in ask.body:
        check_tags(ask.body["tags"])
        thing.body["tags"] = ask.body["tags"]
    thing.etag += 1
    if thing.kind.patch is None:
        return Answer(200, shown(world, thing))
    check_references(world, ask)
    thing.kind.patch(world, ask, thing)
    if not thing.kind.slow:
        return Answer(200, shown(world, thing))
    doing = begin(world, ask, thing, "change")
    body = None if thing.kind.patched == 202 else shown(world, thing)
    return Answer(thing.kind.patched, body, headers(world, ask, doing))


def get(world: World, ask: Ask) -> Answer:
    """One resource."""
    check_group(world, ask.id, writing=False)
    thing = world.get(ask.id)
    look(world, thing)
    if world.hides(thing):
        raise missing(ask.id)
    return Answer(200, shown(world, thing), {"ETag": f'W/"{thing.etag}"'} if thing.kind.has_etag else {})


def listed(world: World, ask: Ask) -> Answer:
    """All resources of a type in a group or the subscription, or all parts of a resource."""
    asked = f"{ask.id.type}/{ask.id.tail}".lower()
    if asked not in KINDS:
        raise lacking(f"list of {asked}")
    check_group(world, ask.id, writing=False)
    above = ask.id.text if ask.id.names else ask.id.scope
    if ask.id.names and not world.find(above):
        raise missing(ask.id)
    found = [it for it in world.below(above) if it.kind.type.lower() == asked]
    for it in found:
        look(world, it)
    return Answer(200, {"value": [shown(world, it) for it in found if not world.hides(it)]}, listed=True)


def delete(world: World, ask: Ask) -> Answer:
    """Removes a resource; what is not there is gone already."""
    kind = _kind(ask.id)
    check_group(world, ask.id, writing=True)
    thing = world.find(ask.id.text)
    if thing is None:
        return Answer(204)
    check_match(ask, thing)
    check_locks(world, ask.id)
    if thing.doing is not None and thing.doing.what == "remove":
        return Answer(kind.removed, None, headers(world, ask, thing.doing))
    not_busy(world, ask.id, thing)
    users = world.users(ask.id.text, kind.held_by)
    if users:
        raise held(kind, ask.id, users)
    if kind.leave is not None:
        kind.leave(world, thing)
    if not kind.slow or kind.removed == 200:
        before = shown(world, thing)
        forget(world, thing)
        # A role assignment is shown once more.
        return Answer(200, before if "roleassignments" in ask.id.key else None)
    doing = begin(world, ask, thing, "remove")
    return Answer(kind.removed, None, headers(world, ask, doing))


def _kind(id: Id) -> Kind:
    kind = KINDS.get(id.type.lower())
    if kind is None:
        raise lacking(id.type)
    return kind


def _spelled(world: World, id: Id) -> str:
    """The id with the group and the parent spelled as they were when made."""
    if id.type == GROUPS:
        return f"{id.scope}/resourceGroups/{id.name}"
    above = world.find(id.parent) if id.parent else world.find("/".join(id.text.split("/")[:5])) if id.group else None
    return (above.id.text + id.text[len(above.id.text) :]) if above else id.text
