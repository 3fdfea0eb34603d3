"""What all types of resources share: what is there, what is on its way, what refers to what, and the table of types."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .ids import Id, parse

Body = dict[str, Any]
SUBSCRIPTION = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"
HOME = "https://management.azure.com"
# Its own sequence: ids look like the cloud's, and are the same in each run.
_SPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Ask:
    """A call that was understood."""

    method: str
    id: Id
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    """What is answered. `listed`: the body's `value` comes in pages."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    listed: bool = False


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
    # What the cloud knows and never tells.
    secret: Body = field(default_factory=dict)

    @property
    def properties(self) -> Body:
        """Its properties."""
        return self.body.setdefault("properties", {})  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Kind:
    """A type of resources."""

    type: str
    # Checks what is asked and completes it: what is left in the body is what the thing is.
    make: Callable[[World, Ask, Thing | None], None]
    # It is made, changed and removed under an address of its own.
    slow: bool = True
    # It has a location and tags.
    tracked: bool = True
    has_etag: bool = False
    # Its answers name its type.
    typed: bool = True
    # Its whole name.
    pattern: str = r"[A-Za-z0-9](?:[A-Za-z0-9_.\-]{0,78}[A-Za-z0-9_])?"
    # Statuses of the answers: made, changed, and of a removal that takes its time or does not.
    made: int = 201
    changed: int = 200
    patched: int = 202
    removed: int = 202
    # Types whose references keep it from being removed, and the code with which that is refused.
    held_by: tuple[str, ...] = ()
    held: str = ""
    # What a change by PATCH does; `None`: tags only.
    patch: Callable[[World, Ask, Thing], None] | None = None
    # What else happens when it is removed, and before.
    leave: Callable[[World, Thing], None] | None = None
    gone: Callable[[World, Thing], None] | None = None
    # What else happens when it was made or changed well.
    done: Callable[[World, Thing], None] | None = None
    # Adds to what is shown of it.
    show: Callable[[World, Thing, Body], None] | None = None
    # Writes how it is: `make`, `change`, `remove`, `ready`, `failed`.
    state: Callable[[Body, str], None] = field(default=lambda body, word: provisioning(body, word))
    # A making that fails leaves nothing.
    vanishes: bool = False


_WORDS = {"make": "Creating", "change": "Updating", "remove": "Deleting", "ready": "Succeeded", "failed": "Failed"}


def provisioning(body: Body, word: str) -> None:
    """How most types say how they are."""
    body.setdefault("properties", {})["provisioningState"] = _WORDS.get(word, "Updating")


KINDS: dict[str, Kind] = {}


def kind(of: Kind) -> Kind:
    """Enters a type."""
    KINDS[of.type.lower()] = of
    return of


Handler = Callable[["World", Ask], Answer]
_ACTIONS: dict[tuple[str, str], Handler] = {}


def action(method: str, of: str) -> Callable[[Handler], Handler]:
    """Says which function answers `METHOD type/word`: lists and actions that are not like those of other types."""

    def register(handler: Handler) -> Handler:
        _ACTIONS[(method, of.lower())] = handler
        return handler

    return register


def handler_of(method: str, of: str) -> Handler | None:
    """The function that answers it."""
    return _ACTIONS.get((method, of.lower()))


@dataclass
class World:
    """Everything in the subscription."""

    things: dict[str, Thing] = field(default_factory=dict)
    doings: dict[str, Doing] = field(default_factory=dict)
    # Looks for which a type is on its way, by the last word of its name; `*`: every type that takes time.
    slow: dict[str, int] = field(default_factory=dict)
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


def missing(id: Id) -> Refusal:
    """What is said of what is not there."""
    name = "/".join(part for pair in zip(id.type.split("/")[1:], id.names, strict=False) for part in pair)
    message = f"The Resource '{id.namespace}/{name}' under resource group '{id.group}' was not found."
    return Refusal(404, "ResourceNotFound", f"{message} For more details please go to https://aka.ms/ARMResourceNotFoundFix")


def invalid(code: str, message: str) -> Refusal:
    """What is said of what cannot be."""
    return Refusal(400, code, message)


def id_of(text: str) -> Id:
    """The id that a reference spells."""
    return parse(text)
