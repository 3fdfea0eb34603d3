"""Operations of Compute Engine: begun, looked at, waited for, ended well or in an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import things
from .families import find, place_of, scope_of, url
from .refusals import missing
from .things import METHODS, Answer, Request, Thing, Work, World, method


def nothing() -> None:
    """What there is to do where there is nothing to do."""


def begin(
    world: World, request: Request, place: str, thing: Thing, kind: str,
    finish: Callable[[], None] = nothing, undo: Callable[[], None] = nothing,
) -> Answer:  # fmt: skip
    """Takes on an operation on what is at a place; the operation is the answer."""
    scope, where = scope_of(place)
    name = f"operation-{1_700_000_000_000 + world.number()}-{world.number():013x}-{world.number():08x}"
    parts = place.split("/")[: 3 if where is None else 4]
    home = "/".join([*parts, "operations", name])
    shown: Thing = {
        "kind": "compute#operation", "id": world.id(), "name": name, "operationType": kind, "user": "somebody@example.org",
        "targetLink": url(place), "targetId": thing["id"], "selfLink": url(home), "insertTime": moment(world),
        "progress": 0, "status": "PENDING",
    }  # fmt: skip
    if where:
        shown["region" if scope == "regions" else "zone"] = url("/".join(parts))
    if request.asked("requestId"):
        shown["clientOperationId"] = request.asked("requestId")
    family = request.id.split(".")[1]
    work = Work("compute", home, place, shown, 0, 0, finish, undo)
    world.take_on(work, request.id, family, "compute")
    if request.asked("requestId"):
        world.asked[(request.asked("requestId"), request.id)] = work
    if work.total == 0:
        # Google answers before it is done even where nothing is left to do.
        work.shown["status"] = "RUNNING"
        return Answer(dict(work.shown))
    return Answer(show(world, work))


def moment(world: World) -> str:
    """A moment as Compute Engine writes it."""
    return world.moment().strftime("%Y-%m-%dT%H:%M:%S.000+00:00")


def show(world: World, work: Work) -> Thing:
    """An operation as it stands."""
    shown = work.shown
    if work.done and shown["status"] != "DONE":
        shown |= {"status": "DONE", "progress": 100, "startTime": shown["insertTime"], "endTime": moment(world)}
        if work.failure:
            error = {"code": work.failure["code"], "message": work.failure["message"]}
            shown |= {"error": {"errors": [error]}, "httpErrorStatusCode": 400, "httpErrorMessage": "BAD REQUEST"}
    elif not work.done and work.left < work.total:
        shown |= {"status": "RUNNING", "progress": 50, "startTime": shown["insertTime"]}
    return dict(shown)


# Asked again with the same id, a method answers with the operation of the first time.
once = things.once(show)


def _one(world: World, request: Request, *, wait: bool) -> Answer:
    place = request.place.removesuffix("/wait")
    work = world.works.get(f"compute/{place}")
    if work is None:
        raise missing(place)
    while wait and not work.done:
        work.look()
    work.look()
    return Answer(show(world, work))


@method("compute.globalOperations.get", "compute.regionOperations.get", "compute.zoneOperations.get")
def get(world: World, request: Request) -> Answer:
    """One operation."""
    return _one(world, request, wait=False)


@method("compute.globalOperations.wait", "compute.regionOperations.wait", "compute.zoneOperations.wait")
def wait(world: World, request: Request) -> Answer:
    """One operation when it is done: Google waits for two minutes, the double for as many looks as it takes."""
    return _one(world, request, wait=True)


def operations(world: World, request: Request) -> Answer:
    """Operations of a scope; a look at the list is a look at each that is shown."""
    works = [it for it in world.works.values() if it.service == "compute" and it.name.startswith(request.place + "/")]
    for work in works:
        work.look()
    items = [show(world, it) for it in works]
    return Answer({"kind": "compute#operationList", "id": request.place, "selfLink": url(request.place), "items": items}, "items")


for _scope in ("global", "region", "zone"):
    METHODS[f"compute.{_scope}Operations.list"] = operations


def current(world: World, request: Request, place: str | None = None) -> tuple[Any, str, Thing]:
    """The family, place and thing that a request names."""
    place = place or place_of(request.project, request.place)
    family, thing = find(world, place)
    return family, place, thing
