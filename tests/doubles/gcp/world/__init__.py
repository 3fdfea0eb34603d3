"""What there is in the projects, service by service, and what each method does to it."""

from . import (  # noqa: F401
    alarms,
    balancing,
    caches,
    groups,
    machines,
    maps,
    network,
    peering,
    policies,
    scaling,
    services,
    sold,
    sqlmore,
    valkey,
    vault,
    work,
)
from .compute import register
from .paging import paged
from .things import METHODS, Answer, Refusal, Request, World

register()

__all__ = ["METHODS", "Answer", "Refusal", "Request", "World", "paged"]
