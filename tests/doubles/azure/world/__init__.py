"""What there is in the subscription, type by type, and what each call does to it."""

from __future__ import annotations

import re

from . import (  # noqa: F401
    balancing,
    caches,
    compute,
    databases,
    engine,
    groups,
    network,
    private,
    rights,
    server_parts,
    servers_sold,
    sold,
    vaults,
    watching,
)
from .doings import poll, settle
from .ids import GROUPS
from .kinds import KINDS, Answer, Ask, Refusal, handler_of, lacking
from .secrets import answer_of_vault
from .things import SUBSCRIPTION, World

__all__ = ["Answer", "Refusal", "World", "answer", "answer_of_vault", "is_poll", "settle"]

_POLL = re.compile(
    r"/subscriptions/[^/]+/providers/[^/]+/locations/[^/]+/(operations|operationsStatus|azureAsyncOperation|operationResults)"
    r"/([0-9a-f-]{36})",
    re.I,
)


def is_poll(path: str) -> bool:
    """Whether it is an address that the double gave out for something that takes its time."""
    return _POLL.fullmatch(path) is not None


def answer(world: World, ask: Ask, path: str) -> Answer:
    """What Resource Manager answers."""
    if ask.id.subscription and ask.id.subscription.lower() != SUBSCRIPTION:
        raise Refusal(404, "SubscriptionNotFound", f"The subscription '{ask.id.subscription}' could not be found.")
    if found := _POLL.fullmatch(path):
        return poll(world, found[2].lower(), found[1].lower() == "operationresults", ask.query.get("api-version", ""))
    whole = f"{ask.id.type}/{ask.id.tail}" if ask.id.tail else ask.id.type
    # Of what is one thing and not a list, the name in the table ends in a slash.
    special = handler_of(ask.method, whole if ask.id.tail else f"{whole}/")
    # A word at the end is a list or something to be done; roles and locks are listed under what they are attached to.
    if special is not None:
        return special(world, ask)
    if ask.id.tail is not None:
        if ask.method == "GET":
            return engine.listed(world, ask)
        raise lacking(f"{ask.method} {whole}")
    if ask.id.type == GROUPS and ask.method == "DELETE":
        return groups.delete_group(world, ask)
    methods = {"PUT": engine.put, "PATCH": engine.patch, "GET": engine.get, "DELETE": engine.delete}
    if ask.method == "HEAD" and ask.id.type == GROUPS:
        return Answer(204 if world.find(ask.id.text) else 404)
    if ask.method not in methods or ask.id.type.lower() not in KINDS:
        raise lacking(f"{ask.method} {whole}")
    return methods[ask.method](world, ask)
