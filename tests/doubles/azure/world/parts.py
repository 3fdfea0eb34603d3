"""What resources of the network have in common: parts with names, ids and states of their own inside of a resource."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from .kinds import Ask, Body, Maker, invalid
from .rules import ZONELESS
from .things import Thing, World


# Parts whose description has no state (Azure REST API, ApplicationGatewayRedirectConfigurationPropertiesFormat).
_STATELESS = ("redirectConfigurations",)


def name_parts(ask: Ask, *lists: str) -> None:
    """Gives each part of these lists its id, state and ETag; names are taken once."""
    properties = ask.body.setdefault("properties", {})
    for name in lists:
        parts = properties.setdefault(name, [])
        names = [str(part.get("name", "")).lower() for part in parts]
        if len(set(names)) < len(names) or "" in names:
            raise invalid(
                "InvalidRequestFormat", f"Cannot parse the request: parts of {name} need names, each but once."
            )
        for part in parts:
            part["id"] = f"{ask.id.text}/{name}/{part['name']}"
            part["etag"] = 'W/"1"'
            part.setdefault("properties", {})
            if name not in _STATELESS:
                part["properties"]["provisioningState"] = "Succeeded"


def defaults(into: Body, given: dict[str, Any]) -> None:
    """What the cloud says where nothing was said."""
    for name, value in given.items():
        if into.get(name) is None:
            into[name] = value


def fixed(ask: Ask, old: Thing | None, *places: str) -> None:
    """What cannot be changed after it was made."""
    for place in places:
        before, now = (_at(old.body, place) if old else None), _at(ask.body, place)
        if old is not None and before != now:
            message = f"Property {place} of resource {ask.id.text} cannot be changed from {before} to {now}."
            raise invalid("PropertyChangeNotAllowed", message)


def _at(body: Any, place: str) -> Any:
    for part in place.split("."):
        body = body.get(part) if isinstance(body, dict) else None
    return body


def zones_exist(world: World, ask: Ask) -> None:
    """A region without zones has none."""
    zones = ask.body.get("zones") or []
    if zones and ask.body.get("location") in ZONELESS or set(zones) - {"1", "2", "3"}:
        message = (
            f"The zone(s) '{','.join(zones)}' for resource '{ask.id.name}' is not supported in location"
            f" '{ask.body.get('location')}'."
        )
        raise invalid("AvailabilityZoneNotSupported", message)


def same_region(world: World, ask: Ask, reference: str) -> None:
    """Things of a network stand in its region."""
    other = world.find(reference)
    if other is not None and other.body.get("location", ask.body.get("location")) != ask.body.get("location"):
        message = f"Resource {reference} referenced by resource {ask.id.text} was not found in the same region."
        raise invalid("InvalidResourceReference", message)


def laid_over(make: Maker) -> Callable[[World, Ask, Thing], None]:
    """What a change by PATCH does to most types: what is given is laid over what is there, and the whole is checked."""

    def patch(world: World, ask: Ask, thing: Thing) -> None:
        whole = Ask("PUT", ask.id, ask.query, {}, _laid(copy.deepcopy(thing.body), ask.body))
        make(world, whole, thing)
        thing.secret |= whole.body.pop("_secret", {})
        thing.body = whole.body

    return patch


def _laid(over: Any, given: Any) -> Any:
    if isinstance(over, dict) and isinstance(given, dict):
        return {**over, **{name: _laid(over.get(name), it) for name, it in given.items()}}
    return given
