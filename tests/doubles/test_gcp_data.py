"""The double of Google Cloud: databases, caches, secrets, alarms, and the services themselves."""

from __future__ import annotations

import base64
import json
import unittest
from typing import Any

from googleapiclient.errors import HttpError

from fixture_gcp import PROJECT, REGION, Cloud


class Data(Cloud):
    """Databases, caches, secrets, and the ways to them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.sql = cls.client("sqladmin", "v1")
        cls.peering = cls.client("servicenetworking", "v1").services().connections()

    def connect(self) -> str:
        """A network that is connected with Google's; its path by the project's id."""
        network = self.network()
        body = {
            "name": "services", "network": network, "address": "10.64.128.0", "prefixLength": 20, "purpose": "VPC_PEERING",
            "addressType": "INTERNAL",
        }  # fmt: skip
        self.done(self.compute.globalAddresses().insert(project=PROJECT, body=body))
        self.number = self.client("cloudresourcemanager", "v1").projects().get(projectId=PROJECT).execute()["projectNumber"]
        self.consumer = f"projects/{self.number}/global/networks/main"
        connection = {"network": self.consumer, "reservedPeeringRanges": ["services"]}
        self.peering.create(parent="services/servicenetworking.googleapis.com", body=connection).execute()
        return f"projects/{PROJECT}/global/networks/main"

    def ended(self, request: Any) -> dict[str, Any]:
        """Carries out something about the connection, and looks once at what it has begun."""
        operations = self.client("servicenetworking", "v1").operations()
        return dict(operations.get(name=request.execute()["name"]).execute())

    def database(self, name: str = "main", **more: Any) -> dict[str, Any]:
        """What a request for a database says."""
        network = f"projects/{PROJECT}/global/networks/main"
        settings = {
            "tier": "db-custom-2-7680", "edition": "ENTERPRISE", "dataDiskSizeGb": "100", "deletionProtectionEnabled": True,
            "ipConfiguration": {"privateNetwork": network, "ipv4Enabled": False, "sslMode": "ENCRYPTED_ONLY"},
            "backupConfiguration": {"enabled": True, "binaryLogEnabled": True},
            "databaseFlags": [{"name": "max_connections", "value": "500"}], "userLabels": {"loadline-deployment": "shop"}, **more,
        }  # fmt: skip
        body = {"name": name, "region": REGION, "databaseVersion": "MYSQL_8_4", "rootPassword": "secret", "settings": settings}
        return {"project": PROJECT, "body": body}

    def test_a_database_takes_its_time_and_one_thing_at_once(self) -> None:
        self.connect()
        self.double.ask("slow", {"sqladmin": 3})
        operation = self.sql.instances().insert(**self.database()).execute()
        main = {"project": PROJECT, "instance": "main"}
        self.assertEqual(self.sql.instances().get(**main).execute()["state"], "PENDING_CREATE")
        with self.refused(409, "operationInProgress"):
            self.sql.instances().patch(**main, body={"settings": {"tier": "db-custom-4-15360"}}).execute()
        for _ in range(2):
            operation = self.sql.operations().get(project=PROJECT, operation=operation["name"]).execute()
        self.assertEqual(operation["status"], "DONE")
        self.assertEqual(self.sql.instances().get(**main).execute()["state"], "RUNNABLE")
        self.sql.instances().patch(**main, body={"settings": {"tier": "db-custom-4-15360"}}).execute()
        self.assertEqual(self.sql.instances().get(**main).execute()["state"], "MAINTENANCE")
        self.assertNotIn("secret", json.dumps(self.double.ask("calls")))

    def test_what_is_removed_too_early_stays(self) -> None:
        self.connect()
        self.double.ask("slow", {"peering": 1})
        main, copy = {"project": PROJECT, "instance": "main"}, {"project": PROJECT, "instance": "copy"}
        self.sql.instances().insert(**self.database()).execute()
        replica = self.database("copy", backupConfiguration={"enabled": False})
        replica["body"]["masterInstanceName"] = "main"
        self.sql.instances().insert(**replica).execute()
        for it in (main, copy):
            with self.refused(400, "invalidRequest"):
                self.sql.instances().delete(**it).execute()
            self.sql.instances().patch(**it, body={"settings": {"deletionProtectionEnabled": False}}).execute()
        with self.refused(400, "invalidRequest"):
            self.sql.instances().delete(**main).execute()
        name = "services/servicenetworking.googleapis.com/connections/servicenetworking-googleapis-com"
        request = self.peering.deleteConnection(name=name, body={"consumerNetwork": self.consumer})
        self.assertEqual(self.ended(request)["error"]["code"], 9)
        self.sql.instances().delete(**copy).execute()
        self.sql.instances().delete(**main, enableFinalBackup=True, finalBackupTtlDays="30").execute()
        backups = self.sql.Backups().ListBackups(parent=f"projects/{PROJECT}").execute()["backups"]
        self.assertEqual([it["type"] for it in backups], ["FINAL"])
        self.assertEqual(self.ended(request)["error"]["code"], 9)
        with self.refused(400, "resourceInUseByAnotherResource"):
            self.compute.networks().delete(project=PROJECT, network="main").execute()
        self.assertEqual(self.ended(request)["response"], {"@type": "type.googleapis.com/google.protobuf.Empty"})
        with self.refused(409, "instanceAlreadyExists"):
            self.sql.instances().insert(**self.database()).execute()

    def test_what_is_not_sold_is_refused(self) -> None:
        with self.refused(400, "networkNotConnected"):
            self.sql.instances().insert(**self.database()).execute()
        self.connect()
        for wrong in (
            {"tier": "db-custom-3-7680"}, {"tier": "db-perf-optimized-N-2"}, {"databaseFlags": [{"name": "colour", "value": "blue"}]},
            {"databaseFlags": [{"name": "max_connections", "value": "1"}]}, {"availabilityType": "REGIONAL", "backupConfiguration": {}},
        ):  # fmt: skip
            with self.assertRaises(HttpError, msg=wrong):
                self.sql.instances().insert(**self.database(**wrong)).execute()
        self.sql.instances().insert(**self.database()).execute()
        with self.refused(400, "invalidRequest"):
            body = {"settings": {"dataDiskSizeGb": "50"}}
            self.sql.instances().patch(project=PROJECT, instance="main", body=body).execute()

    def test_caches(self) -> None:
        network = self.connect()
        redis = self.client("redis", "v1").projects().locations()
        home = f"projects/{PROJECT}/locations/{REGION}"
        body = {
            "tier": "STANDARD_HA", "memorySizeGb": 8, "authorizedNetwork": network, "connectMode": "PRIVATE_SERVICE_ACCESS",
            "transitEncryptionMode": "SERVER_AUTHENTICATION", "authEnabled": True, "redisConfigs": {"maxmemory-policy": "noeviction"},
        }  # fmt: skip
        with self.refused(400, "INVALID_ARGUMENT"):
            redis.instances().create(parent=home, instanceId="Wrong", body=body).execute()
        self.double.ask("slow", {"redis": 1})
        operation = redis.instances().create(parent=home, instanceId="cache", body=body).execute()
        self.assertFalse(operation["done"])
        self.assertTrue(redis.operations().get(name=operation["name"]).execute()["done"])
        self.assertEqual(redis.instances().get(name=f"{home}/instances/cache").execute()["port"], 6378)
        change = redis.instances().patch(name=f"{home}/instances/cache", updateMask="tier", body={"tier": "BASIC"})
        with self.refused(400, "INVALID_ARGUMENT"):
            change.execute()

    def test_valkey_by_hand(self) -> None:
        network = self.connect()
        home = f"/memorystore.googleapis.com/v1/projects/{PROJECT}/locations/{REGION}"
        connection = {"network": network, "projectId": PROJECT}
        body = {
            "nodeType": 4, "mode": "CLUSTER_DISABLED", "shardCount": 1, "replicaCount": 1, "deletionProtectionEnabled": True,
            "endpoints": [{"connections": [{"pscAutoConnection": connection}]}],
        }  # fmt: skip
        create = ("POST", f"{home}/instances?instanceId=cache&$alt=json;enum-encoding=int", body)
        self.assertEqual(self.http(*create)[1]["error"]["status"], "FAILED_PRECONDITION")
        policies = self.client("networkconnectivity", "v1").projects().locations().serviceConnectionPolicies()
        policy = {
            "network": network, "serviceClass": "gcp-memorystore",
            "pscConfig": {"subnetworks": [f"projects/{PROJECT}/regions/{REGION}/subnetworks/app"]},
        }  # fmt: skip
        parent = f"projects/{PROJECT}/locations/{REGION}"
        policies.create(parent=parent, serviceConnectionPolicyId="cache", body=policy).execute()
        self.assertEqual(self.http(*create)[0], 200)
        self.assertEqual(self.http("GET", f"{home}/instances/cache")[1]["nodeType"], "STANDARD_SMALL")
        self.assertEqual(self.http("GET", f"{home}/instances/cache?$alt=json;enum-encoding=int")[1]["mode"], 4)
        with self.refused(400, "FAILED_PRECONDITION"):
            policies.delete(name=f"{parent}/serviceConnectionPolicies/cache").execute()
        self.assertEqual(self.http("DELETE", f"{home}/instances/cache")[0], 400)
        status, _ = self.http("PATCH", f"{home}/instances/cache?updateMask=deletion_protection_enabled", {})
        self.assertEqual(status, 200)
        self.assertEqual(self.http("DELETE", f"{home}/instances/cache")[0], 200)
        status, said = self.http("POST", f"{home}/instances?instanceId=again", {**body, "colour": "blue"})
        self.assertEqual((status, said["error"]["message"].endswith("has no field colour")), (400, True))

    def test_secrets(self) -> None:
        secrets = self.client("secretmanager", "v1").projects().secrets()
        body = {"replication": {"userManaged": {"replicas": [{"location": REGION}]}}, "labels": {"loadline-deployment": "shop"}}
        name = secrets.create(parent=f"projects/{PROJECT}", secretId="password", body=body).execute()["name"]
        self.assertTrue(name.split("/")[1].isdigit())
        data = base64.b64encode(b"very secret").decode()
        secrets.addVersion(parent=name, body={"payload": {"data": data}}).execute()
        latest = secrets.versions().access(name=f"projects/{PROJECT}/secrets/password/versions/latest").execute()
        self.assertEqual(latest["payload"]["data"], data)
        for _ in range(10):
            secrets.addVersion(parent=name, body={"payload": {"data": data}}).execute()
        self.double.ask("pages", {"most": 3})
        versions, numbers = secrets.versions(), []
        request = versions.list(parent=name)
        while request is not None:
            page = request.execute()
            numbers += [int(it["name"].rsplit("/", 1)[1]) for it in page["versions"]]
            request = versions.list_next(request, page)
        self.assertEqual(numbers, list(range(11, 0, -1)))
        found = secrets.list(parent=f"projects/{PROJECT}", filter="labels.loadline-deployment=shop").execute()
        self.assertEqual(len(found["secrets"]), 1)
        self.assertNotIn(data, json.dumps(self.double.ask("calls")))


class Around(Cloud):
    """What stands around a stack: alarms, and the services themselves."""

    def test_alarms(self) -> None:
        monitoring = self.client("monitoring", "v3").projects()
        channel = {"type": "email", "labels": {"email_address": "ops@example.org"}, "userLabels": {"loadline-deployment": "shop"}}
        channel = monitoring.notificationChannels().create(name=f"projects/{PROJECT}", body=channel).execute()
        condition = {
            "displayName": "cpu", "conditionThreshold": {
                "filter": 'metric.type = "compute.googleapis.com/instance/cpu/utilization" AND resource.type = "gce_instance"',
                "comparison": "COMPARISON_GT", "thresholdValue": 0.85, "duration": "300s",
                "aggregations": [{"alignmentPeriod": "60s", "perSeriesAligner": "ALIGN_MEAN"}],
            },
        }  # fmt: skip
        policy = {"displayName": "cpu", "combiner": "OR", "conditions": [condition], "notificationChannels": [channel["name"]]}
        made = monitoring.alertPolicies().create(name=f"projects/{PROJECT}", body=policy).execute()
        with self.refused(400, "FAILED_PRECONDITION"):
            monitoring.notificationChannels().delete(name=channel["name"]).execute()
        monitoring.alertPolicies().delete(name=made["name"]).execute()
        monitoring.notificationChannels().delete(name=channel["name"]).execute()

    def test_services_that_are_off(self) -> None:
        self.double.ask("limits", {"disabled": ["redis.googleapis.com"]})
        redis = self.client("redis", "v1").projects().locations().instances()
        with self.refused(403, "PERMISSION_DENIED"):
            redis.list(parent=f"projects/{PROJECT}/locations/{REGION}").execute()
        services = self.client("serviceusage", "v1").services()
        name = f"projects/{PROJECT}/services/redis.googleapis.com"
        self.assertEqual(services.get(name=name).execute()["state"], "DISABLED")
        services.enable(name=name, body={}).execute()
        self.assertEqual(redis.list(parent=f"projects/{PROJECT}/locations/{REGION}").execute(), {})


if __name__ == "__main__":
    unittest.main()
