"""Clients of Azure's own Python SDK, pointed at its double; and a subscription to test it on."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
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

from fixture import DoubleTest

# The clients tell of each refusal.
logging.getLogger("azure").setLevel(logging.CRITICAL)
SUBSCRIPTION = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"


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
            _Token(),
            SUBSCRIPTION,
            base_url=self.endpoint,
            authentication_policy=policy,
            polling_interval=0,
            retry_total=0,
        )

    def call(self, method: str, id: str, version: str, body: Any = None) -> tuple[int, Any]:
        """A call that the clients spell as Resource Manager does not take it: the slashes of a scope escaped."""
        request = HttpRequest(method, f"{id}?api-version={version}", json=body)
        answer = self.resources.send_request(request)
        return answer.status_code, answer.json() if answer.text() else None

    def secrets(self, vault: str) -> Secrets:
        """The data plane of a vault."""
        host = f"{vault}.vault.azure.net"
        client = KeyVaultClient(
            credential=_Token(), api_version="7.5", authentication_policy=Rerouted(self.endpoint, host), retry_total=0
        )
        return Secrets(client, f"http://{host}")


class Secrets:
    """Calls to one vault."""

    def __init__(self, client: Any, base: str) -> None:
        self.client, self.base = client, base

    def __getattr__(self, name: str) -> Any:
        return functools.partial(getattr(self.client, name), self.base)


def raw(body: Any) -> Any:
    """A body that goes over the wire as it is."""
    return io.BytesIO(json.dumps(body).encode())


class Subscription(DoubleTest):
    """An empty subscription."""

    cloud = "azure"
    azure: Azure

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.azure = Azure(cls.double.endpoint)

    def tearDown(self) -> None:
        wrong = [call for call in self.every_call() if "wrong_answer" in call]
        self.assertEqual(wrong, [], "the double answers what the cloud would not")

    def every_call(self) -> list[dict[str, Any]]:
        """Every call so far."""
        return list(self.double.ask("calls"))

    @contextlib.contextmanager
    def refused(self, code: str) -> Iterator[None]:
        """Passes if the call inside is refused with that code."""
        try:
            yield
        except HttpResponseError as error:
            self.assertEqual(error.error.code if error.error else None, code, error)
            return
        self.fail(f"was not refused with {code}")

    def group(self) -> Any:
        """A resource group."""
        return self.azure.resources.resource_groups.create_or_update("shop", {"location": "eastus"})

    def world(self) -> dict[str, list[Any]]:
        """What there is, by type."""
        return dict(self.double.ask("world"))
