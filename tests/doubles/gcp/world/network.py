"""Networks, subnetworks, firewall rules, routers with NAT, and global addresses."""

from __future__ import annotations

import ipaddress
from typing import Any

from .compute import setter
from .families import family, refer, url
from .refusals import absent, in_use, invalid
from .things import METHODS, Request, Thing, World


def fixed(old: Thing, new: Thing, *names: str) -> None:
    """Refuses a change to what cannot change."""
    for name in names:
        if old.get(name) != new.get(name):
            raise invalid(name, new.get(name), f"The field '{name}' cannot be changed.")


def cidr(field: str, text: Any) -> ipaddress.IPv4Network:
    """A range of addresses."""
    try:
        return ipaddress.IPv4Network(text)
    except ValueError as error:
        raise invalid(field, text, "Must be a valid IPv4 address range in CIDR notation.") from error


def _network(world: World, request: Request, body: Thing) -> None:
    body.setdefault("routingConfig", {"routingMode": "REGIONAL"})
    if body.get("autoCreateSubnetworks") is None:
        raise invalid("autoCreateSubnetworks", None, "Legacy networks can no longer be made: say true or false.")
    body.setdefault("networkFirewallPolicyEnforcementOrder", "AFTER_CLASSIC_FIREWALL")
    body.setdefault("mtu", 1460)


def _subnetworks_of(world: World, network: Thing) -> None:
    inside = [it["selfLink"] for it in world.of("subnetworks").values() if it["network"] == network["selfLink"]]
    network.pop("subnetworks", None)
    if inside:
        network["subnetworks"] = inside


def _network_leave(world: World, network: Thing) -> None:
    if network.get("peerings"):
        raise in_use("network", _short(network), f"peering {network['peerings'][0]['name']}")


def _short(thing: Thing) -> str:
    return str(thing["selfLink"]).removeprefix(url(""))


def _subnetwork(world: World, request: Request, body: Thing) -> None:
    body["network"] = refer(world, request, "network", body.get("network"), "networks")
    if not body.get("ipCidrRange"):
        raise absent("ipCidrRange")
    asked = cidr("ipCidrRange", body["ipCidrRange"])
    if asked.prefixlen > 29:
        raise invalid("ipCidrRange", body["ipCidrRange"], "The range is too small: at most /29.")
    for other in world.of("subnetworks").values():
        same = other.get("name") == body.get("name") and other["_home"] == request.place.split("/subnetworks")[0]
        if other["network"] == body["network"] and not same and asked.overlaps(cidr("ipCidrRange", other["ipCidrRange"])):
            said = f"Invalid IPCidrRange: {asked} conflicts with existing subnetwork '{other['name']}'."
            raise invalid("ipCidrRange", body["ipCidrRange"], said)
    for name, value in {
        "purpose": "PRIVATE", "stackType": "IPV4_ONLY", "privateIpGoogleAccess": False, "enableFlowLogs": False,
        "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS", "logConfig": {"enable": False},
    }.items():  # fmt: skip
        body.setdefault(name, value)
    body["gatewayAddress"] = str(asked[1])
    body["_home"] = request.place.split("/subnetworks")[0]


def _subnetwork_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "network", "purpose", "ipCidrRange")


def _firewall(world: World, request: Request, body: Thing) -> None:
    body["network"] = refer(world, request, "network", body.get("network"), "networks")
    if bool(body.get("allowed")) == bool(body.get("denied")):
        raise invalid("allowed", body.get("allowed"), "Exactly one of allowed and denied must be given.")
    for rule in body.get("allowed") or body["denied"]:
        if not rule.get("IPProtocol"):
            raise absent("allowed[0].IPProtocol")
        for port in rule.get("ports", []):
            ends = str(port).split("-")
            if len(ends) > 2 or not all(end.isdigit() and int(end) < 65536 for end in ends):
                raise invalid("allowed[0].ports[0]", port, "Ports are numbers or ranges up to 65535.")
    for field in ("sourceRanges", "destinationRanges"):
        for range_ in body.get(field, []):
            cidr(field, range_)
    body.setdefault("direction", "INGRESS")
    if body["direction"] == "INGRESS" and not (body.get("sourceRanges") or body.get("sourceTags")):
        body["sourceRanges"] = ["0.0.0.0/0"]
    body.setdefault("priority", 1000)
    body.setdefault("disabled", False)
    body.setdefault("logConfig", {"enable": False})


def _firewall_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "network", "direction")


def _router(world: World, request: Request, body: Thing) -> None:
    body["network"] = refer(world, request, "network", body.get("network"), "networks")
    names = set()
    for at, nat in enumerate(body.get("nats", [])):
        for field in ("name", "natIpAllocateOption", "sourceSubnetworkIpRangesToNat"):
            if not nat.get(field):
                raise absent(f"nats[{at}].{field}")
        if nat["name"] in names:
            raise invalid(f"nats[{at}].name", nat["name"], "Names of NATs must be distinct.")
        names.add(nat["name"])
        dynamic = nat.setdefault("enableDynamicPortAllocation", False)
        nat.setdefault("minPortsPerVm", 32 if dynamic else 64)
        if dynamic:
            nat.setdefault("maxPortsPerVm", 65536)
            ports = (nat["minPortsPerVm"], nat["maxPortsPerVm"])
            # Both powers of two (Compute Engine API, `minPortsPerVm`, `maxPortsPerVm`).
            if any(it & (it - 1) or not 32 <= it <= 65536 for it in ports) or ports[0] >= ports[1]:
                raise invalid(f"nats[{at}].minPortsPerVm", ports[0], "Must be powers of two from 32 to 65536, the least below the most.")
        elif "maxPortsPerVm" in nat:
            raise invalid(f"nats[{at}].maxPortsPerVm", nat["maxPortsPerVm"], "Only with dynamic port allocation.")
        nat.setdefault("enableEndpointIndependentMapping", False)
        nat.setdefault("type", "PUBLIC")
        nat.setdefault("autoNetworkTier", "PREMIUM")
        nat.setdefault("endpointTypes", ["ENDPOINT_TYPE_VM"])
        nat.setdefault("logConfig", {"enable": False, "filter": "ALL"})
        for name, seconds in _TIMEOUTS.items():
            nat.setdefault(name, seconds)


_TIMEOUTS = {
    "udpIdleTimeoutSec": 30, "icmpIdleTimeoutSec": 30, "tcpEstablishedIdleTimeoutSec": 1200, "tcpTransitoryIdleTimeoutSec": 30,
    "tcpTimeWaitTimeoutSec": 120,
}  # fmt: skip


def _router_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "network")


def _address(world: World, request: Request, body: Thing) -> None:
    body.setdefault("addressType", "EXTERNAL")
    body.setdefault("description", "")
    if body["addressType"] == "EXTERNAL":
        body.setdefault("ipVersion", "IPV4")
        body.setdefault("networkTier", "PREMIUM")
        body.setdefault("address", f"203.0.113.{world.number() % 250 + 1}")
    else:
        body["network"] = refer(world, request, "network", body.get("network"), "networks")
        if body.get("purpose") != "VPC_PEERING" or not body.get("prefixLength"):
            raise invalid("purpose", body.get("purpose"), "A global internal address is a range for peering, with a prefixLength.")
        body.setdefault("address", f"10.{200 + world.number() % 50}.0.0")
        asked = cidr("address", f"{body['address']}/{body['prefixLength']}")
        for subnetwork in world.of("subnetworks").values():
            if subnetwork["network"] == body["network"] and asked.overlaps(cidr("ipCidrRange", subnetwork["ipCidrRange"])):
                raise invalid("address", body["address"], f"The range overlaps with subnetwork '{subnetwork['name']}'.")
    body["status"] = "RESERVED"


def _address_shown(world: World, address: Thing) -> None:
    """In use while a forwarding rule has it."""
    rules = [it["selfLink"] for it in world.of("globalForwardingRules").values() if it["IPAddress"] == address["address"]]
    address["status"] = "IN_USE" if rules else "RESERVED"
    address.pop("users", None)
    if rules:
        address["users"] = rules


def _address_leave(world: World, address: Thing) -> None:
    _address_shown(world, address)
    if address.get("users"):
        raise in_use("address", _short(address), address["users"][0].removeprefix(url("")))


family(
    "networks", "networks", "network", "network", read=_network, leave=_network_leave, shown=_subnetworks_of, quota="NETWORKS",
)  # fmt: skip
family(
    "subnetworks", "subnetworks", "subnetwork", "subnetwork", read=_subnetwork, change=_subnetwork_change, fingerprint="required",
    quota="SUBNETWORKS",
)  # fmt: skip
family("firewalls", "firewalls", "firewall", "firewall", read=_firewall, change=_firewall_change, quota="FIREWALLS")
family("routers", "routers", "router", "router", read=_router, change=_router_change, quota="ROUTERS")
family(
    "globalAddresses", "addresses", "address", "address", read=_address, leave=_address_leave, shown=_address_shown, labels=True,
    quota="STATIC_ADDRESSES",
)  # fmt: skip


def _private_access(world: World, request: Request, old: Thing, new: Thing) -> None:
    new["privateIpGoogleAccess"] = bool(request.body.get("privateIpGoogleAccess"))


def _expand(world: World, request: Request, old: Thing, new: Thing) -> None:
    new["ipCidrRange"] = request.body.get("ipCidrRange")
    if not cidr("ipCidrRange", old["ipCidrRange"]).subnet_of(cidr("ipCidrRange", new["ipCidrRange"])):
        raise invalid("ipCidrRange", new["ipCidrRange"], "The new range has to contain the old one.")
    # The general rule that a range cannot change does not hold here.
    old["ipCidrRange"] = new["ipCidrRange"]


METHODS["compute.subnetworks.setPrivateIpGoogleAccess"] = setter("setPrivateIpGoogleAccess", _private_access)
METHODS["compute.subnetworks.expandIpCidrRange"] = setter("expandIpCidrRange", _expand)
