"""What the self-test of the double of Azure needs: clients of Azure's own Python SDK at it, and a stack as the project makes it."""

from __future__ import annotations

import base64
import functools
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from azure.core.credentials import AccessToken
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest
from azure.keyvault.secrets._generated._client import KeyVaultClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.mysqlflexibleservers import MySQLManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from azure.mgmt.redisenterprise import RedisEnterpriseManagementClient
from azure.mgmt.resource.locks import ManagementLockClient
from azure.mgmt.resource.resources import ResourceManagementClient

SUBSCRIPTION = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shop"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
WHERE = {"location": "eastus", "tags": {"loadline": "shop"}}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGyVtS4bVK2t5VNOaAmkFa5OJMqAqFpCE8NMNUK4vMHE ops"


class _Token:
    def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        """A token that the double takes."""
        return AccessToken("double", 1 << 40)


class Rerouted(SansIOHTTPPolicy):  # type: ignore[type-arg]
    """Sends what is addressed to the cloud to the double, as the project's own account does."""

    def __init__(self, endpoint: str, host: str | None) -> None:
        super().__init__()
        self.endpoint, self.host = urlsplit(endpoint), host

    def on_request(self, request: PipelineRequest) -> None:  # type: ignore[type-arg]
        """Before each try."""
        asked = request.http_request
        asked.url = urlunsplit(urlsplit(asked.url)._replace(scheme=self.endpoint.scheme, netloc=self.endpoint.netloc))
        asked.headers["Authorization"] = "Bearer double"
        if self.host:
            asked.headers["Host"] = self.host


class Azure:
    """A client for each service."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.resources: Any = self._client(ResourceManagementClient)
        self.locks: Any = self._client(ManagementLockClient)
        self.network: Any = self._client(NetworkManagementClient)
        self.compute: Any = self._client(ComputeManagementClient)
        self.mysql: Any = self._client(MySQLManagementClient)
        self.redis: Any = self._client(RedisEnterpriseManagementClient)
        self.monitor: Any = self._client(MonitorManagementClient)
        self.vaults: Any = self._client(KeyVaultManagementClient)
        self.dns: Any = self._client(PrivateDnsManagementClient)
        self.identities: Any = self._client(ManagedServiceIdentityClient)
        self.roles: Any = self._client(AuthorizationManagementClient)

    def _client(self, of: Any) -> Any:
        policy = Rerouted(self.endpoint, None)
        return of(
            _Token(), SUBSCRIPTION, base_url=self.endpoint, authentication_policy=policy, polling_interval=0, retry_total=0
        )

    def call(self, method: str, id: str, version: str, body: Any = None) -> tuple[int, Any]:
        """A call that the clients spell as Resource Manager does not take it: the slashes of a scope escaped."""
        request = HttpRequest(method, f"{id}?api-version={version}", json=body)
        answer = self.resources.send_request(request)
        return answer.status_code, answer.json() if answer.text() else None

    def secrets(self, vault: str) -> Secrets:
        """The data plane of a vault."""
        host = f"{vault}.vault.azure.net"
        client = KeyVaultClient(credential=_Token(), api_version="7.5", authentication_policy=Rerouted(self.endpoint, host), retry_total=0)
        return Secrets(client, f"http://{host}")


class Secrets:
    """Calls to one vault."""

    def __init__(self, client: Any, base: str) -> None:
        self.client, self.base = client, base

    def __getattr__(self, name: str) -> Any:
        return functools.partial(getattr(self.client, name), self.base)


def network(azure: Azure) -> None:
    """A network as the project lays it out: for machines, a database and a cache."""
    azure.resources.resource_groups.create_or_update("shop", WHERE)
    made = azure.network
    space = {"addressSpace": {"addressPrefixes": ["10.64.0.0/16"]}}
    made.virtual_networks.begin_create_or_update("shop", "net", {**WHERE, "properties": space}).result()
    rules = [rule("http", 100, "Allow", "Internet", "80"), rule("inside", 4096, "Deny", "VirtualNetwork", "*")]
    made.network_security_groups.begin_create_or_update("shop", "app", {**WHERE, "properties": {"securityRules": rules}}).result()
    for name in ("nat", "front"):
        address(azure, name)
    gateway = {"publicIpAddresses": [{"id": f"{NETWORK}/publicIPAddresses/nat"}]}
    sku = {"name": "Standard"}
    made.nat_gateways.begin_create_or_update("shop", "nat", {**WHERE, "sku": sku, "zones": ["1"], "properties": gateway}).result()
    app = {"networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/app"}, "natGateway": {"id": f"{NETWORK}/natGateways/nat"}}
    subnet(azure, "app", "10.64.0.0/20", app)
    delegated = {"delegations": [{"name": "mysql", "properties": {"serviceName": "Microsoft.DBforMySQL/flexibleServers"}}]}
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
    return azure.network.load_balancers.begin_create_or_update("shop", "front", {**WHERE, "sku": {"name": "Standard"}, "properties": said}).result()


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
    said = {"orchestrationMode": "Uniform", "overprovision": False, "upgradePolicy": {"mode": "Manual"}, "virtualMachineProfile": profile}
    body = {**WHERE, "zones": ["1", "2"], "sku": {"name": "Standard_D4as_v5", "capacity": count, **sku}, "properties": said}
    return azure.compute.virtual_machine_scale_sets.begin_create_or_update("shop", "app", body).result()


def private_zone(azure: Azure, name: str) -> str:
    """A private zone that the network is linked to; its id."""
    azure.dns.private_zones.begin_create_or_update("shop", name, {"location": "global"}).result()
    link = {"virtualNetwork": {"id": f"{NETWORK}/virtualNetworks/net"}, "registrationEnabled": False}
    azure.dns.virtual_network_links.begin_create_or_update("shop", name, "net", {"location": "global", "properties": link}).result()
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
    azure.redis.redis_enterprise.begin_create("shop", "shop-cache", raw({**WHERE, "sku": {"name": "Balanced_B5"}, "properties": said})).result()
    of = {"clientProtocol": "Encrypted", "port": 10000, "clusteringPolicy": "EnterpriseCluster", "evictionPolicy": "NoEviction", "accessKeysAuthentication": "Enabled"}
    azure.redis.databases.begin_create("shop", "shop-cache", "default", raw({"properties": of})).result()
    zone = private_zone(azure, "privatelink.redis.azure.net")
    to = {"privateLinkServiceId": f"{GROUP}/providers/Microsoft.Cache/redisEnterprise/shop-cache", "groupIds": ["redisEnterprise"]}
    endpoint = {"subnet": {"id": f"{NETWORK}/virtualNetworks/net/subnets/cache"}, "privateLinkServiceConnections": [{"name": "cache", "properties": to}]}
    azure.network.private_endpoints.begin_create_or_update("shop", "cache", {**WHERE, "properties": endpoint}).result()
    zones = {"privateDnsZoneConfigs": [{"name": "cache", "properties": {"privateDnsZoneId": zone}}]}
    return azure.network.private_dns_zone_groups.begin_create_or_update("shop", "cache", "default", {"properties": zones}).result()


def raw(body: Any) -> Any:
    """A body that goes over the wire as it is."""
    import io
    import json

    return io.BytesIO(json.dumps(body).encode())
