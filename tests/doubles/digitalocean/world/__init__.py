"""What there is in the account, family by family, and what each path does to it."""

from . import balancing, base, clusters, compute, guarding, listing, monitoring, pools  # noqa: F401
from .things import Refusal, World

__all__ = ["Refusal", "World"]
