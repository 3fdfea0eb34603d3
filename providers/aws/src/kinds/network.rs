//! The kinds of the network: what lies in it, who may pass, and the ways in and out.

use loadline_contract::deploy::{Billed, KindRule, fixed, ignored};

use super::free;

pub(super) const NETWORK: KindRule = free(
    "network",
    "VPC",
    &[fixed("cidr")],
    [
        &["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"],
        &["ec2:CreateVpc", "ec2:ModifyVpcAttribute", "ec2:CreateTags", "servicequotas:GetServiceQuota"],
        &["ec2:ModifyVpcAttribute"],
        &["ec2:DeleteVpc"],
    ],
);

pub(super) const ADDRESS: KindRule = KindRule {
    // The address of a NAT gateway is billed like any other in use.
    billed: Billed::PublicAddress,
    ..free(
        "address",
        "elastic IP address",
        &[],
        [
            &["ec2:DescribeAddresses"],
            &["ec2:AllocateAddress", "ec2:CreateTags", "servicequotas:GetServiceQuota"],
            &[],
            &["ec2:ReleaseAddress"],
        ],
    )
};

pub(super) const GATEWAY: KindRule = free(
    "internet-gateway",
    "internet gateway",
    &[fixed("network")],
    [
        &["ec2:DescribeInternetGateways"],
        &["ec2:CreateInternetGateway", "ec2:AttachInternetGateway", "ec2:CreateTags"],
        &[],
        &["ec2:DetachInternetGateway", "ec2:DeleteInternetGateway"],
    ],
);

pub(super) const SUBNET: KindRule = free(
    "subnet",
    "subnet",
    &[fixed("network"), fixed("zone"), fixed("cidr")],
    [&["ec2:DescribeSubnets"], &["ec2:CreateSubnet", "ec2:CreateTags"], &[], &["ec2:DeleteSubnet"]],
);

pub(super) const FIREWALL: KindRule = free(
    "firewall",
    "security group",
    &[fixed("network"), fixed("about")],
    [
        &["ec2:DescribeSecurityGroups"],
        &["ec2:CreateSecurityGroup", "ec2:CreateTags"],
        &[],
        &["ec2:DeleteSecurityGroup"],
    ],
);

pub(super) const RULES: KindRule = free(
    "rules",
    "security group rules",
    &[fixed("firewall")],
    [
        &["ec2:DescribeSecurityGroups"],
        &["ec2:AuthorizeSecurityGroupIngress"],
        &["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
        &["ec2:RevokeSecurityGroupIngress"],
    ],
);

pub(super) const NAT: KindRule = KindRule {
    billed: Billed::Nat,
    minutes: [2.0, 0.1, 1.5],
    ..free(
        "nat",
        "NAT gateway",
        &[fixed("subnet"), fixed("address"), ignored("gateway")],
        [
            &["ec2:DescribeNatGateways"],
            &["ec2:CreateNatGateway", "ec2:CreateTags"],
            &[],
            &["ec2:DeleteNatGateway"],
        ],
    )
};

pub(super) const ROUTES: KindRule = free(
    "routes",
    "route table",
    &[fixed("network")],
    [
        &["ec2:DescribeRouteTables"],
        &[
            "ec2:CreateRouteTable",
            "ec2:CreateRoute",
            "ec2:AssociateRouteTable",
            "ec2:ReplaceRouteTableAssociation",
            "ec2:CreateTags",
        ],
        &[
            "ec2:ReplaceRoute",
            "ec2:CreateRoute",
            "ec2:AssociateRouteTable",
            "ec2:ReplaceRouteTableAssociation",
            "ec2:DisassociateRouteTable",
        ],
        &["ec2:DisassociateRouteTable", "ec2:DeleteRouteTable"],
    ],
);
