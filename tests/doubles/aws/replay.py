"""Idempotency as AWS has it: a call repeated with the same token is the same call, and is not carried out again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .decode import Call
from .errors import Refusal


def token_member(call: Call) -> str | None:
    """The member that holds the call's idempotency token, if it gave one."""
    shape = call.operation.input_shape
    for name, member in (shape.members if shape else {}).items():
        if member.metadata.get("idempotencyToken") or name in ("ClientToken", "ClientRequestToken"):
            return name if call.parameters.get(name) else None
    return None


@dataclass
class Replay:
    """The results of calls that gave a token."""

    results: dict[tuple[str, ...], tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def find(self, call: Call) -> dict[str, Any] | None:
        """The stored result of the same call; refuses another call with the same token."""
        member = token_member(call)
        stored = self.results.get(self._key(call, member)) if member else None
        if stored is None:
            return None
        if stored[0] != self._said(call, member):
            raise Refusal(
                "IdempotentParameterMismatch" if call.service != "secretsmanager" else "ResourceExistsException",
                "The request uses the same client token as a previous, but non-identical request.",
            )
        return stored[1]

    def keep(self, call: Call, result: dict[str, Any]) -> None:
        """Keeps a result for repeats."""
        if call.name == "DeleteSecret":
            # The token of a secret is the id of its version, and goes with the secret.
            self.results = {key: kept for key, kept in self.results.items() if key[0] != "secretsmanager"}
        if member := token_member(call):
            self.results[self._key(call, member)] = (self._said(call, member), result)

    @staticmethod
    def _key(call: Call, member: str | None) -> tuple[str, ...]:
        return call.service, call.name, call.access_key, call.region, str(call.parameters.get(str(member)))

    @staticmethod
    def _said(call: Call, member: str | None) -> str:
        said = {key: value for key, value in call.parameters.items() if key != member}
        return json.dumps(said, sort_keys=True, default=str)
