"""Secrets, under the vault's own name."""

from __future__ import annotations

import re
from typing import Any

from .kinds import Answer, Body, Refusal
from .things import Thing, World
from .vaults import VAULT

_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
_START = 1_793_491_200


class NoSuchHost(Exception):
    """There is no vault of that name: nothing answers."""


def answer_of_vault(world: World, vault: str, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
    """What a vault answers under its own name."""
    found = [it for it in world.of(VAULT) if it.id.name.lower() == vault]
    if not found or found[0].doing is not None:
        if found and found[0].doing is not None:
            found[0].doing.left -= 1
        raise NoSuchHost(vault)
    thing = found[0]
    parts = [part for part in path.split("/") if part]
    shape = (method, parts[0], len(parts))
    if shape == ("GET", "secrets", 1):
        return Answer(200, {"value": [_item(thing, name) for name in sorted(thing.secret["secrets"])]}, listed=True)
    if shape == ("GET", "secrets", 3) and parts[2] == "versions":
        return Answer(200, {"value": [_without_value(it) for it in _live(thing, parts[1])]}, listed=True)
    if shape == ("GET", "deletedsecrets", 1):
        return Answer(200, {"value": [_gone(thing, name) for name in sorted(thing.secret["deleted"])]}, listed=True)
    name = parts[1] if len(parts) > 1 else ""
    if not _NAME.fullmatch(name):
        raise Refusal(400, "BadParameter", f"The request URI contains an invalid name: {name}")
    return _of_one(world, thing, shape, name, parts, body)


def _of_one(world: World, thing: Thing, shape: tuple[str, str, int], name: str, parts: list[str], body: Any) -> Answer:
    method, family, length = shape
    if (method, family, length) == ("PUT", "secrets", 2):
        return Answer(200, _set(world, thing, name, body))
    if method == "GET" and family == "secrets":
        return Answer(200, _version(thing, name, parts[2] if length == 3 else None))
    if method == "PATCH" and family == "secrets":
        one = _version(thing, name, parts[2] if length == 3 else None)
        one |= {key: body[key] for key in ("tags", "contentType") if key in body}
        one["attributes"] |= {
            key: it for key, it in (body.get("attributes") or {}).items() if key in ("enabled", "exp", "nbf")
        }
        return Answer(200, _without_value(one))
    if (method, family, length) == ("DELETE", "secrets", 2):
        thing.secret["deleted"][name] = _live(thing, name)
        del thing.secret["secrets"][name]
        return Answer(200, _gone(thing, name))
    if family != "deletedsecrets" or name not in thing.secret["deleted"]:
        raise _missing(name)
    if method == "GET":
        return Answer(200, _gone(thing, name))
    versions = thing.secret["deleted"].pop(name)
    if method == "DELETE":
        return Answer(204)
    thing.secret["secrets"][name] = versions
    return Answer(200, _without_value(versions[-1]))


def _missing(name: str) -> Refusal:
    message = f"A secret with (name/id) {name} was not found in this key vault."
    return Refusal(
        404,
        "SecretNotFound",
        f"{message} If you recently deleted this secret you may be able to recover it using the correct recovery"
        " command.",
    )


def _live(thing: Thing, name: str) -> list[Body]:
    if name not in thing.secret["secrets"]:
        raise _missing(name)
    versions: list[Body] = thing.secret["secrets"][name]
    return versions


def _version(thing: Thing, name: str, version: str | None) -> Body:
    found = [it for it in _live(thing, name) if version is None or it["id"].endswith(f"/{version}")]
    if not found:
        raise _missing(f"{name}/{version}")
    if not found[-1]["attributes"]["enabled"]:
        raise Refusal(403, "Forbidden", "Operation get is not allowed on a disabled secret.")
    return found[-1]


def _set(world: World, thing: Thing, name: str, body: Body) -> Body:
    if name in thing.secret["deleted"]:
        message = (
            f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this"
            " state, the secret can only be recovered or purged."
        )
        raise Refusal(409, "Conflict", message)
    if len(body["value"]) > 25_600:
        raise Refusal(400, "BadParameter", "A secret has 25 KiB at most.")
    moment = _START + next(world.numbers)
    attributes = {
        "enabled": True, "created": moment, "updated": moment, "recoveryLevel": "CustomizedRecoverable+Purgeable",
        "recoverableDays": thing.properties["softDeleteRetentionInDays"], **(body.get("attributes") or {}),
    }  # fmt: skip
    version = world.uuid().replace("-", "")
    made: Body = {
        "value": body["value"],
        "id": f"{thing.properties['vaultUri']}secrets/{name}/{version}",
        "attributes": attributes,
    }
    made |= {key: body[key] for key in ("tags", "contentType") if key in body}
    thing.secret["secrets"].setdefault(name, []).append(made)
    return made


def _without_value(secret: Body) -> Body:
    return {key: it for key, it in secret.items() if key != "value"}


def _item(thing: Thing, name: str) -> Body:
    """In a list a secret has no version."""
    return {**_without_value(_live(thing, name)[-1]), "id": f"{thing.properties['vaultUri']}secrets/{name}"}


def _gone(thing: Thing, name: str) -> Body:
    newest = _without_value(thing.secret["deleted"][name][-1])
    uri = f"{thing.properties['vaultUri']}deletedsecrets/{name}"
    return {**newest, "recoveryId": uri, "deletedDate": _START, "scheduledPurgeDate": _START + 7 * 86_400}
