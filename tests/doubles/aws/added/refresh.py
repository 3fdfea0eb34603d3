"""Auto Scaling: instance refreshes. Machines are replaced at once; the refresh is shown as under way for two looks."""

from __future__ import annotations

import uuid
from typing import Any

from moto.autoscaling.models import AutoScalingBackend
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from .refused import Refused

_LOOKS = 2
_ACTIVE = ("Pending", "InProgress")


def _refreshes(backend: AutoScalingBackend) -> list[dict[str, Any]]:
    refreshes: list[dict[str, Any]] = backend.__dict__.setdefault("instance_refreshes", [])
    return refreshes


def _of(backend: AutoScalingBackend, name: str) -> list[dict[str, Any]]:
    if name not in backend.autoscaling_groups:
        raise Refused("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    return [refresh for refresh in _refreshes(backend) if refresh["AutoScalingGroupName"] == name]


def _active(backend: AutoScalingBackend, name: str) -> dict[str, Any] | None:
    return next((refresh for refresh in _of(backend, name) if refresh["Status"] in _ACTIVE), None)


def _start(self: AutoScalingResponse) -> ActionResult:
    backend = self.autoscaling_backend
    name = self._get_param("AutoScalingGroupName")
    if _active(backend, name):
        raise Refused(
            "InstanceRefreshInProgress",
            "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
        )
    group = backend.autoscaling_groups[name]
    old = [state.instance.id for state in group.instance_states]
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": name,
        "Status": "Pending",
        "StartTime": utcnow(),
        "PercentageComplete": 0,
        "InstancesToUpdate": len(old),
        "Preferences": self._get_param("Preferences", {}),
        "looks": 0,
    }
    _refreshes(backend).append(refresh)
    for instance in old:
        backend.terminate_instance(instance, should_decrement=False)
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def _describe(self: AutoScalingResponse) -> ActionResult:
    wanted = self._get_param("InstanceRefreshIds", [])
    rows = []
    for refresh in reversed(_of(self.autoscaling_backend, self._get_param("AutoScalingGroupName"))):
        if wanted and refresh["InstanceRefreshId"] not in wanted:
            continue
        rows.append({key: value for key, value in refresh.items() if key != "looks"})
        if refresh["Status"] in _ACTIVE:
            refresh["looks"] += 1
            refresh["Status"], refresh["PercentageComplete"] = "InProgress", 50
            if refresh["looks"] >= _LOOKS:
                refresh.update(Status="Successful", PercentageComplete=100, InstancesToUpdate=0, EndTime=utcnow())
    return ActionResult({"InstanceRefreshes": rows})


def _cancel(self: AutoScalingResponse) -> ActionResult:
    refresh = _active(self.autoscaling_backend, self._get_param("AutoScalingGroupName"))
    if refresh is None:
        raise Refused("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found.")
    refresh.update(Status="Cancelled", EndTime=utcnow())
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def add() -> None:
    """Adds them to moto."""
    responses: Any = AutoScalingResponse
    responses.start_instance_refresh = _start
    responses.describe_instance_refreshes = _describe
    responses.cancel_instance_refresh = _cancel
