"""What there is in the projects, service by service, and what each method does to it."""

from . import balancing, caches, groups, machines, network, peering, policies, scaling, sold, sqlmore  # noqa: F401
from . import valkey, vault, watch, work  # noqa: F401
from .compute import register
from .paging import paged
from .things import METHODS, Answer, Refusal, Request, World

register()

__all__ = ["METHODS", "Answer", "Refusal", "Request", "World", "paged"]
