"""Operations on Cloud SQL instances, one at a time, and instances as they are shown."""

from __future__ import annotations

from collections.abc import Callable

from .things import Answer, Refusal, Request, Thing, Work, World

BASE = "https://sqladmin.googleapis.com/v1/"
SERVICE = "sqladmin"


def nothing() -> None:
    """What there is to do where there is nothing to do."""


def begin(
    world: World, request: Request, place: str, kind: str, finish: Callable[[], None] = nothing, undo: Callable[[], None] = nothing,
) -> Answer:  # fmt: skip
    """Takes on an operation on an instance; the operation is the answer."""
    project, number = place.split("/")[1], world.number()
    name = f"{number:08x}-0000-4000-8000-{number:012x}"
    shown: Thing = {
        "kind": "sql#operation", "name": name, "operationType": kind, "status": "PENDING", "user": "somebody@example.org",
        "insertTime": world.now(), "targetId": place.split("/")[3], "targetProject": project, "targetLink": BASE + place,
        "selfLink": f"{BASE}projects/{project}/operations/{name}",
    }  # fmt: skip
    work = Work(SERVICE, f"projects/{project}/operations/{name}", place, shown, 0, 0, finish, undo)
    world.take_on(work, request.id, SERVICE)
    return Answer(show(world, work))


def show(world: World, work: Work) -> Thing:
    """An operation as it stands."""
    shown = work.shown
    if work.done and shown["status"] != "DONE":
        shown |= {"status": "DONE", "startTime": shown["insertTime"], "endTime": world.now()}
        if work.failure:
            error = {"kind": "sql#operationError", "code": work.failure["code"], "message": work.failure["message"]}
            shown["error"] = {"kind": "sql#operationErrors", "errors": [error]}
    elif not work.done and work.left < work.total:
        shown |= {"status": "RUNNING", "startTime": shown["insertTime"]}
    return dict(shown)


def denied(name: str) -> Refusal:
    """What is said of an instance that is not there: Cloud SQL does not say whether it exists."""
    said = f"The Cloud SQL instance '{name}' does not exist, or the client is not authorized to access it."
    return Refusal(404, "instanceDoesNotExist", said)


def found(world: World, place: str) -> Thing:
    """An instance; refused if there is none."""
    if place not in world.of("sql"):
        raise denied(place.split("/")[3])
    return world.of("sql")[place]


def free(world: World, place: str) -> Thing:
    """An instance that a request wants to do something with; refused while something else is being done to it."""
    instance = found(world, place)
    if world.busy(SERVICE, place):
        raise Refusal(409, "operationInProgress", "Operation failed because another operation was already in progress.")
    return instance


def seen(world: World, instance: Thing) -> Thing:
    """An instance as it is shown: what is being made has no address yet."""
    place = instance["_place"]
    work = world.busy(SERVICE, place)
    kind = work.shown["operationType"] if work else None
    shown = {name: value for name, value in instance.items() if not name.startswith("_")}
    shown["state"] = "FAILED" if instance["_failed"] else "RUNNABLE"
    if kind in ("CREATE", "CREATE_REPLICA"):
        shown["state"] = "PENDING_CREATE"
        shown.pop("ipAddresses", None)
    elif kind == "DELETE":
        shown["state"] = "PENDING_DELETE"
    elif kind == "UPDATE" and instance["_restarting"]:
        shown["state"] = "MAINTENANCE"
    replicas = [it["name"] for it in world.of("sql").values() if it.get("masterInstanceName", "").endswith(f":{instance['name']}")]
    if replicas:
        shown["replicaNames"] = replicas
    return shown
