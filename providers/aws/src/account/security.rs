//! Security groups and their rules.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{IpPermission, IpRange, ResourceType, SecurityGroup, UserIdGroupPair};
use loadline_contract::by_kind::{Found, Making, Settings};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};

use super::errors::failed;
use super::tags::{ec2, ours, specification};
use super::{Clients, text};
use crate::names::name;

async fn groups(it: &Clients, deployment: &Deployment) -> Result<Vec<(Address, SecurityGroup)>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_security_groups().filters(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for security groups (DescribeSecurityGroups)"))?;
        let groups = page.security_groups.unwrap_or_default();
        found.extend(groups.into_iter().filter_map(|group| Some((ec2(deployment, group.tags())?, group))));
    }
    Ok(found)
}

pub(crate) async fn firewalls(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let groups = groups(it, deployment).await?;
    let found = groups.into_iter().map(|(address, group)| {
        let settings = [("network", text(group.vpc_id())), ("about", text(group.description()))];
        Found::new(address, group.group_id(), State::Ready, settings)
    });
    Ok(found.collect())
}

pub(crate) async fn create_firewall(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.ec2
        .create_security_group()
        .group_name(name(making.deployment, making.address))
        .description(making.settings.text("about")?)
        .vpc_id(making.settings.text("network")?)
        .tag_specifications(specification(making, ResourceType::SecurityGroup))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateSecurityGroup)", making.address)))
}

pub(crate) async fn delete_firewall(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.delete_security_group().group_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteSecurityGroup)")))
}

/// Rules have no life of their own: they are what their group lets in. Their id is the group's with a word behind it.
pub(crate) async fn rules(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let groups = groups(it, deployment).await?;
    let found =
        groups.into_iter().filter(|(_, group)| !group.ip_permissions().is_empty()).map(|(address, group)| {
            let settings =
                [("firewall", text(group.group_id())), ("ingress", ingress(group.ip_permissions()))];
            let id = format!("{}/rules", group.group_id().unwrap_or_default());
            Found::new(Address::new("rules", address.name()), Some(&id), State::Ready, settings)
        });
    Ok(found.collect())
}

fn ingress(permissions: &[IpPermission]) -> Value {
    let mut rules: Vec<Value> = permissions
        .iter()
        .flat_map(|permission| {
            let port = i64::from(permission.from_port().unwrap_or(-1));
            let ranges = permission.ip_ranges().iter().filter_map(|it| it.cidr_ip());
            let groups = permission.user_id_group_pairs().iter().filter_map(|it| it.group_id());
            let from = ranges.chain(groups);
            let until = i64::from(permission.to_port().unwrap_or(-1));
            let protocol = permission.ip_protocol().unwrap_or("-1");
            from.map(move |from| {
                let mut rule =
                    BTreeMap::from([("port".to_owned(), port.into()), ("from".to_owned(), from.into())]);
                // Only somebody else opens a range or another protocol.
                if until != port {
                    rule.insert("until".to_owned(), until.into());
                }
                if protocol != "tcp" {
                    rule.insert("protocol".to_owned(), protocol.into());
                }
                Value::Map(rule)
            })
        })
        .collect();
    rules.sort_by_key(ToString::to_string);
    Value::List(rules)
}

fn permission(rule: &Value) -> Option<IpPermission> {
    let Value::Map(rule) = rule else { return None };
    let (Some(Value::Count(port)), Some(Value::Text(from))) = (rule.get("port"), rule.get("from")) else {
        return None;
    };
    let protocol = rule.get("protocol").map_or_else(|| "tcp".to_owned(), ToString::to_string);
    let until = if let Some(Value::Count(until)) = rule.get("until") { *until } else { *port };
    let open = IpPermission::builder().ip_protocol(protocol);
    let open = open.from_port(i32::try_from(*port).ok()?).to_port(i32::try_from(until).ok()?);
    Some(if from.starts_with("sg-") {
        open.user_id_group_pairs(UserIdGroupPair::builder().group_id(from).build()).build()
    } else {
        open.ip_ranges(IpRange::builder().cidr_ip(from).build()).build()
    })
}

async fn there(it: &Clients, firewall: &str) -> Result<Vec<Value>, CloudError> {
    let groups = it.ec2.describe_security_groups().group_ids(firewall).send().await;
    let groups = groups.map_err(failed(format!("looking at {firewall} (DescribeSecurityGroups)")))?;
    let permissions = groups.security_groups().first().map(SecurityGroup::ip_permissions).unwrap_or_default();
    match ingress(permissions) {
        Value::List(rules) => Ok(rules),
        _ => Ok(Vec::new()),
    }
}

async fn revoke(it: &Clients, firewall: &str, rules: &[Value]) -> Result<(), CloudError> {
    let permissions: Vec<IpPermission> = rules.iter().filter_map(permission).collect();
    if permissions.is_empty() {
        return Ok(());
    }
    let asked =
        it.ec2.revoke_security_group_ingress().group_id(firewall).set_ip_permissions(Some(permissions));
    let doing = format!("closing {firewall} (RevokeSecurityGroupIngress)");
    asked.send().await.map(drop).map_err(failed(doing))
}

/// Lets in what is wanted and nothing else. What is to be let in comes first: nobody is cut off in between.
pub(crate) async fn set_rules(it: &Clients, firewall: &str, settings: &Settings) -> Result<(), CloudError> {
    let (wanted, there) = (settings.list("ingress")?, there(it, firewall).await?);
    let missing: Vec<IpPermission> =
        wanted.iter().filter(|rule| !there.contains(rule)).filter_map(permission).collect();
    if !missing.is_empty() {
        let asked =
            it.ec2.authorize_security_group_ingress().group_id(firewall).set_ip_permissions(Some(missing));
        let doing = format!("opening {firewall} (AuthorizeSecurityGroupIngress)");
        asked.send().await.map_err(failed(doing))?;
    }
    let unwanted: Vec<Value> = there.into_iter().filter(|rule| !wanted.contains(rule)).collect();
    revoke(it, firewall, &unwanted).await
}

pub(crate) async fn clear_rules(it: &Clients, id: &str) -> Result<(), CloudError> {
    let firewall = id.trim_end_matches("/rules");
    let there = there(it, firewall).await?;
    revoke(it, firewall, &there).await
}
