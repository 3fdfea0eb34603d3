"""Public addresses and NAT gateways."""

from __future__ import annotations

from .kinds import Ask, Body, Kind, invalid, kind
from .parts import defaults, fixed, same_region, zones_exist
from .things import Thing, World

_NETWORK = "Microsoft.Network"
_SUBNET = f"{_NETWORK}/virtualNetworks/subnets"
_WITH_ADDRESS = tuple(
    f"{_NETWORK}/{it}" for it in ("natGateways", "loadBalancers", "applicationGateways", "networkInterfaces")
)


def _address(world: World, ask: Ask, old: Thing | None) -> None:
    zones_exist(world, ask)
    defaults(ask.body, {"sku": {"name": "Basic"}})
    sku, properties = ask.body["sku"], ask.body.setdefault("properties", {})
    defaults(sku, {"name": "Basic", "tier": "Regional"})
    if sku["name"] == "Basic":
        raise invalid(
            "BasicPublicIPAddressesRetired",
            "Basic SKU public IP addresses cannot be created any more: they were retired on 2025-09-30.",
        )
    defaults(
        properties,
        {
            "publicIPAllocationMethod": "Dynamic",
            "publicIPAddressVersion": "IPv4",
            "idleTimeoutInMinutes": 4,
            "ipTags": [],
        },
    )
    if properties["publicIPAllocationMethod"] != "Static":
        raise invalid(
            "StandardSkuPublicIPAddressesMustBeStatic",
            f"Standard sku publicIp {ask.id.text} must have AllocationMethod set to Static.",
        )
    fixed(ask, old, "sku.name", "zones")
    limit = world.limits.get("publicIPAddresses", 1000)
    if old is None and len(world.of(f"{_NETWORK}/publicIPAddresses")) >= limit:
        raise invalid(
            "PublicIPCountLimitReached",
            f"Cannot create more than {limit} public IP addresses for this subscription in this region.",
        )
    count = len(world.of(f"{_NETWORK}/publicIPAddresses"))
    defaults(
        properties,
        {
            "ipAddress": old.properties["ipAddress"] if old else f"20.10.{count // 250}.{count % 250 + 4}",
            "resourceGuid": world.uuid(),
        },
    )


def _nat(world: World, ask: Ask, old: Thing | None) -> None:
    zones_exist(world, ask)
    if ask.body.get("sku", {}).get("name") not in ("Standard", "StandardV2"):
        raise invalid("InvalidRequestFormat", "A NAT gateway needs the SKU Standard.")
    fixed(ask, old, "sku.name", "zones")
    properties = ask.body.setdefault("properties", {})
    for address in properties.get("publicIpAddresses") or []:
        with_address(world, ask, {"publicIPAddress": address})
    defaults(properties, {"idleTimeoutInMinutes": 4, "resourceGuid": world.uuid()})


def with_address(world: World, ask: Ask, said: Body) -> None:
    """A public address stands in the same region and serves one thing."""
    address = (said.get("publicIPAddress") or {}).get("id")
    if not address:
        return
    same_region(world, ask, address)
    users = [it for it in world.users(address, _WITH_ADDRESS) if it.id.key != ask.id.key]
    if users:
        raise invalid("PublicIPAddressInUse", f"Resource {users[0].id.text} already uses {address}.")


def _show_nat(world: World, thing: Thing, body: Body) -> None:
    users = world.users(thing.id.text, (_SUBNET,))
    if users:
        body["properties"]["subnets"] = [{"id": it.id.text} for it in users]


kind(
    Kind(
        f"{_NETWORK}/publicIPAddresses",
        _address,
        has_etag=True,
        held_by=_WITH_ADDRESS,
        held="PublicIPAddressCannotBeDeleted",
    )
)
kind(
    Kind(
        f"{_NETWORK}/natGateways",
        _nat,
        has_etag=True,
        show=_show_nat,
        held_by=(_SUBNET,),
        held="CannotDeleteNatGatewayAssociatedToSubnet",
    )
)
