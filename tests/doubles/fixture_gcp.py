"""What the self-tests of Google Cloud's double need: the double, Google's own client for Python at it, and a network to stand on."""

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

    def http(self, method: str, path: str, body: Any = None, token: str | None = None, host: str | None = None) -> tuple[int, Any]:
        """A call as it stands, without a client that knows what is described."""
        data = None if body is None else json.dumps(body).encode()
        headers = {name: value for name, value in {"authorization": token and f"Bearer {token}", "host": host}.items() if value}
        request = urllib.request.Request(self.double.endpoint + path, data, headers, method=method)
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
