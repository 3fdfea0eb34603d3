"""The double of Google Cloud: what it refuses, what goes wrong when it is asked to, and that it is held against Google's own
description."""

from __future__ import annotations

import threading
import unittest
import urllib.error
from typing import Any

from fixture import Double
from fixture_gcp import PROJECT, REGION, Cloud

NETWORKS = f"/compute.googleapis.com/compute/v1/projects/{PROJECT}/global/networks"
MAIN = {"name": "main", "autoCreateSubnetworks": False}


class Described(Cloud):
    """What the description refuses."""

    def not_described(self, method: str, path: str, body: Any = None) -> None:
        """Passes if a call is refused because no document has it."""
        status, said = self.http(method, path, body)
        self.assertEqual((status, self.double.ask("calls")[-1].get("not_described")), (400, True), said)

    def test_unknown_fields_are_refused_at_every_depth(self) -> None:
        self.not_described("POST", NETWORKS, {**MAIN, "colour": "blue"})
        self.not_described("POST", NETWORKS, {**MAIN, "routingConfig": {"colour": "blue"}})
        self.not_described("POST", NETWORKS, {**MAIN, "routingConfig": {"routingMode": "BLUE"}})
        self.not_described("POST", NETWORKS, {**MAIN, "mtu": "1460"})
        self.not_described("POST", NETWORKS, {"autoCreateSubnetworks": False})
        self.not_described("POST", NETWORKS, {**MAIN, "id": "1"})
        self.not_described("POST", NETWORKS, {**MAIN, "selfLink": "there"})
        self.assertEqual(self.http("POST", NETWORKS, MAIN)[0], 200)

    def test_unknown_paths_methods_and_queries_are_refused(self) -> None:
        self.not_described("PUT", NETWORKS)
        self.not_described("GET", f"{NETWORKS}?colour=blue")
        self.not_described("GET", f"{NETWORKS}?maxResults=many")
        self.not_described("GET", f"/colours.googleapis.com/v1/projects/{PROJECT}/colours")
        self.not_described("GET", f"/v1/projects/{PROJECT}/locations/{REGION}/instances")
        self.assertEqual(self.http("GET", f"{NETWORKS}?$alt=json&$apiVersion=2026-09-01&maxResults=5")[0], 200)
        # Without a host in front, where only one service has the path.
        self.assertEqual(self.http("GET", NETWORKS.removeprefix("/compute.googleapis.com"))[0], 200)

    def test_the_host_header_names_a_service_too(self) -> None:
        path = f"/v1/projects/{PROJECT}/locations/{REGION}/instances"
        for host in ("redis.googleapis.com", "memorystore.googleapis.com"):
            self.assertEqual(self.http("GET", path, host=host), (200, {}))

    def test_large_numbers_are_texts(self) -> None:
        database = f"/sqladmin.googleapis.com/v1/projects/{PROJECT}/instances"
        self.not_described("POST", database, {"name": "main", "settings": {"dataDiskSizeGb": 10}})
        # Enumerations may be numbers where the service is made from protobuf: 2 is ENTERPRISE.
        status, said = self.http("POST", database, {"name": "main", "settings": {"edition": 2, "tier": "db-perf-optimized-N-2"}})
        self.assertIn("(ENTERPRISE) Edition", said["error"]["message"])
        self.assertEqual(status, 400)


class Faults(Cloud):
    """What goes wrong when a test asks for it."""

    def insert(self, **more: Any) -> Any:
        """A request for a network."""
        return self.compute.networks().insert(project=PROJECT, body=MAIN, **more)

    def test_each_fault_is_worded_as_the_service_words_it(self) -> None:
        expected = {
            "throttle": ((403, 429), "rateLimitExceeded"), "500": ((500,), "backendError"), "deny": ((403,), "forbidden"),
            "expired": ((401,), "authError"), "quota": ((403,), "quotaExceeded"), "disabled": ((403,), "accessNotConfigured"),
            "capacity": ((503,), "ZONE_RESOURCE_POOL_EXHAUSTED"),
        }  # fmt: skip
        for do, (statuses, reason) in expected.items():
            self.double.ask("faults", [{"match": {"operation": "compute.networks.insert"}, "do": do}])
            status, said = self.http("POST", NETWORKS, MAIN)
            self.assertIn(status, statuses, said)
            self.assertEqual(said["error"]["errors"][0]["reason"], reason)
        self.assertIn("compute.networks.create", self.double.ask("calls")[2]["permissions"])
        self.assertNotIn("compute.networks", self.double.ask("world"))

    def test_an_answer_may_be_lost_and_the_same_request_is_the_same_operation(self) -> None:
        self.double.ask("faults", [{"match": {"writes": True}, "do": "answered-but-lost"}])
        request = f"{NETWORKS}?requestId=11111111-1111-4111-8111-111111111111"
        with self.assertRaises((urllib.error.URLError, ConnectionError)):
            self.http("POST", request, MAIN)
        status, operation = self.http("POST", request, MAIN)
        self.assertEqual((status, operation["status"]), (200, "DONE"))
        with self.refused(409, "alreadyExists"):
            self.insert().execute()
        for wrong, name in (("1", "new"), ("00000000-0000-0000-0000-000000000000", "new"), (request.rsplit("=", 1)[1], "new")):
            with self.refused(400, "invalid"):
                self.compute.networks().insert(project=PROJECT, requestId=wrong, body={**MAIN, "name": name}).execute()

    def test_operations_take_their_time_and_may_fail(self) -> None:
        self.double.ask("slow", {"networks": 2})
        operation = self.insert().execute()
        self.assertEqual(operation["status"], "PENDING")
        subnetwork = {"name": "app", "network": f"projects/{PROJECT}/global/networks/main", "ipCidrRange": "10.0.0.0/24"}
        with self.refused(400, "resourceNotReady"):
            self.compute.subnetworks().insert(project=PROJECT, region=REGION, body=subnetwork).execute()
        look = self.compute.globalOperations().get(project=PROJECT, operation=operation["name"])
        self.assertEqual([look.execute()["status"] for _ in range(2)], ["RUNNING", "DONE"])
        self.double.ask("fail", [{"what": "subnetworks", "code": "QUOTA_EXCEEDED", "message": "Quota 'SUBNETWORKS' exceeded."}])
        ended = self.done(self.compute.subnetworks().insert(project=PROJECT, region=REGION, body=subnetwork))
        self.assertEqual(ended["error"]["errors"][0]["code"], "QUOTA_EXCEEDED")
        self.assertNotIn("compute.subnetworks", self.double.ask("world"))
        self.done(self.compute.subnetworks().insert(project=PROJECT, region=REGION, body=subnetwork))

    def test_lists_come_in_pages_and_filtered(self) -> None:
        for number in range(5):
            self.done(self.compute.globalAddresses().insert(project=PROJECT, body={"name": f"a{number}", "labels": {"n": str(number % 2)}}))
        self.double.ask("pages", {"most": 2})
        addresses, seen = self.compute.globalAddresses(), []
        request = addresses.list(project=PROJECT, maxResults=500)
        while request is not None:
            page = request.execute()
            self.assertLessEqual(len(page["items"]), 2)
            seen += [it["name"] for it in page["items"]]
            request = addresses.list_next(request, page)
        self.assertEqual(seen, [f"a{number}" for number in range(5)])
        self.double.ask("pages", {"most": None})
        for text, names in {
            "labels.n=1": ["a1", "a3"], 'name = "a4"': ["a4"], "(labels.n = 0) (name != a0)": ["a2", "a4"], "name eq a[12]": ["a1", "a2"],
            "name:a3 OR name = a1": ["a1", "a3"], "labels.m:*": [],
        }.items():  # fmt: skip
            found = addresses.list(project=PROJECT, filter=text).execute().get("items", [])
            self.assertEqual([it["name"] for it in found], names, text)
        operations = self.compute.globalOperations().list(project=PROJECT, filter='targetLink eq ".*/a4"').execute()["items"]
        self.assertEqual(len(operations), 1)

    def test_a_client_that_is_killed_at_a_write_never_has_it_carried_out(self) -> None:
        self.double.ask("pause_at_write", {"n": 1, "when": "before"})
        answers: list[Any] = []
        client = threading.Thread(target=lambda: answers.append(self.http("POST", NETWORKS, MAIN)))
        client.start()
        while not self.double.ask("paused")["paused"]:
            pass
        self.assertNotIn("compute.networks", self.double.ask("world"))
        self.double.ask("resume", {})
        client.join()
        self.assertEqual(answers[0][0], 200)

    def test_tokens(self) -> None:
        self.double.ask("limits", {"anonymous": False})
        self.assertEqual(self.http("GET", NETWORKS)[0], 401)
        for token, status in {"expired": 401, "good": 200}.items():
            self.assertEqual(self.http("GET", NETWORKS, token=token)[0], status)
        self.double.ask("limits", {"anonymous": True})
        self.assertEqual(self.http("GET", NETWORKS)[0], 200)

    def test_somebody_else(self) -> None:
        self.double.ask("outside", {"method": "POST", "path": NETWORKS, "body": MAIN})
        self.assertEqual(self.double.ask("calls"), [])
        self.assertEqual([it["name"] for it in self.double.ask("world")["compute.networks"]], ["main"])


class Serving(unittest.TestCase):
    """The process."""

    def test_it_ends_with_its_standard_input(self) -> None:
        self.assertEqual(Double("gcp").stop(), 0)


if __name__ == "__main__":
    unittest.main()
