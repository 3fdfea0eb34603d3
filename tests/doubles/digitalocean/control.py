"""What a test may ask of the double: the paths below `/_double/`."""

from __future__ import annotations

from typing import Any

from shared import COMMON, OWN_WORLD, Actions

from .desk import Desk
from .world.compute import remove

_SLOW = {"droplet", "action", "database", "balancer", "firewall", "pool"}


def _slow(desk: Desk, given: Any) -> Any:
    unknown = set(given) - _SLOW
    if unknown:
        raise ValueError(f"no kind is called {sorted(unknown)}: there are {sorted(_SLOW)}")
    desk.world.slow = {kind: int(looks) for kind, looks in given.items()}
    return desk.world.slow


def _fail(desk: Desk, given: Any) -> Any:
    unknown = set(given) - {"balancer", "pool"}
    if unknown:
        raise ValueError(f"{sorted(unknown)} cannot end in failure: balancer and pool can")
    desk.world.failing = set(given)
    return sorted(desk.world.failing)


def _limits(desk: Desk, given: Any) -> Any:
    if "droplets" in given:
        desk.world.droplet_limit = int(given["droplets"])
    desk.retry_after_s = given.get("retry_after_s", desk.retry_after_s)
    return {"droplets": desk.world.droplet_limit, "retry_after_s": desk.retry_after_s}


def _lose(desk: Desk, given: Any) -> Any:
    """Somebody removes a machine."""
    with desk.lock:
        for machine in desk.world.of("droplets").values():
            if given["tag"] in machine["tags"]:
                remove(desk.world, machine)
                return {"lost": machine["name"]}
    raise ValueError(f"no machine has the tag {given['tag']}")


ACTIONS: Actions = {
    **COMMON,
    **OWN_WORLD,
    ("POST", "fail"): _fail,
    ("POST", "limits"): _limits,
    ("POST", "lose"): _lose,
    ("POST", "slow"): _slow,
}
