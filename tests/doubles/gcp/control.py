"""What a test may ask of the double: the paths below `/_double/`."""

from __future__ import annotations

import json
from typing import Any

from aws.decode import Http
from shared import COMMON, OWN_WORLD, Actions

from .desk import Desk
from .world import METHODS, Refusal
from .world.families import FAMILIES
from .world.fleet import lose

# What takes its time besides families of Compute Engine: whole services, and parts of them.
_KINDS = {"compute", "sqladmin", "redis", "memorystore", "servicenetworking", "networkconnectivity", "serviceusage", "certificatemanager"}
_PARTS = {"instances", "peering"}


def _families() -> set[str]:
    return {id.split(".")[1] for id in METHODS if id.startswith("compute.")}


def _known(names: set[str]) -> None:
    known = _KINDS | _PARTS | _families()
    if names - known - set(METHODS):
        raise ValueError(f"nothing is called {sorted(names - known)}: there are {sorted(known)}")


def _slow(desk: Desk, given: Any) -> Any:
    _known(set(given))
    desk.world.slow = {kind: int(looks) for kind, looks in given.items()}
    return desk.world.slow


def _fail(desk: Desk, given: Any) -> Any:
    wanted: list[dict[str, Any]] = [{"what": it} if isinstance(it, str) else dict(it) for it in given]
    _known({it["what"] for it in wanted})
    for it in wanted:
        it.setdefault("times", 1)
        it.setdefault("code", "INTERNAL_ERROR")
        it.setdefault("message", "Internal error. Please try again or contact Google Support.")
    desk.world.failing = wanted
    return wanted


def _limits(desk: Desk, given: Any) -> Any:
    world = desk.world
    unknown = set(given) - {"quotas", "disabled", "unsold", "reserve_names", "retry_after_s", "anonymous"}
    if unknown:
        raise ValueError(f"no limit is called {sorted(unknown)}")
    world.quotas = given.get("quotas", world.quotas)
    world.disabled = set(given.get("disabled", world.disabled))
    world.unsold = set(given.get("unsold", world.unsold))
    world.reserve_names = given.get("reserve_names", world.reserve_names)
    desk.retry_after_s = given.get("retry_after_s", desk.retry_after_s)
    desk.anonymous = given.get("anonymous", desk.anonymous)
    return {"quotas": world.quotas, "disabled": sorted(world.disabled), "unsold": sorted(world.unsold)}


# Families beside those of Compute Engine, as a test knows them; what is not here is the double's own memory.
_NAMES = {
    "sql": "sql.instances", "backups": "sql.backups", "redis": "redis.instances", "memorystore": "memorystore.instances",
    "secrets": "secretmanager.secrets", "secretVersions": "secretmanager.versions", "servicenetworking": "servicenetworking.connections",
    "networkconnectivity": "networkconnectivity.serviceConnectionPolicies", "certificatemanager": "certificatemanager.certificateMaps", "alertPolicies": "monitoring.alertPolicies",
    "notificationChannels": "monitoring.notificationChannels", **{family: f"compute.{family}" for family in FAMILIES},
}  # fmt: skip


def _world(desk: Desk, given: Any) -> Any:
    """What there is, by family; what the cloud would never show is left out."""

    def shown(thing: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in thing.items() if not name.startswith("_")}

    with desk.lock:
        kept = {_NAMES[family]: things for family, things in desk.world.things.items() if family in _NAMES and things}
        return {family: [shown(it) for it in things.values()] for family, things in kept.items()}


def _lose(desk: Desk, given: Any) -> Any:
    """Somebody removes a machine."""
    with desk.lock:
        return {"lost": lose(desk.world, given.get("group"), given.get("name"))}


def _outside(desk: Desk, given: Any) -> Any:
    """What somebody else does: `method`, `path` with the service's host in front, `body`."""
    body = json.dumps(given["body"]).encode() if given.get("body") is not None else b""
    try:
        return desk.outside(Http(given["method"], given["path"], {"authorization": "Bearer somebody"}, body))
    except Refusal as refused:
        raise ValueError(f"{refused.status} {refused.reason}: {refused.message}") from refused


ACTIONS: Actions = {
    **COMMON,
    **OWN_WORLD,
    ("GET", "world"): _world,
    ("POST", "fail"): _fail,
    ("POST", "limits"): _limits,
    ("POST", "lose"): _lose,
    ("POST", "outside"): _outside,
    ("POST", "slow"): _slow,
}
