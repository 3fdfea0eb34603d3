//! That what `plan --permissions` prints is what the account really needs: no call that it does not allow, no action that does not
//! exist, and a refusal that says which of its statements is missing.

use std::collections::BTreeSet;
use std::process::Command;

use loadline_aws::Aws;
use loadline_contract::Provider as _;
use serde_json::{Value, json};

use crate::double::{Double, python};

/// What is asked by a service on behalf of whoever calls it, only after a making was cut in two, or only of a subscription that
/// somebody confirmed: no call of an apply or a removal that goes well bears these names.
const UNSEEN: &[&str] = &[
    "autoscaling:CreateOrUpdateTags",
    "cloudwatch:TagResource",
    "ec2:CreateTags",
    "ec2:DescribeAccountAttributes",
    // By `status` and `tune`, which work on machines.
    "ec2:DescribeInstances",
    "ec2:ReplaceRouteTableAssociation",
    "ec2:RunInstances",
    "elasticache:AddTagsToResource",
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
    "iam:CreateServiceLinkedRole",
    "kms:DescribeKey",
    "rds:AddTagsToResource",
    "rds:CreateDBSnapshot",
    "secretsmanager:CreateSecret",
    "secretsmanager:TagResource",
    "sns:TagResource",
    "sns:Unsubscribe",
];

fn actions(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|it| it["Action"].as_array().unwrap());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

fn printed(double: &Double, more: &[&str]) -> Value {
    serde_json::from_str(&double.done("plan", &[&["--permissions"], more].concat())).unwrap()
}

/// The calls so far, as permissions. Who one is may always be asked.
fn called(double: &Double) -> Vec<String> {
    let calls = double.ask("GET", "calls", &json!({}));
    let permission = |call: &Value| {
        let service = match call["service"].as_str().unwrap() {
            "elbv2" => "elasticloadbalancing",
            "service-quotas" => "servicequotas",
            other => other,
        };
        format!("{service}:{}", call["operation"].as_str().unwrap())
    };
    calls.as_array().unwrap().iter().map(permission).filter(|it| !it.starts_with("sts:")).collect()
}

/// The calls of a command that has to end well.
fn calls_of(double: &Double, verb: &str, more: &[&str]) -> BTreeSet<String> {
    let before = called(double).len();
    double.done(verb, &[&["--yes"], more].concat());
    called(double).split_off(before).into_iter().collect()
}

fn assert_allowed(policy: &Value, calls: &BTreeSet<String>) {
    let allowed = actions(policy);
    let refused: Vec<_> = calls.difference(&allowed).collect();
    assert!(refused.is_empty(), "the printed policy does not allow {refused:?}");
}

/// The policy of a plan that removes everything.
fn to_remove() -> Value {
    let rules = Aws.profile().stages.iter().copied().flatten();
    let needed: BTreeSet<&str> =
        rules.flat_map(|rule| rule.permissions[0].iter().chain(rule.permissions[3])).copied().collect();
    let needed: Vec<String> = needed.into_iter().map(str::to_owned).collect();
    Aws.policy(&needed, &"teachers".parse().unwrap(), "us-east-1")
}

#[test]
fn every_call_is_allowed_by_the_printed_policy_and_the_policy_holds_nothing_else() {
    let double = Double::start();
    let policy = printed(&double, &[]);
    let calls = calls_of(&double, "apply", &[]);
    assert_allowed(&policy, &calls);
    let unused: Vec<String> =
        actions(&policy).difference(&calls).filter(|it| !UNSEEN.contains(&it.as_str())).cloned().collect();
    assert!(unused.is_empty(), "nothing needed {unused:?}");

    let change = ["--set", "load.users=1000", "--set", "resilience.survive=instance"];
    let policy = printed(&double, &change);
    let steps = double.steps(&change);
    assert!(steps.iter().any(|step| step == "update group/app"), "{steps:?}");
    assert_allowed(&policy, &calls_of(&double, "apply", &change));
    assert_eq!(double.steps(&change), [""; 0]);
    // And back: a way out of its own for each zone again.
    let policy = printed(&double, &[]);
    assert_allowed(&policy, &calls_of(&double, "apply", &[]));
    assert_eq!(double.steps(&[]), [""; 0]);

    let nothing_to_do = printed(&double, &[]);
    assert_eq!(nothing_to_do["Statement"].as_array().unwrap().len(), 1, "{nothing_to_do:#}");
    let calls = calls_of(&double, "destroy", &[]);
    assert_allowed(&to_remove(), &calls);
    let unused: Vec<String> = actions(&to_remove())
        .difference(&calls)
        .filter(|it| !UNSEEN.contains(&it.as_str()))
        .cloned()
        .collect();
    assert!(unused.is_empty(), "nothing needed {unused:?}");
}

#[test]
fn making_again_what_was_cut_in_two_needs_no_more_than_was_printed() {
    let double = Double::start();
    let policy = printed(&double, &[]);
    let before = called(&double).len();
    let lost = |operation: &str| json!({ "match": { "operation": operation }, "do": "answered-but-lost", "times": 1 });
    let faults = [
        "CreateVpc",
        "CreateRouteTable",
        "CreateLoadBalancer",
        "CreateTargetGroup",
        "CreateDBParameterGroup",
    ];
    double.ask("POST", "faults", &Value::Array(faults.map(lost).to_vec()));
    double.done("apply", &["--yes"]);
    let calls: BTreeSet<String> = called(&double).split_off(before).into_iter().collect();
    assert!(
        calls.contains("elasticloadbalancing:ModifyLoadBalancerAttributes"),
        "a balancer that was made without its settings gets them"
    );
    assert_allowed(&policy, &calls);
    assert_eq!(double.steps(&[]), [""; 0]);
}

#[test]
fn every_action_is_one_that_the_service_knows() {
    let script = "\
import botocore.session, json, sys
models = {'elasticloadbalancing': 'elbv2', 'servicequotas': 'service-quotas'}
session, known = botocore.session.get_session(), {}
unknown = []
for action in json.loads(sys.argv[1]):
    service, call = action.split(':')
    if service not in known:
        known[service] = set(session.get_service_model(models.get(service, service)).operation_names)
    if call not in known[service]:
        unknown.append(action)
print(json.dumps(unknown))
";
    let rules = Aws.profile().stages.iter().copied().flatten();
    let all: BTreeSet<&str> =
        rules.flat_map(|rule| rule.permissions.iter().copied().flatten()).copied().collect();
    assert!(all.len() > 100, "{all:?}");
    let output = Command::new(python()).args(["-c", script, &json!(all).to_string()]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), json!([]));
}

#[test]
fn a_refused_step_names_the_permission_and_the_statement_that_grants_it() {
    let double = Double::start();
    let policy = printed(&double, &[]);
    let deny = |operation: &str| json!({ "match": { "operation": operation }, "do": "deny", "times": 1 });
    double.ask("POST", "faults", &json!([deny("CreateDBInstance"), deny("CreateLoadBalancer")]));
    let output = double.run("apply", &["--yes"]);
    let out = String::from_utf8(output.stdout).unwrap();
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(4), "{out}");
    for (permission, statement) in
        [("rds:CreateDBInstance", "Database"), ("elasticloadbalancing:CreateLoadBalancer", "Balancer")]
    {
        assert!(out.contains(&format!("the credentials lack the permission {permission}")), "{out}");
        assert!(
            out.contains(&format!("the statement `{statement}` of loadline plan --permissions")),
            "{out}"
        );
        let mut statements = policy["Statement"].as_array().unwrap().iter();
        let granting = statements.find(|it| it["Sid"] == statement).unwrap();
        assert!(granting["Action"].as_array().unwrap().contains(&json!(permission)), "{granting:#}");
    }
}

#[test]
fn a_refused_look_names_the_permission_and_says_that_nothing_was_changed() {
    let double = Double::start();
    double.ask(
        "POST",
        "faults",
        &json!([{ "match": { "operation": "DescribeVpcs" }, "do": "deny", "times": 100 }]),
    );
    let output = double.run("plan", &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in ["ec2:DescribeVpcs", "nothing was changed", "the statement `Looks`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
