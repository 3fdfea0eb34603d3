"""The double of Azure, told by Azure's own Python SDK: a whole stack is made, changed and removed in the right order only."""

from __future__ import annotations

import unittest
from collections.abc import Callable
from typing import Any

import azure_stack as stack
from azure_clients import Subscription, raw
from azure_stack import GROUP, SET, WHERE

DATABASE = f"{GROUP}/providers/Microsoft.DBforMySQL/flexibleServers/shop-db"


class Stack(Subscription):
    """A whole stack."""

    def lock(self) -> str:
        """A lock on the database; its id."""
        id = f"{DATABASE}/providers/Microsoft.Authorization/locks/database"
        self.assertEqual(self.azure.call("PUT", id, "2020-05-01", {"properties": {"level": "CanNotDelete"}})[0], 201)
        return id

    def test_a_stack_is_made_in_order_and_removed_in_order(self) -> None:
        azure = self.azure
        stack.network(azure)
        stack.balancer(azure)
        self.assertEqual(stack.machines(azure).sku.capacity, 3)
        server = stack.database(azure)
        self.assertEqual((server.state, server.high_availability.state), ("Ready", "Healthy"))
        stack.cache(azure)
        machines = list(azure.compute.virtual_machine_scale_set_vms.list("shop", "app"))
        self.assertEqual([(it.instance_id, it.zones) for it in machines], [("0", ["1"]), ("1", ["2"]), ("2", ["1"])])
        listed = {it.type.split("/", 1)[1] for it in azure.resources.resources.list_by_resource_group("shop")}
        self.assertTrue(
            {"virtualNetworks", "flexibleServers", "redisEnterprise", "virtualMachineScaleSets"} <= listed, listed
        )
        self.assertFalse(listed & {"virtualNetworks/subnets", "redisEnterprise/databases"}, listed)
        for remove in self.removals():
            remove().result()
        azure.resources.resource_groups.begin_delete("shop").result()
        self.assertEqual(self.world(), {})

    def removals(self) -> list[Callable[[], Any]]:
        """The way back."""
        azure, zones = self.azure, ("privatelink.redis.azure.net", "shop.private.mysql.database.azure.com")
        return [
            lambda: azure.compute.virtual_machine_scale_sets.begin_delete("shop", "app"),
            lambda: azure.mysql.servers.begin_delete("shop", "shop-db"),
            lambda: azure.network.private_endpoints.begin_delete("shop", "cache"),
            lambda: azure.network.load_balancers.begin_delete("shop", "front"),
            lambda: azure.redis.databases.begin_delete("shop", "shop-cache", "default"),
            lambda: azure.redis.redis_enterprise.begin_delete("shop", "shop-cache"),
            *[lambda zone=zone: azure.dns.virtual_network_links.begin_delete("shop", zone, "net") for zone in zones],
            *[lambda zone=zone: azure.dns.private_zones.begin_delete("shop", zone) for zone in zones],
            *[lambda name=name: azure.network.subnets.begin_delete("shop", "net", name) for name in ("app", "database", "cache")],
            lambda: azure.network.nat_gateways.begin_delete("shop", "nat"),
            *[lambda name=name: azure.network.public_ip_addresses.begin_delete("shop", name) for name in ("nat", "front")],
            lambda: azure.network.network_security_groups.begin_delete("shop", "app"),
            lambda: azure.network.virtual_networks.begin_delete("shop", "net"),
        ]  # fmt: skip

    def test_what_is_in_use_stays(self) -> None:
        azure = self.azure
        stack.network(azure)
        stack.balancer(azure)
        stack.machines(azure)
        in_use: list[tuple[str, Callable[[], Any]]] = [
            ("InUseSubnetCannotBeDeleted", lambda: azure.network.virtual_networks.begin_delete("shop", "net")),
            ("InUseSubnetCannotBeDeleted", lambda: azure.network.subnets.begin_delete("shop", "net", "app")),
            ("InUseNetworkSecurityGroupCannotBeDeleted", lambda: azure.network.network_security_groups.begin_delete("shop", "app")),
            ("PublicIPAddressCannotBeDeleted", lambda: azure.network.public_ip_addresses.begin_delete("shop", "front")),
            ("CannotDeleteNatGatewayAssociatedToSubnet", lambda: azure.network.nat_gateways.begin_delete("shop", "nat")),
            ("LoadBalancerInUseByVirtualMachineScaleSet", lambda: azure.network.load_balancers.begin_delete("shop", "front")),
        ]  # fmt: skip
        for code, remove in in_use:
            with self.refused(code):
                remove()
        space = {"addressSpace": {"addressPrefixes": ["10.64.0.0/16"]}}
        networks = azure.network.virtual_networks
        networks.begin_create_or_update("shop", "net", {**WHERE, "properties": space}).result()
        self.assertEqual(len(networks.get("shop", "net").subnets), 3)
        with self.refused("InUseSubnetCannotBeDeleted"):
            networks.begin_create_or_update("shop", "net", {**WHERE, "properties": {**space, "subnets": []}})
        self.assertEqual(len(networks.get("shop", "net").subnets), 3)
        zone = stack.private_zone(azure, "shop.private.mysql.database.azure.com").split("/")[-1]
        with self.refused("CannotDeleteResource"):
            azure.dns.private_zones.begin_delete("shop", zone)

    def test_a_lock_keeps_what_it_is_on_and_the_group_around_it(self) -> None:
        azure = self.azure
        stack.network(azure)
        stack.database(azure)
        lock = self.lock()
        for remove in (
            lambda: azure.mysql.servers.begin_delete("shop", "shop-db"),
            lambda: azure.resources.resource_groups.begin_delete("shop"),
        ):
            with self.refused("ScopeLocked"):
                remove()
        self.assertEqual(azure.call("DELETE", lock, "2020-05-01")[0], 200)
        azure.resources.resource_groups.begin_delete("shop").result()
        self.assertEqual(self.world(), {})

    def test_a_server_has_parameters_backups_and_replicas(self) -> None:
        azure = self.azure
        stack.network(azure)
        stack.database(azure)
        wanted = [
            {"name": name, "properties": {"value": value}}
            for name, value in (("max_connections", "500"), ("innodb_buffer_pool_size", "2147483648"))
        ]
        azure.mysql.configurations.begin_batch_update("shop", "shop-db", raw({"value": wanted})).result()

        def pending(name: str) -> tuple[str, str]:
            it = azure.mysql.configurations.get("shop", "shop-db", name)
            return it.value, it.is_config_pending_restart

        self.assertEqual(pending("max_connections"), ("500", "False"))
        self.assertEqual(pending("innodb_buffer_pool_size"), ("2147483648", "True"))
        azure.mysql.servers.begin_restart("shop", "shop-db", raw({"restartWithFailover": "Disabled"})).result()
        self.assertEqual(pending("innodb_buffer_pool_size"), ("2147483648", "False"))
        azure.mysql.backups.put("shop", "shop-db", "final")
        self.assertEqual([it.name for it in azure.mysql.backups.list_by_server("shop", "shop-db")], ["final"])
        replica = {**WHERE, "properties": {"createMode": "Replica", "sourceServerResourceId": DATABASE}}
        made = azure.mysql.servers.begin_create(
            resource_group_name="shop", server_name="shop-r1", parameters=raw(replica)
        ).result()
        self.assertEqual((made.replication_role, made.version), ("Replica", "8.4"))
        rule = {"properties": {"startIpAddress": "203.0.113.1", "endIpAddress": "203.0.113.9"}}
        with self.refused("FirewallRuleNotSupported"):
            azure.mysql.firewall_rules.begin_create_or_update("shop", "shop-db", "office", raw(rule))
        with self.refused("StorageSizeCannotBeReduced"):
            azure.mysql.servers.begin_update("shop", "shop-db", raw({"properties": {"storage": {"storageSizeGB": 32}}}))
        with self.refused("InvalidParameterValue"):
            azure.mysql.configurations.begin_batch_update(
                "shop", "shop-db", raw({"value": [{"name": "max_connections", "properties": {"value": "999999"}}]})
            )

    def test_machines_are_of_the_model_that_they_were_last_upgraded_to(self) -> None:
        azure = self.azure
        stack.network(azure)
        stack.balancer(azure)
        stack.machines(azure)
        stack.machines(azure, first="#cloud-config\n{}")

        def newest() -> dict[str, bool]:
            listed = azure.compute.virtual_machine_scale_set_vms.list("shop", "app")
            return {it.instance_id: it.latest_model_applied for it in listed}

        self.assertEqual(newest(), {"0": False, "1": False, "2": False})
        status, cards = azure.call("GET", f"{SET}/networkInterfaces", "2018-10-01")
        places = [it["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] for it in cards["value"]]
        self.assertEqual((status, places), (200, ["10.64.0.4", "10.64.0.5", "10.64.0.6"]))
        self.assertEqual(cards["value"][2]["properties"]["virtualMachine"]["id"], f"{SET}/virtualMachines/2")
        azure.compute.virtual_machine_scale_sets.begin_update_instances(
            "shop", "app", raw({"instanceIds": ["0"]})
        ).result()
        self.assertEqual(newest(), {"0": True, "1": False, "2": False})
        self.double.ask("slow", {"health": 1})
        self.double.ask("lose", {"group": "app"})
        self.assertEqual(azure.compute.virtual_machine_scale_sets.get("shop", "app").sku.capacity, 2)
        stack.machines(azure, first="#cloud-config\n{}")
        self.assertEqual(newest(), {"1": False, "2": False, "3": True})
        for states in (["healthy", "healthy", "unhealthy"], ["healthy"] * 3):
            views = azure.compute.virtual_machine_scale_set_vms.list("shop", "app", expand="instanceView")
            codes = [it.instance_view.vm_health.status.code.split("/")[1] for it in views]
            self.assertEqual(codes, states)
        said = str(self.double.ask("world"))
        self.assertNotIn("customData", said)


if __name__ == "__main__":
    unittest.main()
