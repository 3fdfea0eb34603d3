"""What holds for resources of every type: names of tags, places, groups, locks, references, and that one thing is done at a time."""

from __future__ import annotations

import re
from typing import Any

from .ids import GROUPS, Id
from .kinds import Ask, Kind, Refusal, invalid
from .things import Thing, World, references

_MOST_TAGS = 50
# Azure docs, "Use tags to organize your Azure resources": names of 512 letters, values of 256, none of <>%&\?/ in a name.
_TAG = re.compile(r"[^<>%&\\?/]{1,512}")
REGIONS = (
    "eastus", "westeurope", "eastus2", "centralus", "southcentralus", "westus", "westus2", "westus3", "canadacentral", "brazilsouth",
    "northeurope", "uksouth", "francecentral", "germanywestcentral", "swedencentral", "centralindia", "southeastasia", "eastasia",
    "japaneast", "australiaeast",
)  # fmt: skip
# How a service says that it is busy, where it has a word of its own.
_BUSY = {"Microsoft.DBforMySQL": "ServerBusy"}
# Services that take only what is in the state Succeeded.
_WANT_READY = ("Microsoft.Compute", "Microsoft.DBforMySQL", "Microsoft.Network")
# As some services spell them in their answers.
SPELLED = dict(
    zip(
        REGIONS,
        (
            "East US", "West Europe", "East US 2", "Central US", "South Central US", "West US", "West US 2", "West US 3", "Canada Central",
            "Brazil South", "North Europe", "UK South", "France Central", "Germany West Central", "Sweden Central", "Central India",
            "Southeast Asia", "East Asia", "Japan East", "Australia East",
        ),
        strict=True,
    )
)  # fmt: skip
# Without zones (Azure docs, "Azure regions list").
ZONELESS = ("westus",)


def held(kind: Kind, id: Id, users: list[Thing]) -> Refusal:
    """What is said of what is in use."""
    for user in users:
        if user.doing is not None:
            # Each refusal brings what still holds it nearer to its end.
            user.doing.left -= 1
    names = ", ".join(it.id.text for it in users)
    said = f"{kind.type.split('/')[-1]} {id.name} is in use by {names} and cannot be deleted."
    return Refusal(400, kind.held or "CannotDeleteResource", said)


def not_busy(world: World, id: Id, thing: Thing | None) -> None:
    """Refused while it, or in a network something beside it, is on its way."""
    near = [thing] if thing is not None else []
    if id.type.lower() == "microsoft.network/virtualnetworks/subnets" and id.parent:
        above = world.find(id.parent)
        near = [it for it in [above, *world.below(id.parent)] if it is not None]
    for it in near:
        if it.doing is not None:
            it.doing.left -= 1
            message = (
                f"Another operation on this or dependent resource is in progress. Operation: {it.doing.what} of"
                f" {it.id.text}."
            )
            raise Refusal(409, _BUSY.get(id.namespace, "AnotherOperationInProgress"), message)


def check_tags(tags: Any) -> None:
    """What tags may be."""
    for name, value in (tags or {}).items():
        if not _TAG.fullmatch(name) or len(str(value)) > 256:
            raise invalid("InvalidTagNameCharacters", f"The tag '{name}' has a name or value that Azure does not take.")
    if len(tags or {}) > _MOST_TAGS:
        raise invalid("InvalidTagCount", f"A resource has {_MOST_TAGS} tags at most.")


def check_group(world: World, id: Id, *, writing: bool) -> None:
    """The group has to be there, and to stay."""
    if id.group is None or (id.type == GROUPS and not id.tail):
        return
    group = world.find("/".join(id.text.split("/")[:5]))
    if group is None:
        raise Refusal(404, "ResourceGroupNotFound", f"Resource group '{id.group}' could not be found.")
    if writing and group.doing is not None and group.doing.what == "remove":
        message = f"The resource group '{id.group}' is in deprovisioning state and cannot perform this operation."
        raise Refusal(409, "ResourceGroupBeingDeleted", message)


def check_locks(world: World, id: Id) -> None:
    """A lock on it, above it or below it keeps it; a lock itself may always be removed."""
    if id.type.lower() == "microsoft.authorization/locks":
        return
    for lock in world.of("Microsoft.Authorization/locks"):
        scope = lock.id.scope.lower()
        inside = scope == id.key or scope.startswith(f"{id.key}/") or id.key.startswith(f"{scope}/")
        if inside:
            message = (
                f"The scope '{id.text}' cannot perform delete operation because following scope(s) are locked:"
                f" '{lock.id.scope}'."
            )
            raise Refusal(409, "ScopeLocked", f"{message} Please remove the lock and try again.")


def check_place(world: World, ask: Ask, kind: Kind) -> None:
    """Group and parent have to be there, and the subscription registered for the service."""
    check_group(world, ask.id, writing=True)
    if ask.id.namespace.lower() in {it.lower() for it in world.unregistered}:
        message = f"The subscription is not registered to use namespace '{ask.id.namespace}'."
        raise Refusal(
            409,
            "MissingSubscriptionRegistration",
            f"{message} See https://aka.ms/rps-not-found for how to register subscriptions.",
        )
    if ask.id.parent and not world.find(ask.id.parent) and "roleassignments" not in ask.id.key:
        message = (
            f"Can not perform requested operation on nested resource. Parent resource '{ask.id.parent.split('/')[-1]}'"
            " not found."
        )
        raise Refusal(404, "ParentResourceNotFound", message)


def check_match(ask: Ask, thing: Thing | None) -> None:
    """What somebody else changed meanwhile is not changed again by who did not see it."""
    match, none = ask.headers.get("if-match"), ask.headers.get("if-none-match")
    tag = f'W/"{thing.etag}"' if thing else None
    if (match and match != "*" and match != tag) or (match and thing is None) or (none == "*" and thing is not None):
        raise Refusal(
            412, "PreconditionFailed", f"Precondition failed: the resource has ETag {tag}, not what was asked for."
        )


def check_location(ask: Ask, kind: Kind, old: Thing | None) -> None:
    """A region, or `global` for what is in none; where it is stays."""
    location = str(ask.body.get("location", "")).lower().replace(" ", "")
    if location not in (("global",) if kind.everywhere else REGIONS):
        raise invalid(
            "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for {kind.type}.",
        )
    if old is not None and old.body.get("location", location) != location:
        message = (
            f"The resource '{ask.id.name}' already exists in location '{old.body['location']}'. A resource with the"
            f" same name cannot be created in location '{location}'."
        )
        raise Refusal(409, "InvalidResourceLocation", message)
    ask.body["location"] = location


def check_references(world: World, ask: Ask) -> None:
    """What it refers to has to be there, and for some services to be ready."""
    # Tags are words: an id in one refers to nothing.
    for reference in references({name: part for name, part in ask.body.items() if name != "tags"}):
        lower = reference.lower()
        if lower.startswith(f"{ask.id.key}/") or lower == ask.id.key or "/roledefinitions/" in lower:
            continue
        if not world.has(reference):
            message = f"Resource {reference} referenced by resource {ask.id.text} was not found."
            raise invalid(
                "InvalidResourceReference", f"{message} Please make sure that the referenced resource exists."
            )
        it = world.find(reference)
        failed = it is not None and it.properties.get("provisioningState") == "Failed"
        if it is not None and (it.doing is not None or failed) and ask.id.namespace in _WANT_READY:
            if it.doing is not None:
                it.doing.left -= 1
            message = (
                f"Cannot proceed with operation because resource {reference} used by resource {ask.id.text} is not in"
                " Succeeded state."
            )
            raise Refusal(409, "ReferencedResourceNotProvisioned", message)
