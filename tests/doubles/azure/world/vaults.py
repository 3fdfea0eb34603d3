"""Key Vaults: made, softly deleted, recovered, purged."""

from __future__ import annotations

import re

from .doings import address
from .kinds import Answer, Ask, Body, Kind, Refusal, action, invalid, kind, missing
from .parts import defaults, fixed
from .things import SUBSCRIPTION, TENANT, Doing, Thing, World

VAULT = "Microsoft.KeyVault/vaults"
_GONE = "Microsoft.KeyVault/locations/deletedVaults"
_WORDS = {
    "make": "RegisteringDns",
    "change": "Succeeded",
    "ready": "Succeeded",
    "remove": "Succeeded",
    "failed": "Succeeded",
}


def _state(body: Body, word: str) -> None:
    body["properties"]["provisioningState"] = _WORDS.get(word, "Succeeded")


def _vault(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body["properties"]
    mode = properties.pop("createMode", "default")
    name = ask.id.name.lower()
    if not re.fullmatch(r"[a-z](?:[a-z0-9]|-(?!-)){1,22}[a-z0-9]", name):
        raise invalid(
            "VaultNameNotValid",
            f"The vault name '{ask.id.name}' is invalid: 3 to 24 letters, digits and single hyphens, from a letter on.",
        )
    if properties["tenantId"] != TENANT:
        raise invalid("BadRequest", f"The tenant {properties['tenantId']} is not that of the subscription.")
    if old is None:
        _check_name(world, ask, name, mode)
    if mode == "recover" and old is None:
        _recover(world, ask, name)
        return
    if properties.get("sku", {}).get("family") != "A":
        raise invalid("BadRequest", "The SKU of a vault is of family A.")
    if not properties.get("enableRbacAuthorization") and "accessPolicies" not in properties:
        raise invalid("BadRequest", "A vault without enableRbacAuthorization needs accessPolicies.")
    if properties.get("enablePurgeProtection") is False:
        raise invalid("BadRequest", 'The property "enablePurgeProtection" cannot be set to false.')
    defaults(
        properties,
        {"accessPolicies": [], "enabledForDeployment": False, "enableSoftDelete": True, "softDeleteRetentionInDays": 90,
         "enableRbacAuthorization": False, "publicNetworkAccess": "Enabled"},
    )  # fmt: skip
    if not 7 <= properties["softDeleteRetentionInDays"] <= 90:
        raise invalid("BadRequest", "softDeleteRetentionInDays is 7 to 90.")
    fixed(ask, old, "properties.softDeleteRetentionInDays")
    properties["vaultUri"] = f"https://{name}.vault.azure.net/"
    ask.body["_secret"] = {} if old else {"secrets": {}, "deleted": {}}


def _check_name(world: World, ask: Ask, name: str, mode: str) -> None:
    if f"vaults/{name}" in world.taken or any(it.id.name.lower() == name for it in world.of(VAULT)):
        message = (
            f"The vault name '{ask.id.name}' is already in use. Vault names are globally unique so it is possible that"
            " the name is already taken."
        )
        raise Refusal(409, "VaultAlreadyExists", message)
    if name in world.deleted and mode != "recover":
        message = (
            "A vault with the same name already exists in deleted state. You need to either recover or purge existing"
            " key vault."
        )
        raise Refusal(
            409,
            "ConflictError",
            f"{message} Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft"
            " delete.",
        )


def _recover(world: World, ask: Ask, name: str) -> None:
    gone = world.deleted.get(name)
    if gone is None or gone.body["location"] != ask.body["location"] or gone.id.key != ask.id.key:
        raise Refusal(
            404, "VaultNotFound", f"There is no deleted vault {ask.id.name} of that id in {ask.body['location']}."
        )
    del world.deleted[name]
    ask.body["properties"] = gone.properties
    ask.body.setdefault("tags", gone.body.get("tags"))
    ask.body["_secret"] = gone.secret


def _patch(world: World, ask: Ask, thing: Thing) -> None:
    given = ask.body.get("properties") or {}
    days = given.get("softDeleteRetentionInDays")
    if days not in (None, thing.properties["softDeleteRetentionInDays"]):
        raise invalid(
            "BadRequest", 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
        )
    thing.properties.update(given)


def _gone(world: World, thing: Thing) -> None:
    world.deleted[thing.id.name.lower()] = thing


def _shown(thing: Thing) -> Body:
    name, location = thing.id.name, thing.body["location"]
    properties = {
        "vaultId": thing.id.text, "location": location, "deletionDate": "2026-11-01T00:00:00Z", "scheduledPurgeDate": "2026-11-08T00:00:00Z",
        "tags": thing.body.get("tags") or {},
    }  # fmt: skip
    id = f"/subscriptions/{SUBSCRIPTION}/providers/{_GONE.replace('locations', f'locations/{location}')}/{name}"
    return {"id": id, "name": name, "type": "Microsoft.KeyVault/deletedVaults", "properties": properties}


def _deleted(world: World, ask: Ask) -> Thing:
    location, name = ask.id.names[0].lower(), ask.id.names[1].lower()
    gone = world.deleted.get(name)
    if gone is None or gone.body["location"] != location:
        raise Refusal(404, "DeletedVaultNotFound", f"The specified deleted vault {ask.id.names[1]} does not exist.")
    return gone


@action("GET", f"{_GONE}/")
def deleted(world: World, ask: Ask) -> Answer:
    """One that was deleted."""
    return Answer(200, _shown(_deleted(world, ask)))


@action("GET", "Microsoft.KeyVault/deletedVaults")
def all_deleted(world: World, ask: Ask) -> Answer:
    """All that were deleted."""
    return Answer(200, {"value": [_shown(it) for it in world.deleted.values()]}, listed=True)


@action("POST", f"{_GONE}/purge")
def purge(world: World, ask: Ask) -> Answer:
    """It is gone for good after a while, and its name is free."""
    gone = _deleted(world, ask)
    if gone.properties.get("enablePurgeProtection"):
        raise Refusal(409, "MethodNotAllowed", f"Purge is not allowed for vault {gone.id.name}: it is protected.")
    doing = Doing(world.uuid(), "Microsoft.KeyVault", gone.body["location"], "purge", gone, world.slow.get("vaults", 0))
    doing.then = lambda: world.deleted.pop(gone.id.name.lower(), None)  # type: ignore[assignment]
    world.doings[doing.id] = doing
    return Answer(
        202, None, {"Location": address(doing, "operationResults", ask.query["api-version"]), "Retry-After": "0"}
    )


@action("GET", f"{VAULT}/secrets/")
def secret(world: World, ask: Ask) -> Answer:
    """A secret without its value, as Resource Manager tells of it."""
    vault = world.find(ask.id.parent or "")
    versions = vault.secret["secrets"].get(ask.id.name) if vault else None
    if not versions:
        raise missing(ask.id)
    attributes = {
        name: it for name, it in versions[-1]["attributes"].items() if name in ("enabled", "created", "updated")
    }
    uri = versions[-1]["id"]
    properties = {"attributes": attributes, "secretUri": uri.rsplit("/", 1)[0], "secretUriWithVersion": uri}
    return Answer(200, {"id": ask.id.text, "name": ask.id.name, "type": f"{VAULT}/secrets", "properties": properties})


@action("POST", "Microsoft.KeyVault/checkNameAvailability")
def available(world: World, ask: Ask) -> Answer:
    """Whether the whole cloud has no vault of that name."""
    name = str(ask.body["name"]).lower()
    mine = any(it.id.name.lower() == name for it in world.of(VAULT)) or name in world.deleted
    if mine or f"vaults/{name}" in world.taken:
        return Answer(
            200,
            {"nameAvailable": False, "reason": "AlreadyExists", "message": f"The vault name {name} is already in use."},
        )
    return Answer(200, {"nameAvailable": True})


kind(
    Kind(
        VAULT, _vault, made=200, changed=200, patched=200, removed=200, patch=_patch, gone=_gone, state=_state,
        pattern=r"[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]",
    )
)  # fmt: skip
