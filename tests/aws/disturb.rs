//! What somebody does with other tools: each a service, an operation and its parameters.

use loadline_contract::deploy::Address;
use serde_json::{Value, json};

use crate::world::{OURS, World};

pub(crate) type Call = (&'static str, &'static str, Value);

/// Removes our thing of that address.
pub(crate) fn remove(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    match address.kind() {
        "alarm" => ("cloudwatch", "DeleteAlarms", json!({ "AlarmNames": [thing.row["AlarmName"]] })),
        "scaling-policy" => {
            let (group, policy) = (&thing.row["AutoScalingGroupName"], &thing.row["PolicyName"]);
            ("autoscaling", "DeletePolicy", json!({ "AutoScalingGroupName": group, "PolicyName": policy }))
        }
        "rules" => {
            let group = thing.id.split('/').next();
            let rules = &thing.row["IpPermissions"];
            ("ec2", "RevokeSecurityGroupIngress", json!({ "GroupId": group, "IpPermissions": rules }))
        }
        other => panic!("nobody removes a {other} here"),
    }
}

/// Changes a setting of it.
pub(crate) fn change(world: &World, address: &Address) -> Call {
    let thing = world.find(address);
    match address.kind() {
        "alarm" => {
            let mut asked = serde_json::Map::new();
            for field in [
                "AlarmName",
                "AlarmActions",
                "ComparisonOperator",
                "Dimensions",
                "EvaluationPeriods",
                "MetricName",
                "Namespace",
                "Period",
                "Statistic",
                "TreatMissingData",
            ] {
                asked.insert(field.to_owned(), thing.row[field].clone());
            }
            asked.insert("Threshold".to_owned(), json!(99.5));
            ("cloudwatch", "PutMetricAlarm", Value::Object(asked))
        }
        "rules" => {
            let open = json!([{
                "IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }],
            }]);
            let group = thing.id.split('/').next();
            ("ec2", "AuthorizeSecurityGroupIngress", json!({ "GroupId": group, "IpPermissions": open }))
        }
        "group" => (
            "autoscaling",
            "UpdateAutoScalingGroup",
            json!({ "AutoScalingGroupName": thing.row["AutoScalingGroupName"], "MaxSize": 19 }),
        ),
        "database" => (
            "rds",
            "ModifyDBInstance",
            json!({ "DBInstanceIdentifier": thing.id, "BackupRetentionPeriod": 1, "ApplyImmediately": true }),
        ),
        "target-group" => (
            "elbv2",
            "ModifyTargetGroup",
            json!({ "TargetGroupArn": thing.id, "HealthCheckPath": "/somewhere-else" }),
        ),
        other => panic!("nobody changes a {other} here"),
    }
}

/// Makes a second one with the very tags.
pub(crate) fn double(address: &Address) -> Call {
    let ours =
        |kind: &str| tags(kind, &[("loadline:deployment", OURS), ("loadline:address", &address.to_string())]);
    match address.kind() {
        "address" => {
            ("ec2", "AllocateAddress", json!({ "Domain": "vpc", "TagSpecifications": ours("elastic-ip") }))
        }
        "network" => {
            ("ec2", "CreateVpc", json!({ "CidrBlock": "10.9.0.0/16", "TagSpecifications": ours("vpc") }))
        }
        other => panic!("nobody doubles a {other} here"),
    }
}

fn tags(kind: &str, pairs: &[(&str, &str)]) -> Value {
    let tags: Vec<Value> = pairs.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    json!([{ "ResourceType": kind, "Tags": tags }])
}

/// Things that look like ours: a name without tags, a tag in other letters, a value that only begins so.
pub(crate) fn foreign() -> Vec<Call> {
    let vpc = |pairs: &[(&str, &str)]| {
        let asked = json!({ "CidrBlock": "10.0.0.0/16", "TagSpecifications": tags("vpc", pairs) });
        ("ec2", "CreateVpc", asked)
    };
    // With the default one and the other stack there is room for one network more: the quota is five.
    vec![
        vpc(&[("Loadline:Deployment", OURS), ("Loadline:Address", "network/main")]),
        vpc(&[("loadline:deployment", "teachers "), ("loadline:address", "network/main")]),
        (
            "ec2",
            "AllocateAddress",
            json!({
                "Domain": "vpc",
                "TagSpecifications": tags("elastic-ip", &[("loadline:deployment", "my-teachers")]),
            }),
        ),
        (
            "ec2",
            "CreateSecurityGroup",
            json!({ "GroupName": "ll-teachers-firewall-app", "Description": "by hand",
                "TagSpecifications": tags("security-group", &[("Name", "teachers firewall/app"), ("loadline:address", "firewall/app")]) }),
        ),
        ("sns", "CreateTopic", json!({ "Name": "ll-teachers-topic-ops" })),
        (
            "rds",
            "CreateDBParameterGroup",
            json!({
                "DBParameterGroupName": "ll-teachers-db-parameters-main",
                "DBParameterGroupFamily": "mysql8.4",
                "Description": "by hand",
            }),
        ),
        (
            "cloudwatch",
            "PutMetricAlarm",
            json!({
                "AlarmName": "ll-teachers-alarm-app-cpu",
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationPeriods": 1,
                "MetricName": "CPUUtilization",
                "Namespace": "AWS/EC2",
                "Period": 60,
                "Statistic": "Average",
                "Threshold": 90.0,
            }),
        ),
    ]
}
