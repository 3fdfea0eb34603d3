"""Caches: what ElastiCache refuses and moto takes."""

from __future__ import annotations

from ..decode import Call
from .register import Look, refuse, rule

_MOST_PARAMETERS = 20


@rule("elasticache", "CreateReplicationGroup")
def a_replication_group_names_what_there_is(call: Call, look: Look) -> None:
    """Subnet group and parameter group exist, and failover has somewhere to fail over to."""
    asked = call.parameters
    name = asked.get("CacheSubnetGroupName")
    groups = look("elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroups")
    if name and name.lower() not in {group["CacheSubnetGroupName"].lower() for group in groups}:
        refuse("CacheSubnetGroupNotFoundFault", f"Cache Subnet Group {name} does not exist.")
    name = asked.get("CacheParameterGroupName")
    known = look("elasticache", "DescribeCacheParameterGroups", "CacheParameterGroups")
    if name and not name.startswith("default.") and name not in {group["CacheParameterGroupName"] for group in known}:
        refuse("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.", 404)
    clusters = asked.get("NumCacheClusters") or 1 + (asked.get("ReplicasPerNodeGroup") or 0)
    if asked.get("AutomaticFailoverEnabled") and clusters < 2 and not asked.get("NodeGroupConfiguration"):
        refuse("InvalidParameterCombination", "Automatic failover is not supported with fewer than 2 cache clusters.")
    if asked.get("MultiAZEnabled") and not asked.get("AutomaticFailoverEnabled"):
        refuse("InvalidParameterCombination", "Multi-AZ cannot be enabled without automatic failover.")
    if asked.get("NumCacheClusters") and asked.get("ReplicasPerNodeGroup") is not None:
        refuse("InvalidParameterCombination", "Use either NumCacheClusters or ReplicasPerNodeGroup.")
    if asked.get("AuthToken") and not asked.get("TransitEncryptionEnabled"):
        refuse("InvalidParameterCombination", "To enable an AuthToken, enable TransitEncryptionEnabled.")
    if asked.get("CacheNodeType") is None and not asked.get("GlobalReplicationGroupId"):
        refuse("InvalidParameterCombination", "CacheNodeType is required.")


@rule("elasticache", "DeleteCacheSubnetGroup")
def a_subnet_group_in_use_stays(call: Call, look: Look) -> None:
    """A replication group that is still being deleted uses its group."""
    name = call.parameters["CacheSubnetGroupName"]
    if look.caches_with("CacheSubnetGroupName", name):
        refuse("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster.")


@rule("elasticache", "DeleteCacheParameterGroup")
def a_parameter_group_in_use_stays(call: Call, look: Look) -> None:
    """A replication group that is still being deleted uses its group."""
    name = call.parameters["CacheParameterGroupName"]
    if look.caches_with("CacheParameterGroupName", name):
        refuse(
            "InvalidCacheParameterGroupState",
            f"One or more cache clusters are still members of this parameter group {name}.",
        )


@rule("elasticache", "ModifyCacheParameterGroup", "ResetCacheParameterGroup")
def parameters_come_in_twenties(call: Call, look: Look) -> None:
    """At most 20 in a call."""
    if len(call.parameters.get("ParameterNameValues", [])) > _MOST_PARAMETERS:
        refuse(
            "InvalidParameterValue", f"A maximum of {_MOST_PARAMETERS} parameters can be modified in a single request."
        )
