//! Which statement of a policy allows which action, on what. Facts only.
//!
//! Source of the resource types and condition keys of each action: the Service Authorization Reference. In a resource, `{region}`
//! stands for the region and the name of a kind (`{database}`) for the pattern of that kind's names.

/// What must hold besides the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Nothing: the resource says it all.
    Always,
    /// The call goes to the region. For actions that take no resource.
    InRegion,
    /// What is made gets the deployment's tag in the same call.
    TaggedOurs,
    /// What is used, changed or removed carries the deployment's tag.
    Ours,
    /// The tags come with a call that makes something, and are not set on what is there. Which call makes no difference: only those
    /// of the plan are allowed.
    WhileMaking,
    /// The machines come from a launch template.
    FromTemplate,
    /// The role is one of those that the plan's services act under.
    OurServices,
}

/// One statement.
#[derive(Debug)]
pub(super) struct Part {
    /// Its Sid: letters and digits.
    pub(super) sid: &'static str,
    pub(super) when: When,
    /// Actions, each with the resources that it is asked for.
    pub(super) grants: &'static [(&'static str, &'static [&'static str])],
}

/// The statement for whatever has no place below: looks, which take no resource or are asked about everything, because whose a thing
/// is shows only after looking.
pub(super) const LOOKS: &str = "Looks";

const OURS: &[&str] = &["arn:aws:ec2:{region}:*:*"];
const DB: &str = "arn:aws:rds:{region}:*:db:{database}";
const REPLICA: &str = "arn:aws:rds:{region}:*:db:{read-replica}";
const DB_PARAMETERS: &str = "arn:aws:rds:{region}:*:pg:{db-parameters}";
const DB_SUBNETS: &str = "arn:aws:rds:{region}:*:subgrp:{db-subnets}";
const DB_SNAPSHOT: &str = "arn:aws:rds:{region}:*:snapshot:{database}";
/// A database belongs to an option group even where none is named.
const DB_OPTIONS: &str = "arn:aws:rds:{region}:*:og:default*";
const DB_ALL: &[&str] = &[DB, DB_PARAMETERS, DB_SUBNETS, DB_OPTIONS];
const SECRET: &[&str] = &["arn:aws:secretsmanager:{region}:*:secret:rds!db-*"];
const CACHE: &str = "arn:aws:elasticache:{region}:*:replicationgroup:{cache}";
const CACHE_PARAMETERS: &str = "arn:aws:elasticache:{region}:*:parametergroup:{cache-parameters}";
const CACHE_SUBNETS: &str = "arn:aws:elasticache:{region}:*:subnetgroup:{cache-subnets}";
const CACHE_SNAPSHOT: &str = "arn:aws:elasticache:{region}:*:snapshot:{cache}";
const CACHE_ALL: &[&str] = &[CACHE, CACHE_PARAMETERS, CACHE_SUBNETS];
const BALANCER: &str = "arn:aws:elasticloadbalancing:{region}:*:loadbalancer/app/{balancer}";
const LISTENER: &str = "arn:aws:elasticloadbalancing:{region}:*:listener/app/{balancer}";
const TARGETS: &str = "arn:aws:elasticloadbalancing:{region}:*:targetgroup/{target-group}";
const GROUP: &[&str] = &["arn:aws:autoscaling:{region}:*:autoScalingGroup:*:autoScalingGroupName/{group}"];
const ALARM: &[&str] = &["arn:aws:cloudwatch:{region}:*:alarm:{alarm}"];
const TOPIC: &[&str] = &["arn:aws:sns:{region}:*:{topic}"];

/// The statements, in the order in which they are printed.
pub(super) const PARTS: &[Part] = &[
    Part {
        sid: "MachineImage",
        when: When::Always,
        // Public parameters belong to no account.
        grants: &[("ssm:GetParameters", &["arn:aws:ssm:{region}::parameter/aws/service/canonical/*"])],
    },
    Part {
        sid: "Ec2Make",
        when: When::TaggedOurs,
        grants: &[
            ("ec2:AllocateAddress", &["arn:aws:ec2:{region}:*:elastic-ip/*"]),
            ("ec2:CreateInternetGateway", &["arn:aws:ec2:{region}:*:internet-gateway/*"]),
            ("ec2:CreateLaunchTemplate", &["arn:aws:ec2:{region}:*:launch-template/*"]),
            ("ec2:CreateNatGateway", &["arn:aws:ec2:{region}:*:natgateway/*"]),
            ("ec2:CreateRouteTable", &["arn:aws:ec2:{region}:*:route-table/*"]),
            ("ec2:CreateSecurityGroup", &["arn:aws:ec2:{region}:*:security-group/*"]),
            ("ec2:CreateSubnet", &["arn:aws:ec2:{region}:*:subnet/*"]),
            ("ec2:CreateVpc", &["arn:aws:ec2:{region}:*:vpc/*"]),
            ("ec2:ImportKeyPair", &["arn:aws:ec2:{region}:*:key-pair/*"]),
        ],
    },
    Part { sid: "Ec2Tag", when: When::WhileMaking, grants: &[("ec2:CreateTags", OURS)] },
    Part {
        sid: "Ec2Use",
        when: When::Ours,
        grants: &[
            ("ec2:AssociateRouteTable", OURS),
            ("ec2:AttachInternetGateway", OURS),
            ("ec2:AuthorizeSecurityGroupIngress", OURS),
            ("ec2:CreateLaunchTemplateVersion", OURS),
            ("ec2:CreateNatGateway", OURS),
            ("ec2:CreateRoute", OURS),
            ("ec2:CreateRouteTable", OURS),
            ("ec2:CreateSecurityGroup", OURS),
            ("ec2:CreateSubnet", OURS),
            ("ec2:DeleteInternetGateway", OURS),
            ("ec2:DeleteKeyPair", OURS),
            ("ec2:DeleteLaunchTemplate", OURS),
            ("ec2:DeleteNatGateway", OURS),
            ("ec2:DeleteRouteTable", OURS),
            ("ec2:DeleteSecurityGroup", OURS),
            ("ec2:DeleteSubnet", OURS),
            ("ec2:DeleteVpc", OURS),
            ("ec2:DetachInternetGateway", OURS),
            ("ec2:DisassociateRouteTable", OURS),
            ("ec2:ModifyLaunchTemplate", OURS),
            ("ec2:ModifyVpcAttribute", OURS),
            ("ec2:ReleaseAddress", OURS),
            ("ec2:ReplaceRoute", OURS),
            ("ec2:ReplaceRouteTableAssociation", OURS),
            ("ec2:RevokeSecurityGroupIngress", OURS),
            ("ec2:RunInstances", OURS),
        ],
    },
    Part {
        sid: "Ec2Start",
        when: When::FromTemplate,
        // Only a template that is ours is usable by the statement before.
        grants: &[(
            "ec2:RunInstances",
            &[
                "arn:aws:ec2:{region}::image/*",
                "arn:aws:ec2:{region}:*:instance/*",
                "arn:aws:ec2:{region}:*:network-interface/*",
                "arn:aws:ec2:{region}:*:volume/*",
            ],
        )],
    },
    Part {
        sid: "Machines",
        when: When::Always,
        grants: &[
            ("autoscaling:AttachLoadBalancerTargetGroups", GROUP),
            ("autoscaling:CreateAutoScalingGroup", GROUP),
            ("autoscaling:CreateOrUpdateTags", GROUP),
            ("autoscaling:DeleteAutoScalingGroup", GROUP),
            ("autoscaling:DeletePolicy", GROUP),
            ("autoscaling:DetachLoadBalancerTargetGroups", GROUP),
            ("autoscaling:PutScalingPolicy", GROUP),
            ("autoscaling:StartInstanceRefresh", GROUP),
            ("autoscaling:UpdateAutoScalingGroup", GROUP),
        ],
    },
    Part {
        sid: "Balancer",
        when: When::Always,
        grants: &[
            ("elasticloadbalancing:AddTags", &[BALANCER, LISTENER, TARGETS]),
            ("elasticloadbalancing:CreateListener", &[BALANCER]),
            ("elasticloadbalancing:CreateLoadBalancer", &[BALANCER]),
            ("elasticloadbalancing:CreateTargetGroup", &[TARGETS]),
            ("elasticloadbalancing:DeleteListener", &[LISTENER]),
            ("elasticloadbalancing:DeleteLoadBalancer", &[BALANCER]),
            ("elasticloadbalancing:DeleteTargetGroup", &[TARGETS]),
            ("elasticloadbalancing:ModifyListener", &[LISTENER]),
            ("elasticloadbalancing:ModifyLoadBalancerAttributes", &[BALANCER]),
            ("elasticloadbalancing:ModifyTargetGroup", &[TARGETS]),
            ("elasticloadbalancing:ModifyTargetGroupAttributes", &[TARGETS]),
            ("elasticloadbalancing:SetSecurityGroups", &[BALANCER]),
            ("elasticloadbalancing:SetSubnets", &[BALANCER]),
        ],
    },
    Part {
        sid: "Database",
        when: When::Always,
        grants: &[
            ("rds:AddTagsToResource", &[DB, REPLICA, DB_PARAMETERS, DB_SUBNETS, DB_SNAPSHOT]),
            ("rds:CreateDBInstance", DB_ALL),
            ("rds:CreateDBInstanceReadReplica", &[DB, REPLICA, DB_PARAMETERS, DB_SUBNETS, DB_OPTIONS]),
            ("rds:CreateDBParameterGroup", &[DB_PARAMETERS]),
            ("rds:CreateDBSnapshot", &[DB, DB_SNAPSHOT]),
            ("rds:CreateDBSubnetGroup", &[DB_SUBNETS]),
            ("rds:DeleteDBInstance", &[DB, REPLICA]),
            ("rds:DeleteDBParameterGroup", &[DB_PARAMETERS]),
            ("rds:DeleteDBSubnetGroup", &[DB_SUBNETS]),
            ("rds:ModifyDBInstance", &[DB, REPLICA, DB_PARAMETERS, DB_SUBNETS, DB_OPTIONS]),
            ("rds:ModifyDBParameterGroup", &[DB_PARAMETERS]),
            ("rds:ModifyDBSubnetGroup", &[DB_SUBNETS]),
        ],
    },
    Part {
        sid: "DatabasePassword",
        when: When::Always,
        // RDS User Guide, "Permissions required for Secrets Manager integration".
        grants: &[
            ("kms:DescribeKey", &["arn:aws:kms:{region}:*:key/*"]),
            ("secretsmanager:CreateSecret", SECRET),
            ("secretsmanager:TagResource", SECRET),
        ],
    },
    Part {
        sid: "Cache",
        when: When::Always,
        grants: &[
            ("elasticache:AddTagsToResource", CACHE_ALL),
            ("elasticache:CreateCacheParameterGroup", &[CACHE_PARAMETERS]),
            ("elasticache:CreateCacheSubnetGroup", &[CACHE_SUBNETS]),
            ("elasticache:CreateReplicationGroup", CACHE_ALL),
            ("elasticache:DecreaseReplicaCount", &[CACHE]),
            ("elasticache:DeleteCacheParameterGroup", &[CACHE_PARAMETERS]),
            ("elasticache:DeleteCacheSubnetGroup", &[CACHE_SUBNETS]),
            ("elasticache:DeleteReplicationGroup", &[CACHE, CACHE_SNAPSHOT]),
            ("elasticache:IncreaseReplicaCount", &[CACHE]),
            ("elasticache:ModifyCacheParameterGroup", &[CACHE_PARAMETERS]),
            ("elasticache:ModifyCacheSubnetGroup", &[CACHE_SUBNETS]),
            ("elasticache:ModifyReplicationGroup", &[CACHE, CACHE_PARAMETERS]),
        ],
    },
    Part {
        sid: "Alarms",
        when: When::Always,
        grants: &[
            ("cloudwatch:DeleteAlarms", ALARM),
            ("cloudwatch:PutMetricAlarm", ALARM),
            ("cloudwatch:TagResource", ALARM),
            ("sns:CreateTopic", TOPIC),
            ("sns:DeleteTopic", TOPIC),
            ("sns:Subscribe", TOPIC),
            ("sns:TagResource", TOPIC),
        ],
    },
    // It takes no resource.
    Part { sid: "AlarmsUnsubscribe", when: When::InRegion, grants: &[("sns:Unsubscribe", &["*"])] },
    Part {
        sid: "ServiceRoles",
        when: When::OurServices,
        grants: &[("iam:CreateServiceLinkedRole", &["arn:aws:iam::*:role/aws-service-role/*"])],
    },
];

/// The services that act under a role of their own, which the first call of its kind in an account makes, by that call.
pub(super) const SERVICES: &[(&str, &str)] = &[
    ("autoscaling:CreateAutoScalingGroup", "autoscaling.amazonaws.com"),
    ("elasticache:CreateReplicationGroup", "elasticache.amazonaws.com"),
    ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing.amazonaws.com"),
    ("rds:CreateDBInstance", "rds.amazonaws.com"),
];
