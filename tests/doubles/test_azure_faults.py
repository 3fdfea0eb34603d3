"""The double of Azure: what takes its time, and what a test can make go wrong."""

from __future__ import annotations

import threading
import time
import unittest
import urllib.error
import urllib.request
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError

import azure_stack as stack
from azure_clients import Subscription
from azure_stack import NETWORK, WHERE

SPACE = {"addressSpace": {"addressPrefixes": ["10.64.0.0/16"]}}
NET = f"{NETWORK}/virtualNetworks/net"


class Time(Subscription):
    """What takes its time."""

    def test_a_doing_is_looked_at_under_its_own_address(self) -> None:
        self.group()
        self.double.ask("slow", {"virtualNetworks": 2})
        self.azure.network.virtual_networks.begin_create_or_update(
            "shop", "net", {**WHERE, "properties": SPACE}
        ).result()
        polls = [call for call in self.every_call() if "/operations/" in call["path"]]
        self.assertEqual(len(polls), 3)
        self.azure.network.virtual_networks.begin_delete("shop", "net").result()
        self.assertNotIn("Microsoft.Network/virtualNetworks", self.world())

    def test_while_it_lasts_nothing_else_is_done_to_it(self) -> None:
        stack.network(self.azure)
        self.double.ask("slow", {"subnets": 3})
        body = {"properties": {"addressPrefix": "10.64.250.0/24"}}
        self.azure.network.subnets.begin_create_or_update("shop", "net", "one", body, polling=False)
        body = {"properties": {"addressPrefix": "10.64.251.0/24"}}
        with self.refused("AnotherOperationInProgress"):
            self.azure.network.subnets.begin_create_or_update("shop", "net", "two", body, polling=False)

    def test_what_is_being_made_may_be_in_no_answer_until_it_is_there(self) -> None:
        self.group()
        self.double.ask("slow", {"publicIPAddresses": 2})
        self.double.ask("late", ["publicIPAddresses"])
        addresses = self.azure.network.public_ip_addresses
        body = {**WHERE, "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
        addresses.begin_create_or_update("shop", "one", body, polling=False)
        with self.refused("ResourceNotFound"):
            addresses.get("shop", "one")
        for _ in range(2):
            self.assertEqual(list(addresses.list("shop")), [])
        self.assertEqual([it.name for it in addresses.list("shop")], ["one"])

    def test_a_doing_may_end_in_failure(self) -> None:
        stack.network(self.azure)
        self.double.ask(
            "fail", {"flexibleServers": {"code": "ServerProvisioningFailed", "message": "no"}, "natGateways": {}}
        )
        with self.refused("ServerProvisioningFailed"):
            stack.database(self.azure)
        self.assertNotIn("Microsoft.DBforMySQL/flexibleServers", self.world())
        stack.database(self.azure)
        address = {"publicIpAddresses": [{"id": f"{NETWORK}/publicIPAddresses/nat"}]}
        nat = {**WHERE, "sku": {"name": "Standard"}, "zones": ["1"], "properties": address}
        with self.refused("OperationFailed"):
            self.azure.network.nat_gateways.begin_create_or_update("shop", "nat", nat).result()
        self.assertEqual(self.azure.network.nat_gateways.get("shop", "nat").provisioning_state, "Failed")

    def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(self) -> None:
        self.group()
        body = {**WHERE, "properties": SPACE}
        networks = self.azure.network.virtual_networks
        networks.begin_create_or_update("shop", "net", body).result()
        tag = networks.get("shop", "net").etag
        outside = {"method": "PATCH", "path": f"{NET}?api-version=2024-03-01", "body": {"tags": {"a": "b"}}}
        self.assertEqual(self.double.ask("outside", outside)["status"], 200)
        with self.refused("PreconditionFailed"):
            networks.begin_create_or_update("shop", "net", body, headers={"If-Match": tag})
        self.assertNotIn("PATCH", {call["operation"].split()[0] for call in self.every_call()})


class Faults(Subscription):
    """What a test can make go wrong."""

    def groups(self) -> Any:
        """A call that reads."""
        return list(self.azure.resources.resource_groups.list())

    def test_refusals_are_spelled_as_the_cloud_spells_them(self) -> None:
        said = {
            "throttle": "TooManyRequests", "500": "InternalServerError", "deny": "AuthorizationFailed", "expired": "ExpiredAuthenticationToken",
            "quota": "QuotaExceeded", "capacity": "AllocationFailed", "unregistered": "MissingSubscriptionRegistration",
        }  # fmt: skip
        self.double.ask("limits", {"retry_after_s": 7})
        for fault, code in said.items():
            self.double.ask("faults", [{"do": fault}])
            with self.assertRaises(HttpResponseError) as caught:
                self.group()
            self.assertIn(code, str(caught.exception))
            if fault == "throttle":
                self.assertEqual(caught.exception.response.headers["retry-after"], "7")
            if fault == "deny":
                self.assertIn("'Microsoft.Resources/subscriptions/resourceGroups/write'", str(caught.exception))
        self.assertEqual(self.world(), {})

    def test_an_answer_may_be_lost_after_the_thing_was_done(self) -> None:
        self.double.ask(
            "faults",
            [
                {
                    "match": {"operation": "PUT Microsoft.Resources/subscriptions/resourceGroups"},
                    "do": "answered-but-lost",
                }
            ],
        )
        with self.assertRaises(AzureError):
            self.group()
        self.assertEqual([it.name for it in self.groups()], ["shop"])

    def test_without_a_token_or_with_an_expired_one_nothing_is_answered(self) -> None:
        for token in (None, "expired"):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            self.assertEqual(self.status("/subscriptions?api-version=2022-12-01", headers), 401)

    def status(self, path: str, headers: dict[str, str]) -> int:
        """The status of a bare call."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(
                urllib.request.Request(self.double.endpoint + path, headers=headers), timeout=10
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def test_lists_come_in_pages_that_name_the_clouds_own_host(self) -> None:
        self.group()
        for number in range(5):
            stack.address(self.azure, f"a{number}")
        self.double.ask("pages", {"most": 2})
        path = f"{NETWORK}/publicIPAddresses"
        link = self.azure.call("GET", path, "2024-03-01")[1]["nextLink"]
        self.assertTrue(link.startswith(f"https://management.azure.com{path}?"), link)
        names = [it.name for it in self.azure.network.public_ip_addresses.list("shop")]
        self.assertEqual(names, [f"a{number}" for number in range(5)])

    def test_what_the_subscription_may_not_have_is_refused(self) -> None:
        stack.network(self.azure)
        stack.balancer(self.azure)
        self.double.ask(
            "limits",
            {
                "cores": 8,
                "publicIPAddresses": 2,
                "restricted": ["Standard_D2as_v5"],
                "unregistered": ["Microsoft.Cache"],
            },
        )
        with self.refused("OperationNotAllowed"):
            stack.machines(self.azure, 3)
        with self.refused("SkuNotAvailable"):
            stack.machines(self.azure, 1, name="Standard_D2as_v5")
        with self.refused("PublicIPCountLimitReached"):
            stack.address(self.azure, "more")
        with self.refused("MissingSubscriptionRegistration"):
            stack.cache(self.azure)
        self.assertEqual(self.azure.resources.providers.get("Microsoft.Cache").registration_state, "NotRegistered")
        used = {it.name.value: (it.current_value, it.limit) for it in self.azure.network.usages.list("eastus")}
        self.assertEqual(used["PublicIPAddresses"], (2, 2))
        skus = self.azure.compute.resource_skus.list(filter="location eq 'eastus'")
        self.assertEqual([it.name for it in skus if it.restrictions], ["Standard_D2as_v5"])

    def test_a_client_is_held_at_a_write(self) -> None:
        self.double.ask("pause_at_write", {"n": 1, "when": "before"})
        thread = threading.Thread(target=self.group)
        thread.start()
        deadline = time.monotonic() + 10
        while not self.double.ask("paused")["paused"] and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.world(), {})
        self.double.ask("resume", {})
        thread.join()
        self.assertEqual(self.double.ask("writes"), {"writes": 1})
        self.assertEqual(len(self.groups()), 1)


if __name__ == "__main__":
    unittest.main()
