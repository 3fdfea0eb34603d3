"""What there is in the projects, service by service, and what each method does to it."""

from . import alarms, balancing, caches, groups, machines, maps, network, peering, policies, scaling  # noqa: F401
from . import services, sold, sqlmore, valkey, vault, work  # noqa: F401
from .compute import register
from .paging import paged
from .things import METHODS, Answer, Refusal, Request, World

register()

__all__ = ["METHODS", "Answer", "Refusal", "Request", "World", "paged"]
