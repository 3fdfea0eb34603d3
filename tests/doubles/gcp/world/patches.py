"""Fingerprints, and changes laid over what was there."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any


def digest(value: Any) -> str:
    """A fingerprint: eight bytes in Base64."""
    text = json.dumps(value, sort_keys=True, default=str).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()[:8]).decode()


def merged(old: Any, change: Any) -> Any:
    """A patch laid over what was there: objects field by field, nothing takes away (RFC 7396)."""
    if not isinstance(change, dict) or not isinstance(old, dict):
        return change
    made = dict(old)
    for name, value in change.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value)
    return made
