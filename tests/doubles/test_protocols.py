"""Self-test of the double: what AWS would accept is accepted in each protocol, and what no model describes is refused."""

from __future__ import annotations

import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from fixture import REGION, Double, DoubleTest


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
        status, said = self.double.cbor(
            "cloudwatch", "PutMetricAlarm", alarm | figures | {"ComparisonOperator": "Above"}
        )
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
            client("rds").create_db_instance(
                DBInstanceIdentifier="a", DBInstanceClass="db.m6g.large", Engine="mysql", AllocatedStorage="much"
            )
        with self.refused("ValidationError"):
            client("elbv2").create_target_group(Name="app", Port=99999, Protocol="HTTP")
        with self.refused("ValidationException"):
            client("secretsmanager").create_secret(Name="")
        with self.refused("ValidationError"):
            client("cloudwatch").put_metric_alarm(AlarmName="cpu", EvaluationPeriods=1, ComparisonOperator="Above")
        with self.refused("ValidationException"):
            client("backup").create_backup_vault(BackupVaultName="not a name")

    def test_unknown_parameters_are_refused_on_the_wire(self) -> None:
        scope = f"AWS4-HMAC-SHA256 Credential=A/20260101/{REGION}/%s/aws4_request, SignedHeaders=host, Signature=0"
        wires = [
            ("ec2", {}, b"Action=DescribeVpcs&Version=2016-11-15&Nonsense=1", b"UnknownParameter"),
            ("rds", {}, b"Action=DescribeDBInstances&Version=2014-10-31&Filters.Filter.1.Nme=a", b"not recognized"),
            (
                "ssm",
                {"X-Amz-Target": "AmazonSSM.GetParameter"},
                b'{"Name": "/a", "Nonsense": 1}',
                b"SerializationException",
            ),
            ("autoscaling", {}, b"Action=NoSuchAction&Version=2011-01-01", b"InvalidAction"),
        ]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for service, headers, body, said in wires:
            request = urllib.request.Request(self.double.endpoint, body, {"Authorization": scope % service, **headers})
            with self.assertRaises(urllib.error.HTTPError) as caught:
                opener.open(request, timeout=10)
            self.assertEqual(caught.exception.code, 400)
            self.assertIn(said, caught.exception.read())


class Process(unittest.TestCase):
    """The process of the double."""

    def test_it_ends_with_its_input_and_takes_moto_along(self) -> None:
        double = Double()
        pid = double.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ended = double.stop()
        self.assertEqual((len(children), ended), (1, 0))
        self.assertFalse(Path(f"/proc/{children[0]}").exists())
