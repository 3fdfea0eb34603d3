"""The permissions that a call needs, as the methods' pages in Google's references list them."""

from __future__ import annotations

from typing import Any


def permissions(id: str, body: Any) -> list[str]:
    """What the caller of a method has to be allowed."""
    return []
