"""AWS's rules that moto lacks: where a wrong order or a wrong figure would fail in AWS, it fails here."""

from __future__ import annotations

from . import balancing, caches, databases, fleet, network, secrets, texts
from .register import Same, check

__all__ = ["Same", "balancing", "caches", "check", "databases", "fleet", "network", "secrets", "texts"]
