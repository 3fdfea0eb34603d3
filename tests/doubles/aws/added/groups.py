"""ElastiCache: parameter groups, and the removal and change of subnet groups."""

from __future__ import annotations

from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from .refused import Refused

FAMILIES = ("redis6.x", "redis7", "valkey7", "valkey8")

# Name: default, type, allowed, whether it can be changed, how a change takes effect. Source: "Valkey and Redis OSS parameters"
# of the ElastiCache user guide, as far as a web stack is likely to set them.
PARAMETERS = {
    "activedefrag": ("no", "string", "yes,no", True, "immediate"),
    "activerehashing": ("yes", "string", "yes,no", True, "requires-reboot"),
    "appendonly": ("no", "string", "yes,no", False, "immediate"),
    "client-output-buffer-limit-normal-hard-limit": ("0", "integer", "0-", True, "immediate"),
    "client-output-buffer-limit-pubsub-hard-limit": ("33554432", "integer", "0-", True, "immediate"),
    "close-on-slave-write": ("yes", "string", "yes,no", True, "immediate"),
    "cluster-enabled": ("no", "string", "yes,no", True, "requires-reboot"),
    "databases": ("16", "integer", "1-1200000", True, "requires-reboot"),
    "hash-max-listpack-entries": ("512", "integer", "0-", True, "immediate"),
    "lazyfree-lazy-eviction": ("yes", "string", "yes,no", True, "immediate"),
    "lazyfree-lazy-expire": ("yes", "string", "yes,no", True, "immediate"),
    "lazyfree-lazy-server-del": ("yes", "string", "yes,no", True, "immediate"),
    "lazyfree-lazy-user-del": ("yes", "string", "yes,no", True, "immediate"),
    "list-max-listpack-size": ("-2", "integer", "", True, "immediate"),
    "maxclients": ("65000", "integer", "1-65000", True, "requires-reboot"),
    "maxmemory-policy": (
        "volatile-lru", "string",
        "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction",
        True, "immediate",
    ),
    "maxmemory-samples": ("3", "integer", "1-", True, "immediate"),
    "notify-keyspace-events": ("", "string", "", True, "immediate"),
    "reserved-memory-percent": ("25", "integer", "0-100", True, "immediate"),
    "slowlog-log-slower-than": ("10000", "integer", "-1-", True, "immediate"),
    "slowlog-max-len": ("128", "integer", "0-", True, "immediate"),
    "tcp-keepalive": ("300", "integer", "0-", True, "immediate"),
    "timeout": ("0", "integer", "0,20-", True, "immediate"),
}  # fmt: skip


class ParameterGroup:
    """One parameter group and what was set in it."""

    def __init__(self, backend: ElastiCacheBackend, name: str, family: str, description: str) -> None:
        self.name, self.family, self.description = name, family, description
        self.set: dict[str, str] = {}
        self.arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}"

    def described(self) -> dict[str, Any]:
        """As the API says it."""
        return {
            "CacheParameterGroupName": self.name,
            "CacheParameterGroupFamily": self.family,
            "Description": self.description,
            "IsGlobal": False,
            "ARN": self.arn,
        }


def _groups(backend: ElastiCacheBackend) -> dict[str, ParameterGroup]:
    groups: dict[str, ParameterGroup] = backend.__dict__.setdefault("parameter_groups", {})
    return groups


def _group(backend: ElastiCacheBackend, name: str) -> ParameterGroup:
    found = _groups(backend).get(name)
    if found is None:
        raise Refused("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    return found


def _allowed(value: str, kind: str, allowed: str) -> bool:
    if kind == "string":
        return not allowed or value in allowed.split(",")
    try:
        number = int(value)
    except ValueError:
        return False
    for span in allowed.split(","):
        negative = span.startswith("-")
        low, dash, high = span.removeprefix("-").partition("-")
        least = int(low or 0) * (-1 if negative else 1)
        if not span or (least <= number <= (int(high) if high else 2**63) if dash else number == least):
            return True
    return False


def _create(self: ElastiCacheResponse) -> ActionResult:
    backend = self.elasticache_backend
    name, family = self._get_param("CacheParameterGroupName"), self._get_param("CacheParameterGroupFamily")
    if name in _groups(backend):
        raise Refused("CacheParameterGroupAlreadyExists", f"CacheParameterGroup {name} already exists.")
    if family not in FAMILIES:
        raise Refused(
            "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family."
        )
    group = ParameterGroup(backend, name, family, self._get_param("Description"))
    _groups(backend)[name] = group
    if tags := self._get_param("Tags"):
        backend.tagging_service.tag_resource(group.arn, tags)
    return ActionResult({"CacheParameterGroup": group.described()})


def _modify(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    wanted = self._get_param("ParameterNameValues", [])
    for parameter in wanted:
        name, value = parameter["ParameterName"], parameter.get("ParameterValue", "")
        if name not in PARAMETERS:
            raise Refused(
                "InvalidParameterValue",
                f"Parameter {name} does not exist in the parameter group's family (or the double does not know it).",
            )
        _, kind, allowed, changes, _ = PARAMETERS[name]
        if not changes:
            raise Refused("InvalidParameterValue", f"The parameter {name} cannot be modified.")
        if not _allowed(value, kind, allowed):
            raise Refused("InvalidParameterValue", f"The parameter value {value} for {name} is not allowed: {allowed}")
    group.set.update({parameter["ParameterName"]: parameter.get("ParameterValue", "") for parameter in wanted})
    return ActionResult({"CacheParameterGroupName": group.name})


def _reset(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    for parameter in self._get_param("ParameterNameValues", []):
        group.set.pop(parameter["ParameterName"], None)
    if self._get_param("ResetAllParameters"):
        group.set.clear()
    return ActionResult({"CacheParameterGroupName": group.name})


def _delete(self: ElastiCacheResponse) -> ActionResult:
    backend = self.elasticache_backend
    group = _group(backend, self._get_param("CacheParameterGroupName"))
    backend.tagging_service.delete_all_tags_for_resource(group.arn)
    del _groups(backend)[group.name]
    return EmptyResult()


def _describe(self: ElastiCacheResponse) -> ActionResult:
    name = self._get_param("CacheParameterGroupName")
    backend = self.elasticache_backend
    groups = [_group(backend, name)] if name else list(_groups(backend).values())
    return ActionResult({"CacheParameterGroups": [group.described() for group in groups]})


def _describe_parameters(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    source = self._get_param("Source")
    rows = []
    for name, (default, kind, allowed, changes, takes) in PARAMETERS.items():
        row = {
            "ParameterName": name,
            "ParameterValue": group.set.get(name, default),
            "Source": "user" if name in group.set else "system",
            "DataType": kind,
            "AllowedValues": allowed,
            "IsModifiable": changes,
            "ChangeType": takes,
        }
        if not source or row["Source"] == source:
            rows.append(row)
    return ActionResult({"Parameters": rows})


def _delete_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    backend = self.elasticache_backend
    name = self._get_param("CacheSubnetGroupName")
    group = backend.cache_subnet_groups.pop(name, None)
    if group is None:
        raise CacheSubnetGroupNotFound(name)
    backend.tagging_service.delete_all_tags_for_resource(group.arn)
    return EmptyResult()


def _modify_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    backend = self.elasticache_backend
    name = self._get_param("CacheSubnetGroupName")
    there = backend.cache_subnet_groups.get(name)
    if there is None:
        raise CacheSubnetGroupNotFound(name)
    description = self._get_param("CacheSubnetGroupDescription") or there.cache_subnet_group_description
    subnets = self._get_param("SubnetIds") or there.subnet_ids
    group = CacheSubnetGroup(backend.account_id, backend.region_name, name, description, subnets, there.tags)
    backend.cache_subnet_groups[name] = group
    return ActionResult({"CacheSubnetGroup": group})


_tagged_by_moto = ElastiCacheBackend.iter_tagged_resources


def _tagged(self: ElastiCacheBackend) -> Any:
    yield from _tagged_by_moto(self)
    for group in _groups(self).values():
        yield TaggedResource(
            arn=group.arn,
            tags=self.tagging_service.get_tag_dict_for_resource(group.arn),
            resource_type="elasticache:parametergroup",
            extra={"include_untagged": True},
        )


_tags_by_moto = ElastiCacheBackend.list_tags_for_resource


def _tags(self: ElastiCacheBackend, arn: str) -> dict[str, list[dict[str, str]]]:
    if any(group.arn == arn for group in _groups(self).values()):
        tags: dict[str, list[dict[str, str]]] = self.tagging_service.list_tags_for_resource(arn)
        return tags
    return _tags_by_moto(self, arn)


def add() -> None:
    """Adds them to moto."""
    responses: Any = ElastiCacheResponse
    responses.create_cache_parameter_group = _create
    responses.modify_cache_parameter_group = _modify
    responses.reset_cache_parameter_group = _reset
    responses.delete_cache_parameter_group = _delete
    responses.describe_cache_parameter_groups = _describe
    responses.describe_cache_parameters = _describe_parameters
    responses.delete_cache_subnet_group = _delete_subnet_group
    responses.modify_cache_subnet_group = _modify_subnet_group
    backend: Any = ElastiCacheBackend
    backend.iter_tagged_resources = _tagged
    backend.list_tags_for_resource = _tags
