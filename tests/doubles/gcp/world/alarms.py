"""Monitoring: notification channels and alert policies."""

from __future__ import annotations

import copy

from . import lro
from .caches import wrong
from .patches import merged
from .refusals import missing, precondition
from .things import Answer, Refusal, Request, Thing, World, method

_CHANNELS = {"email": "email_address", "pagerduty": "service_key", "slack": "channel_name", "sms": "number", "webhook_tokenauth": "url"}


def _labelled(body: Thing) -> None:
    """Labels of people (Monitoring API, `userLabels`: at most 64, lower case)."""
    labels = body.get("userLabels", {})
    if len(labels) > 64 or any(len(name) > 63 or len(value) > 63 for name, value in labels.items()):
        raise wrong("user_labels: at most 64, each at most 63 characters")


def _channel(world: World, body: Thing) -> None:
    kind = body.get("type")
    if kind not in _CHANNELS:
        raise wrong(f"notification_channel.type: '{kind}' is not one of {sorted(_CHANNELS)}")
    if not body.get("labels", {}).get(_CHANNELS[kind]):
        raise wrong(f"notification_channel.labels: '{_CHANNELS[kind]}' is needed")
    _labelled(body)
    body.setdefault("enabled", True)


def _policy(world: World, body: Thing) -> None:
    if not body.get("displayName"):
        raise wrong("alert_policy.display_name: is needed")
    if not body.get("conditions") or not body.get("combiner"):
        raise wrong("alert_policy: takes conditions and a combiner")
    for at, condition in enumerate(body["conditions"]):
        threshold = condition.get("conditionThreshold")
        if not condition.get("displayName"):
            raise wrong(f"alert_policy.conditions[{at}].display_name: is needed")
        if threshold is not None:
            _threshold(threshold, f"alert_policy.conditions[{at}].condition_threshold")
    for channel in body.get("notificationChannels", []):
        if channel not in world.of("notificationChannels"):
            raise Refusal(404, "NOT_FOUND", f"The notification channel '{channel}' does not exist.")
    _labelled(body)
    body.setdefault("enabled", True)


def _threshold(threshold: Thing, where: str) -> None:
    text = threshold.get("filter", "")
    # A filter names one metric and one kind of resource (Monitoring API, `MetricThreshold.filter`).
    if 'metric.type' not in text or "resource.type" not in text:
        raise wrong(f"{where}.filter: must name metric.type and resource.type: {text}")
    if threshold.get("comparison") not in ("COMPARISON_GT", "COMPARISON_LT"):
        raise wrong(f"{where}.comparison: only COMPARISON_GT and COMPARISON_LT are taken")
    seconds = float(threshold.get("duration", "x0s")[:-1]) if threshold.get("duration") else -1
    if seconds < 0 or seconds % 60:
        raise wrong(f"{where}.duration: takes whole minutes")
    for it in threshold.get("aggregations", []):
        if float(it.get("alignmentPeriod", "0s")[:-1]) < 60:
            raise wrong(f"{where}.aggregations: an alignment period is at least 60 s")


_KINDS = {"notificationChannels": _channel, "alertPolicies": _policy}


def _family(request: Request) -> str:
    return request.id.split(".")[2]


@method(*[f"monitoring.projects.{kind}.create" for kind in _KINDS])
def create(world: World, request: Request) -> Answer:
    """One more: names are the service's own."""
    family, made = _family(request), copy.deepcopy(request.body)
    _KINDS[family](world, made)
    place = f"{request.place}/{world.id()}"
    made["name"] = place
    record = {"mutateTime": world.now(), **({"mutatedBy": "somebody@example.org"} if family == "alertPolicies" else {})}
    made["creationRecord"] = record
    made["mutationRecord" if family == "alertPolicies" else "mutationRecords"] = record if family == "alertPolicies" else [record]
    _name_conditions(world, made)
    world.of(family)[place] = made
    return Answer(made)


def _name_conditions(world: World, policy: Thing) -> None:
    for condition in policy.get("conditions", []):
        condition.setdefault("name", f"{policy['name']}/conditions/{world.id()}")


def _one(world: World, request: Request) -> Thing:
    if request.place not in world.of(_family(request)):
        raise missing(request.place)
    return world.of(_family(request))[request.place]


@method(*[f"monitoring.projects.{kind}.get" for kind in _KINDS])
def get(world: World, request: Request) -> Answer:
    """One of them."""
    return Answer(_one(world, request))


@method(*[f"monitoring.projects.{kind}.list" for kind in _KINDS])
def lists(world: World, request: Request) -> Answer:
    """All of a project."""
    family = _family(request)
    items = [it for place, it in world.of(family).items() if place.startswith(f"{request.place}/")]
    return Answer({family: items, "totalSize": len(items)}, family)


@method(*[f"monitoring.projects.{kind}.patch" for kind in _KINDS])
def patch(world: World, request: Request) -> Answer:
    """The fields of the mask anew; without a mask all of it."""
    family, there = _family(request), _one(world, request)
    body = copy.deepcopy({name: value for name, value in request.body.items() if name != "name"})
    if request.asked("updateMask"):
        known = {"displayName", "documentation", "userLabels", "conditions", "combiner", "enabled", "notificationChannels", "alertStrategy"}
        known |= {"severity", "validity", "type", "labels", "description"}
        fields = {it.split(".")[0] for it in lro.mask(request, known)}
        wanted = {**{name: value for name, value in there.items() if name not in fields}, **{it: body[it] for it in fields if it in body}}
    else:
        kept = {name: there[name] for name in ("name", "creationRecord", "mutationRecord", "mutationRecords") if name in there}
        wanted = {**merged({}, body), **kept}
    _KINDS[family](world, wanted)
    _name_conditions(world, wanted)
    there.clear()
    there.update(wanted)
    return Answer(there)


@method(*[f"monitoring.projects.{kind}.delete" for kind in _KINDS])
def delete(world: World, request: Request) -> Answer:
    """Removes it; a channel that a policy tells goes only by force."""
    there = _one(world, request)
    users = [it for it in world.of("alertPolicies").values() if there["name"] in it.get("notificationChannels", [])]
    if users and not request.flag("force"):
        raise precondition(f"The notification channel is referenced by {users[0]['name']}.")
    for policy in users:
        policy["notificationChannels"].remove(there["name"])
    del world.of(_family(request))[request.place]
    return Answer({})
