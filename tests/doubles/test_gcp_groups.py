"""The double of Google Cloud: machines in groups."""

from __future__ import annotations

import unittest

from fixture_gcp import PROJECT, REGION, ZONES, Cloud


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
        self.assertNotIn("compute.instances", self.double.ask("world"))

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
