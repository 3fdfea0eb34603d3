"""Locks and role assignments: both are attached to something, and listed under it."""

from __future__ import annotations

import re

from . import engine
from .kinds import Answer, Ask, Kind, Refusal, action, invalid, kind, stateless
from .parts import defaults
from .rules import check_group
from .things import SUBSCRIPTION, TENANT, Thing, World

_LOCK, _ROLE = "Microsoft.Authorization/locks", "Microsoft.Authorization/roleAssignments"


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


def _is_known(world: World, principal: str) -> bool:
    """A new identity is not known in the whole directory at once; who says of what type it is, is believed (Azure docs, "Assign
    roles using the REST API", principalType)."""
    for it in world.of("Microsoft.ManagedIdentity/userAssignedIdentities"):
        if it.properties["principalId"] == principal:
            left: int = it.secret["unknown"]
            it.secret["unknown"] = left - 1
            return left <= 0
    return False


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
    if not properties.get("principalType") and not _is_known(world, properties["principalId"]):
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
