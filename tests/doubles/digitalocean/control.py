"""What a test may ask of the double: the paths below `/_double/`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .desk import Desk
from .world.compute import remove

_SLOW = {"droplet", "action", "database", "balancer", "firewall", "pool"}


def control(desk: Desk, method: str, name: str, body: bytes) -> tuple[int, Any]:
    """Carries out one; answers status and JSON."""
    try:
        given = json.loads(body) if body else None
        action = _ACTIONS.get((method, name))
        if action is None:
            known = [f"{of} {known}" for of, known in sorted(_ACTIONS)]
            return 404, {"error": f"there is no {method} {name}", "there are": known}
        return 200, action(desk, given)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}


def _faults(desk: Desk, given: Any) -> Any:
    desk.faults.replace(given)
    return {"rules": len(given)}


def _calls(desk: Desk, given: Any) -> Any:
    with desk.journal.lock:
        return [dict(call) for call in desk.journal.calls]


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


def _reset(desk: Desk, given: Any) -> Any:
    desk.reset()
    return {}


def _pause(desk: Desk, given: Any) -> Any:
    when = given.get("when", "after")
    if when not in ("after", "before") or int(given["n"]) < 1:
        raise ValueError("takes n from 1, and when: before or after")
    desk.gate.set(int(given["n"]), when == "after")
    return {"n": given["n"], "when": when}


def _resume(desk: Desk, given: Any) -> Any:
    desk.gate.set(None, True)
    return {}


def _paused(desk: Desk, given: Any) -> Any:
    with desk.gate.changed:
        return {"paused": desk.gate.held is not None, "call": desk.gate.held}


def _pages(desk: Desk, given: Any) -> Any:
    most = given.get("most")
    desk.most_per_page = int(most) if most else None
    return {"most": desk.most_per_page}


def _limits(desk: Desk, given: Any) -> Any:
    if "droplets" in given:
        desk.world.droplet_limit = int(given["droplets"])
    desk.retry_after_s = given.get("retry_after_s", desk.retry_after_s)
    return {"droplets": desk.world.droplet_limit, "retry_after_s": desk.retry_after_s}


def _world(desk: Desk, given: Any) -> Any:
    with desk.lock:
        return {family: list(things.values()) for family, things in desk.world.things.items() if things}


def _lose(desk: Desk, given: Any) -> Any:
    """Somebody removes a machine."""
    with desk.lock:
        for machine in desk.world.of("droplets").values():
            if given["tag"] in machine["tags"]:
                remove(desk.world, machine)
                return {"lost": machine["name"]}
    raise ValueError(f"no machine has the tag {given['tag']}")


_ACTIONS: dict[tuple[str, str], Callable[[Desk, Any], Any]] = {
    ("GET", "calls"): _calls,
    ("GET", "paused"): _paused,
    ("GET", "world"): _world,
    ("GET", "writes"): lambda desk, given: {"writes": desk.journal.writes},
    ("POST", "fail"): _fail,
    ("POST", "faults"): _faults,
    ("POST", "limits"): _limits,
    ("POST", "lose"): _lose,
    ("POST", "pages"): _pages,
    ("POST", "pause_at_write"): _pause,
    ("POST", "reset"): _reset,
    ("POST", "resume"): _resume,
    ("POST", "slow"): _slow,
}
