"""The double of Google Cloud: networks and the load balancer, in the order in which they can be made and removed."""

from __future__ import annotations

import unittest
from typing import Any

from fixture_gcp import PROJECT, REGION, Cloud

GLOBAL = f"projects/{PROJECT}/global"


class Network(Cloud):
    """Networks and what is in them."""

    def test_a_network_goes_last(self) -> None:
        network = self.network()
        allowed = [{"IPProtocol": "tcp", "ports": ["22"]}]
        rule = {"name": "ssh", "network": network, "allowed": allowed, "sourceRanges": ["203.0.113.0/24"]}
        self.done(self.compute.firewalls().insert(project=PROJECT, body=rule))
        nat = {"name": "nat", "natIpAllocateOption": "AUTO_ONLY", "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}
        self.done(self.compute.routers().insert(project=PROJECT, region=REGION, body={"name": "main", "network": network, "nats": [nat]}))
        remove = self.compute.networks().delete(project=PROJECT, network="main")
        for before in (
            self.compute.firewalls().delete(project=PROJECT, firewall="ssh"),
            self.compute.routers().delete(project=PROJECT, region=REGION, router="main"),
            self.compute.subnetworks().delete(project=PROJECT, region=REGION, subnetwork="app"),
        ):
            with self.refused(400, "resourceInUseByAnotherResource"):
                remove.execute()
            self.done(before)
        self.done(remove)
        with self.refused(404, "notFound"):
            remove.execute()

    def test_what_does_not_fit_is_refused(self) -> None:
        network = self.network()
        subnetworks = self.compute.subnetworks()
        with self.refused(400, "invalid"):
            body = {"name": "other", "network": network, "ipCidrRange": "10.64.1.0/24"}
            subnetworks.insert(project=PROJECT, region=REGION, body=body).execute()
        with self.refused(400, "invalid"):
            self.compute.networks().insert(project=PROJECT, body={"name": "Main", "autoCreateSubnetworks": False}).execute()
        with self.refused(409, "alreadyExists"):
            self.compute.networks().insert(project=PROJECT, body={"name": "main", "autoCreateSubnetworks": False}).execute()
        with self.refused(404, "notFound"):
            body = {"name": "ssh", "network": f"{GLOBAL}/networks/other", "allowed": [{"IPProtocol": "tcp"}]}
            self.compute.firewalls().insert(project=PROJECT, body=body).execute()
        app = {"project": PROJECT, "region": REGION, "subnetwork": "app"}
        with self.refused(412, "conditionNotMet"):
            subnetworks.patch(**app, body={"logConfig": {"enable": True}, "fingerprint": "AAAAAAAAAAA="}).execute()
        there = subnetworks.get(**app).execute()
        self.done(subnetworks.patch(**app, body={"logConfig": {"enable": True}, "fingerprint": there["fingerprint"]}))
        with self.refused(400, "invalid"):
            self.template("wrong", "c2d-highcpu-7")

    def test_quotas_are_counted(self) -> None:
        self.double.ask("limits", {"quotas": {"NETWORKS": 1}})
        self.network()
        with self.refused(403, "quotaExceeded"):
            self.compute.networks().insert(project=PROJECT, body={"name": "more", "autoCreateSubnetworks": False}).execute()
        quotas = {it["metric"]: it for it in self.compute.projects().get(project=PROJECT).execute()["quotas"]}
        self.assertEqual((quotas["NETWORKS"]["limit"], quotas["NETWORKS"]["usage"]), (1, 1))

    def test_what_is_sold(self) -> None:
        types = self.compute.machineTypes()
        self.assertEqual(types.get(project=PROJECT, zone="us-central1-a", machineType="c2d-highcpu-8").execute()["guestCpus"], 8)
        self.double.ask("limits", {"unsold": ["us-central1-a/c2d-highcpu-8"]})
        with self.refused(404, "notFound"):
            types.get(project=PROJECT, zone="us-central1-a", machineType="c2d-highcpu-8").execute()
        images = self.compute.images()
        self.assertEqual(images.getFromFamily(project="ubuntu-os-cloud", family="ubuntu-2404-lts-amd64").execute()["status"], "READY")
        with self.refused(404, "notFound"):
            images.getFromFamily(project="ubuntu-os-cloud", family="plan-9").execute()
        regions = self.compute.regions().list(project=PROJECT).execute()["items"]
        self.assertIn(REGION, [it["name"] for it in regions])


class Balancer(Cloud):
    """From the address to the machines."""

    def made(self, family: Any, body: dict[str, Any]) -> None:
        """One more of a global family."""
        self.done(family.insert(project=PROJECT, body=body))

    def test_each_part_holds_what_it_needs(self) -> None:
        self.network()
        group = self.group(2)
        machines = group.replace("/instanceGroupManagers/", "/instanceGroups/")
        compute = self.compute
        self.made(compute.healthChecks(), {"name": "app", "type": "HTTP", "httpHealthCheck": {"port": 8000}})
        backend = {
            "name": "app", "loadBalancingScheme": "EXTERNAL_MANAGED", "healthChecks": [f"{GLOBAL}/healthChecks/app"],
            "backends": [{"group": machines}],
        }  # fmt: skip
        self.made(compute.backendServices(), backend)
        self.made(compute.urlMaps(), {"name": "app", "defaultService": f"{GLOBAL}/backendServices/app"})
        self.made(compute.sslPolicies(), {"name": "app", "profile": "MODERN", "minTlsVersion": "TLS_1_2"})
        self.made(compute.sslCertificates(), {"name": "main", "type": "MANAGED", "managed": {"domains": ["example.org"]}})
        proxy = {"name": "app", "urlMap": f"{GLOBAL}/urlMaps/app", "sslCertificates": [f"{GLOBAL}/sslCertificates/main"]}
        self.made(compute.targetHttpsProxies(), proxy)
        proxies = compute.targetHttpsProxies()
        self.done(proxies.setSslPolicy(project=PROJECT, targetHttpsProxy="app", body={"sslPolicy": f"{GLOBAL}/sslPolicies/app"}))
        self.made(compute.globalAddresses(), {"name": "balancer"})
        rule = {
            "name": "https", "IPAddress": f"{GLOBAL}/addresses/balancer", "portRange": "443", "target": f"{GLOBAL}/targetHttpsProxies/app",
            "loadBalancingScheme": "EXTERNAL_MANAGED", "labels": {"loadline-deployment": "shop"},
        }  # fmt: skip
        self.made(compute.globalForwardingRules(), rule)
        shown = compute.globalForwardingRules().get(project=PROJECT, forwardingRule="https").execute()
        self.assertEqual(shown["portRange"], "443-443")
        with self.refused(412, "conditionNotMet"):
            labels = {"labels": {}, "labelFingerprint": "AAAAAAAAAAA="}
            compute.globalForwardingRules().setLabels(project=PROJECT, resource="https", body=labels).execute()
        self.assertEqual(compute.globalAddresses().get(project=PROJECT, address="balancer").execute()["status"], "IN_USE")
        removals = [
            compute.globalForwardingRules().delete(project=PROJECT, forwardingRule="https"),
            compute.targetHttpsProxies().delete(project=PROJECT, targetHttpsProxy="app"),
            compute.urlMaps().delete(project=PROJECT, urlMap="app"),
            compute.backendServices().delete(project=PROJECT, backendService="app"),
        ]
        last = [
            compute.healthChecks().delete(project=PROJECT, healthCheck="app"),
            self.managers().delete(**self.app),
        ]
        others = [
            compute.globalAddresses().delete(project=PROJECT, address="balancer"),
            compute.sslPolicies().delete(project=PROJECT, sslPolicy="app"),
        ]
        for request in [*removals[1:], *last, *others]:
            with self.refused(400, "resourceInUseByAnotherResource"):
                request.execute()
        for request in [*removals, *last, *others]:
            self.done(request)

    def test_a_map_of_certificates_in_place_of_certificates(self) -> None:
        maps = self.client("certificatemanager", "v1").projects().locations().certificateMaps()
        home = f"projects/{PROJECT}/locations/global"
        self.made(self.compute.urlMaps(), {"name": "app", "defaultUrlRedirect": {"httpsRedirect": True}})
        name = f"//certificatemanager.googleapis.com/{home}/certificateMaps/main"
        proxy = {"name": "app", "urlMap": f"{GLOBAL}/urlMaps/app", "certificateMap": name}
        with self.refused(400, "invalid"):
            self.compute.targetHttpsProxies().insert(project=PROJECT, body=proxy).execute()
        maps.create(parent=home, certificateMapId="main", body={"description": "main"}).execute()
        self.made(self.compute.targetHttpsProxies(), proxy)
        with self.refused(400, "FAILED_PRECONDITION"):
            maps.delete(name=f"{home}/certificateMaps/main").execute()

    def test_the_url_map_of_a_proxy_can_be_set(self) -> None:
        redirect = {"httpsRedirect": True, "stripQuery": False}
        self.made(self.compute.urlMaps(), {"name": "one", "defaultUrlRedirect": redirect})
        self.made(self.compute.urlMaps(), {"name": "two", "defaultUrlRedirect": redirect})
        self.made(self.compute.targetHttpProxies(), {"name": "app", "urlMap": f"{GLOBAL}/urlMaps/one"})
        two = {"urlMap": f"{GLOBAL}/urlMaps/two"}
        id = "22222222-2222-4222-8222-222222222222"
        change = self.compute.targetHttpProxies().setUrlMap(project=PROJECT, targetHttpProxy="app", requestId=id, body=two)
        self.assertEqual(self.done(change)["id"], self.done(change)["id"])
        shown = self.compute.targetHttpProxies().get(project=PROJECT, targetHttpProxy="app").execute()
        self.assertTrue(shown["urlMap"].endswith("/urlMaps/two"))


if __name__ == "__main__":
    unittest.main()
