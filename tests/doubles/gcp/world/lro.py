"""Long-running operations of the newer services: begun, looked at, ended with a response or in an error."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import things
from .refusals import missing
from .things import METHODS, Answer, Refusal, Request, Thing, Work, World

# Codes of google.rpc.Code by name.
_CODES = {
    "INVALID_ARGUMENT": 3, "NOT_FOUND": 5, "PERMISSION_DENIED": 7, "RESOURCE_EXHAUSTED": 8, "QUOTA_EXCEEDED": 8,
    "ZONE_RESOURCE_POOL_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "INTERNAL": 13, "INTERNAL_ERROR": 13, "UNAVAILABLE": 14,
}  # fmt: skip


def nothing() -> None:
    """What there is to do where there is nothing to do."""


def begin(
    world: World, request: Request, place: str, verb: str, kind: str, seen: Callable[[], Thing | None],
    finish: Callable[[], None] = nothing, undo: Callable[[], None] = nothing, home: str | None = None,
) -> Answer:  # fmt: skip
    """Takes on an operation on what is at a place. `kind`: the type of what it ends with; `seen`: that itself, or nothing."""
    number = world.number()
    parts = place.split("/")
    home = home or "/".join(parts[:4]) + "/operations/"
    name = f"{home}operation-{1_700_000_000_000 + number}-{number:012x}"
    shown: Thing = {"_verb": verb, "_kind": kind, "_seen": seen, "_since": world.now()}
    work = Work(request.service, name, place, shown, 0, 0, finish, undo)
    world.take_on(work, request.id, request.service)
    if request.asked("requestId"):
        world.asked[(request.asked("requestId"), request.id)] = work
    return Answer(show(world, work))


def show(world: World, work: Work) -> Thing:
    """An operation as it stands."""
    held = work.shown
    metadata = {
        "@type": f"type.googleapis.com/{held['_kind'].rsplit('.', 1)[0]}.OperationMetadata", "createTime": held["_since"],
        "target": work.target, "verb": held["_verb"], "apiVersion": "v1", "requestedCancellation": False,
    }  # fmt: skip
    shown: Thing = {"name": work.name, "metadata": metadata, "done": work.done}
    if not work.done:
        return shown
    metadata["endTime"] = held.setdefault("_until", world.now())
    if work.failure:
        shown["error"] = {"code": _CODES.get(work.failure["code"], 13), "message": work.failure["message"]}
    else:
        made = held["_seen"]()
        empty = {"@type": "type.googleapis.com/google.protobuf.Empty"}
        shown["response"] = empty if made is None else {"@type": f"type.googleapis.com/{held['_kind']}", **made}
    return shown


# Asked again with the same id, a method answers with the operation of the first time.
once = things.once(show)


def vacant(world: World, request: Request, parameter: str, pattern: str) -> str:
    """The place that something new is to have; refused if its id is not as it has to be, or taken."""
    id = request.asked(parameter)
    if not re.fullmatch(pattern, id):
        raise Refusal(400, "INVALID_ARGUMENT", f"{parameter}: '{id}' is not a match of {pattern}")
    place = f"{request.place}/{id}"
    if place in world.of(request.service):
        raise Refusal(409, "ALREADY_EXISTS", f"Resource '{place}' already exists")
    return place


def one(world: World, request: Request, place: str | None = None) -> Thing:
    """What a client looks at: whatever is being done to it gets on."""
    place = place or request.place
    world.look(request.service, place)
    if place not in world.of(request.service):
        raise missing(place)
    return world.of(request.service)[place]


def free(world: World, request: Request) -> Thing:
    """What a client wants to change; refused while something is being done to it."""
    if request.place not in world.of(request.service):
        raise missing(request.place)
    if world.busy(request.service, request.place):
        raise Refusal(409, "ABORTED", f"{request.place} has an operation in progress.")
    return world.of(request.service)[request.place]


def inside(world: World, request: Request) -> list[Thing]:
    """All of a region, or with `-` of all regions; a look at each."""
    home = request.place.split("-/")[0] if "/locations/-/" in request.place else f"{request.place}/"
    for place in [it for it in world.of(request.service) if it.startswith(home)]:
        world.look(request.service, place)
    return [it for place, it in world.of(request.service).items() if place.startswith(home)]


def operation(world: World, request: Request) -> Answer:
    """One operation."""
    work = world.works.get(f"{request.service}/{request.place}")
    if work is None:
        raise missing(request.place)
    work.look()
    return Answer(show(world, work))


def operations(world: World, request: Request) -> Answer:
    """All operations of a place."""
    works = [it for it in world.works.values() if it.service == request.service and it.name.startswith(request.place)]
    return Answer({"operations": [show(world, it) for it in works]}, "operations")


for _service in ("redis", "memorystore", "networkconnectivity", "certificatemanager"):
    METHODS[f"{_service}.projects.locations.operations.get"] = operation
    METHODS[f"{_service}.projects.locations.operations.list"] = operations
for _service in ("servicenetworking", "serviceusage"):
    METHODS[f"{_service}.operations.get"] = operation


def mask(request: Request, known: set[str]) -> list[str]:
    """The fields that a change names, in camel case; refused where one cannot change."""
    fields = []
    for path in request.asked("updateMask").split(","):
        first, *further = path.strip().split("_") if "_" in path else (path.strip(),)
        name = first + "".join(it.capitalize() for it in further)
        if name.split(".")[0] not in known:
            raise Refusal(400, "INVALID_ARGUMENT", f"Field '{path}' cannot be updated, or is not a field: updatable are {sorted(known)}")
        fields.append(name)
    return fields
