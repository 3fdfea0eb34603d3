//! The kinds of resources on this cloud, in the order in which they are made: what a change takes, what holds data, what is
//! billed as what, how long it takes and which permissions it needs.
//!
//! Permissions to look are those of every look at an account. Those to make also hold what is asked before anything is made (quotas,
//! whether a product is sold), what completes a making that was cut in two, and what a service asks on behalf of whoever calls it:
//! the *dependent actions* of the Service Authorization Reference, for balancers those of the Elastic Load Balancing User Guide,
//! "API permissions". For networks of caches the reference names actions that the service's own role has since taken over
//! (AmazonElastiCacheFullAccess goes without them): they are left out.
//!
//! Minutes are rounded from what the services' documentation and their users report; they only show how long a plan takes.

mod network;

use loadline_contract::deploy::{Billed, Contents, KindRule, SettingRule, Survivor, fixed, growing, ignored};

use network::{ADDRESS, FIREWALL, GATEWAY, NAT, NETWORK, ROUTES, RULES, SUBNET};

type Permissions = [&'static [&'static str]; 4];

const fn free(
    kind: &'static str,
    title: &'static str,
    settings: &'static [SettingRule],
    permissions: Permissions,
) -> KindRule {
    let (contents, billed) = (Contents::Nothing, Billed::Free);
    KindRule { kind, title, settings, contents, billed, minutes: [0.1, 0.1, 0.1], permissions }
}

const TOPIC: KindRule = free(
    "topic",
    "SNS topic",
    &[],
    [
        &["sns:ListTopics", "sns:ListTagsForResource"],
        &["sns:CreateTopic", "sns:TagResource"],
        &[],
        &["sns:DeleteTopic"],
    ],
);

const KEY_PAIR: KindRule = free(
    "key-pair",
    "key pair",
    &[fixed("public_key")],
    [&["ec2:DescribeKeyPairs"], &["ec2:ImportKeyPair", "ec2:CreateTags"], &[], &["ec2:DeleteKeyPair"]],
);

const DB_PARAMETERS: KindRule = free(
    "db-parameters",
    "RDS parameter group",
    &[fixed("family")],
    [
        &["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:ListTagsForResource"],
        &["rds:CreateDBParameterGroup", "rds:ModifyDBParameterGroup", "rds:AddTagsToResource"],
        &["rds:ModifyDBParameterGroup"],
        &["rds:DeleteDBParameterGroup"],
    ],
);

const CACHE_PARAMETERS: KindRule = free(
    "cache-parameters",
    "ElastiCache parameter group",
    &[fixed("family")],
    [
        &[
            "elasticache:DescribeCacheParameterGroups",
            "elasticache:DescribeCacheParameters",
            "elasticache:ListTagsForResource",
        ],
        &[
            "elasticache:CreateCacheParameterGroup",
            "elasticache:ModifyCacheParameterGroup",
            "elasticache:AddTagsToResource",
        ],
        &["elasticache:ModifyCacheParameterGroup"],
        &["elasticache:DeleteCacheParameterGroup"],
    ],
);

const SUBSCRIPTION: KindRule = free(
    "subscription",
    "SNS subscription",
    &[fixed("topic"), fixed("email")],
    [&["sns:ListSubscriptionsByTopic"], &["sns:Subscribe"], &[], &["sns:Unsubscribe"]],
);

const DB_SUBNETS: KindRule = free(
    "db-subnets",
    "RDS subnet group",
    &[],
    [
        &["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
        &["rds:CreateDBSubnetGroup", "rds:AddTagsToResource"],
        &["rds:ModifyDBSubnetGroup"],
        &["rds:DeleteDBSubnetGroup"],
    ],
);

const CACHE_SUBNETS: KindRule = free(
    "cache-subnets",
    "ElastiCache subnet group",
    &[],
    [
        &["elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"],
        &["elasticache:CreateCacheSubnetGroup", "elasticache:AddTagsToResource"],
        &["elasticache:ModifyCacheSubnetGroup"],
        &["elasticache:DeleteCacheSubnetGroup"],
    ],
);

const LAUNCH_TEMPLATE: KindRule = free(
    "launch-template",
    "launch template",
    &[],
    [
        &["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"],
        &[
            "ec2:CreateLaunchTemplate",
            "ec2:CreateTags",
            "ec2:DescribeInstanceTypeOfferings",
            "ssm:GetParameters",
        ],
        &[
            "ec2:CreateLaunchTemplateVersion",
            "ec2:ModifyLaunchTemplate",
            "ec2:DescribeInstanceTypeOfferings",
            "ssm:GetParameters",
        ],
        &["ec2:DeleteLaunchTemplate"],
    ],
);

const TARGET_GROUP: KindRule = free(
    "target-group",
    "target group",
    &[fixed("network"), fixed("port")],
    [
        &[
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTags",
        ],
        &[
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:AddTags",
        ],
        &["elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes"],
        &["elasticloadbalancing:DeleteTargetGroup"],
    ],
);

const BALANCER: KindRule = KindRule {
    billed: Billed::Balancer,
    minutes: [3.0, 0.5, 1.0],
    ..free(
        "balancer",
        "application load balancer",
        &[],
        [
            &[
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeTags",
            ],
            &[
                "elasticloadbalancing:CreateLoadBalancer",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:AddTags",
                "ec2:DescribeAccountAttributes",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "iam:CreateServiceLinkedRole",
            ],
            &[
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ],
            &["elasticloadbalancing:DeleteLoadBalancer"],
        ],
    )
};

const DATABASE: KindRule = KindRule {
    kind: "database",
    title: "RDS for MySQL",
    settings: &[fixed("engine"), growing("storage_gib"), fixed("encrypted"), fixed("subnets")],
    contents: Contents::Data(Some(Survivor {
        what: "final snapshot",
        storage_setting: Some("storage_gib"),
        kept_days: None,
    })),
    billed: Billed::Database,
    minutes: [15.0, 10.0, 8.0],
    permissions: [
        &["rds:DescribeDBInstances", "rds:ListTagsForResource"],
        &[
            "rds:CreateDBInstance",
            "rds:AddTagsToResource",
            "rds:DescribeOrderableDBInstanceOptions",
            "secretsmanager:CreateSecret",
            "secretsmanager:TagResource",
            "kms:DescribeKey",
            "iam:CreateServiceLinkedRole",
        ],
        // A change may give the password back into the cloud's keeping.
        &[
            "rds:ModifyDBInstance",
            "rds:DescribeOrderableDBInstanceOptions",
            "secretsmanager:CreateSecret",
            "secretsmanager:TagResource",
            "kms:DescribeKey",
        ],
        &["rds:ModifyDBInstance", "rds:DeleteDBInstance", "rds:CreateDBSnapshot", "rds:AddTagsToResource"],
    ],
};

/// A copy: whatever is in it is in the database too.
const READ_REPLICA: KindRule = KindRule {
    kind: "read-replica",
    title: "RDS read replica",
    settings: &[fixed("database"), growing("storage_gib")],
    contents: Contents::Nothing,
    billed: Billed::ReadReplica,
    minutes: [15.0, 10.0, 6.0],
    permissions: [
        &["rds:DescribeDBInstances", "rds:ListTagsForResource"],
        &["rds:CreateDBInstanceReadReplica", "rds:AddTagsToResource"],
        &["rds:ModifyDBInstance"],
        &["rds:ModifyDBInstance", "rds:DeleteDBInstance"],
    ],
};

const CACHE: KindRule = KindRule {
    kind: "cache",
    title: "ElastiCache",
    settings: &[fixed("engine"), fixed("encrypted"), fixed("in_transit_encryption"), fixed("subnets")],
    contents: Contents::Data(Some(Survivor {
        what: "final snapshot",
        storage_setting: None,
        kept_days: None,
    })),
    billed: Billed::Cache,
    minutes: [8.0, 8.0, 5.0],
    permissions: [
        &[
            "elasticache:DescribeReplicationGroups",
            "elasticache:DescribeCacheClusters",
            "elasticache:ListTagsForResource",
        ],
        &[
            "elasticache:CreateReplicationGroup",
            "elasticache:AddTagsToResource",
            "iam:CreateServiceLinkedRole",
        ],
        &[
            "elasticache:ModifyReplicationGroup",
            "elasticache:IncreaseReplicaCount",
            "elasticache:DecreaseReplicaCount",
        ],
        &["elasticache:DeleteReplicationGroup"],
    ],
};

const LISTENER: KindRule = free(
    "listener",
    "listener",
    &[fixed("balancer")],
    [
        &["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags"],
        &["elasticloadbalancing:CreateListener", "elasticloadbalancing:AddTags"],
        &["elasticloadbalancing:ModifyListener"],
        &["elasticloadbalancing:DeleteListener"],
    ],
);

const GROUP: KindRule = KindRule {
    billed: Billed::App,
    minutes: [3.0, 5.0, 4.0],
    ..free(
        "group",
        "Auto Scaling group",
        // The scaling policy moves it.
        &[ignored("desired"), ignored("routes")],
        [
            &["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances"],
            &[
                "autoscaling:CreateAutoScalingGroup",
                "autoscaling:CreateOrUpdateTags",
                "ec2:RunInstances",
                "ec2:CreateTags",
                "ssm:GetParameters",
                "iam:CreateServiceLinkedRole",
            ],
            &[
                "autoscaling:UpdateAutoScalingGroup",
                "autoscaling:AttachLoadBalancerTargetGroups",
                "autoscaling:DetachLoadBalancerTargetGroups",
                "autoscaling:CreateOrUpdateTags",
                "autoscaling:StartInstanceRefresh",
                "ec2:RunInstances",
                "ec2:CreateTags",
                "ssm:GetParameters",
            ],
            &["autoscaling:DeleteAutoScalingGroup"],
        ],
    )
};

const SCALING_POLICY: KindRule = free(
    "scaling-policy",
    "scaling policy",
    &[fixed("group")],
    [
        &["autoscaling:DescribePolicies"],
        &["autoscaling:PutScalingPolicy"],
        &["autoscaling:PutScalingPolicy"],
        &["autoscaling:DeletePolicy"],
    ],
);

const ALARM: KindRule = KindRule {
    billed: Billed::Alarm,
    ..free(
        "alarm",
        "CloudWatch alarm",
        &[],
        [
            &["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
            &["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
            &["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
            &["cloudwatch:DeleteAlarms"],
        ],
    )
};

/// Every kind; what stands in one stage does not refer to each other.
pub(crate) const STAGES: &[&[KindRule]] = &[
    &[NETWORK, TOPIC, KEY_PAIR, DB_PARAMETERS, CACHE_PARAMETERS, ADDRESS],
    &[GATEWAY, SUBNET, FIREWALL, SUBSCRIPTION],
    &[RULES, NAT, DB_SUBNETS, CACHE_SUBNETS, LAUNCH_TEMPLATE, TARGET_GROUP],
    &[ROUTES, BALANCER, DATABASE, CACHE],
    &[LISTENER, GROUP, READ_REPLICA],
    &[SCALING_POLICY, ALARM],
];
