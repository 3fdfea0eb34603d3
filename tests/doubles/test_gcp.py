"""The double of Google Cloud: what it refuses, what takes its time, and that it is held against Google's own description. The client
is Google's own for Python."""

from __future__ import annotations

import contextlib
import json
import unittest
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import httplib2
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpMockSequence, HttpRequest  # noqa: F401

from fixture import Double

PROJECT = "teachers-project"
REGION = "us-central1"
ZONES = ["us-central1-a", "us-central1-b"]
IMAGE = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-amd64"


class Cloud(unittest.TestCase):
    """A project with nothing in it."""

    double: Double
    compute: Any

    @classmethod
    def setUpClass(cls) -> None:
        cls.double = Double("gcp")
        cls.clients: dict[str, Any] = {}
        cls.compute = cls.client("compute", "v1", "/compute/v1/")

    @classmethod
    def tearDownClass(cls) -> None:
        for client in cls.clients.values():
            client.close()
        cls.double.stop()

    @classmethod
    def client(cls, service: str, version: str, path: str = "/") -> Any:
        """Google's client of a service; it tries once."""
        if service not in cls.clients:
            endpoint = f"{cls.double.endpoint}/{service}.googleapis.com{path}"
            cls.clients[service] = discovery.build(
                service, version, http=httplib2.Http(proxy_info=None), static_discovery=True,
                client_options={"api_endpoint": endpoint},
            )  # fmt: skip
        return cls.clients[service]

    def setUp(self) -> None:
        self.double.ask("reset", {})

    def tearDown(self) -> None:
        wrong = [call for call in self.double.ask("calls") if "wrong_answer" in call]
        self.assertEqual(wrong, [], "the double answered what is not described")

    @contextlib.contextmanager
    def refused(self, status: int, reason: str) -> Iterator[None]:
        """Passes if the call inside is refused in this way."""
        try:
            yield
        except HttpError as error:
            said = json.loads(error.content)["error"]
            words = [it["reason"] for it in said.get("errors", [])] + [said.get("status")]
            self.assertEqual(error.resp.status, status, said)
            self.assertIn(reason, words, said)
            return
        self.fail(f"was not refused with {status} {reason}")

    def http(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A call as it stands, without a client that knows what is described."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.double.endpoint + path, data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def done(self, request: Any) -> Any:
        """Carries out something that is an operation, and waits for its end."""
        operation = request.execute()
        region = operation.get("region", "").rsplit("/", 1)[-1]
        if region:
            waiting = self.compute.regionOperations().wait(project=PROJECT, region=region, operation=operation["name"])
        else:
            waiting = self.compute.globalOperations().wait(project=PROJECT, operation=operation["name"])
        return waiting.execute()

    def network(self) -> str:
        """A network with a subnetwork; the network's address."""
        self.done(self.compute.networks().insert(project=PROJECT, body={"name": "main", "autoCreateSubnetworks": False}))
        network = self.compute.networks().get(project=PROJECT, network="main").execute()["selfLink"]
        body = {"name": "app", "network": network, "ipCidrRange": "10.64.0.0/20"}
        self.done(self.compute.subnetworks().insert(project=PROJECT, region=REGION, body=body))
        return str(network)

    def template(self, name: str, machine_type: str = "c2d-highcpu-8") -> str:
        """A template in the subnetwork; its address."""
        body = {
            "name": name,
            "properties": {
                "machineType": machine_type,
                "disks": [{"boot": True, "autoDelete": True, "initializeParams": {"sourceImage": IMAGE, "diskSizeGb": "20"}}],
                "networkInterfaces": [{"subnetwork": f"projects/{PROJECT}/regions/{REGION}/subnetworks/app"}],
                "labels": {"loadline-deployment": "shop"},
            },
        }
        self.done(self.compute.instanceTemplates().insert(project=PROJECT, body=body))
        return str(self.compute.instanceTemplates().get(project=PROJECT, instanceTemplate=name).execute()["selfLink"])

    def group(self, size: int = 4, **more: Any) -> str:
        """A group of that size over two zones; its address."""
        body = {
            "name": "app", "baseInstanceName": "shop-app", "targetSize": size, "instanceTemplate": self.template("app-1"),
            "distributionPolicy": {"zones": [{"zone": f"zones/{zone}"} for zone in ZONES]},
            "updatePolicy": {"type": "PROACTIVE", "maxSurge": {"fixed": 2}, "maxUnavailable": {"fixed": 0}}, **more,
        }  # fmt: skip
        self.done(self.compute.regionInstanceGroupManagers().insert(project=PROJECT, region=REGION, body=body))
        return str(self.managers().get(**self.app).execute()["selfLink"])

    app = {"project": PROJECT, "region": REGION, "instanceGroupManager": "app"}

    def managers(self) -> Any:
        """The client's part for groups."""
        return self.compute.regionInstanceGroupManagers()

    def members(self) -> list[dict[str, Any]]:
        """The machines of the group as it lists them."""
        return list(self.managers().listManagedInstances(**self.app).execute().get("managedInstances", []))


class Groups(Cloud):
    """Machines in groups."""

    def test_a_group_keeps_its_number_over_its_zones(self) -> None:
        self.network()
        self.group(4)
        zones = sorted(member["instance"].split("/")[-3] for member in self.members())
        self.assertEqual(zones, sorted(ZONES * 2))
        lost = self.double.ask("lose", {"group": "app"})["lost"]
        self.double.ask("slow", {"instances": 2})
        self.assertEqual([it["currentAction"] for it in self.members() if it["name"] == lost], ["RECREATING"])
        self.assertFalse(self.managers().get(**self.app).execute()["status"]["isStable"])
        for _ in range(3):
            self.members()
        self.assertTrue(self.managers().get(**self.app).execute()["status"]["isStable"])
        addresses = {
            it["networkInterfaces"][0]["networkIP"]
            for zone in ZONES
            for it in self.compute.instances().list(project=PROJECT, zone=zone).execute()["items"]
        }
        self.assertEqual(len(addresses), 4)

    def test_another_template_replaces_the_machines(self) -> None:
        self.network()
        self.group(2)
        before = {it["name"] for it in self.members()}
        second = self.template("app-2", "c2d-highcpu-16")
        with self.refused(412, "conditionNotMet"):
            self.managers().patch(**self.app, body={"instanceTemplate": second}).execute()
        fingerprint = self.managers().get(**self.app).execute()["fingerprint"]
        self.done(self.managers().patch(**self.app, body={"instanceTemplate": second, "fingerprint": fingerprint}))
        for _ in range(4):
            members = self.members()
        self.assertFalse(before & {it["name"] for it in members})
        self.assertEqual({it["version"]["instanceTemplate"] for it in members}, {second})
        self.done(self.compute.instanceTemplates().delete(project=PROJECT, instanceTemplate="app-1"))
        with self.refused(400, "resourceInUseByAnotherResource"):
            self.compute.instanceTemplates().delete(project=PROJECT, instanceTemplate="app-2").execute()

    def test_an_autoscaler_moves_the_number_and_holds_the_group(self) -> None:
        self.network()
        target = self.group(1)
        policy = {"minNumReplicas": 3, "maxNumReplicas": 6, "cpuUtilization": {"utilizationTarget": 0.7}}
        scaler = {"name": "app", "target": target, "autoscalingPolicy": policy}
        self.done(self.compute.regionAutoscalers().insert(project=PROJECT, region=REGION, body=scaler))
        self.assertEqual(len(self.members()), 3)
        with self.refused(400, "resourceInUseByAnotherResource"):
            self.managers().delete(**self.app).execute()
        self.done(self.compute.regionAutoscalers().delete(project=PROJECT, region=REGION, autoscaler="app"))
        self.done(self.managers().delete(**self.app))
        self.assertNotIn("instances", self.double.ask("world"))

    def test_what_cannot_be_made_is_said_by_the_group(self) -> None:
        self.network()
        self.double.ask("limits", {"quotas": {"C2D_CPUS": 8}})
        self.group(2)
        problems = self.managers().listErrors(**self.app).execute()["items"]
        self.assertEqual([it["error"]["code"] for it in problems], ["QUOTA_EXCEEDED"])
        self.assertFalse(self.managers().get(**self.app).execute()["status"]["isStable"])
        self.double.ask("limits", {"quotas": {}})
        self.assertEqual({it["currentAction"] for it in self.members()}, {"NONE"})


if __name__ == "__main__":
    unittest.main()
