"""AWS's rules that moto lacks: where a wrong order or a wrong figure would fail in AWS, it fails here."""

from __future__ import annotations

from . import balancing, caches, databases, fleet, network, texts
from .register import check

__all__ = ["balancing", "caches", "check", "databases", "fleet", "network", "texts"]
