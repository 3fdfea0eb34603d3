"""What takes its time: it is begun, looked at, and ends well or in failure."""

from __future__ import annotations

from collections.abc import Callable

from .kinds import Answer, Ask, Body, Refusal
from .things import HOME, SUBSCRIPTION, Doing, Thing, World

_FAMILIES = {"Microsoft.Cache": "operationsStatus", "Microsoft.DBforMySQL": "azureAsyncOperation"}
_FAILED = ("OperationFailed", "The operation ended in failure, as a test asked for.")


def begin(world: World, ask: Ask, thing: Thing, what: str) -> Doing:
    """From now on it is on its way."""
    short = thing.kind.type.split("/")[-1]
    left = world.slow.get(short, world.slow.get("*", 0))
    location = str(thing.body.get("location") or "eastus").lower().replace(" ", "")
    doing = Doing(world.uuid(), thing.kind.type.split("/")[0], location, what, thing, left)
    doing.error = world.failing.pop(short, None)
    world.doings[doing.id] = doing
    thing.doing = doing
    thing.kind.state(thing.body, what)
    return doing


def ordered(world: World, ask: Ask, thing: Thing, then: Callable[[], None] | None = None) -> Answer:
    """Something is done to it under an address of its own: 202, and no body."""
    doing = begin(world, ask, thing, "change")
    doing.then = then
    return Answer(202, None, headers(world, ask, doing))


def headers(world: World, ask: Ask, doing: Doing) -> dict[str, str]:
    """Where it is asked for."""
    version = ask.query.get("api-version", "")
    return {
        "Azure-AsyncOperation": address(doing, "operations", version),
        "Location": address(doing, "operationResults", version),
        "Retry-After": "0",
    }


def address(doing: Doing, family: str, version: str) -> str:
    """On the cloud's own host, as the cloud gives it; the services differ in a word."""
    if family == "operations":
        family = _FAMILIES.get(doing.namespace, family)
    services = f"{HOME}/subscriptions/{SUBSCRIPTION}/providers/{doing.namespace}"
    return f"{services}/locations/{doing.location}/{family}/{doing.id}?api-version={version}"


def settle(world: World) -> None:
    """Ends what has no look left."""
    for doing in list(world.doings.values()):
        if not doing.ended and doing.left <= 0:
            end(world, doing)


def look(world: World, thing: Thing) -> None:
    """A look brings it nearer to its end."""
    if thing.doing is not None:
        thing.doing.left -= 1


def end(world: World, doing: Doing) -> None:
    """It ends: well, or with what a test asked for."""
    doing.ended = True
    thing = doing.thing
    thing.doing = None
    if doing.error is not None:
        if doing.what == "make" and thing.kind.vanishes:
            world.things.pop(thing.id.key, None)
        else:
            thing.kind.state(thing.body, "failed")
        return
    if doing.then is not None:
        doing.then()
    if doing.what == "remove":
        forget(world, thing)
    else:
        thing.kind.state(thing.body, "ready")
        thing.etag += 1
        thing.unseen = int(doing.what == "make" and world.is_late(thing))
        if thing.kind.done is not None:
            thing.kind.done(world, thing)


def forget(world: World, thing: Thing) -> None:
    """It is gone, and what is a part of it or attached to it goes with it."""
    for part in world.below(thing.id.text):
        if part.id.key in world.things:
            forget(world, part)
    world.things.pop(thing.id.key, None)
    if thing.kind.gone is not None:
        thing.kind.gone(world, thing)


def poll(world: World, id: str, results: bool, version: str) -> Answer:
    """What is said under the address of a doing."""
    doing = world.doings.get(id)
    if doing is None:
        raise Refusal(404, "OperationNotFound", f"The operation with Id '{id}' was not found.")
    if not doing.ended:
        doing.left -= 1
    if results:
        return _result(world, doing, version)
    status = "InProgress" if not doing.ended else "Failed" if doing.error else "Succeeded"
    body: Body = {
        "id": address(doing, "operations", version).removeprefix(HOME).split("?")[0],
        "name": id,
        "status": status,
    }
    if doing.ended and doing.error is not None:
        body["error"] = {"code": doing.error[0], "message": doing.error[1]}
    return Answer(200, body, {} if doing.ended else {"Retry-After": "0"})


def _result(world: World, doing: Doing, version: str) -> Answer:
    from .engine import shown

    if not doing.ended:
        return Answer(202, None, {"Location": address(doing, "operationResults", version), "Retry-After": "0"})
    if doing.error is not None:
        raise Refusal(409, *doing.error)
    if doing.what == "remove":
        return Answer(200)
    return Answer(200, shown(world, doing.thing))


def failure(given: object) -> tuple[str, str]:
    """Code and message with which a test wants something to fail."""
    if isinstance(given, dict):
        return str(given.get("code", _FAILED[0])), str(given.get("message", _FAILED[1]))
    return _FAILED
