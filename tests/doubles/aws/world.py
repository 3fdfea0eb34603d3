"""What exists, seen from inside: every thing that the project's program can make, with its tags, its parent and all that moto knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Ask = Callable[..., list[Row]]


@dataclass(frozen=True)
class Kind:
    """One kind of thing: how it is listed, what its id is, and where its tags are."""

    what: str
    service: str
    describe: str
    key: str
    identity: str
    tags: str = "Tags"


# Tags stand in the row itself. Disks are not here: moto keeps those of machines that are gone, whatever was asked for.
_PLAIN = (
    Kind("vpc", "ec2", "DescribeVpcs", "Vpcs", "VpcId"),
    Kind("subnet", "ec2", "DescribeSubnets", "Subnets", "SubnetId"),
    Kind("internet-gateway", "ec2", "DescribeInternetGateways", "InternetGateways", "InternetGatewayId"),
    Kind("route-table", "ec2", "DescribeRouteTables", "RouteTables", "RouteTableId"),
    Kind("address", "ec2", "DescribeAddresses", "Addresses", "AllocationId"),
    Kind("nat-gateway", "ec2", "DescribeNatGateways", "NatGateways", "NatGatewayId"),
    Kind("security-group", "ec2", "DescribeSecurityGroups", "SecurityGroups", "GroupId"),
    Kind("key-pair", "ec2", "DescribeKeyPairs", "KeyPairs", "KeyPairId"),
    Kind("launch-template", "ec2", "DescribeLaunchTemplates", "LaunchTemplates", "LaunchTemplateId"),
    Kind("interface", "ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", "NetworkInterfaceId", "TagSet"),
    Kind(
        "group", "autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", "AutoScalingGroupName"
    ),
    Kind("database", "rds", "DescribeDBInstances", "DBInstances", "DBInstanceIdentifier", "TagList"),
)
# Tags are asked for by ARN: here `identity` is where that stands.
_ASKED = (
    Kind("database-parameters", "rds", "DescribeDBParameterGroups", "DBParameterGroups", "DBParameterGroupArn"),
    Kind("database-subnets", "rds", "DescribeDBSubnetGroups", "DBSubnetGroups", "DBSubnetGroupArn"),
    Kind("cache", "elasticache", "DescribeReplicationGroups", "ReplicationGroups", "ARN"),
    Kind("cache-parameters", "elasticache", "DescribeCacheParameterGroups", "CacheParameterGroups", "ARN"),
    Kind("cache-subnets", "elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroups", "ARN"),
    Kind("alarm", "cloudwatch", "DescribeAlarms", "MetricAlarms", "AlarmArn"),
    Kind("topic", "sns", "ListTopics", "Topics", "TopicArn"),
)
# How each service is asked for the tags of an ARN.
_TAGS = {
    "rds": ("ListTagsForResource", "ResourceName", "TagList"),
    "elasticache": ("ListTagsForResource", "ResourceName", "TagList"),
    "cloudwatch": ("ListTagsForResource", "ResourceARN", "Tags"),
    "sns": ("ListTagsForResource", "ResourceArn", "Tags"),
}


def world(ask: Ask) -> list[Row]:
    """Everything: `what, id, tags`, `of` (the id of what it is a part of, or nothing) and the whole `row`."""
    found = [_thing(kind.what, row[kind.identity], row.get(kind.tags), row) for kind, row in _rows(ask, _PLAIN)]
    for kind, row in _rows(ask, _ASKED):
        operation, parameter, key = _TAGS[kind.service]
        arn = row[kind.identity]
        if "/default." in arn or ":default." in arn or ":pg:default" in arn:
            continue
        found.append(_thing(kind.what, arn, ask(kind.service, operation, key, **{parameter: arn}), row))
    found += list(_machines(ask))
    found += list(_balancers(ask))
    found += list(_parts(ask))
    return [thing for thing in found if thing["row"].get("State") != "deleted"]


def _rows(ask: Ask, kinds: tuple[Kind, ...]) -> Iterator[tuple[Kind, Row]]:
    for kind in kinds:
        for row in ask(kind.service, kind.describe, kind.key):
            yield kind, row


def _thing(what: str, identity: str, tags: list[Row] | None, row: Row, of: str | None = None) -> Row:
    pairs = {tag["Key"]: tag["Value"] for tag in tags or []}
    return {"what": what, "id": identity, "tags": pairs, "of": of, "row": row}


def _machines(ask: Ask) -> Iterator[Row]:
    for reservation in ask("ec2", "DescribeInstances", "Reservations"):
        for row in reservation["Instances"]:
            if row["State"]["Name"] != "terminated":
                group = next(
                    (tag["Value"] for tag in row.get("Tags") or [] if tag["Key"] == "aws:autoscaling:groupName"), None
                )
                yield _thing("machine", row["InstanceId"], row.get("Tags"), {**row, "State": None}, group)


def _balancers(ask: Ask) -> Iterator[Row]:
    def tagged(what: str, arn: str, row: Row, of: str | None = None) -> Row:
        described = ask("elbv2", "DescribeTags", "TagDescriptions", ResourceArns=[arn])
        return _thing(what, arn, described[0]["Tags"] if described else None, row, of)

    for row in ask("elbv2", "DescribeLoadBalancers", "LoadBalancers"):
        arn = row["LoadBalancerArn"]
        yield tagged("balancer", arn, row)
        for listener in ask("elbv2", "DescribeListeners", "Listeners", LoadBalancerArn=arn):
            yield tagged("listener", listener["ListenerArn"], listener, arn)
    for row in ask("elbv2", "DescribeTargetGroups", "TargetGroups"):
        yield tagged("target-group", row["TargetGroupArn"], row)


def _parts(ask: Ask) -> Iterator[Row]:
    """What carries no tags: it is known by what it is a part of."""
    for row in ask("autoscaling", "DescribePolicies", "ScalingPolicies"):
        yield _thing("policy", row["PolicyARN"], None, row, row["AutoScalingGroupName"])
    for row in ask("sns", "ListSubscriptions", "Subscriptions"):
        yield _thing("subscription", f"{row['TopicArn']}/{row['Protocol']}/{row['Endpoint']}", None, row, row["TopicArn"])
    for row in ask("ec2", "DescribeSecurityGroups", "SecurityGroups"):
        if row.get("IpPermissions"):
            rules = {"IpPermissions": row["IpPermissions"]}
            yield _thing("rules", f"{row['GroupId']}/rules", None, rules, row["GroupId"])
