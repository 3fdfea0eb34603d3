"""ElastiCache: the nodes of a replication group, their number, and changes that moto passes over."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, PaginatedResult
from moto.elasticache.exceptions import CacheClusterNotFound, ReplicationGroupNotFound
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from .refused import Refused

_create = ElastiCacheBackend.create_replication_group
_modify = ElastiCacheResponse.modify_replication_group


def _create_with_nodes(self: Any, **asked: Any) -> ReplicationGroup:
    # moto counts replicas only; without cluster mode AWS takes the number of nodes as well.
    if asked.get("num_cache_clusters") and not asked.get("replicas_per_node_group"):
        asked["replicas_per_node_group"] = asked["num_cache_clusters"] - 1
    return _create(self, **asked)


def _delete(self: Any, replication_group_id: str, retain_primary_cluster: bool | None) -> ReplicationGroup:
    # moto keeps a deleted group for ever, as `deleting`.
    group: ReplicationGroup = _group(self, replication_group_id)
    del self.replication_groups[replication_group_id]
    group.status = "deleting"
    self.tagging_service.delete_all_tags_for_resource(group.arn)
    return group


def _group(backend: Any, name: str) -> Any:
    if name not in backend.replication_groups:
        raise ReplicationGroupNotFound(name)
    return backend.replication_groups[name]


def _modify_more(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self.elasticache_backend, self._get_param("ReplicationGroupId"))
    changes = {
        "EngineVersion": "engine_version",
        "CacheParameterGroupName": "cache_parameter_group_name",
        "SecurityGroupIds": "security_group_ids",
        "SnapshotWindow": "snapshot_window",
        "PreferredMaintenanceWindow": "preferred_maintenance_window",
        "NotificationTopicArn": "notification_topic_arn",
        "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    }
    for member, attribute in changes.items():
        if (value := self._get_param(member)) is not None:
            setattr(group, attribute, value)
    return _modify(self)


def _nodes(backend: Any) -> list[dict[str, Any]]:
    rows = []
    for group in backend.replication_groups.values():
        for nodes in group.node_groups:
            for node in nodes["node_group_members"]:
                row = {
                    "CacheClusterId": node["cache_cluster_id"],
                    "ReplicationGroupId": group.replication_group_id,
                    "CacheNodeType": group.cache_node_type,
                    "Engine": group.engine,
                    "EngineVersion": group.engine_version,
                    "CacheClusterStatus": group.status,
                    "NumCacheNodes": 1,
                    "PreferredAvailabilityZone": node["preferred_availability_zone"],
                    "CacheClusterCreateTime": group.replication_group_create_time,
                    "CacheSubnetGroupName": group.cache_subnet_group_name,
                    "CacheParameterGroup": {
                        "CacheParameterGroupName": group.cache_parameter_group_name or f"default.{group.engine}8",
                        "ParameterApplyStatus": "in-sync",
                    },
                    "SecurityGroups": [
                        {"SecurityGroupId": name, "Status": "active"} for name in group.security_group_ids or []
                    ],
                    "SnapshotRetentionLimit": group.snapshot_retention_limit,
                    "TransitEncryptionEnabled": group.transit_encryption_enabled,
                    "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
                    "ARN": group.arn.replace(
                        f":replicationgroup:{group.replication_group_id}", f":cluster:{node['cache_cluster_id']}"
                    ),
                }
                rows.append(row)
    return rows


def _describe_clusters(self: ElastiCacheResponse) -> ActionResult:
    backend = self.elasticache_backend
    name = self._get_param("CacheClusterId")
    nodes = [row for row in _nodes(backend) if name in (None, row["CacheClusterId"])]
    if self._get_param("ShowCacheClustersNotInReplicationGroups"):
        nodes = []
    alone = [cluster for key, cluster in backend.cache_clusters.items() if name in (None, key)]
    if name and not nodes and not alone:
        raise CacheClusterNotFound(name)
    return PaginatedResult({"CacheClusters": [*alone, *nodes]})


def _set_replicas(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self.elasticache_backend, self._get_param("ReplicationGroupId"))
    wanted = self._get_param("NewReplicaCount")
    if wanted is None or len(group.node_groups) != 1:
        raise Refused(
            "InvalidParameterCombination",
            "the double changes the replicas of groups with one shard, by NewReplicaCount",
        )
    members = group.node_groups[0]["node_group_members"]
    growing = self._get_action() == "IncreaseReplicaCount"
    if (wanted + 1 <= len(members)) if growing else (wanted + 1 >= len(members)):
        raise Refused("InvalidParameterValue", f"The number of replicas is {len(members) - 1}, asked is {wanted}")
    if not growing and wanted < 1 and group.automatic_failover == "enabled":
        raise Refused("InvalidParameterValue", "Automatic failover needs a replica")
    while len(members) > wanted + 1:
        group.member_clusters.remove(members.pop()["cache_cluster_id"])
    while len(members) < wanted + 1:
        name = f"{group.replication_group_id}-{len(members) + 1:0>3}"
        members.append({**members[0], "cache_cluster_id": name, "current_role": "replica"})
        group.member_clusters.append(name)
    return ActionResult({"ReplicationGroup": group})


def add() -> None:
    """Adds them to moto."""
    backend: Any = ElastiCacheBackend
    backend.create_replication_group = _create_with_nodes
    backend.delete_replication_group = _delete
    responses: Any = ElastiCacheResponse
    responses.modify_replication_group = _modify_more
    responses.describe_cache_clusters = _describe_clusters
    responses.increase_replica_count = _set_replicas
    responses.decrease_replica_count = _set_replicas
