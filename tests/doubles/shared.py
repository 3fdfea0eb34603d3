"""What the doubles share: paths below `/_double/` that all have, the way of a call past journal and gate, and serving until the end."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aws.desk import Cut
from aws.faults import Faults
from aws.journal import Gate, Journal

@dataclass(kw_only=True)
class Desk:
    """What a double remembers beside its world."""

    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    gate: Gate = field(default_factory=Gate)
    most_per_page: int | None = None
    retry_after_s: int | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def forget(self) -> None:
        """Forgets all of it, and lets go of what is held."""
        with self.lock:
            self.journal.clear()
            self.faults.replace([])
            self.most_per_page = self.retry_after_s = None
        self.gate.set(None, True)


Actions = dict[tuple[str, str], Callable[[Any, Any], Any]]


def control(actions: Actions, desk: Any, method: str, name: str, body: bytes) -> tuple[int, Any]:
    """Carries out one of a double's actions; answers status and JSON."""
    try:
        given = json.loads(body) if body else None
        action = actions.get((method, name))
        if action is None:
            known = [f"{of} {known}" for of, known in sorted(actions)]
            return 404, {"error": f"there is no {method} {name}", "there are": known}
        return 200, action(desk, given)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}


def _faults(desk: Any, given: Any) -> Any:
    desk.faults.replace(given)
    return {"rules": len(given)}


def _faults_so_far(desk: Any, given: Any) -> Any:
    return [
        {"match": rule.match, "do": rule.do, "seen": rule.seen, "struck": rule.struck} for rule in desk.faults.rules
    ]


def _calls(desk: Any, given: Any) -> Any:
    with desk.journal.lock:
        return [dict(call) for call in desk.journal.calls]


def _reset(desk: Any, given: Any) -> Any:
    desk.reset()
    return {}


def _pause(desk: Any, given: Any) -> Any:
    when = given.get("when", "after")
    if when not in ("after", "before") or int(given["n"]) < 1:
        raise ValueError("takes n from 1, and when: before or after")
    desk.gate.set(int(given["n"]), when == "after")
    return {"n": given["n"], "when": when}


def _resume(desk: Any, given: Any) -> Any:
    desk.gate.set(None, True)
    return {}


def _paused(desk: Any, given: Any) -> Any:
    with desk.gate.changed:
        return {"paused": desk.gate.held is not None, "call": desk.gate.held}


def _pages(desk: Any, given: Any) -> Any:
    desk.most_per_page = int(given["most"]) if given.get("most") else None
    return {"most": desk.most_per_page}


def _world(desk: Any, given: Any) -> Any:
    with desk.lock:
        return {family: list(things.values()) for family, things in desk.world.things.items() if things}


# Of doubles that hold their world themselves.
OWN_WORLD: Actions = {("GET", "world"): _world, ("POST", "pages"): _pages}
COMMON: Actions = {
    ("GET", "calls"): _calls,
    ("GET", "faults"): _faults_so_far,
    ("GET", "paused"): _paused,
    ("GET", "writes"): lambda desk, given: {"writes": desk.journal.writes},
    ("POST", "faults"): _faults,
    ("POST", "pause_at_write"): _pause,
    ("POST", "reset"): _reset,
    ("POST", "resume"): _resume,
}


def pass_gate(desk: Any, entry: dict[str, Any], client_is_gone: Callable[[], bool], answer: Callable[[], Any]) -> Any:
    """Enters a call, holds it where a test asked for it, and has it answered."""
    desk.journal.enter(entry)
    hold_after, waited = desk.gate.arrive(entry)
    if waited and client_is_gone():
        # Killed before this call reached the cloud: it never does.
        entry["outcome"] = "client gone, not carried out"
        raise Cut(hard=False)
    try:
        return answer()
    finally:
        desk.gate.hold(entry) if hold_after else desk.gate.depart()


def serve(server: Any, greeting: dict[str, Any]) -> None:
    """Says where it listens and serves until standard input ends."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"endpoint": server.endpoint, **greeting}), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        while sys.stdin.buffer.read(4096):
            pass
