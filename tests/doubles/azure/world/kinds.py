"""The table of types: how a resource of each is checked, shown, kept and removed; and what calls and answers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .ids import Id

if TYPE_CHECKING:
    from .things import Thing, World

Body = dict[str, Any]


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


_WORDS = {"make": "Creating", "change": "Updating", "remove": "Deleting", "ready": "Succeeded", "failed": "Failed"}


def provisioning(body: Body, word: str) -> None:
    """How most types say how they are."""
    body.setdefault("properties", {})["provisioningState"] = _WORDS[word]


def stateless(body: Body, word: str) -> None:
    """How those are that say nothing of it."""


# Checks what is asked and completes it: what is left in the body is what the thing is.
Maker = Callable[["World", Ask, "Thing | None"], None]


@dataclass(frozen=True)
class Kind:
    """A type of resources."""

    type: str
    make: Maker
    # It is made, changed and removed under an address of its own.
    slow: bool = True
    # It has a location and tags; the location is a region, or for some the word `global`.
    tracked: bool = True
    everywhere: bool = False
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
    state: Callable[[Body, str], None] = provisioning
    # A making that fails leaves nothing.
    vanishes: bool = False


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


def missing(id: Id) -> Refusal:
    """What is said of what is not there."""
    name = "/".join(part for pair in zip(id.type.split("/")[1:], id.names, strict=False) for part in pair)
    message = f"The Resource '{id.namespace}/{name}' under resource group '{id.group}' was not found."
    return Refusal(
        404, "ResourceNotFound", f"{message} For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    )


def lacking(what: str) -> Refusal:
    """What the double alone says: status 400, which no client tries again."""
    return Refusal(400, "NotImplementedByDouble", f"the double has no {what}")


def invalid(code: str, message: str) -> Refusal:
    """What is said of what cannot be."""
    return Refusal(400, code, message)
