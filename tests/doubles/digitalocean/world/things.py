"""What the families share: ids, times, refusals, the table of paths, and things that take their time."""

from __future__ import annotations

import datetime
import itertools
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]
# Its own sequence: ids look like the cloud's, and are the same in each run.
_SPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
REGIONS = ("nyc1", "nyc3", "ams3", "sfo3", "fra1", "lon1", "sgp1", "syd1")


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, said: str, message: str) -> None:
        super().__init__(message)
        self.status, self.id, self.message = status, said, message


def missing() -> Refusal:
    """What is said of what is not there."""
    return Refusal(404, "not_found", "The resource you were accessing could not be found.")


def invalid(message: str) -> Refusal:
    """What is said of what cannot be done."""
    return Refusal(422, "unprocessable_entity", message)


@dataclass
class Request:
    """A call that was understood."""

    method: str
    template: str
    ids: tuple[str, ...]
    query: dict[str, str]
    body: Thing


@dataclass
class Answer:
    """What is answered. `listed`: the name of the list in the body that has pages."""

    status: int
    body: Thing | None = None
    listed: str | None = None


Handler = Callable[["World", Request], Answer]
_PATHS: dict[tuple[str, str], Handler] = {}


def path(method: str, template: str) -> Callable[[Handler], Handler]:
    """Says which function answers a path; `{}` stands for an id."""

    def register(handler: Handler) -> Handler:
        _PATHS[(method, template)] = handler
        return handler

    return register


def route(method: str, asked: str) -> tuple[Handler, str, tuple[str, ...]] | None:
    """The function that answers a path, the longest template first: `/autoscale` is no droplet."""
    for (of, template), handler in sorted(_PATHS.items(), key=lambda it: it[0][1].count("{}")):
        found = re.fullmatch(template.replace("{}", "([^/]+)"), asked)
        if of == method and found:
            return handler, template, found.groups()
    return None


@dataclass
class World:
    """Everything in the account."""

    # Looks for which a kind is on its way after it was made or changed; nothing: it is ready at once.
    slow: dict[str, int] = field(default_factory=dict)
    # Kinds of which the next that is made ends in failure, though its making was answered well.
    failing: set[str] = field(default_factory=set)
    # Ids of those.
    failed: set[str] = field(default_factory=set)
    droplet_limit: int = 50
    things: dict[str, dict[str, Thing]] = field(default_factory=dict)
    # Looks left until a thing is ready, by id.
    busy: dict[str, int] = field(default_factory=dict)
    # Things that are being removed: they still belong to their network and project for so many refusals.
    leaving: list[Thing] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def of(self, family: str) -> dict[str, Thing]:
        """Things of a family by id."""
        return self.things.setdefault(family, {})

    def get(self, family: str, id: str) -> Thing:
        """One thing; refused if there is none."""
        if id not in self.of(family):
            raise missing()
        return self.of(family)[id]

    def uuid(self) -> str:
        """A new id as most families have it."""
        return str(uuid.uuid5(_SPACE, str(next(self.numbers))))

    def number(self) -> int:
        """A new id as machines, keys and actions have it."""
        return 300_000_000 + next(self.numbers)

    def now(self) -> str:
        """A moment."""
        moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        return (moment + datetime.timedelta(seconds=next(self.numbers))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def begin(self, kind: str, id: str) -> None:
        """From now on it is on its way, if its kind takes time; or it has failed, if that was asked for."""
        if kind in self.failing:
            self.failing.discard(kind)
            self.failed.add(id)
        if self.slow.get(kind):
            self.busy[id] = self.slow[kind]

    def is_busy(self, id: str, *, look: bool = False) -> bool:
        """Whether it is on its way; a look brings it nearer."""
        left = self.busy.get(id, 0)
        if look and left:
            self.busy[id] = left - 1
        return left > 0

    def leave(self, kind: str, network: str | None, urn: str | None) -> None:
        """It is gone, and still counts as a member of where it was for a while, if its kind takes time."""
        if self.slow.get(kind):
            self.leaving.append({"network": network, "urn": urn, "left": self.slow[kind]})

    def still_leaving(self, name: str, values: set[str]) -> bool:
        """Whether something that is being removed is still there."""
        found = [it for it in self.leaving if it[name] in values]
        for thing in found:
            thing["left"] -= 1
        self.leaving = [it for it in self.leaving if it["left"] > 0]
        return bool(found)

    def tag(self, names: list[str] | None) -> list[str]:
        """Makes the tags that are not there yet."""
        for name in names or []:
            if not re.fullmatch(r"[a-zA-Z0-9_\-:]{1,255}", name):
                raise invalid(f"tag name {name} is invalid")
            self.of("tags").setdefault(name, {"name": name})
        return list(names or [])

    def region(self, slug: str) -> Thing:
        """A region as things show it."""
        if slug not in REGIONS:
            raise invalid(f"region {slug} is invalid")
        features = ["backups", "ipv6", "metadata", "install_agent", "storage"]
        return {"name": slug.upper(), "slug": slug, "features": features, "available": True, "sizes": []}

    def network(self, id: str, region: str) -> Thing:
        """The network that a thing is to be in."""
        found = self.of("vpcs").get(id)
        if not found:
            raise invalid(f"vpc {id} does not exist")
        if found["region"] != region:
            raise invalid(f"the vpc is in {found['region']}, not in {region}")
        return found


def distinct(world: World, family: str, name: str, *, status: int = 409) -> None:
    """Refuses a name that is taken."""
    if any(thing.get("name") == name for thing in world.of(family).values()):
        raise Refusal(status, "conflict" if status == 409 else "unprocessable_entity", f"name {name} is already in use")


def required(body: Thing, *names: str) -> None:
    """Refuses a body without one of these."""
    for name in names:
        if body.get(name) in (None, ""):
            raise invalid(f"{name} is required")
