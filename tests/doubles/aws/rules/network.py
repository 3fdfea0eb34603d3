"""Networks: what may be removed while something else uses it, and figures that EC2 refuses."""

from __future__ import annotations

from typing import Any

from ..decode import Call
from .register import Look, filters, refuse, rule

_GONE = ("deleted", "failed")


def _instances(look: Look, **wanted: str) -> list[dict[str, Any]]:
    found = look("ec2", "DescribeInstances", "Reservations", Filters=filters(**wanted))
    every = [instance for reservation in found for instance in reservation["Instances"]]
    return [instance for instance in every if instance["State"]["Name"] not in ("terminated", "shutting-down")]


def _nats(look: Look, **wanted: str) -> list[dict[str, Any]]:
    found = look("ec2", "DescribeNatGateways", "NatGateways", Filter=filters(**wanted))
    return [nat for nat in found if nat.get("State") not in _GONE]


def _balancers(look: Look) -> list[dict[str, Any]]:
    return look("elbv2", "DescribeLoadBalancers", "LoadBalancers")


def _subnets_of(balancer: dict[str, Any]) -> set[str]:
    return {zone.get("SubnetId", "") for zone in balancer.get("AvailabilityZones", [])}


def _stores_in(look: Look, subnet: str) -> list[str]:
    """Databases and caches with an interface in the subnet."""
    users = []
    for database in look("rds", "DescribeDBInstances", "DBInstances"):
        group = database.get("DBSubnetGroup") or {}
        if subnet in {inside["SubnetIdentifier"] for inside in group.get("Subnets", [])}:
            users.append(database["DBInstanceIdentifier"])
    for group in look("elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroups"):
        if subnet in {inside["SubnetIdentifier"] for inside in group.get("Subnets", [])}:
            users += look.caches_with("CacheSubnetGroupName", group["CacheSubnetGroupName"])
    return users


@rule("ec2", "DeleteSubnet")
def a_subnet_in_use_stays(call: Call, look: Look) -> None:
    """Interfaces hold their subnet, whoever made them."""
    subnet = call.parameters["SubnetId"]
    users = [instance["InstanceId"] for instance in _instances(look, subnet_id=subnet)]
    users += [nat["NatGatewayId"] for nat in _nats(look, subnet_id=subnet)]
    users += [
        interface["NetworkInterfaceId"]
        for interface in look(
            "ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", Filters=filters(subnet_id=subnet)
        )
    ]
    users += [balancer["LoadBalancerName"] for balancer in _balancers(look) if subnet in _subnets_of(balancer)]
    users += _stores_in(look, subnet)
    if users:
        refuse("DependencyViolation", f"The subnet '{subnet}' has dependencies and cannot be deleted. ({users})")


@rule("ec2", "DeleteSecurityGroup")
def a_security_group_in_use_stays(call: Call, look: Look) -> None:
    """Groups whose rules name it hold it, and so does every interface that is in it."""
    group = call.parameters.get("GroupId")
    if not group:
        return
    users: list[str] = []
    for other in look("ec2", "DescribeSecurityGroups", "SecurityGroups"):
        rules = other.get("IpPermissions", []) + other.get("IpPermissionsEgress", [])
        named = {pair.get("GroupId") for rule_ in rules for pair in rule_.get("UserIdGroupPairs", [])}
        if group in named and other["GroupId"] != group:
            users.append(other["GroupId"])
    users += [instance["InstanceId"] for instance in _instances(look, **{"instance.group-id": group})]
    users += [b["LoadBalancerName"] for b in _balancers(look) if group in b.get("SecurityGroups", [])]
    for database in look("rds", "DescribeDBInstances", "DBInstances"):
        if group in {member["VpcSecurityGroupId"] for member in database.get("VpcSecurityGroups", [])}:
            users.append(database["DBInstanceIdentifier"])
    users += look.caches_with("SecurityGroupIds", group)
    if users:
        refuse("DependencyViolation", f"resource {group} has a dependent object ({users})")


@rule("ec2", "DeleteVpc")
def a_vpc_with_things_in_it_stays(call: Call, look: Look) -> None:
    """Subnets, own security groups, attached gateways and NAT gateways hold their VPC."""
    vpc = call.parameters["VpcId"]
    users = [s["SubnetId"] for s in look("ec2", "DescribeSubnets", "Subnets", Filters=filters(vpc_id=vpc))]
    groups = look("ec2", "DescribeSecurityGroups", "SecurityGroups", Filters=filters(vpc_id=vpc))
    users += [group["GroupId"] for group in groups if group["GroupName"] != "default"]
    attached = {"attachment.vpc-id": vpc}
    gateways = look("ec2", "DescribeInternetGateways", "InternetGateways", Filters=filters(**attached))
    users += [gateway["InternetGatewayId"] for gateway in gateways]
    users += [nat["NatGatewayId"] for nat in _nats(look, vpc_id=vpc)]
    if users:
        refuse("DependencyViolation", f"The vpc '{vpc}' has dependencies and cannot be deleted. ({users})")


@rule("ec2", "DetachInternetGateway")
def a_gateway_with_public_addresses_behind_it_stays(call: Call, look: Look) -> None:
    """Addresses that are reached through it hold it."""
    vpc = call.parameters["VpcId"]
    balancers = [b for b in _balancers(look) if b.get("VpcId") == vpc and b.get("Scheme") == "internet-facing"]
    public = [instance for instance in _instances(look, vpc_id=vpc) if instance.get("PublicIpAddress")]
    if _nats(look, vpc_id=vpc) or balancers or public:
        refuse(
            "DependencyViolation",
            f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) "
            "before detaching the gateway.",
        )


@rule("ec2", "ReleaseAddress")
def an_address_in_use_stays(call: Call, look: Look) -> None:
    """A NAT gateway holds its address until it is deleted."""
    allocation = call.parameters.get("AllocationId")
    for nat in _nats(look):
        if allocation and allocation in {address.get("AllocationId") for address in nat["NatGatewayAddresses"]}:
            refuse("InvalidIPAddress.InUse", f"Address {allocation} is in use by {nat['NatGatewayId']}")


@rule("ec2", "CreateNatGateway")
def an_address_serves_one_gateway(call: Call, look: Look) -> None:
    """An address that a NAT gateway has cannot be given to another."""
    allocation = call.parameters.get("AllocationId")
    if allocation is None and call.parameters.get("ConnectivityType", "public") == "public":
        if call.parameters.get("AvailabilityMode") != "regional":
            refuse("MissingParameter", "The request must contain the parameter AllocationId")
    for nat in _nats(look):
        if allocation and allocation in {address.get("AllocationId") for address in nat["NatGatewayAddresses"]}:
            refuse("Resource.AlreadyAssociated", f"resource {allocation} is already associated")


@rule("ec2", "AssociateRouteTable")
def a_subnet_has_one_table(call: Call, look: Look) -> None:
    """A subnet that has a table of its own gets another by ReplaceRouteTableAssociation only."""
    subnet, wanted = call.parameters.get("SubnetId"), call.parameters["RouteTableId"]
    if not subnet:
        return
    others = filters(**{"association.subnet-id": subnet})
    for table in look("ec2", "DescribeRouteTables", "RouteTables", Filters=others):
        if table["RouteTableId"] != wanted:
            refuse(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {wanted} conflicts with an existing association",
            )


@rule("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def a_port_has_sixteen_bits(call: Call, look: Look) -> None:
    """moto takes any port."""
    for permission in [call.parameters, *call.parameters.get("IpPermissions", [])]:
        low, high = permission.get("FromPort"), permission.get("ToPort")
        for port in (low, high):
            if port is not None and not -1 <= port <= 65535:
                refuse("InvalidParameterValue", f"Invalid value '{port}' for portRange. Must be between 0 and 65535.")
        if low is not None and high is not None and low > high >= 0:
            refuse("InvalidParameterValue", f"Invalid value 'fromPort={low}, toPort={high}': from is above to")
        if low is None and permission.get("IpProtocol") in ("tcp", "udp", "6", "17"):
            refuse("InvalidParameterValue", f"{permission.get('IpProtocol')} needs FromPort and ToPort")


@rule("ec2", "DescribeInstances", "DescribeVolumes", "DescribeSnapshots", "DescribeInstanceStatus")
def ids_are_not_paged(call: Call, look: Look) -> None:
    """EC2 refuses a limit beside a list of ids."""
    ids = {"DescribeInstances": "InstanceIds", "DescribeVolumes": "VolumeIds", "DescribeSnapshots": "SnapshotIds"}
    member = ids.get(call.name, "InstanceIds")
    if call.parameters.get(member) and call.parameters.get("MaxResults"):
        refuse(
            "InvalidParameterCombination",
            f"The parameter {member} cannot be used with the parameter maxResults",
        )
    most = call.parameters.get("MaxResults")
    if most is not None and not 5 <= most <= 1000:
        refuse(
            "InvalidParameterValue",
            f"Value ( {most} ) for parameter maxResults is invalid. Expecting a value 5 to 1000.",
        )
