"""Resource groups and what is in them, providers, the subscription."""

from __future__ import annotations

import re

from . import engine
from .doings import begin, headers
from .ids import GROUPS
from .kinds import (
    KINDS,
    Answer,
    Ask,
    Body,
    Kind,
    Refusal,
    action,
    invalid,
    kind,
)
from .parts import defaults
from .rules import check_locks
from .things import SUBSCRIPTION, TENANT, Thing, World

NAMESPACES = (
    "Microsoft.Authorization", "Microsoft.Cache", "Microsoft.Compute", "Microsoft.DBforMySQL", "Microsoft.Insights", "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity", "Microsoft.Network", "Microsoft.Resources",
)  # fmt: skip


def _group(world: World, ask: Ask, old: Thing | None) -> None:
    defaults(ask.body, {"properties": {}})


kind(Kind(GROUPS, _group, slow=False, pattern=r"[\w().\-]{0,89}[\w()\-]"))


@action("GET", "Microsoft.Resources/subscriptions/resourceGroups")
def list_groups(world: World, ask: Ask) -> Answer:
    """All groups; `$filter` takes one tag."""
    found = [engine.shown(world, it) for it in world.of(GROUPS)]
    wanted = _tag(ask.query.get("$filter"))
    if wanted:
        name, value = wanted
        found = [it for it in found if name in (it.get("tags") or {}) and value in (None, it["tags"][name])]
    return Answer(200, {"value": found}, listed=True)


def _tag(filter: str | None) -> tuple[str, str | None] | None:
    if not filter:
        return None
    found = re.fullmatch(r"tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?", filter)
    if not found:
        raise invalid("InvalidFilterInQueryString", f"Invalid $filter '{filter}' specified in the query string.")
    return found[1], found[2]


def delete_group(world: World, ask: Ask) -> Answer:
    """All that is in it goes with it, after a while."""
    group = world.find(ask.id.text)
    if group is None:
        raise Refusal(404, "ResourceGroupNotFound", f"Resource group '{ask.id.name}' could not be found.")
    check_locks(world, ask.id)
    doing = group.doing or begin(world, ask, group, "remove")
    return Answer(202, None, {"Location": headers(world, ask, doing)["Location"], "Retry-After": "0"})


@action("GET", f"{GROUPS}/resources")
def resources(world: World, ask: Ask) -> Answer:
    """What stands in a group by itself: parts of other resources are not listed."""
    if not world.find(ask.id.text):
        raise Refusal(404, "ResourceGroupNotFound", f"Resource group '{ask.id.name}' could not be found.")
    return Answer(200, {"value": _listed(world, world.below(ask.id.text), ask)}, listed=True)


@action("GET", "Microsoft.Resources/subscriptions/resources")
def all_resources(world: World, ask: Ask) -> Answer:
    """The same of all groups."""
    return Answer(200, {"value": _listed(world, list(world.things.values()), ask)}, listed=True)


def _listed(world: World, things: list[Thing], ask: Ask) -> list[Body]:
    found: list[Body] = []
    wanted = _tag(ask.query.get("$filter"))
    for it in things:
        if (
            world.hides(it)
            or not it.kind.tracked
            or it.kind.type == GROUPS
            or it.kind.type.count("/") > 1
            and not it.body.get("location")
        ):
            continue
        body = engine.shown(world, it)
        kept: Body = {
            name: body[name] for name in ("id", "name", "type", "location", "tags", "identity") if name in body
        }
        if isinstance(body.get("sku"), dict):
            kept["sku"] = {name: value for name, value in body["sku"].items() if name in ("name", "tier", "capacity")}
        tags = body.get("tags") or {}
        if wanted is None or (wanted[0] in tags and wanted[1] in (None, tags[wanted[0]])):
            found.append(kept)
    return found


def _provider(world: World, namespace: str) -> Body:
    gone = {it.lower() for it in world.unregistered}
    types = sorted({it.type.split("/", 1)[1] for it in KINDS.values() if it.type.startswith(f"{namespace}/")})
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/providers/{namespace}", "namespace": namespace,
        "registrationState": "NotRegistered" if namespace.lower() in gone else "Registered", "registrationPolicy": "RegistrationRequired",
        "resourceTypes": [{"resourceType": it, "locations": ["East US", "West Europe"]} for it in types],
    }  # fmt: skip


@action("GET", "Microsoft.Resources/subscriptions/providers")
def providers(world: World, ask: Ask) -> Answer:
    """Services and whether the subscription is registered for them."""
    return Answer(200, {"value": [_provider(world, it) for it in NAMESPACES]}, listed=True)


@action("GET", "Microsoft.Resources/subscriptions/providers/")
def provider(world: World, ask: Ask) -> Answer:
    """One of them."""
    known = [it for it in NAMESPACES if it.lower() == ask.id.name.lower()]
    if not known:
        raise Refusal(404, "InvalidResourceNamespace", f"The resource namespace '{ask.id.name}' is invalid.")
    return Answer(200, _provider(world, known[0]))


def _subscription() -> Body:
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}", "subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "displayName": "double",
        "state": "Enabled", "authorizationSource": "RoleBased",
    }  # fmt: skip


@action("GET", "Microsoft.Resources/subscriptions/subscriptions")
def subscriptions(world: World, ask: Ask) -> Answer:
    """The one subscription."""
    return Answer(200, {"value": [_subscription()]}, listed=True)


@action("GET", "Microsoft.Resources/subscriptions/")
def subscription(world: World, ask: Ask) -> Answer:
    """The same by its id."""
    return Answer(200, _subscription())
