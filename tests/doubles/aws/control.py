"""What a test may ask of the double: the paths below `/_double/`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .desk import Desk
from .errors import Refusal
from .paging import Paging


def control(desk: Desk, method: str, name: str, body: bytes) -> tuple[int, Any]:
    """Carries out one; answers status and JSON."""
    try:
        given = json.loads(body) if body else None
        action = _ACTIONS.get((method, name))
        if action is None:
            return 404, {
                "error": f"there is no {method} {name}",
                "there are": [f"{m} {n}" for m, n in sorted(_ACTIONS)],
            }
        return 200, action(desk, given)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}


def _faults(desk: Desk, given: Any) -> Any:
    desk.faults.replace(given)
    return {"rules": len(given)}


def _faults_so_far(desk: Desk, given: Any) -> Any:
    return [
        {"match": rule.match, "do": rule.do, "seen": rule.seen, "struck": rule.struck} for rule in desk.faults.rules
    ]


def _calls(desk: Desk, given: Any) -> Any:
    with desk.journal.lock:
        return [dict(call) for call in desk.journal.calls]


def _slow(desk: Desk, given: Any) -> Any:
    desk.slow.set(given)
    return desk.slow.settings


def _reset(desk: Desk, given: Any) -> Any:
    desk.reset()
    return {}


def _writes(desk: Desk, given: Any) -> Any:
    return {"writes": desk.journal.writes}


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
    desk.paging = Paging(int(most) if most else None)
    return {"most": desk.paging.most}


def _lag(desk: Desk, given: Any) -> Any:
    desk.late.lag_s = float(given["seconds"])
    return {"seconds": desk.late.lag_s}


def _outside(desk: Desk, given: Any) -> Any:
    try:
        return desk.outside(given["service"], given["operation"], given.get("parameters", {}))
    except Refusal as refused:
        raise ValueError(f"{refused.code}: {refused.message}") from refused


def _world(desk: Desk, given: Any) -> Any:
    return desk.world()


def _replay(desk: Desk, given: Any) -> Any:
    desk.replaying = bool(given["on"])
    return {"on": desk.replaying}


_ACTIONS: dict[tuple[str, str], Callable[[Desk, Any], Any]] = {
    ("GET", "calls"): _calls,
    ("GET", "faults"): _faults_so_far,
    ("GET", "paused"): _paused,
    ("GET", "world"): _world,
    ("GET", "writes"): _writes,
    ("POST", "faults"): _faults,
    ("POST", "lag"): _lag,
    ("POST", "outside"): _outside,
    ("POST", "pages"): _pages,
    ("POST", "pause_at_write"): _pause,
    ("POST", "replay"): _replay,
    ("POST", "reset"): _reset,
    ("POST", "resume"): _resume,
    ("POST", "slow"): _slow,
}
