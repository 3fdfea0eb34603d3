"""Self-test of the double: slowness, held clients, faults, replays and pages are as asked."""

from __future__ import annotations

import threading
import time

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from fixture import DoubleTest, Stack, database


class Time(DoubleTest):
    """Things that are not ready at once, and clients that are killed."""

    def test_a_database_is_on_its_way_and_cannot_be_changed_until_it_is_there(self) -> None:
        self.double.ask("slow", {"rds": 2})
        stack = Stack(self.double)
        rds = database(stack, self.double)
        with self.refused("InvalidDBInstanceState"):
            rds.modify_db_instance(DBInstanceIdentifier="main", BackupRetentionPeriod=7)
        rows = [rds.describe_db_instances(DBInstanceIdentifier="main")["DBInstances"][0] for _ in range(3)]
        self.assertEqual([row["DBInstanceStatus"] for row in rows], ["creating", "creating", "available"])
        self.assertEqual(["Endpoint" in row for row in rows], [False, False, True])

    def test_a_deleted_database_holds_its_groups_until_it_is_gone(self) -> None:
        stack = Stack(self.double)
        rds = database(stack, self.double)
        self.double.ask("slow", {"rds": 2})
        rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
        with self.refused("InvalidDBSubnetGroupStateFault"):
            rds.delete_db_subnet_group(DBSubnetGroupName="main")
        for _ in range(2):
            row = rds.describe_db_instances(DBInstanceIdentifier="main")["DBInstances"][0]
            self.assertEqual(row["DBInstanceStatus"], "deleting")
        with self.refused("DBInstanceNotFound"):
            rds.describe_db_instances(DBInstanceIdentifier="main")
        rds.delete_db_subnet_group(DBSubnetGroupName="main")

    def test_gateways_and_balancers_take_time(self) -> None:
        self.double.ask("slow", {"nat": 1, "balancer": {"seconds": 0.3}})
        stack = Stack(self.double)
        stack.gateway()
        nat, _ = stack.nat("one")
        states = [stack.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["State"] for _ in range(2)]
        self.assertEqual(states, ["pending", "available"])
        stack.ec2.delete_nat_gateway(NatGatewayId=nat)
        states = [stack.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["State"] for _ in range(2)]
        self.assertEqual(states, ["deleting", "deleted"])
        balancing = self.double.client("elbv2")
        made = balancing.create_load_balancer(Name="web", Subnets=stack.subnets)["LoadBalancers"][0]
        self.assertEqual(made["State"]["Code"], "provisioning")
        time.sleep(0.4)
        self.assertEqual(balancing.describe_load_balancers()["LoadBalancers"][0]["State"]["Code"], "active")

    def test_a_client_is_held_at_its_second_write(self) -> None:
        for when, made in (("after", 2), ("before", 1)):
            self.double.ask("reset", {})
            self.double.ask("pause_at_write", {"n": 2, "when": when})
            self.double.client("sns").create_topic(Name="one")
            impatient = self.double.client("sns", read_timeout_s=1)
            with self.assertRaises(ReadTimeoutError):
                impatient.create_topic(Name="two")
            paused = self.double.ask("paused")
            self.assertEqual((paused["paused"], paused["call"]["parameters"]), (True, {"Name": "two"}))
            # Whatever the client sends while it is held waits too.
            waiting = threading.Thread(target=lambda: self.double.client("sns").create_topic(Name="three"))
            waiting.start()
            time.sleep(0.2)
            self.assertTrue(waiting.is_alive())
            self.double.ask("resume", {})
            waiting.join(timeout=10)
            topics = len(self.double.client("sns").list_topics()["Topics"])
            # The client of `two` is gone: what was held before it was carried out never is.
            self.assertEqual(topics, made + 1, when)


class Faults(DoubleTest):
    """Faults, replays and pages."""

    def test_each_fault_is_spelled_as_the_service_spells_it(self) -> None:
        spelled = {
            "throttle": ("RequestLimitExceeded", "Throttling", "Throttling", "ThrottlingException"),
            "500": ("InternalError", "InternalFailure", "InternalFailure", "InternalServerError"),
            "deny": ("UnauthorizedOperation", "AccessDenied", "AccessDenied", "AccessDeniedException"),
            "expired": ("RequestExpired", "ExpiredToken", "ExpiredToken", "ExpiredTokenException"),
        }
        for kind, codes in spelled.items():
            self.double.ask("faults", [{"do": kind, "times": 4}])
            calls = (
                self.double.client("ec2").describe_vpcs,
                self.double.client("rds").describe_db_instances,
                self.double.client("sns").list_topics,
                self.double.client("secretsmanager").list_secrets,
            )
            for call, code in zip(calls, codes, strict=True):
                with self.refused(code):
                    call()

    def test_a_fault_strikes_the_nth_call_only(self) -> None:
        self.double.ask("faults", [{"match": {"service": "ec2", "operation": "CreateVpc", "nth": 2}, "do": "quota"}])
        ec2 = self.double.client("ec2")
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
        with self.refused("VpcLimitExceeded"):
            ec2.create_vpc(CidrBlock="10.1.0.0/16")
        ec2.create_vpc(CidrBlock="10.2.0.0/16")
        self.assertEqual(self.double.ask("faults")[0]["struck"], 1)

    def test_a_share_of_faults_is_the_same_in_each_run(self) -> None:
        def run() -> list[str]:
            self.double.ask("reset", {})
            self.double.ask("faults", [{"do": "500", "share": 0.5, "seed": 7}])
            for _ in range(20):
                try:
                    self.double.client("sts").get_caller_identity()
                except ClientError:
                    pass
            return [call["outcome"] for call in self.double.ask("calls")]

        first = run()
        self.assertEqual(set(first), {"done", "InternalFailure"})
        self.assertEqual(first, run())

    def test_a_lost_answer_was_carried_out_and_a_dropped_call_was_not(self) -> None:
        sns = self.double.client("sns")
        for do, topics in (("drop-before", 0), ("reset", 0), ("answered-but-lost", 1)):
            self.double.ask("faults", [{"match": {"operation": "CreateTopic"}, "do": do}])
            with self.assertRaises(ConnectionClosedError):
                sns.create_topic(Name="alarms")
            self.assertEqual(len(sns.list_topics()["Topics"]), topics, do)

    def test_a_repeated_token_is_the_same_call(self) -> None:
        stack = Stack(self.double)
        address = stack.ec2.allocate_address(Domain="vpc")["AllocationId"]
        asked = {"SubnetId": stack.subnets[0], "AllocationId": address, "ClientToken": "one"}
        first = stack.ec2.create_nat_gateway(**asked)["NatGateway"]["NatGatewayId"]
        self.assertEqual(stack.ec2.create_nat_gateway(**asked)["NatGateway"]["NatGatewayId"], first)
        self.assertEqual(len(stack.ec2.describe_nat_gateways()["NatGateways"]), 1)
        self.assertTrue(self.calls("CreateNatGateway")[1]["replayed"])
        with self.refused("IdempotentParameterMismatch"):
            stack.ec2.create_nat_gateway(**asked | {"SubnetId": stack.subnets[1]})
        self.double.ask("replay", {"on": False})
        with self.refused("Resource.AlreadyAssociated"):
            stack.ec2.create_nat_gateway(**asked)

    def test_a_client_that_does_not_page_loses_things(self) -> None:
        stack = Stack(self.double)
        for at in range(2, 9):
            stack.subnet(at, "a")
        wanted = [{"Name": "vpc-id", "Values": [stack.vpc]}]
        first = stack.ec2.describe_subnets(MaxResults=5, Filters=wanted)
        self.assertEqual((len(first["Subnets"]), "NextToken" in first), (5, True))
        self.double.ask("pages", {"most": 4})
        self.assertEqual(len(stack.ec2.describe_subnets(Filters=wanted)["Subnets"]), 4)
        pages = stack.ec2.get_paginator("describe_subnets").paginate(Filters=wanted)
        self.assertEqual([len(page["Subnets"]) for page in pages], [4, 4, 1])
        with self.refused("InvalidParameterValue"):
            stack.ec2.describe_subnets(NextToken="made-up", Filters=wanted)
        secrets = self.double.client("secretsmanager")
        for at in range(5):
            secrets.create_secret(Name=f"s{at}", SecretString="x")
        names = [s["Name"] for page in secrets.get_paginator("list_secrets").paginate() for s in page["SecretList"]]
        self.assertEqual(sorted(names), [f"s{at}" for at in range(5)])

    def test_a_filter_by_tag_finds_only_what_carries_it(self) -> None:
        stack = Stack(self.double)
        nat, _ = stack.nat("one")
        stack.ec2.create_tags(Resources=[nat], Tags=[{"Key": "loadline", "Value": "shop"}])
        for value, wanted in (("shop", [nat]), ("shop-2", [])):
            found = stack.ec2.describe_nat_gateways(Filters=[{"Name": "tag:loadline", "Values": [value]}])
            self.assertEqual([row["NatGatewayId"] for row in found["NatGateways"]], wanted)

    def test_writes_are_counted(self) -> None:
        Stack(self.double)
        self.double.client("ec2").describe_vpcs()
        self.assertEqual(self.double.ask("writes"), {"writes": 4})

    def test_what_was_just_made_is_in_no_list_for_a_while(self) -> None:
        self.double.ask("lag", {"seconds": 0.4})
        ec2 = self.double.client("ec2")
        made = ec2.allocate_address(Domain="vpc")["AllocationId"]
        self.assertEqual(ec2.describe_addresses()["Addresses"], [])
        self.assertEqual(len(ec2.describe_addresses(AllocationIds=[made])["Addresses"]), 1)
        self.assertIn(made, [thing["id"] for thing in self.double.ask("world")])
        time.sleep(0.5)
        self.assertEqual([row["AllocationId"] for row in ec2.describe_addresses()["Addresses"]], [made])

    def test_the_world_holds_what_is_there_with_its_tags_and_parents(self) -> None:
        stack = Stack(self.double)
        rds = database(stack, self.double)
        tags = [{"Key": "loadline", "Value": "shop"}]
        topic = self.double.client("sns").create_topic(Name="alarms", Tags=tags)["TopicArn"]
        self.double.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.org")
        made = self.double.ask("outside", {"service": "ec2", "operation": "AllocateAddress", "parameters": {}})
        world = self.double.ask("world")
        found = {(thing["what"], thing["id"]): thing for thing in world}
        self.assertEqual(found["topic", topic]["tags"], {"loadline": "shop"})
        self.assertIn(("database", "main"), found)
        self.assertIn(("vpc", stack.vpc), found)
        self.assertIn(("address", made["AllocationId"]), found)
        self.assertEqual([thing["of"] for thing in world if thing["what"] == "subscription"], [topic])
        parameters = [thing["row"]["DBParameterGroupName"] for thing in world if thing["what"] == "database-parameters"]
        self.assertEqual(parameters, ["main"])
        self.assertNotIn("AllocateAddress", [call["operation"] for call in self.double.ask("calls")])
        self.assertEqual(len(rds.describe_db_instances()["DBInstances"]), 1)
