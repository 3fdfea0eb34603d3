"""Self-test of the double: orders and figures that AWS refuses and moto takes, and what was added to moto."""

from __future__ import annotations

from typing import Any

from fixture import REGION, DoubleTest, Stack, database


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

    def test_a_subnet_has_one_table_of_routes_and_changes_it_by_exchange(self) -> None:
        stack = Stack(self.double)
        ec2, subnet = stack.ec2, stack.subnets[0]
        one, other = (ec2.create_route_table(VpcId=stack.vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
        association = ec2.associate_route_table(RouteTableId=one, SubnetId=subnet)["AssociationId"]
        with self.refused("Resource.AlreadyAssociated"):
            ec2.associate_route_table(RouteTableId=other, SubnetId=subnet)
        ec2.replace_route_table_association(AssociationId=association, RouteTableId=other)
        with self.refused("InvalidAssociationID.NotFound"):
            ec2.disassociate_route_table(AssociationId=association)

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

    def test_a_dry_run_changes_nothing(self) -> None:
        ec2 = self.double.client("ec2")
        before = len(ec2.describe_vpcs()["Vpcs"])
        with self.refused("DryRunOperation"):
            ec2.create_vpc(CidrBlock="10.0.0.0/16", DryRun=True)
        self.assertEqual(len(ec2.describe_vpcs()["Vpcs"]), before)

    def test_a_deleted_secret_holds_its_name(self) -> None:
        secrets = self.double.client("secretsmanager")
        secrets.create_secret(Name="main", SecretString="x")
        secrets.delete_secret(SecretId="main", RecoveryWindowInDays=7)
        with self.refused("InvalidRequestException"):
            secrets.create_secret(Name="main", SecretString="x")
        secrets.delete_secret(SecretId="main", ForceDeleteWithoutRecovery=True)
        secrets.create_secret(Name="main", SecretString="x")

    def test_a_mail_address_waits_to_be_confirmed(self) -> None:
        sns = self.double.client("sns")
        topic = sns.create_topic(Name="alarms")["TopicArn"]
        made = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.org")
        self.assertEqual(made["SubscriptionArn"], "pending confirmation")
        listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]
        self.assertEqual((listed["SubscriptionArn"], listed["Endpoint"]), ("PendingConfirmation", "ops@example.org"))

    def test_a_balancer_needs_two_zones_and_a_short_name(self) -> None:
        stack = Stack(self.double)
        stack.gateway()
        balancing = self.double.client("elbv2")
        with self.refused("ValidationError"):
            balancing.create_load_balancer(Name="web", Subnets=stack.subnets[:1])
        with self.refused("ValidationError"):
            balancing.create_load_balancer(Name="w" * 33, Subnets=stack.subnets)
        asked = {"Name": "web", "Subnets": stack.subnets, "SecurityGroups": [stack.group]}
        arns = {balancing.create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"] for _ in range(2)}
        self.assertEqual((len(arns), len(balancing.describe_load_balancers()["LoadBalancers"])), (1, 1))
        with self.refused("DuplicateLoadBalancerName"):
            balancing.create_load_balancer(**asked | {"Scheme": "internal"})
        with self.refused("DependencyViolation"):
            stack.ec2.delete_subnet(SubnetId=stack.subnets[0])

    def test_a_cache_holds_its_groups(self) -> None:
        stack = Stack(self.double)
        cache = self.double.client("elasticache")
        cache.create_cache_subnet_group(
            CacheSubnetGroupName="main", CacheSubnetGroupDescription="main", SubnetIds=stack.subnets
        )
        cache.create_cache_parameter_group(
            CacheParameterGroupName="main", CacheParameterGroupFamily="valkey8", Description="main"
        )
        value = [{"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}]
        cache.modify_cache_parameter_group(CacheParameterGroupName="main", ParameterNameValues=value)
        with self.refused("InvalidParameterValue"):
            wrong = [{"ParameterName": "maxmemory-policy", "ParameterValue": "never"}]
            cache.modify_cache_parameter_group(CacheParameterGroupName="main", ParameterNameValues=wrong)
        asked: dict[str, Any] = {"Engine": "valkey", "CacheNodeType": "cache.r6g.large", "NumCacheClusters": 2}
        groups = {"CacheSubnetGroupName": "main", "CacheParameterGroupName": "main", "SecurityGroupIds": [stack.group]}
        with self.refused("CacheParameterGroupNotFound"):
            cache.create_replication_group(
                ReplicationGroupId="a", ReplicationGroupDescription="a", **asked, CacheParameterGroupName="other"
            )
        cache.create_replication_group(
            ReplicationGroupId="main",
            ReplicationGroupDescription="main",
            AutomaticFailoverEnabled=True,
            **asked,
            **groups,
        )
        with self.refused("CacheSubnetGroupInUse"):
            cache.delete_cache_subnet_group(CacheSubnetGroupName="main")
        with self.refused("InvalidCacheParameterGroupState"):
            cache.delete_cache_parameter_group(CacheParameterGroupName="main")
        with self.refused("DependencyViolation"):
            stack.ec2.delete_security_group(GroupId=stack.group)
        user = cache.describe_cache_parameters(CacheParameterGroupName="main", Source="user")["Parameters"]
        self.assertEqual(
            [(row["ParameterName"], row["ParameterValue"]) for row in user], [("maxmemory-policy", "noeviction")]
        )
        cache.increase_replica_count(ReplicationGroupId="main", NewReplicaCount=2, ApplyImmediately=True)
        nodes = cache.describe_cache_clusters()["CacheClusters"]
        names = [(node["CacheClusterId"], node["CacheParameterGroup"]["CacheParameterGroupName"]) for node in nodes]
        self.assertEqual(names, [("main-001", "main"), ("main-002", "main"), ("main-003", "main")])
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
            scaling.create_auto_scaling_group(
                AutoScalingGroupName="app", MinSize=1, MaxSize=1, AvailabilityZones=[f"{REGION}a"]
            )
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
        states = [
            scaling.describe_instance_refreshes(AutoScalingGroupName="app")["InstanceRefreshes"][0]["Status"]
            for _ in range(3)
        ]
        self.assertEqual(states, ["Pending", "InProgress", "Successful"])
        self.assertEqual((len(machines()), machines() & before), (2, set()))

    def test_the_parameter_of_an_image_names_one_that_can_be_described(self) -> None:
        name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
        image = self.double.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
        found = self.double.client("ec2").describe_images(ImageIds=[image])["Images"][0]
        self.assertEqual((found["Architecture"], found["OwnerId"]), ("x86_64", "099720109477"))

    def test_a_machine_is_found_by_its_token(self) -> None:
        stack = Stack(self.double)
        name = "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
        asked = {
            "ImageId": name,
            "InstanceType": "c6i.large",
            "SubnetId": stack.subnets[0],
            "MinCount": 1,
            "MaxCount": 1,
        }
        made = [stack.ec2.run_instances(**asked, ClientToken="one")["Instances"][0]["InstanceId"] for _ in range(2)]
        found = stack.ec2.describe_instances(Filters=[{"Name": "client-token", "Values": ["one"]}])["Reservations"]
        self.assertEqual([row["Instances"][0]["InstanceId"] for row in found], [made[0]])
        self.assertEqual(made[0], made[1])

    def test_quotas_and_engine_versions_can_be_asked(self) -> None:
        quotas = self.double.client("service-quotas")
        self.assertEqual(quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]["Value"], 5.0)
        self.assertTrue(quotas.list_service_quotas(ServiceCode="vpc")["Quotas"])
        versions = self.double.client("rds").describe_db_engine_versions(Engine="mysql", EngineVersion="8.4")
        self.assertEqual({row["DBParameterGroupFamily"] for row in versions["DBEngineVersions"]}, {"mysql8.4"})
        orderable = self.double.client("rds").describe_orderable_db_instance_options(
            Engine="mysql", EngineVersion="8.4.7", DBInstanceClass="db.r6g.2xlarge"
        )
        self.assertTrue(orderable["OrderableDBInstanceOptions"][0]["MultiAZCapable"])
