"""What a test may ask of the double: the paths below `/_double/`."""

from __future__ import annotations

import json
from typing import Any

from aws.decode import Http
from shared import COMMON, OWN_WORLD, Actions

from .desk import Desk
from .world.doings import failure, forget
from .world.engine import shown
from .world.kinds import KINDS

_LIMITS = {"retry_after_s", "restricted", "taken", "unregistered"}


def _types() -> set[str]:
    return {it.type.split("/")[-1] for it in KINDS.values() if it.slow or it.type.endswith("resourceGroups")}


def _known(given: Any, *more: str) -> None:
    unknown = set(given) - _types() - set(more)
    if unknown:
        raise ValueError(f"{sorted(unknown)} do not take their time: there are {sorted(_types())}")


def _slow(desk: Desk, given: Any) -> Any:
    _known(given, "*", "health", "principals")
    desk.world.slow = {name: int(looks) for name, looks in given.items()}
    return desk.world.slow


def _fail(desk: Desk, given: Any) -> Any:
    _known(given)
    if "vaults" in given:
        raise ValueError("a vault has no state of failure")
    wanted = given if isinstance(given, dict) else dict.fromkeys(given)
    desk.world.failing = {name: failure(said) for name, said in wanted.items()}
    return desk.world.failing


def _late(desk: Desk, given: Any) -> Any:
    _known(given)
    desk.world.late = set(given)
    return sorted(desk.world.late)


def _limits(desk: Desk, given: Any) -> Any:
    """Words of its own, and else how much of what the subscription may have."""
    world = desk.world
    desk.retry_after_s = given.get("retry_after_s", desk.retry_after_s)
    world.restricted = set(given.get("restricted", world.restricted))
    world.taken = {str(it).lower() for it in given.get("taken", world.taken)}
    world.unregistered = set(given.get("unregistered", world.unregistered))
    world.limits |= {name: int(most) for name, most in given.items() if name not in _LIMITS}
    return {
        **world.limits,
        "restricted": sorted(world.restricted),
        "taken": sorted(world.taken),
        "unregistered": sorted(world.unregistered),
    }


def _world(desk: Desk, given: Any) -> Any:
    with desk.lock:
        found: dict[str, list[Any]] = {}
        for it in desk.world.things.values():
            found.setdefault(it.kind.type, []).append(shown(desk.world, it))
        if desk.world.deleted:
            found["deletedVaults"] = [{"name": name} for name in sorted(desk.world.deleted)]
        return found


def _lose(desk: Desk, given: Any) -> Any:
    """Something is gone without a call of ours: an instance of a scale set, or whatever its id names."""
    with desk.lock:
        thing = desk.world.find(given["id"]) if "id" in given else None
        if "group" in given:
            instances = [
                it
                for it in desk.world.of("Microsoft.Compute/virtualMachineScaleSets/virtualMachines")
                if it.id.names[0] == given["group"]
            ]
            thing = instances[0] if instances else None
        if thing is None:
            raise ValueError(f"there is no {given}")
        forget(desk.world, thing)
        return {"lost": thing.id.text}


def _outside(desk: Desk, given: Any) -> Any:
    """What somebody else does with other tools."""
    body = json.dumps(given["body"]).encode() if given.get("body") is not None else b""
    headers = {"authorization": "Bearer somebody", "host": str(given.get("host", "management.azure.com"))}
    status, said = desk.outside(Http(given["method"], given["path"], headers, body))
    return {"status": status, "body": said}


ACTIONS: Actions = {
    **COMMON,
    **OWN_WORLD,
    ("GET", "world"): _world,
    ("POST", "fail"): _fail,
    ("POST", "late"): _late,
    ("POST", "limits"): _limits,
    ("POST", "lose"): _lose,
    ("POST", "outside"): _outside,
    ("POST", "slow"): _slow,
}
