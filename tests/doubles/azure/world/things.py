"""What all types of resources share: what is there, what is on its way, and what refers to what."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .ids import Id
from .kinds import Body, Kind, missing

SUBSCRIPTION = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"
HOME = "https://management.azure.com"
# Its own sequence: ids look like the cloud's, and are the same in each run.
_SPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


@dataclass
class Doing:
    """Something that takes its time: it is asked for under an address of its own."""

    id: str
    namespace: str
    location: str
    # `make`, `change`, `remove`, or the word of what was asked.
    what: str
    thing: Thing
    # Looks until it ends.
    left: int
    error: tuple[str, str] | None = None
    ended: bool = False
    # What happens when it ends well, beside what its type says.
    then: Callable[[], None] | None = None


@dataclass
class Thing:
    """A resource."""

    id: Id
    kind: Kind
    body: Body
    etag: int = 1
    doing: Doing | None = None
    # Looks for which it is in no answer though it was made.
    unseen: int = 0
    # What the cloud knows and never tells.
    secret: Body = field(default_factory=dict)

    @property
    def properties(self) -> Body:
        """Its properties."""
        return self.body.setdefault("properties", {})  # type: ignore[no-any-return]


@dataclass
class World:
    """Everything in the subscription."""

    things: dict[str, Thing] = field(default_factory=dict)
    doings: dict[str, Doing] = field(default_factory=dict)
    # Looks for which a type is on its way, by the last word of its name; `*`: every type that takes time.
    slow: dict[str, int] = field(default_factory=dict)
    # Types that are in no answer while they are being made, and once more after that.
    late: set[str] = field(default_factory=set)
    # Types whose next doing ends in failure, with code and message.
    failing: dict[str, tuple[str, str]] = field(default_factory=dict)
    unregistered: set[str] = field(default_factory=set)
    # Cores, addresses and so on that the subscription may have.
    limits: dict[str, int] = field(default_factory=dict)
    # Sizes that are not sold here.
    restricted: set[str] = field(default_factory=set)
    # Names that others in the cloud have: `vaults/NAME`.
    taken: set[str] = field(default_factory=set)
    # Soft-deleted vaults by name.
    deleted: dict[str, Thing] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def uuid(self) -> str:
        """A new id."""
        return str(uuid.uuid5(_SPACE, str(next(self.numbers))))

    def now(self) -> str:
        """A moment."""
        moment = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
        return (moment + datetime.timedelta(seconds=next(self.numbers))).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")

    def find(self, id: str) -> Thing | None:
        """The resource of an id, if there is one."""
        return self.things.get(id.lower())

    def get(self, id: Id) -> Thing:
        """The resource of an id; refused if there is none."""
        found = self.things.get(id.key)
        if found is None:
            raise missing(id)
        return found

    def of(self, type: str) -> list[Thing]:
        """All resources of a type."""
        return [it for it in self.things.values() if it.kind.type.lower() == type.lower()]

    def below(self, id: str) -> list[Thing]:
        """What is in a group, or a part of a resource, or attached to it."""
        return [it for key, it in self.things.items() if key.startswith(f"{id.lower()}/")]

    def has(self, id: str) -> bool:
        """Whether there is such a resource, or such a part inside of one (a pool of a balancer)."""
        if self.find(id):
            return True
        parts = id.split("/")
        holder = self.find("/".join(parts[:-2]))
        inside = holder.properties.get(parts[-2]) if holder else None
        return isinstance(inside, list) and any(it.get("name") == parts[-1] for it in inside)

    def hides(self, thing: Thing) -> bool:
        """Whether it is not told of yet: while it is being made, and for one more look."""
        if thing.doing is not None and thing.doing.what == "make":
            return self.is_late(thing)
        thing.unseen -= 1
        return thing.unseen >= 0

    def is_late(self, thing: Thing) -> bool:
        """Whether its type is told of late."""
        return thing.kind.type.split("/")[-1] in self.late

    def users(self, id: str, types: tuple[str, ...]) -> list[Thing]:
        """Resources of these types that refer to one, or to a part of it."""
        found = []
        for it in self.things.values():
            if it.kind.type in types and any(refers(ref, id) for ref in references(it.body)):
                found.append(it)
        return found


def refers(reference: str, id: str) -> bool:
    """Whether it names this resource or a part of it."""
    return reference.lower() == id.lower() or reference.lower().startswith(f"{id.lower()}/")


def references(value: Any) -> Iterator[str]:
    """All ids in a body, but for its own."""
    if isinstance(value, dict):
        own = value.get("id") if "properties" in value or "name" in value else None
        for name, it in value.items():
            if name.lower().startswith("/subscriptions/"):
                yield name
            if not (name == "id" and it == own):
                yield from references(it)
    elif isinstance(value, list):
        for it in value:
            yield from references(it)
    elif isinstance(value, str) and value.lower().startswith("/subscriptions/"):
        yield value
