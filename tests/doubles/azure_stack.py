"""A stack as the project makes it, by Azure's own Python SDK."""

from __future__ import annotations

import base64
from typing import Any

from azure_clients import SUBSCRIPTION, Azure, raw

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shop"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/app"
WHERE: dict[str, Any] = {"location": "eastus", "tags": {"loadline": "shop"}}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyVtS4bVK2t5VNOaAmkFa5OJMqAqFpCE8NMNUK4vMHE ops"


def network(azure: Azure) -> None:
    """A network as the project lays it out: for machines, a database and a cache."""
    azure.resources.resource_groups.create_or_update("shop", WHERE)
    made = azure.network
    space = {"addressSpace": {"addressPrefixes": ["10.64.0.0/16"]}}
    made.virtual_networks.begin_create_or_update("shop", "net", {**WHERE, "properties": space}).result()
    rules = [rule("http", 100, "Allow", "Internet", "80"), rule("inside", 4096, "Deny", "VirtualNetwork", "*")]
    made.network_security_groups.begin_create_or_update(
        "shop", "app", {**WHERE, "properties": {"securityRules": rules}}
    ).result()
    for name in ("nat", "front"):
        address(azure, name)
    gateway = {"publicIpAddresses": [{"id": f"{NETWORK}/publicIPAddresses/nat"}]}
    sku = {"name": "Standard"}
    made.nat_gateways.begin_create_or_update(
        "shop", "nat", {**WHERE, "sku": sku, "zones": ["1"], "properties": gateway}
    ).result()
    app = {
        "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/app"},
        "natGateway": {"id": f"{NETWORK}/natGateways/nat"},
    }
    subnet(azure, "app", "10.64.0.0/20", app)
    delegated = {
        "delegations": [{"name": "mysql", "properties": {"serviceName": "Microsoft.DBforMySQL/flexibleServers"}}]
    }
    subnet(azure, "database", "10.64.240.0/24", delegated)
    subnet(azure, "cache", "10.64.241.0/24", {"privateEndpointNetworkPolicies": "NetworkSecurityGroupEnabled"})


def rule(name: str, priority: int, access: str, source: str, port: str) -> dict[str, Any]:
    """A rule of a security group."""
    said = {
        "priority": priority, "access": access, "direction": "Inbound", "protocol": "Tcp", "sourceAddressPrefix": source,
        "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": port,
    }  # fmt: skip
    return {"name": name, "properties": said}


def address(azure: Azure, name: str) -> Any:
    """A public address."""
    body = {**WHERE, "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
    return azure.network.public_ip_addresses.begin_create_or_update("shop", name, body).result()


def subnet(azure: Azure, name: str, prefix: str, more: dict[str, Any]) -> Any:
    """A subnet."""
    body = {"properties": {"addressPrefix": prefix, "defaultOutboundAccess": False, **more}}
    return azure.network.subnets.begin_create_or_update("shop", "net", name, body).result()


def balancer(azure: Azure) -> Any:
    """A Standard Load Balancer."""
    own = f"{NETWORK}/loadBalancers/front"
    said = {
        "frontendIPConfigurations": [{"name": "front", "properties": {"publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/front"}}}],
        "backendAddressPools": [{"name": "app"}],
        "probes": [{"name": "health", "properties": {"protocol": "Http", "port": 8000, "requestPath": "/", "intervalInSeconds": 5, "probeThreshold": 2}}],
        "loadBalancingRules": [{"name": "http", "properties": {
            "protocol": "Tcp", "frontendPort": 80, "backendPort": 8000, "enableTcpReset": True, "disableOutboundSnat": True,
            "frontendIPConfiguration": {"id": f"{own}/frontendIPConfigurations/front"},
            "backendAddressPool": {"id": f"{own}/backendAddressPools/app"}, "probe": {"id": f"{own}/probes/health"},
        }}],
    }  # fmt: skip
    return azure.network.load_balancers.begin_create_or_update(
        "shop", "front", {**WHERE, "sku": {"name": "Standard"}, "properties": said}
    ).result()


def machines(azure: Azure, count: int = 3, first: str = "#cloud-config", **sku: Any) -> Any:
    """A scale set of so many machines."""
    own = f"{NETWORK}/loadBalancers/front"
    ip = {
        "subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/app"},
        "loadBalancerBackendAddressPools": [{"id": f"{own}/backendAddressPools/app"}],
    }
    card = {"name": "nic", "properties": {"primary": True, "ipConfigurations": [{"name": "ip", "properties": ip}]}}
    keys = [{"path": "/home/ubuntu/.ssh/authorized_keys", "keyData": KEY}]
    profile = {
        "osProfile": {
            "adminUsername": "ubuntu", "customData": base64.b64encode(first.encode()).decode(),
            "linuxConfiguration": {"disablePasswordAuthentication": True, "ssh": {"publicKeys": keys}},
        },
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
            "osDisk": {"createOption": "FromImage", "diskSizeGB": 30, "managedDisk": {"storageAccountType": "Premium_LRS"}},
        },
        "networkProfile": {"healthProbe": {"id": f"{own}/probes/health"}, "networkInterfaceConfigurations": [card]},
    }  # fmt: skip
    said = {
        "orchestrationMode": "Uniform",
        "overprovision": False,
        "upgradePolicy": {"mode": "Manual"},
        "virtualMachineProfile": profile,
    }
    body = {
        **WHERE,
        "zones": ["1", "2"],
        "sku": {"name": "Standard_D4as_v5", "capacity": count, **sku},
        "properties": said,
    }
    return azure.compute.virtual_machine_scale_sets.begin_create_or_update("shop", "app", body).result()


def private_zone(azure: Azure, name: str) -> str:
    """A private zone that the network is linked to; its id."""
    azure.dns.private_zones.begin_create_or_update("shop", name, {"location": "global"}).result()
    link = {"virtualNetwork": {"id": f"{NETWORK}/virtualNetworks/net"}, "registrationEnabled": False}
    azure.dns.virtual_network_links.begin_create_or_update(
        "shop", name, "net", {"location": "global", "properties": link}
    ).result()
    return f"{NETWORK}/privateDnsZones/{name}"


def database(azure: Azure, name: str = "shop-db", **more: Any) -> Any:
    """A server with a standby."""
    zone = private_zone(azure, "shop.private.mysql.database.azure.com")
    said = {
        "administratorLogin": "loadline", "administratorLoginPassword": "Not-a-secret-1", "version": "8.4", "availabilityZone": "1",
        "storage": {"storageSizeGB": 64, "iops": 600, "autoGrow": "Enabled"}, "backup": {"backupRetentionDays": 7},
        "highAvailability": {"mode": "ZoneRedundant", "standbyAvailabilityZone": "2"},
        "network": {"delegatedSubnetResourceId": f"{NETWORK}/virtualNetworks/net/subnets/database", "privateDnsZoneResourceId": zone},
    }  # fmt: skip
    body = {**WHERE, "sku": {"name": "Standard_D2ds_v4", "tier": "GeneralPurpose"}, "properties": {**said, **more}}
    return azure.mysql.servers.begin_create(resource_group_name="shop", server_name=name, parameters=raw(body)).result()


def cache(azure: Azure) -> Any:
    """A Managed Redis with its database and a private endpoint."""
    said = {"highAvailability": "Enabled", "minimumTlsVersion": "1.2", "publicNetworkAccess": "Disabled"}
    azure.redis.redis_enterprise.begin_create(
        "shop", "shop-cache", raw({**WHERE, "sku": {"name": "Balanced_B5"}, "properties": said})
    ).result()
    of = {
        "clientProtocol": "Encrypted",
        "port": 10000,
        "clusteringPolicy": "EnterpriseCluster",
        "evictionPolicy": "NoEviction",
        "accessKeysAuthentication": "Enabled",
    }
    azure.redis.databases.begin_create("shop", "shop-cache", "default", raw({"properties": of})).result()
    zone = private_zone(azure, "privatelink.redis.azure.net")
    to = {
        "privateLinkServiceId": f"{GROUP}/providers/Microsoft.Cache/redisEnterprise/shop-cache",
        "groupIds": ["redisEnterprise"],
    }
    endpoint = {
        "subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/cache"},
        "privateLinkServiceConnections": [{"name": "cache", "properties": to}],
    }
    azure.network.private_endpoints.begin_create_or_update("shop", "cache", {**WHERE, "properties": endpoint}).result()
    zones = {"privateDnsZoneConfigs": [{"name": "cache", "properties": {"privateDnsZoneId": zone}}]}
    return azure.network.private_dns_zone_groups.begin_create_or_update(
        "shop", "cache", "default", {"properties": zones}
    ).result()


def gateway(azure: Azure, **more: Any) -> Any:
    """An Application Gateway in the subnet `front`."""
    own = f"{NETWORK}/applicationGateways/front"

    def of(family: str, name: str) -> dict[str, str]:
        return {"id": f"{own}/{family}/{name}"}

    said = {
        "sku": {"name": "Standard_v2", "tier": "Standard_v2"}, "autoscaleConfiguration": {"minCapacity": 1, "maxCapacity": 10},
        "gatewayIPConfigurations": [{"name": "ip", "properties": {"subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/front"}}}],
        "frontendIPConfigurations": [{"name": "ip", "properties": {"publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/front"}}}],
        "frontendPorts": [{"name": "http", "properties": {"port": 80}}],
        "backendAddressPools": [{"name": "app"}],
        "backendHttpSettingsCollection": [{"name": "app", "properties": {"port": 8000, "protocol": "Http"}}],
        "httpListeners": [{"name": "http", "properties": {
            "frontendIPConfiguration": of("frontendIPConfigurations", "ip"), "frontendPort": of("frontendPorts", "http"), "protocol": "Http",
        }}],
        "requestRoutingRules": [{"name": "http", "properties": {
            "ruleType": "Basic", "priority": 100, "httpListener": of("httpListeners", "http"), "backendAddressPool": of("backendAddressPools", "app"),
            "backendHttpSettings": of("backendHttpSettingsCollection", "app"),
        }}],
    }  # fmt: skip
    body = {**WHERE, "properties": {**said, **more}}
    return azure.network.application_gateways.begin_create_or_update("shop", "front", body).result()
