"""The double of DigitalOcean: what it refuses, and that it is held against the description itself."""

from __future__ import annotations

import json
import os
import sys
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from aws.decode import Http  # noqa: E402

from digitalocean.describe import Description, Undescribed, load  # noqa: E402
from digitalocean.desk import Desk  # noqa: E402

_BESIDE = Path(__file__).resolve().parents[2] / "../shared/apis/digitalocean-openapi.yaml"
_PATH = Path(os.environ.get("LOADLINE_DIGITALOCEAN_OPENAPI") or _BESIDE)


class Account(unittest.TestCase):
    """An empty account."""

    def setUp(self) -> None:
        self.desk = Desk(None)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and body."""
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self.desk.serve(Http(method, path, {"authorization": "Bearer x"}, sent), lambda: False)
        return answer.status, json.loads(answer.body) if answer.body else None

    def network(self) -> str:
        """A network."""
        return str(self.call("POST", "/v2/vpcs", {"name": "net", "region": "nyc3"})[1]["vpc"]["id"])

    def machine(self, **more: Any) -> tuple[int, Any]:
        """A machine."""
        asked = {"name": "web", "region": "nyc3", "size": "c-2", "image": "ubuntu-24-04-x64", **more}
        return self.call("POST", "/v2/droplets", asked)


class Rules(Account):
    """What the cloud refuses."""

    def test_a_network_with_a_machine_in_it_stays(self) -> None:
        network = self.network()
        machine = self.machine(vpc_uuid=network)[1]["droplet"]["id"]
        self.assertEqual(self.call("DELETE", f"/v2/vpcs/{network}")[0], 403)
        self.assertEqual(self.call("DELETE", f"/v2/droplets/{machine}")[0], 204)
        self.assertEqual(self.call("DELETE", f"/v2/vpcs/{network}")[0], 204)

    def test_a_machine_that_takes_its_time_to_go_holds_its_network(self) -> None:
        self.desk.world.slow = {"droplet": 1}
        network = self.network()
        machine = self.machine(vpc_uuid=network)[1]["droplet"]["id"]
        self.call("DELETE", f"/v2/droplets/{machine}")
        self.assertEqual(self.call("DELETE", f"/v2/vpcs/{network}")[0], 403)
        self.assertEqual(self.call("DELETE", f"/v2/vpcs/{network}")[0], 204)

    def test_a_machine_is_resized_only_when_it_is_off_and_its_disk_never_shrinks(self) -> None:
        path = f"/v2/droplets/{self.machine(size='c-4')[1]['droplet']['id']}/actions"
        resize = {"type": "resize", "size": "c-8", "disk": False}
        self.assertEqual(self.call("POST", path, resize)[0], 422)
        self.assertEqual(self.call("POST", path, {"type": "power_off"})[0], 201)
        self.assertEqual(self.call("POST", path, {**resize, "size": "c-2"})[0], 422)
        self.assertEqual(self.call("POST", path, resize)[0], 201)

    def test_without_a_token_nothing_is_answered(self) -> None:
        answer = self.desk.serve(Http("GET", "/v2/account", {}, b""), lambda: False)
        self.assertEqual(answer.status, 401)

    def test_pages_name_the_host_of_the_cloud_and_hold_everything_once(self) -> None:
        for number in range(5):
            self.call("POST", "/v2/tags", {"name": f"tag-{number}"})
        self.desk.most_per_page = 2
        seen, page = [], 1
        while True:
            body = self.call("GET", f"/v2/tags?per_page=200&page={page}")[1]
            seen += [tag["name"] for tag in body["tags"]]
            if "next" not in body["links"].get("pages", {}):
                break
            self.assertTrue(body["links"]["pages"]["next"].startswith("https://api.digitalocean.com/"))
            page += 1
        self.assertEqual(seen, [f"tag-{number}" for number in range(5)])


@unittest.skipUnless(_PATH.is_file(), "LOADLINE_DIGITALOCEAN_OPENAPI names no description")
class Described(Account):
    """What the description refuses."""

    description: Description

    @classmethod
    def setUpClass(cls) -> None:
        cls.description = Description(load(_PATH))

    def setUp(self) -> None:
        self.desk = Desk(self.description)

    def refused(self, method: str, path: str, body: Any = None) -> None:
        """Passes if the description refuses the call."""
        status, said = self.call(method, path, body)
        self.assertEqual((status, said["id"]), (400, "not_described"), said)

    def test_unknown_fields_are_refused_at_every_depth(self) -> None:
        vpc = {"name": "net", "region": "nyc3"}
        self.assertEqual(self.call("POST", "/v2/vpcs", vpc)[0], 201)
        self.refused("POST", "/v2/vpcs", {**vpc, "colour": "blue"})
        rule = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}
        balancer = {"name": "lb", "region": "nyc3", "tag": "web", "forwarding_rules": [rule]}
        self.call("POST", "/v2/tags", {"name": "web"})
        self.refused("POST", "/v2/load_balancers", {**balancer, "forwarding_rules": [{**rule, "weight": 1}]})
        self.refused("POST", "/v2/load_balancers", {**balancer, "health_check": {"every_s": 3}})
        self.assertEqual(self.call("POST", "/v2/load_balancers", balancer)[0], 202)

    def test_what_only_the_cloud_sets_wrong_names_and_wrong_places_are_refused(self) -> None:
        self.refused("POST", "/v2/projects", {"name": "p", "purpose": "x", "id": "4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679"})
        self.refused("POST", "/v2/vpcs", {"name": "no spaces", "region": "nyc3"})
        self.refused("POST", "/v2/projects", {"name": "p"})
        self.refused("GET", "/v2/tags?colour=blue")
        self.refused("PUT", "/v2/tags")
        self.refused("DELETE", "/v2/droplets/autoscale/1/dangerous")

    def test_a_wrong_answer_of_the_double_is_noticed(self) -> None:
        self.description.check_answer("GET", "/v2/account", 200, self.call("GET", "/v2/account")[1])
        for wrong in ({"account": {}}, {"account": {**self.call("GET", "/v2/account")[1]["account"], "colour": "blue"}}):
            with self.assertRaises(Undescribed):
                self.description.check_answer("GET", "/v2/account", 200, wrong)
        with self.assertRaises(Undescribed):
            self.description.check_answer("GET", "/v2/account", 204, None)


if __name__ == "__main__":
    unittest.main()
