"""Managed identities, autoscale settings, action groups and metric alerts."""

from __future__ import annotations

from .kinds import Ask, Kind, Maker, Refusal, invalid, kind, stateless
from .parts import defaults, laid_over
from .things import TENANT, Thing, World

_INSIGHTS = "Microsoft.Insights"
# Azure docs, "Metric alerts: frequencies and windows".
_FREQUENCIES = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H")
_WINDOWS = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D")


def _identity(world: World, ask: Ask, old: Thing | None) -> None:
    said = {"tenantId": TENANT, "principalId": world.uuid(), "clientId": world.uuid()}
    ask.body["properties"] = old.properties if old else said
    ask.body["_secret"] = {} if old else {"unknown": world.slow.get("principals", 0)}


def _autoscale(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body["properties"]
    target = world.find(properties.get("targetResourceUri") or "")
    if target is None:
        raise invalid("TargetResourceNotFound", f"The target {properties.get('targetResourceUri')} was not found.")
    for it in world.of(f"{_INSIGHTS}/autoscaleSettings"):
        if it.id.key != ask.id.key and it.properties.get("targetResourceUri", "").lower() == target.id.key:
            raise Refusal(
                409, "Conflict", f"The target {target.id.text} has the autoscale setting {it.id.name} already."
            )
    for profile in properties["profiles"]:
        least, default, most = (int(profile["capacity"][word]) for word in ("minimum", "default", "maximum"))
        if not least <= default <= most:
            raise invalid(
                "InvalidCapacity", f"The capacity of profile {profile['name']} has minimum <= default <= maximum."
            )
        for rule in profile["rules"]:
            trigger = rule["metricTrigger"]
            if not world.find(trigger["metricResourceUri"]):
                raise invalid("MetricResourceNotFound", f"The resource {trigger['metricResourceUri']} was not found.")
            if trigger["timeGrain"] != "PT1M" or trigger["timeWindow"] < "PT5M" and trigger["timeWindow"] != "PT10M":
                raise invalid("InvalidTimeWindow", "A window of an autoscale rule has 5 minutes at least.")
    defaults(
        properties,
        {
            "enabled": True,
            "name": ask.id.name,
            "notifications": [],
            "targetResourceLocation": target.body.get("location"),
        },
    )


def _action_group(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body["properties"]
    if not 1 <= len(properties["groupShortName"]) <= 12:
        raise invalid("BadRequest", "groupShortName has 12 letters at most.")
    receivers = properties.get("emailReceivers") or []
    for it in receivers:
        if "@" not in it.get("emailAddress", ""):
            raise invalid("BadRequest", f"The mail address of receiver {it.get('name')} is not valid.")
        it["status"] = "Enabled"
        defaults(it, {"useCommonAlertSchema": False})
    lists = (
        "emailReceivers", "smsReceivers", "webhookReceivers", "itsmReceivers", "azureAppPushReceivers", "automationRunbookReceivers",
        "voiceReceivers", "logicAppReceivers", "azureFunctionReceivers", "armRoleReceivers", "eventHubReceivers",
    )  # fmt: skip
    defaults(properties, {name: [] for name in lists})


def _alert(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body["properties"]
    if not 0 <= properties["severity"] <= 4:
        raise invalid("BadRequest", "A severity is 0 to 4.")
    if properties["evaluationFrequency"] not in _FREQUENCIES or properties["windowSize"] not in _WINDOWS:
        raise invalid("BadRequest", f"A metric alert is evaluated every {_FREQUENCIES} over {_WINDOWS}.")
    for scope in properties["scopes"]:
        if not world.find(scope):
            raise invalid("BadRequest", f"The scope {scope} was not found.")
    criteria = properties["criteria"]
    if criteria.get("odata.type") not in (
        "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria",
    ):
        raise invalid("BadRequest", "The criteria of a metric alert name their type.")
    if not criteria.get("allOf"):
        raise invalid("BadRequest", "A metric alert needs a criterion.")
    for it in criteria["allOf"]:
        it.setdefault("criterionType", "StaticThresholdCriterion")
        defaults(it, {"dimensions": [], "skipMetricValidation": False})
    defaults(properties, {"autoMitigate": True, "actions": [], "lastUpdatedTime": world.now()})
    for it in properties["actions"]:
        defaults(it, {"webHookProperties": {}})


def _sync(type: str, make: Maker, *, made: int = 201, everywhere: bool = True) -> None:
    pattern = r"[^*#&+:<>?@%{}\\/|]{1,259}[^*#&+:<>?@%{}\\/| .]"
    kind(
        Kind(
            type, make, slow=False, everywhere=everywhere, made=made, removed=200, patched=200, patch=laid_over(make),
            state=stateless, pattern=pattern,
        )
    )  # fmt: skip


_sync(f"{_INSIGHTS}/autoscaleSettings", _autoscale, everywhere=False)
_sync(f"{_INSIGHTS}/actionGroups", _action_group)
_sync(f"{_INSIGHTS}/metricAlerts", _alert, made=200)
kind(
    Kind(
        "Microsoft.ManagedIdentity/userAssignedIdentities", _identity, slow=False, removed=200, state=stateless,
        pattern=r"[A-Za-z0-9][\w-]{2,127}",
    )
)  # fmt: skip
