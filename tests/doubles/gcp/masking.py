"""What stands in the journal as `***`."""

from __future__ import annotations

from typing import Any

_SECRETS = {"password", "rootPassword", "privateKey", "authString"}


def masked(value: Any, name: str = "", within: str = "") -> Any:
    """The value with `***` for what is secret."""
    # The payload of a secret's version; elsewhere `data` says something else.
    if value and (name in _SECRETS or (name == "data" and within == "payload")):
        return "***"
    if isinstance(value, dict):
        return {key: masked(item, key, name) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, name, within) for item in value]
    return value
