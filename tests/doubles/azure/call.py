"""A request as it is understood: which plane, which operation, which actions of roles it needs; secrets masked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aws.decode import Http

from . import actions
from .world import is_poll
from .world.ids import parse

VAULT = ".vault.azure.net"
_SECRET_NAMES = (
    "administratorloginpassword",
    "adminpassword",
    "primarykey",
    "secondarykey",
    "protectedsettings",
)


@dataclass
class Call:
    """A request as it is understood."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    broken: bool
    # The vault whose own host was asked; `None`: Resource Manager.
    vault: str | None
    entry: dict[str, Any]

    @property
    def plane(self) -> str:
        """Which description holds."""
        return "arm" if self.vault is None else "vault"

    @classmethod
    def read(cls, http: Http) -> Call:
        """Understands a request."""
        parts = urlsplit(http.path)
        host = http.headers.get("host", "").split(":")[0].lower()
        vault = host.removesuffix(VAULT) if host.endswith(VAULT) else None
        broken = False
        try:
            body = json.loads(http.body) if http.body else None
        except ValueError:
            body, broken = None, True
        if vault is not None:
            service, operation, needs = actions.secrets(http.method, parts.path)
        else:
            id = parse(parts.path)
            service, operation = actions.names(http.method, id)
            # Whoever asked for something may look at how it gets on.
            needs = [] if is_poll(parts.path) else actions.needed(http.method, id, body)
        entry: dict[str, Any] = {
            "service": service,
            "operation": operation,
            "path": http.path if vault is None else f"https://{host}{http.path}",
            "writing": http.method not in ("GET", "HEAD") and not _only_asks(http.method, parts.path),
            "parameters": _masked(body, vault is not None),
            "action": needs[0] if needs else "",
            "actions": needs,
            "outcome": "underway",
        }
        return cls(http.method, parts.path, dict(parse_qsl(parts.query)), http.headers, body, broken, vault, entry)


def _only_asks(method: str, path: str) -> bool:
    """Questions that are put by POST."""
    word = path.rstrip("/").split("/")[-1].lower()
    return method == "POST" and (word.startswith(("check", "list", "get")))


def _masked(value: Any, of_vault: bool) -> Any:
    """The same with `***` for what is secret."""
    if isinstance(value, dict):
        return {name: "***" if _secret(name, of_vault) else _masked(it, of_vault) for name, it in value.items()}
    return [_masked(it, of_vault) for it in value] if isinstance(value, list) else value


def _secret(name: str, of_vault: bool) -> bool:
    """Whether what stands under this name is."""
    return name.lower() in _SECRET_NAMES or (of_vault and name == "value")
