"""Virtual networks, subnets, network security groups, public addresses and NAT gateways."""

from __future__ import annotations

import ipaddress
from typing import Any

from .ids import Id
from .kinds import KINDS, Ask, Body, Kind, Refusal, invalid, kind
from .parts import defaults, name_parts
from .rules import held
from .things import Thing, World

_NETWORK = "Microsoft.Network"
_SUBNET = f"{_NETWORK}/virtualNetworks/subnets"
# What stands in a subnet (Azure docs, "Azure virtual network subnet"; "Delete subnet").
_IN_SUBNET = (
    f"{_NETWORK}/privateEndpoints", f"{_NETWORK}/applicationGateways", f"{_NETWORK}/loadBalancers",
    "Microsoft.Compute/virtualMachineScaleSets", "Microsoft.DBforMySQL/flexibleServers",
)  # fmt: skip
# Rules that every group has (Azure docs, "Network security groups", default security rules).
_DEFAULT_RULES = (
    ("AllowVnetInBound", 65000, "Allow", "Inbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Allow", "Inbound", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Deny", "Inbound", "*", "*"),
    ("AllowVnetOutBound", 65000, "Allow", "Outbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Allow", "Outbound", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Deny", "Outbound", "*", "*"),
)


def _ranges(prefixes: list[str]) -> list[Any]:
    try:
        return [ipaddress.ip_network(it) for it in prefixes]
    except ValueError as error:
        raise invalid("InvalidAddressPrefixFormat", f"Address prefix is not valid: {error}") from error


def _network(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body.setdefault("properties", {})
    space = properties.get("addressSpace", {}).get("addressPrefixes") or []
    if not space:
        raise invalid("NoAddressPrefixesProvided", "A virtual network needs an address space.")
    _ranges(space)
    given = properties.pop("subnets", None)
    # Left out they stay, an empty list removes them: since api-version 2023-11-01 (Azure networking blog, "Azure Virtual Network now
    # supports updates without subnet property").
    if given is not None:
        _inline_subnets(world, ask, given, space)
    defaults(properties, {"enableDdosProtection": False, "virtualNetworkPeerings": [], "resourceGuid": world.uuid()})


def _inline_subnets(world: World, ask: Ask, given: list[Body], space: list[str]) -> None:
    """Exactly the subnets that the network is given."""
    wanted = {str(it["name"]).lower(): it for it in given}
    gone = [it for it in world.below(ask.id.text) if it.kind.type == _SUBNET and it.id.name.lower() not in wanted]
    for subnet in gone:
        users = world.users(subnet.id.text, _IN_SUBNET)
        if users:
            raise held(KINDS[_SUBNET.lower()], subnet.id, users)
    for subnet in gone:
        del world.things[subnet.id.key]
    for it in wanted.values():
        id = Id(f"{ask.id.text}/subnets/{it['name']}", ask.id.scope, _SUBNET, (*ask.id.names, it["name"]))
        part = Ask("PUT", id, ask.query, {}, {"properties": it.get("properties") or {}})
        _subnet(world, part, world.find(id.text), space)
        part.body["properties"]["provisioningState"] = "Succeeded"
        world.things[id.key] = Thing(id, KINDS[_SUBNET.lower()], part.body)


def _show_network(world: World, thing: Thing, body: Body) -> None:
    from .engine import shown

    body["properties"]["subnets"] = [shown(world, it) for it in world.below(thing.id.text) if it.kind.type == _SUBNET]


def _subnet(world: World, ask: Ask, old: Thing | None, space: list[str] | None = None) -> None:
    properties = ask.body.setdefault("properties", {})
    prefixes = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    if prefixes == [None]:
        raise invalid("InvalidRequestFormat", "A subnet needs an address prefix.")
    above = world.find(ask.id.parent or "")
    if space is None and above is not None:
        space = above.properties["addressSpace"]["addressPrefixes"]
    for own in _ranges(prefixes):
        if not any(own.subnet_of(it) for it in _ranges(space or [])):
            raise invalid(
                "NetcfgSubnetRangeOutsideVnet",
                f"Subnet '{ask.id.name}' is not valid because its IP address range is outside the IP address range of"
                " virtual network.",
            )
        for other in world.below(ask.id.parent or ""):
            if (
                other.kind.type == _SUBNET
                and other.id.key != ask.id.key
                and own.overlaps(_ranges([other.properties["addressPrefix"]])[0])
            ):
                raise invalid(
                    "NetcfgSubnetRangesOverlap",
                    f"Subnet '{ask.id.name}' is not valid because its IP address range overlaps with that of an"
                    " existing subnet in virtual network.",
                )
    if old is not None and old.properties.get("addressPrefix") != prefixes[0] and world.users(ask.id.text, _IN_SUBNET):
        raise invalid(
            "InUsePrefixCannotBeDeleted",
            f"IpPrefix {old.properties.get('addressPrefix')} on Subnet {ask.id.name} has active allocations and cannot"
            " be deleted.",
        )
    properties["addressPrefix"] = prefixes[0]
    properties.pop("addressPrefixes", None)
    for delegation in properties.get("delegations") or []:
        delegation["id"] = f"{ask.id.text}/delegations/{delegation.get('name')}"
        delegation["etag"] = 'W/"1"'
        delegation.setdefault("properties", {})["provisioningState"] = "Succeeded"
        delegation["properties"]["actions"] = [f"{_NETWORK}/virtualNetworks/subnets/join/action"]
    if old is not None and _services(old.body) != _services(ask.body) and world.users(ask.id.text, _IN_SUBNET):
        raise invalid(
            "SubnetDelegationsCannotChangeWhenSubnetUsedByResource",
            f"Delegations of subnet {ask.id.name} cannot be changed while it is in use.",
        )
    for name in ("networkSecurityGroup", "natGateway", "routeTable"):
        if properties.get(name):
            properties[name] = {"id": properties[name]["id"]}
    defaults(
        properties,
        {
            "delegations": [],
            "privateEndpointNetworkPolicies": "Disabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
        },
    )


def _services(body: Body) -> list[str]:
    return sorted(it["properties"].get("serviceName", "") for it in body["properties"].get("delegations") or [])


def _security_group(world: World, ask: Ask, old: Thing | None) -> None:
    name_parts(ask, "securityRules")
    seen = set()
    for rule in ask.body["properties"]["securityRules"]:
        said = rule["properties"]
        place = (said.get("direction"), said.get("priority"))
        if not 100 <= int(said.get("priority") or 0) <= 4096:
            raise invalid(
                "SecurityRuleInvalidPriority",
                f"Security rule {rule['name']} has invalid priority. Value provided: {said.get('priority')} Allowed"
                " range 100-4096.",
            )
        if place in seen:
            raise invalid(
                "SecurityRuleConflict",
                f"Security rule {rule['name']} conflicts with another of the same priority and direction.",
            )
        seen.add(place)
        for side in ("source", "destination"):
            if not any(
                said.get(f"{side}{what}") for what in ("AddressPrefix", "AddressPrefixes", "ApplicationSecurityGroups")
            ):
                raise invalid(
                    "SecurityRuleParameterNotSpecified",
                    f"Required security rule parameters are missing for {rule['name']}: {side}AddressPrefix",
                )
            if not (said.get(f"{side}PortRange") or said.get(f"{side}PortRanges")):
                raise invalid(
                    "SecurityRuleParameterNotSpecified",
                    f"Required security rule parameters are missing for {rule['name']}: {side}PortRange",
                )
        lists = ("sourcePortRanges", "destinationPortRanges", "sourceAddressPrefixes", "destinationAddressPrefixes")
        defaults(said, {name: [] for name in lists})
    ask.body["properties"]["defaultSecurityRules"] = [
        {"id": f"{ask.id.text}/defaultSecurityRules/{name}", "name": name, "etag": 'W/"1"', "properties": {
            "provisioningState": "Succeeded", "protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*", "priority": priority,
            "sourceAddressPrefix": source, "destinationAddressPrefix": target, "access": access, "direction": direction}}
        for name, priority, access, direction, source, target in _DEFAULT_RULES
    ]  # fmt: skip
    defaults(ask.body["properties"], {"resourceGuid": world.uuid()})


def _show_security_group(world: World, thing: Thing, body: Body) -> None:
    users = world.users(thing.id.text, (_SUBNET,))
    if users:
        body["properties"]["subnets"] = [{"id": it.id.text} for it in users]


def _leave_network(world: World, thing: Thing) -> None:
    for subnet in world.below(thing.id.text):
        users = world.users(subnet.id.text, _IN_SUBNET)
        if users:
            raise held(KINDS[_SUBNET.lower()], subnet.id, users)
        if subnet.doing is not None:
            raise Refusal(409, "AnotherOperationInProgress", f"{subnet.id.text} is on its way.")


kind(Kind(f"{_NETWORK}/virtualNetworks", _network, has_etag=True, show=_show_network, leave=_leave_network))
kind(Kind(_SUBNET, _subnet, tracked=False, has_etag=True, held_by=_IN_SUBNET, held="InUseSubnetCannotBeDeleted"))
kind(
    Kind(
        f"{_NETWORK}/networkSecurityGroups", _security_group, has_etag=True,
        show=_show_security_group,
        held_by=(_SUBNET,), held="InUseNetworkSecurityGroupCannotBeDeleted",
    )
)  # fmt: skip
