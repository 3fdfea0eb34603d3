"""Every call with what came of it, secrets masked; the count of writes; and the place where a client is held to be killed."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass, field
from typing import Any

from . import models
from .decode import Call

_SECRETS = {"MasterUserPassword", "SecretString", "SecretBinary", "AuthToken", "KeyMaterial", "PrivateKey", "Password"}
# Sensitive by the model, but what the project promises to hold no secret: a test has to see it.
_SHOWN = {"UserData", "Description"}


def masked(value: Any, shape: Any, name: str = "") -> Any:
    """The value as JSON, with `***` for what is secret."""
    if name in _SECRETS or (shape is not None and shape.metadata.get("sensitive") and name not in _SHOWN):
        return "***"
    if isinstance(value, dict):
        members = getattr(shape, "members", {})
        return {key: masked(item, members.get(key), key) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, getattr(shape, "member", None), name) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, datetime.datetime) else value


@dataclass
class Journal:
    """What was called since the last reset."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    writes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, call: Call) -> dict[str, Any]:
        """Enters a call; its outcome is filled in later."""
        entry: dict[str, Any] = {
            "service": call.service,
            "operation": call.name,
            "protocol": call.protocol,
            "region": call.region,
            "parameters": masked(call.parameters, call.operation.input_shape),
            "writing": models.writes(call.name),
            "outcome": "underway",
        }
        self.enter(entry)
        return entry

    def enter(self, entry: dict[str, Any]) -> None:
        """Enters something that was not understood, or is not checked."""
        with self.lock:
            entry["number"] = len(self.calls) + 1
            self.calls.append(entry)
            if entry.get("writing"):
                self.writes += 1

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.calls = []
            self.writes = 0


@dataclass
class Gate:
    """Holds the client at its n-th writing call from now, and from then on all its calls."""

    nth: int | None = None
    after: bool = True
    seen: int = 0
    held: dict[str, Any] | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def set(self, nth: int | None, after: bool) -> None:
        """Holds at the n-th writing call from now; `None`: at none, and lets go of what is held."""
        with self.changed:
            self.nth, self.after, self.seen, self.held = nth, after, 0, None
            self.changed.notify_all()

    def arrive(self, entry: dict[str, Any]) -> tuple[bool, bool]:
        """Counts a call in. Waits here if the client is held already, or is to be held before this call.

        Answers whether the call is to be held after it was carried out, and whether it waited."""
        with self.changed:
            hold_after = False
            if entry["writing"] and self.nth is not None and self.held is None:
                self.seen += 1
                is_nth = self.seen == self.nth
                hold_after = is_nth and self.after
                if is_nth and not self.after:
                    self.held = entry
            waited = self.held is not None
            self._wait_if_held()
            return hold_after, waited

    def hold(self, entry: dict[str, Any]) -> None:
        """Waits with an answer that is ready."""
        with self.changed:
            self.held = entry
            self._wait_if_held()

    def depart(self) -> None:
        """Waits with an answer that got ready while another call is held."""
        with self.changed:
            self._wait_if_held()

    def _wait_if_held(self) -> None:
        # Somebody who never lets go must not leave a thread for ever.
        self.changed.notify_all()
        self.changed.wait_for(lambda: self.held is None, timeout=300)
