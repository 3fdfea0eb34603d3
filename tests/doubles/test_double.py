"""Self-test of the double: what AWS would accept is accepted in each protocol, what it would refuse is refused, and faults, pages and
replays are as asked."""

from __future__ import annotations

import threading
import time
import unittest
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from fixture import REGION, Double, DoubleTest, Stack, database


class Protocols(DoubleTest):
    """Valid calls in each protocol, and invalid ones in each."""

    def test_ec2_takes_tags_and_gives_them_back(self) -> None:
        ec2 = self.double.client("ec2")
        tags = [{"Key": "loadline", "Value": "a <b> & c"}]
        made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])
        found = ec2.describe_vpcs(Filters=[{"Name": "tag:loadline", "Values": ["a <b> & c"]}])["Vpcs"]
        self.assertEqual([vpc["VpcId"] for vpc in found], [made["Vpc"]["VpcId"]])
        self.assertEqual(found[0]["Tags"], tags)

    def test_query_takes_lists_and_times(self) -> None:
        iam = self.double.client("iam")
        policy = '{"Version":"2012-10-17","Statement":[]}'
        role = iam.create_role(RoleName="app", AssumeRolePolicyDocument=policy, Tags=[{"Key": "a", "Value": "b"}])
        self.assertEqual(iam.get_role(RoleName="app")["Role"]["CreateDate"], role["Role"]["CreateDate"])
        sns = self.double.client("sns")
        arn = sns.create_topic(Name="alarms", Attributes={"DisplayName": "alarms"})["TopicArn"]
        self.assertEqual(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"], "alarms")

    def test_json_takes_a_secret_and_the_journal_masks_it(self) -> None:
        secrets = self.double.client("secretsmanager")
        secrets.create_secret(Name="main/database", SecretString="tOp-s3cret")
        self.assertEqual(secrets.get_secret_value(SecretId="main/database")["SecretString"], "tOp-s3cret")
        self.assertEqual(self.calls("CreateSecret")[0]["parameters"]["SecretString"], "***")
        self.assertNotIn("tOp-s3cret", str(self.double.ask("calls")))

    def test_cbor_takes_an_alarm_and_tells_of_it(self) -> None:
        alarm = {"AlarmName": "cpu", "Namespace": "AWS/RDS", "MetricName": "CPUUtilization", "Statistic": "Average"}
        figures = {"Period": 60, "EvaluationPeriods": 5, "Threshold": 85.5, "ActionsEnabled": True}
        comparison = {"ComparisonOperator": "GreaterThanThreshold"}
        status, said = self.double.cbor("cloudwatch", "PutMetricAlarm", alarm | figures | comparison)
        self.assertEqual(status, 200, said)
        status, said = self.double.cbor("cloudwatch", "DescribeAlarms", {"AlarmNames": ["cpu"]})
        found = said["MetricAlarms"][0]
        self.assertEqual((found["Threshold"], found["EvaluationPeriods"], found["ActionsEnabled"]), (85.5, 5, True))
        by_json = self.double.client("cloudwatch").describe_alarms(AlarmNames=["cpu"])["MetricAlarms"][0]
        for moment in ("StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp"):
            self.assertEqual(found[moment], by_json[moment])
        self.assertEqual([call["protocol"] for call in self.calls("DescribeAlarms")], ["smithy-rpc-v2-cbor", "json"])
        status, said = self.double.cbor("cloudwatch", "PutMetricAlarm", alarm | figures | {"ComparisonOperator": "Above"})
        self.assertEqual((status, said["Error"]["Code"]), (400, "ValidationError"))
        status, said = self.double.cbor("resourcegroupstaggingapi", "GetResources", {})
        self.assertEqual((status, said["ResourceTagMappingList"]), (200, []))

    def test_rest_json_takes_a_vault(self) -> None:
        backup = self.double.client("backup")
        backup.create_backup_vault(BackupVaultName="main", BackupVaultTags={"a": "b"})
        self.assertEqual(backup.describe_backup_vault(BackupVaultName="main")["BackupVaultName"], "main")

    def test_the_tagging_api_sees_what_was_added_to_moto(self) -> None:
        cache = self.double.client("elasticache")
        family = {"CacheParameterGroupFamily": "valkey8", "Description": "main"}
        tags = [{"Key": "loadline", "Value": "shop"}]
        cache.create_cache_parameter_group(CacheParameterGroupName="main", **family, Tags=tags)
        tagging = self.double.client("resourcegroupstaggingapi")
        found = tagging.get_resources(TagFilters=[{"Key": "loadline", "Values": ["shop"]}])
        arns = [row["ResourceARN"] for row in found["ResourceTagMappingList"]]
        self.assertEqual(arns, [f"arn:aws:elasticache:{REGION}:123456789012:parametergroup:main"])

    def test_what_the_model_does_not_describe_is_refused_in_each_protocol(self) -> None:
        def client(service: str) -> Any:
            return self.double.client(service, checking=False)

        with self.refused("InvalidParameterValue"):
            client("ec2").run_instances(MinCount=1, MaxCount=1, ImageId="ami-1", InstanceType="m99.huge")
        with self.refused("MissingParameter"):
            client("ec2").create_subnet(CidrBlock="10.0.0.0/24")
        with self.refused("InvalidParameterValue"):
            client("rds").create_db_instance(DBInstanceIdentifier="a", DBInstanceClass="db.m6g.large", Engine="mysql", AllocatedStorage="much")
        with self.refused("ValidationError"):
            client("elbv2").create_target_group(Name="app", Port=99999, Protocol="HTTP")
        with self.refused("ValidationException"):
            client("secretsmanager").create_secret(Name="")
        with self.refused("ValidationError"):
            client("cloudwatch").put_metric_alarm(AlarmName="cpu", EvaluationPeriods=1, ComparisonOperator="Above")
        with self.refused("ValidationException"):
            client("backup").create_backup_vault(BackupVaultName="not a name")

    def test_unknown_parameters_are_refused_on_the_wire(self) -> None:
        import urllib.error
        import urllib.request

        scope = f"AWS4-HMAC-SHA256 Credential=A/20260101/{REGION}/%s/aws4_request, SignedHeaders=host, Signature=0"
        wires = [
            ("ec2", {}, b"Action=DescribeVpcs&Version=2016-11-15&Nonsense=1", b"UnknownParameter"),
            ("rds", {}, b"Action=DescribeDBInstances&Version=2014-10-31&Filters.Filter.1.Nme=a", b"not recognized"),
            ("ssm", {"X-Amz-Target": "AmazonSSM.GetParameter"}, b'{"Name": "/a", "Nonsense": 1}', b"SerializationException"),
            ("autoscaling", {}, b"Action=NoSuchAction&Version=2011-01-01", b"InvalidAction"),
        ]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for service, headers, body, said in wires:
            request = urllib.request.Request(self.double.endpoint, body, {"Authorization": scope % service, **headers})
            with self.assertRaises(urllib.error.HTTPError) as caught:
                opener.open(request, timeout=10)
            self.assertEqual(caught.exception.code, 400)
            self.assertIn(said, caught.exception.read())


class Rules(DoubleTest):
    """Orders and figures that AWS refuses and moto takes."""

    def test_what_is_in_use_stays_and_the_right_order_goes_through(self) -> None:
        stack = Stack(self.double)
        ec2, gateway, (nat, address) = stack.ec2, stack.gateway(), stack.nat("one")
        pair = [{"GroupId": stack.group}]
        rules = [{"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "UserIdGroupPairs": pair}]
        inner = ec2.create_security_group(VpcId=stack.vpc, GroupName="database", Description="database")["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=inner, IpPermissions=rules)
        with self.refused("DependencyViolation"):
            ec2.delete_subnet(SubnetId=stack.subnets[0])
        with self.refused("DependencyViolation"):
            ec2.delete_security_group(GroupId=stack.group)
        with self.refused("InvalidIPAddress.InUse"):
            ec2.release_address(AllocationId=address)
        with self.refused("DependencyViolation"):
            ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=stack.vpc)
        with self.refused("DependencyViolation"):
            ec2.delete_vpc(VpcId=stack.vpc)
        ec2.delete_nat_gateway(NatGatewayId=nat)
        ec2.release_address(AllocationId=address)
        ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=stack.vpc)
        ec2.delete_internet_gateway(InternetGatewayId=gateway)
        for subnet in stack.subnets:
            ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_security_group(GroupId=inner)
        ec2.delete_security_group(GroupId=stack.group)
        ec2.delete_vpc(VpcId=stack.vpc)

    def test_a_database_goes_with_a_word_about_its_snapshot_and_before_its_groups(self) -> None:
        stack = Stack(self.double)
        rds = database(stack, self.double)
        with self.refused("InvalidParameterCombination"):
            rds.delete_db_instance(DBInstanceIdentifier="main")
        with self.refused("InvalidDBSubnetGroupStateFault"):
            rds.delete_db_subnet_group(DBSubnetGroupName="main")
        with self.refused("InvalidDBParameterGroupState"):
            rds.delete_db_parameter_group(DBParameterGroupName="main")
        with self.refused("DependencyViolation"):
            stack.ec2.delete_subnet(SubnetId=stack.subnets[1])
        with self.refused("DependencyViolation"):
            stack.ec2.delete_security_group(GroupId=stack.group)
        rds.delete_db_instance(DBInstanceIdentifier="main", FinalDBSnapshotIdentifier="main-final")
        rds.delete_db_subnet_group(DBSubnetGroupName="main")
        rds.delete_db_parameter_group(DBParameterGroupName="main")
        stack.ec2.delete_subnet(SubnetId=stack.subnets[1])

    def test_figures_that_no_database_has_are_refused(self) -> None:
        stack = Stack(self.double)
        for more in ({"DBInstanceClass": "db.m6g.tiny"}, {"AllocatedStorage": 5}, {"BackupRetentionPeriod": 36}):
            with self.refused("InvalidParameterValue"):
                database(stack, self.double, **more)
        with self.refused("InvalidParameterCombination"):
            database(stack, self.double, AllocatedStorage=100, Iops=12000)
        rds = self.double.client("rds")
        many = [{"ParameterName": f"p{at}", "ParameterValue": "1", "ApplyMethod": "pending-reboot"} for at in range(21)]
        with self.refused("InvalidParameterValue"):
            rds.modify_db_parameter_group(DBParameterGroupName="main", Parameters=many)

    def test_a_balancer_needs_two_zones_and_a_short_name(self) -> None:
        stack = Stack(self.double)
        stack.gateway()
        balancing = self.double.client("elbv2")
        with self.refused("ValidationError"):
            balancing.create_load_balancer(Name="web", Subnets=stack.subnets[:1])
        with self.refused("ValidationError"):
            balancing.create_load_balancer(Name="w" * 33, Subnets=stack.subnets)
        balancing.create_load_balancer(Name="web", Subnets=stack.subnets, SecurityGroups=[stack.group])
        with self.refused("DependencyViolation"):
            stack.ec2.delete_subnet(SubnetId=stack.subnets[0])

    def test_a_cache_holds_its_groups(self) -> None:
        stack = Stack(self.double)
        cache = self.double.client("elasticache")
        cache.create_cache_subnet_group(CacheSubnetGroupName="main", CacheSubnetGroupDescription="main", SubnetIds=stack.subnets)
        cache.create_cache_parameter_group(CacheParameterGroupName="main", CacheParameterGroupFamily="valkey8", Description="main")
        value = [{"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}]
        cache.modify_cache_parameter_group(CacheParameterGroupName="main", ParameterNameValues=value)
        with self.refused("InvalidParameterValue"):
            wrong = [{"ParameterName": "maxmemory-policy", "ParameterValue": "never"}]
            cache.modify_cache_parameter_group(CacheParameterGroupName="main", ParameterNameValues=wrong)
        asked: dict[str, Any] = {"Engine": "valkey", "CacheNodeType": "cache.r6g.large", "NumCacheClusters": 2}
        groups = {"CacheSubnetGroupName": "main", "CacheParameterGroupName": "main", "SecurityGroupIds": [stack.group]}
        with self.refused("CacheParameterGroupNotFound"):
            cache.create_replication_group(ReplicationGroupId="a", ReplicationGroupDescription="a", **asked, CacheParameterGroupName="other")
        cache.create_replication_group(ReplicationGroupId="main", ReplicationGroupDescription="main", AutomaticFailoverEnabled=True, **asked, **groups)
        with self.refused("CacheSubnetGroupInUse"):
            cache.delete_cache_subnet_group(CacheSubnetGroupName="main")
        with self.refused("InvalidCacheParameterGroupState"):
            cache.delete_cache_parameter_group(CacheParameterGroupName="main")
        with self.refused("DependencyViolation"):
            stack.ec2.delete_security_group(GroupId=stack.group)
        user = cache.describe_cache_parameters(CacheParameterGroupName="main", Source="user")["Parameters"]
        self.assertEqual([(row["ParameterName"], row["ParameterValue"]) for row in user], [("maxmemory-policy", "noeviction")])
        cache.delete_replication_group(ReplicationGroupId="main")
        cache.delete_cache_subnet_group(CacheSubnetGroupName="main")
        cache.delete_cache_parameter_group(CacheParameterGroupName="main")
        with self.refused("CacheSubnetGroupNotFoundFault"):
            cache.describe_cache_subnet_groups(CacheSubnetGroupName="main")


class Fleet(DoubleTest):
    """Machines: the image that a parameter names, groups over zones, refreshes, quotas."""

    def group(self, stack: Stack) -> Any:
        data = {
            "ImageId": "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
            "InstanceType": "m7g.large",
            "KeyName": "ops",
            "SecurityGroupIds": [stack.group],
        }
        stack.ec2.create_key_pair(KeyName="ops")
        template = stack.ec2.create_launch_template(LaunchTemplateName="app", LaunchTemplateData=data)["LaunchTemplate"]
        scaling = self.double.client("autoscaling")
        scaling.create_auto_scaling_group(
            AutoScalingGroupName="app",
            MinSize=2,
            MaxSize=4,
            LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
            VPCZoneIdentifier=",".join(stack.subnets),
        )
        return scaling

    def test_a_group_spreads_its_machines_and_is_made_once(self) -> None:
        stack = Stack(self.double)
        scaling = self.group(stack)
        group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["app"])["AutoScalingGroups"][0]
        self.assertEqual({row["AvailabilityZone"] for row in group["Instances"]}, {f"{REGION}a", f"{REGION}b"})
        with self.refused("AlreadyExists"):
            scaling.create_auto_scaling_group(AutoScalingGroupName="app", MinSize=1, MaxSize=1, AvailabilityZones=[f"{REGION}a"])
        with self.refused("ResourceInUse"):
            scaling.delete_auto_scaling_group(AutoScalingGroupName="app")
        with self.refused("DependencyViolation"):
            stack.ec2.delete_subnet(SubnetId=stack.subnets[1])
        scaling.delete_auto_scaling_group(AutoScalingGroupName="app", ForceDelete=True)

    def test_a_refresh_replaces_the_machines(self) -> None:
        scaling = self.group(Stack(self.double))

        def machines() -> set[str]:
            group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["app"])["AutoScalingGroups"][0]
            return {row["InstanceId"] for row in group["Instances"]}

        before = machines()
        scaling.start_instance_refresh(AutoScalingGroupName="app")
        with self.refused("InstanceRefreshInProgress"):
            scaling.start_instance_refresh(AutoScalingGroupName="app")
        states = [scaling.describe_instance_refreshes(AutoScalingGroupName="app")["InstanceRefreshes"][0]["Status"] for _ in range(3)]
        self.assertEqual(states, ["Pending", "InProgress", "Successful"])
        self.assertEqual((len(machines()), machines() & before), (2, set()))

    def test_the_parameter_of_an_image_names_one_that_can_be_described(self) -> None:
        name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
        image = self.double.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
        found = self.double.client("ec2").describe_images(ImageIds=[image])["Images"][0]
        self.assertEqual((found["Architecture"], found["OwnerId"]), ("x86_64", "099720109477"))

    def test_quotas_and_engine_versions_can_be_asked(self) -> None:
        quotas = self.double.client("service-quotas")
        self.assertEqual(quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]["Value"], 5.0)
        self.assertTrue(quotas.list_service_quotas(ServiceCode="vpc")["Quotas"])
        versions = self.double.client("rds").describe_db_engine_versions(Engine="mysql", EngineVersion="8.4")
        self.assertEqual({row["DBParameterGroupFamily"] for row in versions["DBEngineVersions"]}, {"mysql8.4"})


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
            impatient = self.double.client("sns", read_timeout_s=1)
            impatient.create_topic(Name="one")
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
            "throttle": ("RequestLimitExceeded", "Throttling", "ThrottlingException", "Throttling"),
            "500": ("InternalError", "InternalFailure", "InternalServerError", "InternalFailure"),
            "deny": ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AccessDenied"),
            "expired": ("RequestExpired", "ExpiredToken", "ExpiredTokenException", "ExpiredToken"),
        }
        for kind, codes in spelled.items():
            self.double.ask("faults", [{"do": kind, "times": 4}])
            calls = (
                lambda: self.double.client("ec2").describe_vpcs(),
                lambda: self.double.client("rds").describe_db_instances(),
                lambda: self.double.client("ssm").get_parameters(Names=["/a"]),
                lambda: self.double.client("cloudwatch").describe_alarms(),
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


class Process(unittest.TestCase):
    """The process of the double."""

    def test_it_ends_with_its_input_and_takes_moto_along(self) -> None:
        double = Double()
        pid = double.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ended = double.stop()
        self.assertEqual((len(children), ended), (1, 0))
        self.assertFalse(Path(f"/proc/{children[0]}").exists())


if __name__ == "__main__":
    unittest.main()
