"""Autoscalers of regional groups."""

from __future__ import annotations

from .compute import change, changeable
from .families import family, place_of, refer
from .fleet import step
from .network import fixed
from .patches import merged
from .refusals import absent, invalid
from .things import Answer, Request, Thing, World, method
from .work import once


def _scaler(world: World, request: Request, body: Thing) -> None:
    body["target"] = refer(world, request, "target", body.get("target"), "instanceGroupManagers")
    policy = body.get("autoscalingPolicy")
    if not policy or "maxNumReplicas" not in policy:
        raise absent("autoscalingPolicy.maxNumReplicas")
    for name, value in {"minNumReplicas": 2, "coolDownPeriodSec": 60, "mode": "ON"}.items():
        policy.setdefault(name, value)
    if policy["minNumReplicas"] > policy["maxNumReplicas"]:
        raise invalid("autoscalingPolicy.minNumReplicas", policy["minNumReplicas"], "Must be at most maxNumReplicas.")
    cpu = policy.setdefault("cpuUtilization", {"utilizationTarget": 0.6})
    cpu.setdefault("predictiveMethod", "NONE")
    if not 0 < cpu.get("utilizationTarget", 0.6) <= 1:
        raise invalid("autoscalingPolicy.cpuUtilization.utilizationTarget", cpu["utilizationTarget"], "Must be above 0 and at most 1.")
    for other in world.of("regionAutoscalers").values():
        if other["target"] == body["target"] and other["name"] != body["name"]:
            raise invalid("target", body["target"], "Another autoscaler has it already.")
    body["status"] = "ACTIVE"


def _scaler_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "target")


def _scaler_shown(world: World, scaler: Thing) -> None:
    group = world.of("regionInstanceGroupManagers").get(place_of("nobody", scaler["target"]))
    if group:
        step(world, group)
        scaler["recommendedSize"] = group["targetSize"]


family(
    "regionAutoscalers", "autoscalers", "autoscaler", "autoscaler", read=_scaler, change=_scaler_change, shown=_scaler_shown,
    quota="REGIONAL_AUTOSCALERS",
)  # fmt: skip


@method("compute.regionAutoscalers.patch", "compute.regionAutoscalers.update")
@once
def change_scaler(world: World, request: Request) -> Answer:
    """Some or all of an autoscaler anew: which one stands in the query or in the body."""
    name = request.asked("autoscaler") or request.body.get("name")
    if not name:
        raise absent("name")
    family, place, thing = changeable(world, request, f"{request.place}/{name}")
    return change(world, request, thing, family, place, merged(thing, request.body), "patch")
