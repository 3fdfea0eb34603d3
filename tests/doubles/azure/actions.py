"""What a call is called, and the actions of Azure roles that it needs.

Sources: Azure docs, "Azure permissions" (resource provider operations); "Virtual network permissions" and the pages of the services for the
joins, which a call needs on what its body refers to."""

from __future__ import annotations

import re
from typing import Any

from .world.ids import Id, parse
from .world.kinds import KINDS
from .world.things import references

_WORDS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
# References of these types need that they may be joined or assigned.
_JOINS = (
    ("Microsoft.Network/virtualNetworks/subnets", "join"),
    ("Microsoft.Network/virtualNetworks", "join"),
    ("Microsoft.Network/networkSecurityGroups", "join"),
    ("Microsoft.Network/natGateways", "join"),
    ("Microsoft.Network/publicIPAddresses", "join"),
    ("Microsoft.Network/loadBalancers/backendAddressPools", "join"),
    ("Microsoft.Network/loadBalancers/probes", "join"),
    ("Microsoft.Network/applicationGateways/backendAddressPools", "join"),
    ("Microsoft.Network/privateDnsZones", "join"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "assign"),
)
# Questions that are put by POST and are no actions by name (Azure docs, "Azure permissions for Security").
_BY_POST = {"Microsoft.KeyVault/checkNameAvailability": "Microsoft.KeyVault/checkNameAvailability/read"}
# Actions on values of secrets (Azure docs, "Azure permissions for Security", Microsoft.KeyVault, data actions).
_SECRETS = {
    ("GET", "secrets", 1): "vaults/secrets/readMetadata",
    ("GET", "secrets", 2): "vaults/secrets/getSecret",
    ("GET", "secrets", 3): "vaults/secrets/getSecret",
    ("PUT", "secrets", 2): "vaults/secrets/setSecret",
    ("PATCH", "secrets", 3): "vaults/secrets/update",
    ("DELETE", "deletedsecrets", 2): "vaults/secrets/purge",
    ("POST", "deletedsecrets", 3): "vaults/secrets/recover",
    ("GET", "deletedsecrets", 1): "vaults/secrets/readMetadata",
    ("GET", "deletedsecrets", 2): "vaults/secrets/readMetadata",
}


def names(method: str, id: Id) -> tuple[str, str]:
    """Service and operation, as the journal has them and a fault matches them."""
    kind = KINDS.get(id.type.lower())
    type = kind.type if kind else id.type
    return type.split("/")[0], f"{method} {type}{'/' + _tail(type, id.tail) if id.tail else ''}"


def _tail(type: str, tail: str) -> str:
    kind = KINDS.get(f"{type}/{tail}".lower())
    return kind.type.split("/")[-1] if kind else tail


def needed(method: str, id: Id, body: Any) -> list[str]:
    """The actions that a call needs: its own first, then those on what it refers to."""
    _, operation = names(method, id)
    type = operation.split(" ", 1)[1]
    if method == "POST":
        return [_BY_POST.get(type, f"{type}/action")]
    own = [f"{type}/{_WORDS[method]}"]
    return own + sorted(_joins(id, body) - set(own)) if method in ("PUT", "PATCH") else own


def _joins(id: Id, body: Any) -> set[str]:
    found = set()
    for reference in references(body):
        of = parse(reference)
        if reference.lower().startswith(f"{id.key}/"):
            continue
        found |= {f"{type}/{word}/action" for type, word in _JOINS if of.type.lower() == type.lower()}
        if id.type.lower().endswith("/privateendpoints") and of.namespace != "Microsoft.Network":
            found.add(f"{of.type}/PrivateEndpointConnectionsApproval/action")
    return found


def secrets(method: str, path: str) -> tuple[str, str, list[str]]:
    """Service, operation and actions of a call to the data plane of a vault."""
    parts = path.strip("/").split("/")
    shape = "/".join(
        [
            "{}" if at == 1 or (at == 2 and parts[0] == "secrets" and it != "versions") else it
            for at, it in enumerate(parts)
        ]
    )
    if method == "DELETE" and parts[0] == "secrets":
        needs = ["Microsoft.KeyVault/vaults/secrets/delete"]
    else:
        word = _SECRETS.get((method, parts[0], 1 if parts[-1] == "versions" else len(parts)))
        needs = [f"Microsoft.KeyVault/{word}/action"] if word else []
    return "vault.azure.net", f"{method} {re.sub(r'/+$', '', shape)}", needs
