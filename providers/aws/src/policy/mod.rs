//! The least IAM policy that allows a plan: nothing but the actions that its steps and its looks need, each on what it is needed
//! for. Pure.
//!
//! What has a name of ours is held by the pattern of its ARN; what has only an id (networks, gateways, templates) by the deployment's
//! tag: set in the call that makes it, looked at by those that use, change or remove it. Looks are asked about everything: whose
//! a thing is shows only after looking. Accounts stand as `*`: a policy holds for the account that it is attached in.

mod grants;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use loadline_contract::deploy::Deployment;
use serde_json::{Value, json};

use crate::kinds::STAGES;
use crate::names::pattern;
use crate::tagging::DEPLOYMENT;
use grants::{LOOKS, PARTS, SERVICES, When};

/// The largest managed policy, characters without white space (IAM User Guide, "IAM and AWS STS quotas").
const LARGEST: usize = 6144;

/// The policy document; where it would be larger than a managed policy may be, a list of several that hold it together.
pub(crate) fn policy(permissions: &[String], deployment: &Deployment, region: &str) -> Value {
    let wanted: BTreeSet<&str> = permissions.iter().map(String::as_str).collect();
    let mut statements = Vec::new();
    let placed: BTreeSet<&str> =
        PARTS.iter().flat_map(|part| part.grants.iter().map(|(action, _)| *action)).collect();
    let looks: Vec<&str> = wanted.difference(&placed).copied().collect();
    if !looks.is_empty() {
        let when = condition(When::InRegion, &wanted, (deployment, region));
        statements.push(statement(LOOKS, &looks, &["*".to_owned()], when));
    }
    for part in PARTS {
        let granted: Vec<_> = part.grants.iter().filter(|(action, _)| wanted.contains(action)).collect();
        if granted.is_empty() {
            continue;
        }
        let actions: Vec<&str> = granted.iter().map(|(action, _)| *action).collect();
        let resources: BTreeSet<String> = granted
            .iter()
            .flat_map(|(_, resources)| resources.iter().map(|it| filled(it, deployment, region)))
            .collect();
        let resources: Vec<String> = resources.into_iter().collect();
        let when = condition(part.when, &wanted, (deployment, region));
        statements.push(statement(part.sid, &actions, &resources, when));
    }
    documents(statements)
}

fn documents(statements: Vec<Value>) -> Value {
    let document = |statements: &[Value]| json!({ "Version": "2012-10-17", "Statement": statements });
    let size = |statements: &[Value]| {
        document(statements).to_string().chars().filter(|letter| !letter.is_whitespace()).count()
    };
    let mut filled: Vec<Vec<Value>> = vec![Vec::new()];
    for statement in statements {
        if let Some(last) = filled.last_mut() {
            last.push(statement);
            if size(last) > LARGEST && last.len() > 1 {
                let next = last.pop().into_iter().collect();
                filled.push(next);
            }
        }
    }
    match filled.as_slice() {
        [one] => document(one),
        several => several.iter().map(|statements| document(statements)).collect(),
    }
}

/// The statements that allow an action; empty where no plan needs it.
#[cfg_attr(not(feature = "connect"), allow(dead_code, reason = "only the account is refused"))]
pub(crate) fn statements_of(action: &str) -> Vec<&'static str> {
    let grants = |part: &&grants::Part| part.grants.iter().any(|(granted, _)| *granted == action);
    let found: Vec<&str> = PARTS.iter().filter(grants).map(|part| part.sid).collect();
    let needed = || {
        STAGES.iter().copied().flatten().any(|rule| rule.permissions.iter().any(|it| it.contains(&action)))
    };
    if found.is_empty() && needed() { vec![LOOKS] } else { found }
}

fn statement(sid: &str, actions: &[&str], resources: &[String], condition: Option<Value>) -> Value {
    let mut statement = json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    statement
}

/// `None`: nothing more is asked.
fn condition(
    when: When,
    wanted: &BTreeSet<&str>,
    (deployment, region): (&Deployment, &str),
) -> Option<Value> {
    let equals = |key: &str, value: Value| Some(json!({ "StringEquals": { key: value } }));
    match when {
        When::Always => None,
        When::InRegion => equals("aws:RequestedRegion", json!(region)),
        When::TaggedOurs => equals(&format!("aws:RequestTag/{DEPLOYMENT}"), json!(deployment)),
        When::Ours => equals(&format!("aws:ResourceTag/{DEPLOYMENT}"), json!(deployment)),
        When::WhileMaking => Some(json!({ "StringLike": { "ec2:CreateAction": "*" } })),
        When::FromTemplate => {
            let templates = filled("arn:aws:ec2:{region}:*:launch-template/*", deployment, region);
            Some(json!({ "ArnLike": { "ec2:LaunchTemplate": templates } }))
        }
        When::OurServices => {
            let services = SERVICES.iter().filter(|(action, _)| wanted.contains(action));
            let services: Vec<&str> = services.map(|(_, service)| *service).collect();
            equals("iam:AWSServiceName", json!(services))
        }
    }
}

/// A resource with region and name patterns in their places.
fn filled(resource: &str, deployment: &Deployment, region: &str) -> String {
    let resource = resource.replace("{region}", region);
    match resource.split_once('{').and_then(|(front, rest)| Some((front, rest.strip_suffix('}')?))) {
        Some((front, kind)) => format!("{front}{}", pattern(deployment, kind)),
        None => resource,
    }
}
