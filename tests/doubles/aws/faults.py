"""Which calls go wrong, and how: rules given over the control endpoint, drawn with a seed."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any

# Answered with an error, without doing anything.
REFUSING = {"throttle", "500", "deny", "expired", "quota", "capacity"}
# `drop-before`: the connection ends without an answer and nothing was done; `reset`: the same, but cut hard;
# `answered-but-lost`: done, and the answer never arrives; `delay`: done, but late.
CUTTING = {"drop-before", "reset", "answered-but-lost", "delay"}


@dataclass
class Rule:
    """One rule. A call that matches is the rule's n-th; the rule strikes at `nth`, or at a share of them."""

    match: dict[str, Any]
    do: str
    times: int | None
    share: float
    delay_ms: int
    dice: random.Random
    seen: int = 0
    struck: int = 0

    @classmethod
    def read(cls, given: dict[str, Any], more: set[str]) -> Rule:
        """A rule from JSON, with what goes wrong on one cloud only; `ValueError` says what is wrong with it."""
        unknown = set(given) - {"match", "do", "times", "share", "seed", "delay_ms"}
        match = given.get("match", {})
        unknown |= set(match) - {"service", "operation", "nth", "writes"}
        if unknown:
            raise ValueError(f"a rule has no {sorted(unknown)}")
        do = str(given.get("do"))
        known = REFUSING | CUTTING | more
        if do not in known:
            raise ValueError(f"no fault is called {do}: there are {sorted(known)}")
        times = given.get("times", 1 if "share" not in given else None)
        dice = random.Random(given.get("seed", 0))
        return cls(match, do, times, float(given.get("share", 1.0)), int(given.get("delay_ms", 200)), dice)

    def strikes(self, service: str, operation: str, writing: bool) -> bool:
        """Whether this call goes wrong; counts it."""
        if self.match.get("service", service) != service or self.match.get("operation", operation) != operation:
            return False
        if self.match.get("writes", writing) != writing:
            return False
        self.seen += 1
        if self.seen < self.match.get("nth", 1):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self.share < 1.0 and self.dice.random() >= self.share:
            return False
        self.struck += 1
        return True


@dataclass
class Faults:
    """All rules; the first that strikes decides."""

    rules: list[Rule] = field(default_factory=list)
    more: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def replace(self, given: list[dict[str, Any]]) -> None:
        """Takes these rules instead of the present ones."""
        rules = [Rule.read(rule, self.more) for rule in given]
        with self.lock:
            self.rules = rules

    def strike(self, service: str, operation: str, writing: bool) -> Rule | None:
        """The rule that this call falls to."""
        with self.lock:
            for rule in self.rules:
                if rule.strikes(service, operation, writing):
                    return rule
        return None
