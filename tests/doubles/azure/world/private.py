"""Private DNS zones with their links, and private endpoints with their groups of zones."""

from __future__ import annotations

from .kinds import Ask, Body, Kind, Refusal, invalid, kind
from .parts import defaults, fixed
from .things import Thing, World

ZONE, LINK = "Microsoft.Network/privateDnsZones", "Microsoft.Network/privateDnsZones/virtualNetworkLinks"
ENDPOINT = "Microsoft.Network/privateEndpoints"
# What may be reached by a private endpoint here, and by which part of it.
_TARGETS = {
    "microsoft.cache/redisenterprise": "redisEnterprise", "microsoft.keyvault/vaults": "vault", "microsoft.dbformysql/flexibleservers": "mysqlServer",
}  # fmt: skip


def _zone(world: World, ask: Ask, old: Thing | None) -> None:
    ask.body["properties"] = {
        "maxNumberOfRecordSets": 25000, "maxNumberOfVirtualNetworkLinks": 1000, "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        "numberOfRecordSets": 1, "numberOfVirtualNetworkLinks": 0, "numberOfVirtualNetworkLinksWithRegistration": 0,
    }  # fmt: skip


def _show_zone(world: World, thing: Thing, body: Body) -> None:
    links = [it for it in world.below(thing.id.text) if it.kind.type == LINK]
    body["properties"]["numberOfVirtualNetworkLinks"] = len(links)


def _leave_zone(world: World, thing: Thing) -> None:
    links = [it for it in world.below(thing.id.text) if it.kind.type == LINK]
    if links:
        for it in links:
            if it.doing is not None:
                it.doing.left -= 1
        names = ", ".join(it.id.name for it in links)
        message = (
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include:"
            f" '{names}'. Please delete all nested resources before deleting this resource."
        )
        raise Refusal(409, "CannotDeleteResource", message)


def _link(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body.setdefault("properties", {})
    network = (properties.get("virtualNetwork") or {}).get("id")
    if not network:
        raise invalid("BadRequest", "A link needs a virtual network.")
    fixed(ask, old, "properties.virtualNetwork.id")
    zone = world.find(ask.id.parent or "")
    for it in world.of(LINK):
        if it.id.key != ask.id.key and it.properties["virtualNetwork"]["id"].lower() == network.lower():
            same = zone is not None and it.id.parent is not None and it.id.names[0].lower() == zone.id.name.lower()
            if same:
                # Azure docs, "What is a virtual network link": a network is linked to one zone of a name.
                raise Refusal(
                    409,
                    "Conflict",
                    f"A virtual network cannot be linked to multiple zones with overlapping namespaces: {it.id.text}.",
                )
    defaults(properties, {"registrationEnabled": False})
    properties["virtualNetworkLinkState"] = "Completed"


def _endpoint(world: World, ask: Ask, old: Thing | None) -> None:
    properties = ask.body.setdefault("properties", {})
    subnet = world.find((properties.get("subnet") or {}).get("id", ""))
    if subnet is None:
        raise invalid("PrivateEndpointSubnetMissing", f"Private endpoint {ask.id.text} needs a subnet.")
    if subnet.properties.get("delegations"):
        raise invalid(
            "PrivateEndpointCannotBeCreatedInSubnetWithDelegation",
            f"Private endpoint {ask.id.text} cannot stand in the delegated subnet {subnet.id.text}.",
        )
    properties["subnet"] = {"id": subnet.id.text}
    fixed(ask, old, "properties.subnet.id")
    connections = [
        *(properties.get("privateLinkServiceConnections") or []),
        *(properties.get("manualPrivateLinkServiceConnections") or []),
    ]
    if len(connections) != 1:
        raise invalid("PrivateEndpointInvalidNumberOfConnections", "A private endpoint has one connection.")
    for it in connections:
        said = it.get("properties") or {}
        target = world.find(said.get("privateLinkServiceId", ""))
        part = _TARGETS.get(target.kind.type.lower()) if target else None
        if target is None or said.get("groupIds") != [part]:
            raise invalid(
                "PrivateEndpointInvalidGroupId",
                f"Resource {said.get('privateLinkServiceId')} has no part {said.get('groupIds')}: there is {part}.",
            )
        if target.doing is not None:
            target.doing.left -= 1
            raise Refusal(409, "PrivateLinkServiceNotReady", f"Resource {target.id.text} is not in Succeeded state.")
        it["id"] = f"{ask.id.text}/privateLinkServiceConnections/{it.get('name')}"
        said["provisioningState"] = "Succeeded"
        said["privateLinkServiceConnectionState"] = {
            "status": "Approved",
            "description": "Auto-Approved",
            "actionsRequired": "None",
        }
    defaults(
        properties,
        {
            "manualPrivateLinkServiceConnections": [],
            "privateLinkServiceConnections": [],
            "customDnsConfigs": [],
            "ipConfigurations": [],
            "customNetworkInterfaceName": "",
        },
    )
    if old is not None:
        before = [it["properties"]["privateLinkServiceId"] for it in old.properties["privateLinkServiceConnections"]]
        if before != [it["properties"]["privateLinkServiceId"] for it in properties["privateLinkServiceConnections"]]:
            raise invalid("PropertyChangeNotAllowed", "The connection of a private endpoint cannot be changed.")


def _zones(world: World, ask: Ask, old: Thing | None) -> None:
    configs = ask.body.setdefault("properties", {}).get("privateDnsZoneConfigs") or []
    if not configs:
        raise invalid("PrivateDnsZoneGroupEmpty", "A group of zones needs a zone.")
    for it in configs:
        zone = world.find((it.get("properties") or {}).get("privateDnsZoneId", ""))
        if zone is None:
            raise invalid("InvalidPrivateDnsZoneId", f"There is no private DNS zone {it}.")
        it["properties"]["recordSets"] = []
    group = [it for it in world.below(ask.id.parent or "") if it.id.key != ask.id.key]
    if group:
        raise invalid("MultiplePrivateDnsZoneGroupsNotAllowed", f"There is {group[0].id.text} already.")


def connections(world: World, thing: Thing) -> list[Body]:
    """Private endpoints that lead to a resource, as it tells of them."""
    found = []
    for it in world.of(ENDPOINT):
        for of in it.properties["privateLinkServiceConnections"]:
            if of["properties"]["privateLinkServiceId"].lower() == thing.id.key:
                name = f"{it.id.name}.{of['name']}"
                state = {"status": "Approved", "description": "Auto-Approved"}
                said = {
                    "privateEndpoint": {"id": it.id.text},
                    "privateLinkServiceConnectionState": state,
                    "provisioningState": "Succeeded",
                }
                found.append(
                    {"id": f"{thing.id.text}/privateEndpointConnections/{name}", "name": name, "properties": said}
                )
    return found


_ZONE_NAME = r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+"
kind(
    Kind(
        ZONE, _zone, everywhere=True, has_etag=True, pattern=_ZONE_NAME, changed=200, show=_show_zone, leave=_leave_zone
    )
)
kind(Kind(LINK, _link, everywhere=True, has_etag=True))
kind(Kind(ENDPOINT, _endpoint, has_etag=True))
kind(Kind(f"{ENDPOINT}/privateDnsZoneGroups", _zones, tracked=False, has_etag=True, typed=False))
