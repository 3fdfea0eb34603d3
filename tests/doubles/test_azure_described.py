"""The double of Azure: what it holds against Azure's own description of itself."""

from __future__ import annotations

import unittest
from typing import Any

import azure_stack as stack
from azure.describe import Description, Undescribed, load
from azure.describe.fields import SCALARS
from azure_clients import Subscription
from azure_stack import GROUP, NETWORK, WHERE

SPACE = {"addressSpace": {"addressPrefixes": ["10.64.0.0/16"]}}
NET = f"{NETWORK}/virtualNetworks/net"


class Described(Subscription):
    """What the description refuses, and what it only notes."""

    def put(self, body: Any, id: str = NET, version: str = "2024-03-01") -> tuple[int, str]:
        """Status, and code or message."""
        status, said = self.azure.call("PUT", id, version, body)
        return status, said["error"]["message"] if status >= 400 else ""

    def test_what_is_not_described_is_refused_at_every_depth(self) -> None:
        self.group()
        self.assertEqual(self.put({**WHERE, "properties": SPACE}), (201, ""))
        wrong: list[tuple[str, Any]] = [
            ("no field colour", {**WHERE, "colour": "blue"}),
            ("no field properties.colour", {**WHERE, "properties": {**SPACE, "colour": "blue"}}),
            ("no field properties.subnets[0].properties.colour", {**WHERE, "properties": {"subnets": [{"properties": {"colour": 1}}]}}),
            ("properties.addressSpace.addressPrefixes is a list", {**WHERE, "properties": {"addressSpace": {"addressPrefixes": "10.0.0.0/8"}}}),
            ("enableDdosProtection is bool", {**WHERE, "properties": {**SPACE, "enableDdosProtection": "no"}}),
        ]  # fmt: skip
        for words, body in wrong:
            status, message = self.put(body)
            self.assertEqual((status, words in message), (400, True), message)
        self.assertIn("is described for api-version 2024-03-01", self.put(WHERE, version="2019-01-01")[1])
        self.assertIn("there is no", self.put(WHERE, id=f"{NETWORK}/virtualNetwork/net")[1])
        rule = f"{GROUP}/providers/Microsoft.Insights/metricAlerts/cpu"
        self.assertIn(
            "is required", self.put({"location": "global", "properties": {"severity": 2}}, rule, "2018-03-01")[1]
        )
        self.assertEqual(len([call for call in self.every_call() if call.get("not_described")]), len(wrong) + 3)

    def test_an_older_version_has_not_the_fields_that_came_later(self) -> None:
        self.group()
        id = f"{GROUP}/providers/Microsoft.Cache/redisEnterprise/shop-cache"
        body = {**WHERE, "sku": {"name": "Balanced_B5"}, "properties": {"publicNetworkAccess": "Disabled"}}
        self.assertIn("no field properties.publicNetworkAccess", self.put(body, id, "2024-09-01-preview")[1])
        self.assertEqual(self.put(body, id, "2025-07-01"), (201, ""))

    def test_what_only_the_cloud_sets_is_ignored_and_noted_and_unlisted_words_are_noted(self) -> None:
        self.group()
        self.put(
            {
                **WHERE,
                "properties": {**SPACE, "provisioningState": "Failed", "privateEndpointVNetPolicies": "Sometimes"},
            }
        )
        call = self.every_call()[-1]
        self.assertEqual(call["ignored"], ["properties.provisioningState"])
        self.assertEqual(call["unlisted"], ["properties.privateEndpointVNetPolicies: Sometimes"])
        self.assertEqual(self.azure.network.virtual_networks.get("shop", "net").provisioning_state, "Succeeded")

    def test_a_wrong_answer_of_the_double_would_be_noticed(self) -> None:
        described = Description(load())
        good = {"id": NET, "name": "net", "location": "eastus", "properties": SPACE}
        described.check_answer("arm", "GET", NET, 200, good)
        for status, body in (
            (200, {**good, "colour": 1}),
            (204, None),
            (200, {**good, "location": 7}),
            (404, {"code": "NotFound"}),
        ):
            with self.assertRaises(Undescribed):
                described.check_answer("arm", "GET", NET, status, body)

    def test_every_type_that_the_description_names_is_known(self) -> None:
        table = load()

        def unknown(module: str, of: Any) -> list[str]:
            if isinstance(of, dict):
                return [it for field in of["fields"].values() for it in unknown(module, field["type"])]
            bare = of.strip("[]{}")
            known = (
                bare in SCALARS or bare == "object" or bare in table["models"][module] or bare in table["enums"][module]
            )
            return [] if known else [f"{module}: {of}"]

        wrong = [
            it
            for module, models in table["models"].items()
            for model in models.values()
            for it in unknown(module, model)
        ]
        for operation in table["operations"]:
            for part in (operation["body"], operation["answer"]):
                wrong += unknown(operation["module"], part) if part is not None else []
        self.assertEqual(wrong, [])
        self.assertGreater(len(table["operations"]), 1000)
        lists = [it for it in table["operations"] if it["method"] == "GET" and it["url"].endswith("/publicIPAddresses")]
        self.assertEqual({it["answer"] for it in lists}, {"PublicIPAddressListResult"})

    def test_actions_of_roles_are_told_with_those_on_what_is_joined(self) -> None:
        stack.network(self.azure)
        stack.balancer(self.azure)
        stack.machines(self.azure)
        needed = {call["operation"]: call["actions"] for call in self.every_call()}
        self.assertEqual(
            needed["PUT Microsoft.Network/virtualNetworks/subnets"],
            ["Microsoft.Network/virtualNetworks/subnets/write"],
        )
        self.assertEqual(
            needed["PUT Microsoft.Compute/virtualMachineScaleSets"],
            [
                "Microsoft.Compute/virtualMachineScaleSets/write",
                "Microsoft.Network/loadBalancers/backendAddressPools/join/action",
                "Microsoft.Network/loadBalancers/probes/join/action",
                "Microsoft.Network/virtualNetworks/subnets/join/action",
            ],
        )


if __name__ == "__main__":
    unittest.main()
