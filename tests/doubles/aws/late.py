"""Lists lag behind: what EC2 has just made is in no list for a while ("Eventual consistency in the Amazon EC2 API", EC2 developer guide).

moto lists everything at once, so a client that makes again what it does not see would not be found out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from .decode import Call

# What makes a thing -> where its id stands in the answer.
_MADE = {
    "CreateVpc": ("Vpc", "VpcId"),
    "CreateSubnet": ("Subnet", "SubnetId"),
    "CreateInternetGateway": ("InternetGateway", "InternetGatewayId"),
    "CreateRouteTable": ("RouteTable", "RouteTableId"),
    "AllocateAddress": ("AllocationId",),
    "CreateNatGateway": ("NatGateway", "NatGatewayId"),
    "CreateSecurityGroup": ("GroupId",),
    "ImportKeyPair": ("KeyPairId",),
    "CreateLaunchTemplate": ("LaunchTemplate", "LaunchTemplateId"),
}
# List -> the rows, the id in each, and the parameter that asks for some by id: those are shown.
_LISTED = {
    "DescribeVpcs": ("Vpcs", "VpcId", "VpcIds"),
    "DescribeSubnets": ("Subnets", "SubnetId", "SubnetIds"),
    "DescribeInternetGateways": ("InternetGateways", "InternetGatewayId", "InternetGatewayIds"),
    "DescribeRouteTables": ("RouteTables", "RouteTableId", "RouteTableIds"),
    "DescribeAddresses": ("Addresses", "AllocationId", "AllocationIds"),
    "DescribeNatGateways": ("NatGateways", "NatGatewayId", "NatGatewayIds"),
    "DescribeSecurityGroups": ("SecurityGroups", "GroupId", "GroupIds"),
    "DescribeKeyPairs": ("KeyPairs", "KeyPairId", "KeyPairIds"),
    "DescribeLaunchTemplates": ("LaunchTemplates", "LaunchTemplateId", "LaunchTemplateIds"),
}


@dataclass
class Late:
    """How long lists lag, and until when they do not show what."""

    lag_s: float = 0.0
    hidden: dict[str, float] = field(default_factory=dict)

    def made(self, call: Call, result: dict[str, Any]) -> None:
        """Notes what a call has made."""
        path = _MADE.get(call.name) if call.service == "ec2" and self.lag_s else None
        if path is None:
            return
        found: Any = result
        for part in path:
            found = (found or {}).get(part)
        if found:
            self.hidden[str(found)] = time.monotonic() + self.lag_s

    def hide(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        """The list without what it does not show yet."""
        listed = _LISTED.get(call.name) if call.service == "ec2" and self.hidden else None
        if listed is None or call.parameters.get(listed[2]):
            return result
        now = time.monotonic()
        self.hidden = {identity: until for identity, until in self.hidden.items() if until > now}
        rows = [row for row in result.get(listed[0]) or [] if str(row.get(listed[1])) not in self.hidden]
        return {**result, listed[0]: rows}
