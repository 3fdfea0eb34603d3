"""Refusals as Google words them."""

from __future__ import annotations

import re
from typing import Any

from .things import Refusal

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")


def missing(place: str) -> Refusal:
    """What is not there."""
    return Refusal(404, "notFound", f"The resource '{place}' was not found")


def taken(place: str) -> Refusal:
    """What is there already."""
    return Refusal(409, "alreadyExists", f"The resource '{place}' already exists")


def invalid(field: str, value: Any, why: str) -> Refusal:
    """What cannot be."""
    return Refusal(400, "invalid", f"Invalid value for field 'resource.{field}': '{value}'. {why}")


def absent(field: str) -> Refusal:
    """What has to be said and was not."""
    return Refusal(400, "required", f"Invalid value for field 'resource.{field}': ''. A value is required.")


def unready(place: str) -> Refusal:
    """What is being worked on."""
    return Refusal(400, "resourceNotReady", f"The resource '{place}' is not ready")


def in_use(kind: str, place: str, by: str) -> Refusal:
    """What somebody needs."""
    said = f"The {kind} resource '{place}' is already being used by '{by}'"
    return Refusal(400, "resourceInUseByAnotherResource", said)


def stale(what: str = "fingerprint") -> Refusal:
    """What changed since it was read."""
    return Refusal(412, "conditionNotMet", f"Invalid {what}.")


def over_quota(metric: str, limit: float, where: str) -> Refusal:
    """More than may be."""
    said = f"Quota '{metric}' exceeded.  Limit: {limit:.1f} {where}."
    return Refusal(403, "quotaExceeded", said, metric=metric)


def precondition(message: str) -> Refusal:
    """What cannot be as things are: the newer services' word for it."""
    return Refusal(400, "FAILED_PRECONDITION", message)


def check_name(name: Any) -> None:
    """A name as RFC 1035 has it."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise invalid("name", name, f"Must be a match of regex '{_NAME.pattern}'")
