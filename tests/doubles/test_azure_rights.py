"""The double of Azure: vaults and secrets, identities and roles, gateways, and what watches over a stack."""

from __future__ import annotations

import unittest
from typing import Any

from azure.core.exceptions import AzureError

import azure_stack as stack
from azure_clients import SUBSCRIPTION, TENANT, Subscription, raw
from azure_stack import GROUP, NETWORK, SET, WHERE

READER = "4633458b-17de-408a-b874-0445c86b69e6"


class Vaults(Subscription):
    """Vaults and their secrets."""

    def vault(self, name: str = "shop-vault", **more: Any) -> Any:
        """A vault."""
        said = {
            "tenantId": TENANT,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "softDeleteRetentionInDays": 7,
        }
        return self.azure.vaults.vaults.begin_create_or_update(
            "shop", name, raw({**WHERE, "properties": {**said, **more}})
        ).result()

    def test_secrets_have_versions_and_hold_their_name_when_deleted(self) -> None:
        self.group()
        self.vault()
        secrets = self.azure.secrets("shop-vault")
        secrets.set_secret("database", {"value": "one"})
        secrets.set_secret("database", {"value": "two"})
        self.assertEqual(secrets.get_secret("database", "").value, "two")
        self.assertEqual(len(list(secrets.get_secret_versions("database"))), 2)
        secrets.delete_secret("database")
        with self.refused("SecretNotFound"):
            secrets.get_secret("database", "")
        with self.refused("Conflict"):
            secrets.set_secret("database", {"value": "three"})
        secrets.purge_deleted_secret("database")
        secrets.set_secret("database", {"value": "three"})
        self.assertNotIn("three", str(self.every_call()))

    def test_a_deleted_vault_holds_its_name_until_it_is_recovered_or_purged(self) -> None:
        self.group()
        self.vault()
        self.azure.secrets("shop-vault").set_secret("database", {"value": "one"})
        self.azure.vaults.vaults.delete("shop", "shop-vault")
        with self.refused("ConflictError"):
            self.vault()
        self.vault(createMode="recover")
        self.assertEqual(self.azure.secrets("shop-vault").get_secret("database", "").value, "one")
        self.azure.vaults.vaults.delete("shop", "shop-vault")
        self.azure.vaults.vaults.begin_purge_deleted("shop-vault", "eastus").result()
        self.vault()
        self.assertEqual(list(self.azure.secrets("shop-vault").get_secrets()), [])

    def test_names_that_the_whole_cloud_shares_are_taken_once(self) -> None:
        stack.network(self.azure)
        self.double.ask("limits", {"taken": ["vaults/shop-vault", "flexibleServers/shop-db"]})
        with self.refused("VaultAlreadyExists"):
            self.vault()
        with self.refused("ServerNameAlreadyExists"):
            stack.database(self.azure)
        asked = {"name": "shop-db", "type": "Microsoft.DBforMySQL/flexibleServers"}
        self.assertFalse(self.azure.mysql.check_name_availability.execute("eastus", asked).name_available)

    def test_a_vault_that_is_not_there_has_no_host(self) -> None:
        with self.assertRaises(AzureError):
            self.azure.secrets("nobody").get_secret("database", "")


class Rights(Subscription):
    """Identities, their roles, and what watches over a stack."""

    def test_an_identity_may_get_a_role_on_one_secret(self) -> None:
        self.group()
        it = self.azure.identities.user_assigned_identities.create_or_update("shop", "front", WHERE)
        scope = f"{GROUP}/providers/Microsoft.KeyVault/vaults/others/secrets/certificate"
        role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
        body = {
            "properties": {
                "principalId": it.principal_id,
                "roleDefinitionId": role,
                "principalType": "ServicePrincipal",
            }
        }
        assign = self.azure.roles.role_assignments
        made = assign.create(scope, "aaaaaaaa-0000-4000-8000-000000000001", raw(body))
        self.assertEqual([one.name for one in assign.list_for_scope(scope)], [made.name])
        with self.refused("RoleAssignmentExists"):
            assign.create(scope, "aaaaaaaa-0000-4000-8000-000000000002", raw(body))
        assign.delete(scope, made.name)
        self.assertEqual(list(assign.list_for_scope(scope)), [])

    def test_a_new_identity_is_not_known_everywhere_at_once_unless_it_is_said_to_be_one(self) -> None:
        self.group()
        self.double.ask("slow", {"principals": 1})
        it = self.azure.identities.user_assigned_identities.create_or_update("shop", "front", WHERE)
        role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
        said = {"principalId": it.principal_id, "roleDefinitionId": role}
        assign = self.azure.roles.role_assignments
        with self.refused("PrincipalNotFound"):
            assign.create(GROUP, "aaaaaaaa-0000-4000-8000-000000000001", raw({"properties": said}))
        assign.create(GROUP, "aaaaaaaa-0000-4000-8000-000000000001", raw({"properties": said}))
        assign.delete(GROUP, "aaaaaaaa-0000-4000-8000-000000000001")
        self.azure.identities.user_assigned_identities.delete("shop", "front")
        it = self.azure.identities.user_assigned_identities.create_or_update("shop", "front", WHERE)
        said = {"principalId": it.principal_id, "roleDefinitionId": role, "principalType": "ServicePrincipal"}
        assign.create(GROUP, "aaaaaaaa-0000-4000-8000-000000000002", raw({"properties": said}))

    def test_a_scale_set_is_scaled_by_one_setting_and_watched_by_alerts(self) -> None:
        stack.network(self.azure)
        stack.balancer(self.azure)
        stack.machines(self.azure)
        mails = [{"name": "ops", "emailAddress": "ops@example.org", "useCommonAlertSchema": True}]
        said = {"groupShortName": "shop", "enabled": True, "emailReceivers": mails}
        group = self.azure.monitor.action_groups.create_or_update(
            "shop", "mail", raw({"location": "global", "properties": said})
        )
        criterion = {
            "criterionType": "StaticThresholdCriterion", "name": "cpu", "metricNamespace": "Microsoft.Compute/virtualMachineScaleSets",
            "metricName": "Percentage CPU", "operator": "GreaterThan", "threshold": 70, "timeAggregation": "Average",
        }  # fmt: skip
        rule = {
            "severity": 2, "enabled": True, "scopes": [SET], "evaluationFrequency": "PT1M", "windowSize": "PT5M",
            "criteria": {"odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", "allOf": [criterion]},
            "actions": [{"actionGroupId": group.id}],
        }  # fmt: skip
        alert = self.azure.monitor.metric_alerts.create_or_update(
            "shop", "cpu", raw({"location": "global", "properties": rule})
        )
        self.assertEqual(alert.criteria.all_of[0].threshold, 70)
        profile = {"name": "p", "capacity": {"minimum": "3", "maximum": "6", "default": "3"}, "rules": []}
        setting = {**WHERE, "properties": {"targetResourceUri": SET, "enabled": True, "profiles": [profile]}}
        self.azure.monitor.autoscale_settings.create_or_update("shop", "one", raw(setting))
        with self.refused("Conflict"):
            self.azure.monitor.autoscale_settings.create_or_update("shop", "two", raw(setting))
        profile["capacity"] = {"minimum": "4", "maximum": "3", "default": "3"}
        with self.refused("InvalidCapacity"):
            self.azure.monitor.autoscale_settings.create_or_update("shop", "one", raw(setting))

    def test_a_gateway_reads_its_certificate_by_an_identity_and_needs_its_management_let_in(self) -> None:
        stack.network(self.azure)
        stack.subnet(
            self.azure,
            "front",
            "10.64.242.0/24",
            {"networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/app"}},
        )
        with self.refused("ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup"):
            stack.gateway(self.azure)
        rules = [stack.rule("management", 100, "Allow", "GatewayManager", "65200-65535")]
        group = {**WHERE, "properties": {"securityRules": rules}}
        self.azure.network.network_security_groups.begin_create_or_update("shop", "app", group).result()
        self.assertEqual(stack.gateway(self.azure).operational_state, "Running")
        with self.refused("ApplicationGatewayKeyVaultSecretException"):
            stack.gateway(
                self.azure,
                sslCertificates=[
                    {"name": "c", "properties": {"keyVaultSecretId": "https://v.vault.azure.net/secrets/c"}}
                ],
            )


if __name__ == "__main__":
    unittest.main()
