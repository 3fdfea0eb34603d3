"""Resource groups, locks, role assignments, providers and what is in a group."""

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
    stateless,
)
from .parts import defaults
from .rules import check_group, check_locks
from .things import SUBSCRIPTION, TENANT, Thing, World

_LOCK, _ROLE = "Microsoft.Authorization/locks", "Microsoft.Authorization/roleAssignments"
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
        if not it.kind.tracked or it.kind.type == GROUPS or it.kind.type.count("/") > 1 and not it.body.get("location"):
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


def _lock(world: World, ask: Ask, old: Thing | None) -> None:
    if ask.body["properties"].get("level") not in ("CanNotDelete", "ReadOnly"):
        raise invalid("LockLevelInvalid", "The lock level is CanNotDelete or ReadOnly.")


kind(Kind(_LOCK, _lock, slow=False, tracked=False, pattern=r"[^<>%&:\\?/]{0,259}[^<>%&:\\?/. ]", state=stateless))


def _attached(type: str, world: World, ask: Ask) -> Answer:
    """What is attached to a resource, a group or the subscription, and to what is below; not what is above."""
    scope = ask.id.scope.lower()
    check_group(world, ask.id, writing=False)
    only = ask.query.get("$filter") == "atScope()"
    principal = re.fullmatch(r"principalId eq '([^']+)'", ask.query.get("$filter", ""))
    found = [
        it for it in world.of(type)
        if it.id.scope.lower() == scope or (not only and it.id.scope.lower().startswith(f"{scope}/"))
    ]  # fmt: skip
    if principal:
        found = [it for it in found if it.properties.get("principalId") == principal[1]]
    return Answer(200, {"value": [engine.shown(world, it) for it in found]}, listed=True)


@action("GET", _LOCK)
def locks(world: World, ask: Ask) -> Answer:
    """Locks."""
    return _attached(_LOCK, world, ask)


@action("GET", _ROLE)
def roles(world: World, ask: Ask) -> Answer:
    """Role assignments."""
    return _attached(_ROLE, world, ask)


def _role(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body["properties"]
    same = [
        it for it in world.of(_ROLE)
        if it.id.scope.lower() == ask.id.scope.lower()
        and it.properties["principalId"] == properties["principalId"]
        and it.properties["roleDefinitionId"].split("/")[-1] == properties["roleDefinitionId"].split("/")[-1]
    ]  # fmt: skip
    if any(it.id.key != ask.id.key for it in same):
        raise Refusal(409, "RoleAssignmentExists", "The role assignment already exists.")
    if old is not None and not same:
        raise Refusal(
            409,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        )
    known = {it.properties.get("principalId") for it in world.of("Microsoft.ManagedIdentity/userAssignedIdentities")}
    if properties["principalId"] not in known:
        message = f"Principal {properties['principalId'].replace('-', '')} does not exist in the directory {TENANT}."
        raise invalid("PrincipalNotFound", message)
    if properties["roleDefinitionId"].split("/")[-1] not in _ROLE_NAMES:
        raise invalid(
            "RoleDefinitionDoesNotExist",
            f"The specified role definition with ID '{properties['roleDefinitionId'].split('/')[-1]}' does not exist.",
        )
    defaults(properties, {"scope": ask.id.scope, "principalType": "ServicePrincipal"})


# Azure docs, "Azure built-in roles".
_ROLE_NAMES = {
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
}
kind(
    Kind(
        _ROLE, _role, slow=False, tracked=False, state=stateless, changed=201,
        pattern=r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    )
)  # fmt: skip


@action("GET", "Microsoft.Authorization/roleDefinitions")
def role_definitions(world: World, ask: Ask) -> Answer:
    """The built-in roles that the project might ask for, by name."""
    wanted = re.fullmatch(r"roleName eq '([^']+)'", ask.query.get("$filter", ""))
    base = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
    found = [
        {"id": f"{base}/{id}", "name": id, "type": "Microsoft.Authorization/roleDefinitions", "properties": {"roleName": name, "type": "BuiltInRole"}}
        for id, name in _ROLE_NAMES.items()
        if wanted is None or wanted[1] == name
    ]  # fmt: skip
    return Answer(200, {"value": found}, listed=True)


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
