"""Load balancers and application gateways."""

from __future__ import annotations

from typing import Any

from .addresses import with_address
from .kinds import Ask, Body, Kind, invalid, kind
from .machines import SET
from .parts import defaults, fixed, name_parts, zones_exist
from .things import Thing, World, references

BALANCER, GATEWAY = "Microsoft.Network/loadBalancers", "Microsoft.Network/applicationGateways"
_LB_PARTS = (
    "frontendIPConfigurations",
    "backendAddressPools",
    "loadBalancingRules",
    "probes",
    "inboundNatRules",
    "outboundRules",
    "inboundNatPools",
)
_AG_PARTS = (
    "gatewayIPConfigurations", "sslCertificates", "frontendIPConfigurations", "frontendPorts", "backendAddressPools",
    "backendHttpSettingsCollection", "httpListeners", "requestRoutingRules", "probes", "redirectConfigurations", "urlPathMaps",
    "rewriteRuleSets", "trustedRootCertificates", "sslProfiles", "authenticationCertificates", "trustedClientCertificates",
    "privateLinkConfigurations", "listeners", "routingRules", "backendSettingsCollection", "loadDistributionPolicies",
)  # fmt: skip


def _own_references(ask: Ask, code: str) -> None:
    """What parts say of each other has to be there."""
    for reference in references(ask.body):
        if not reference.lower().startswith(f"{ask.id.key}/"):
            continue
        *_, family, name = reference.split("/")
        known = {str(it["name"]).lower() for it in ask.body["properties"].get(family, [])}
        if name.lower() not in known:
            raise invalid(code, f"Resource {reference} referenced by resource {ask.id.text} was not found.")


def _balancer(world: World, ask: Ask, old: Thing | None) -> None:
    defaults(ask.body, {"sku": {"name": "Basic", "tier": "Regional"}})
    defaults(ask.body["sku"], {"tier": "Regional"})
    if ask.body["sku"]["name"] == "Basic":
        raise invalid(
            "BasicLoadBalancersRetired",
            "Basic SKU load balancers cannot be created any more: they were retired on 2025-09-30.",
        )
    fixed(ask, old, "sku.name")
    name_parts(ask, *_LB_PARTS)
    _own_references(ask, "InvalidResourceReference")
    properties = ask.body["properties"]
    for front in properties["frontendIPConfigurations"]:
        with_address(world, ask, front["properties"])
        defaults(front["properties"], {"privateIPAllocationMethod": "Dynamic"})
    for probe in properties["probes"]:
        said = probe["properties"]
        if said.get("protocol") in ("Http", "Https") and not said.get("requestPath"):
            raise invalid("ProbeRequestPathMissing", f"Probe {probe['name']} needs a request path.")
        defaults(said, {"numberOfProbes": 1, "probeThreshold": 1, "intervalInSeconds": 15})
        if said["intervalInSeconds"] < 5:
            raise invalid("ProbeIntervalTooShort", f"Probe {probe['name']} has an interval below 5 seconds.")
    for rule in properties["loadBalancingRules"]:
        said = rule["properties"]
        for word in ("frontendIPConfiguration", "frontendPort", "protocol"):
            if said.get(word) is None:
                raise invalid("LoadBalancingRuleParameterMissing", f"Rule {rule['name']} needs {word}.")
        defaults(
            said,
            {
                "idleTimeoutInMinutes": 4,
                "enableFloatingIP": False,
                "enableTcpReset": False,
                "loadDistribution": "Default",
                "disableOutboundSnat": False,
            },
        )
        if not 4 <= said["idleTimeoutInMinutes"] <= 100:
            raise invalid("InvalidIdleTimeout", f"Rule {rule['name']} has an idle timeout outside of 4 to 100 minutes.")
    if old is not None:
        _keep_pools(world, ask, old)
    defaults(properties, {"resourceGuid": world.uuid()})


def _keep_pools(world: World, ask: Ask, old: Thing) -> None:
    """A pool or a probe that a scale set uses stays."""
    for family in ("backendAddressPools", "probes"):
        names = {it["name"] for it in ask.body["properties"].get(family, [])}
        for part in old.properties.get(family, []):
            if part["name"] not in names and world.users(part["id"], (SET,)):
                raise invalid(
                    "InUseBackendAddressPoolCannotBeDeleted",
                    f"{part['id']} is used by a scale set and cannot be deleted.",
                )


def _gateway(world: World, ask: Ask, old: Thing | None) -> None:
    zones_exist(world, ask)
    properties = ask.body.setdefault("properties", {})
    sku = properties.get("sku") or {}
    if sku.get("name") not in ("Standard_v2", "WAF_v2", "Basic"):
        # V1 takes no new gateways since 2024-09-01 and was retired on 2026-04-28 (Azure docs, "Migrate from V1 to V2").
        raise invalid(
            "ApplicationGatewaySkuRetired",
            f"The SKU {sku.get('name')} of an application gateway cannot be created any more.",
        )
    fixed(ask, old, "properties.sku.name", "zones")
    if not properties.get("autoscaleConfiguration") and not sku.get("capacity"):
        raise invalid(
            "ApplicationGatewaySkuCapacityMissing",
            "An application gateway needs sku.capacity or autoscaleConfiguration.",
        )
    autoscale: dict[str, Any] = properties.get("autoscaleConfiguration") or {}
    if autoscale and autoscale.get("maxCapacity") is not None and autoscale["minCapacity"] > autoscale["maxCapacity"]:
        raise invalid("ApplicationGatewayAutoscaleInvalid", "minCapacity is above maxCapacity.")
    name_parts(ask, *_AG_PARTS)
    _own_references(ask, "InvalidResourceReference")
    _has_all(properties)
    for ip in properties["gatewayIPConfigurations"]:
        subnet = world.find((ip["properties"].get("subnet") or {}).get("id", ""))
        if subnet is None or subnet.properties.get("delegations"):
            raise invalid(
                "ApplicationGatewaySubnetInvalid", f"Application gateway {ask.id.text} needs a subnet of its own."
            )
        others = [
            it
            for it in world.users(subnet.id.text, (SET, "Microsoft.Network/privateEndpoints"))
            if it.id.key != ask.id.key
        ]
        if others:
            raise invalid(
                "ApplicationGatewaySubnetCannotBeUsedByOtherResources",
                f"Subnet {subnet.id.text} cannot be used for application gateway {ask.id.text} since it has other"
                " resources deployed in it.",
            )
        _management_is_let_in(world, subnet)
    for front in properties["frontendIPConfigurations"]:
        with_address(world, ask, front["properties"])
        defaults(front["properties"], {"privateIPAllocationMethod": "Dynamic"})
    for settings in properties["backendHttpSettingsCollection"]:
        defaults(
            settings["properties"],
            {"cookieBasedAffinity": "Disabled", "pickHostNameFromBackendAddress": False, "requestTimeout": 30},
        )
    for certificate in properties["sslCertificates"]:
        if certificate["properties"].get("keyVaultSecretId") and not ask.body.get("identity"):
            raise invalid(
                "ApplicationGatewayKeyVaultSecretException",
                "A certificate in a Key Vault needs an identity that may read it.",
            )
    for rule in properties["requestRoutingRules"]:
        if rule["properties"].get("priority") is None:
            raise invalid(
                "ApplicationGatewayRequestRoutingRulePriorityCannotBeEmpty",
                f"Request routing rule {rule['id']} should have a priority.",
            )
        defaults(rule["properties"], {"ruleType": "Basic"})
    if old is not None:
        _keep_pools(world, ask, old)
    _identities(world, ask)
    properties["operationalState"] = "Running"
    defaults(properties, {"resourceGuid": world.uuid(), "enableHttp2": False})


def _has_all(properties: Body) -> None:
    for part in (
        "gatewayIPConfigurations",
        "frontendIPConfigurations",
        "frontendPorts",
        "httpListeners",
        "backendAddressPools",
        "requestRoutingRules",
    ):
        if not properties[part]:
            raise invalid("ApplicationGatewayPartMissing", f"An application gateway needs {part}.")


def _management_is_let_in(world: World, subnet: Thing) -> None:
    """Azure docs, "Application Gateway infrastructure configuration": ports 65200 to 65535 from GatewayManager."""
    group = world.find((subnet.properties.get("networkSecurityGroup") or {}).get("id", ""))
    if group is None:
        return
    for rule in sorted(group.properties["securityRules"], key=lambda it: it["properties"]["priority"]):
        said = rule["properties"]
        ports = said.get("destinationPortRange") or ",".join(said.get("destinationPortRanges") or [])
        if said["direction"] == "Inbound" and said["access"] == "Allow" and ("65200-65535" in ports or ports == "*"):
            return
    raise invalid(
        "ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup",
        f"Network security group {group.id.text} blocks incoming internet traffic on ports 65200 - 65535 to subnet"
        f" {subnet.id.text}.",
    )


def _identities(world: World, ask: Ask) -> None:
    assigned = (ask.body.get("identity") or {}).get("userAssignedIdentities") or {}
    for id in assigned:
        it = world.find(id)
        if it is None:
            raise invalid("FailedIdentityOperation", f"The identity {id} was not found.")
        assigned[id] = {"principalId": it.properties["principalId"], "clientId": it.properties["clientId"]}


kind(Kind(BALANCER, _balancer, has_etag=True, held_by=(SET,), held="LoadBalancerInUseByVirtualMachineScaleSet"))
kind(Kind(GATEWAY, _gateway, has_etag=True, held_by=(SET,), held="ApplicationGatewayBackendAddressPoolInUse"))
