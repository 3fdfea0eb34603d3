//! Balancers, target groups, listeners.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Certificate, Listener, LoadBalancerAttribute, LoadBalancerStateEnum,
    LoadBalancerTypeEnum, ProtocolEnum, RedirectActionConfig, RedirectActionStatusCodeEnum, Tag,
    TargetGroupAttribute,
};
use loadline_contract::by_kind::{Found, Making, Settings, ids};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};

use super::errors::failed;
use super::{Clients, tags, text};
use crate::names::name;

/// Describing tags takes so many at once (ELB API reference, DescribeTags).
const TAGS_AT_ONCE: usize = 20;

/// The addresses of those that carry the deployment's tag, by ARN.
async fn owned(
    it: &Clients,
    deployment: &Deployment,
    arns: &[String],
) -> Result<BTreeMap<String, Address>, CloudError> {
    let mut found = BTreeMap::new();
    for some in arns.chunks(TAGS_AT_ONCE) {
        let asked = it.elb.describe_tags().set_resource_arns(Some(some.to_vec())).send().await;
        let asked = asked.map_err(failed("looking whose balancers these are (DescribeTags)"))?;
        for described in asked.tag_descriptions() {
            let pairs = described.tags().iter().map(|tag| (tag.key(), tag.value()));
            if let (Some(address), Some(arn)) = (tags::address(deployment, pairs), described.resource_arn()) {
                found.insert(arn.to_owned(), address);
            }
        }
    }
    Ok(found)
}

fn own_tags(making: &Making<'_>) -> Vec<Tag> {
    tags::pairs(making).into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// The end of an ARN as metrics name it: `app/name/id`, `targetgroup/name/id`.
fn dimension(arn: &str) -> &str {
    let end = arn.rsplit(':').next().unwrap_or_default();
    end.strip_prefix("loadbalancer/").unwrap_or(end)
}

pub(crate) async fn balancers(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut all = Vec::new();
    let mut pages = it.elb.describe_load_balancers().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for balancers (DescribeLoadBalancers)"))?;
        all.extend(page.load_balancers.unwrap_or_default());
    }
    let arns: Vec<String> = all.iter().filter_map(|it| it.load_balancer_arn().map(str::to_owned)).collect();
    let owned = owned(it, deployment, &arns).await?;
    let mut found = Vec::new();
    for balancer in all {
        let Some(arn) = balancer.load_balancer_arn() else { continue };
        let Some(address) = owned.get(arn) else { continue };
        let attributes = it.elb.describe_load_balancer_attributes().load_balancer_arn(arn).send().await;
        let attributes =
            attributes.map_err(failed(format!("looking at {address} (DescribeLoadBalancerAttributes)")))?;
        let value = |key: &str| {
            let mut all = attributes.attributes().iter();
            all.find(|it| it.key() == Some(key)).and_then(|it| it.value()).unwrap_or_default().to_owned()
        };
        let state = match balancer.state().and_then(|it| it.code()) {
            Some(LoadBalancerStateEnum::Active | LoadBalancerStateEnum::ActiveImpaired) => State::Ready,
            Some(LoadBalancerStateEnum::Failed) => {
                State::Failed("the balancer could not be set up".to_owned())
            }
            _ => State::Changing,
        };
        let subnets = balancer.availability_zones().iter().filter_map(|it| it.subnet_id());
        let settings = [
            ("subnets", ids(subnets)),
            ("firewalls", ids(balancer.security_groups().iter().map(String::as_str))),
            (
                "idle_timeout_s",
                value("idle_timeout.timeout_seconds").parse::<i64>().unwrap_or_default().into(),
            ),
            (
                "drop_invalid_headers",
                (value("routing.http.drop_invalid_header_fields.enabled") == "true").into(),
            ),
        ];
        let thing = Found::new(address.clone(), Some(arn), state, settings);
        found.push(thing.output("address", balancer.dns_name()).output("dimension", Some(dimension(arn))));
    }
    Ok(found)
}

pub(crate) async fn create_balancer(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let made = it
        .elb
        .create_load_balancer()
        .name(name(making.deployment, making.address))
        .r#type(LoadBalancerTypeEnum::Application)
        .set_subnets(Some(making.settings.texts("subnets")?))
        .set_security_groups(Some(making.settings.texts("firewalls")?))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateLoadBalancer)", making.address)))?;
    match made.load_balancers().first().and_then(|it| it.load_balancer_arn()) {
        Some(arn) => set_attributes(it, arn, &making.settings).await,
        None => Ok(()),
    }
}

async fn set_attributes(it: &Clients, arn: &str, settings: &Settings) -> Result<(), CloudError> {
    let set = |key: &str, value: String| LoadBalancerAttribute::builder().key(key).value(value).build();
    it.elb
        .modify_load_balancer_attributes()
        .load_balancer_arn(arn)
        .attributes(set("idle_timeout.timeout_seconds", settings.count("idle_timeout_s")?.to_string()))
        .attributes(set(
            "routing.http.drop_invalid_header_fields.enabled",
            settings.flag("drop_invalid_headers").to_string(),
        ))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("setting up {} (ModifyLoadBalancerAttributes)", dimension(arn))))
}

/// Writes only what differs: a run that is cut off in the middle leaves less to the next one.
pub(crate) async fn change_balancer(
    it: &Clients,
    arn: &str,
    settings: &Settings,
    there: &BTreeMap<String, Value>,
) -> Result<(), CloudError> {
    if settings.differs("firewalls", there) {
        let asked = it.elb.set_security_groups().load_balancer_arn(arn);
        let asked = asked.set_security_groups(Some(settings.texts("firewalls")?)).send().await;
        asked.map_err(failed(format!("changing {} (SetSecurityGroups)", dimension(arn))))?;
    }
    if settings.differs("subnets", there) {
        let asked = it.elb.set_subnets().load_balancer_arn(arn);
        let asked = asked.set_subnets(Some(settings.texts("subnets")?)).send().await;
        asked.map_err(failed(format!("changing {} (SetSubnets)", dimension(arn))))?;
    }
    set_attributes(it, arn, settings).await
}

pub(crate) async fn delete_balancer(it: &Clients, arn: &str) -> Result<(), CloudError> {
    let asked = it.elb.delete_load_balancer().load_balancer_arn(arn).send().await;
    asked.map(drop).map_err(failed(format!("removing {} (DeleteLoadBalancer)", dimension(arn))))
}

pub(crate) async fn targets(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut all = Vec::new();
    let mut pages = it.elb.describe_target_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for target groups (DescribeTargetGroups)"))?;
        all.extend(page.target_groups.unwrap_or_default());
    }
    let arns: Vec<String> = all.iter().filter_map(|it| it.target_group_arn().map(str::to_owned)).collect();
    let owned = owned(it, deployment, &arns).await?;
    let mut found = Vec::new();
    for group in all {
        let Some(arn) = group.target_group_arn() else { continue };
        let Some(address) = owned.get(arn) else { continue };
        let attributes = it.elb.describe_target_group_attributes().target_group_arn(arn).send().await;
        let attributes =
            attributes.map_err(failed(format!("looking at {address} (DescribeTargetGroupAttributes)")))?;
        let mut drain = attributes.attributes().iter();
        let drain = drain.find(|it| it.key() == Some(DRAIN)).and_then(|it| it.value()).unwrap_or_default();
        let number = |value: Option<i32>| Value::from(i64::from(value.unwrap_or_default()));
        let settings = [
            ("network", text(group.vpc_id())),
            ("port", number(group.port())),
            ("health_path", text(group.health_check_path())),
            ("health_interval_s", number(group.health_check_interval_seconds())),
            ("health_timeout_s", number(group.health_check_timeout_seconds())),
            ("healthy_after", number(group.healthy_threshold_count())),
            ("unhealthy_after", number(group.unhealthy_threshold_count())),
            ("drain_s", drain.parse::<i64>().unwrap_or_default().into()),
        ];
        let thing = Found::new(address.clone(), Some(arn), State::Ready, settings);
        found.push(thing.output("dimension", Some(dimension(arn))));
    }
    Ok(found)
}

const DRAIN: &str = "deregistration_delay.timeout_seconds";

pub(crate) async fn create_targets(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let made = it
        .elb
        .create_target_group()
        .name(name(making.deployment, making.address))
        .protocol(ProtocolEnum::Http)
        .port(settings.count("port")?)
        .vpc_id(settings.text("network")?)
        .health_check_path(settings.text("health_path")?)
        .health_check_interval_seconds(settings.count("health_interval_s")?)
        .health_check_timeout_seconds(settings.count("health_timeout_s")?)
        .healthy_threshold_count(settings.count("healthy_after")?)
        .unhealthy_threshold_count(settings.count("unhealthy_after")?)
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateTargetGroup)", making.address)))?;
    match made.target_groups().first().and_then(|it| it.target_group_arn()) {
        Some(arn) => set_drain(it, arn, settings).await,
        None => Ok(()),
    }
}

async fn set_drain(it: &Clients, arn: &str, settings: &Settings) -> Result<(), CloudError> {
    let drain =
        TargetGroupAttribute::builder().key(DRAIN).value(settings.count("drain_s")?.to_string()).build();
    let asked = it.elb.modify_target_group_attributes().target_group_arn(arn).attributes(drain).send().await;
    asked.map(drop).map_err(failed(format!("setting up {} (ModifyTargetGroupAttributes)", dimension(arn))))
}

pub(crate) async fn change_targets(it: &Clients, arn: &str, settings: &Settings) -> Result<(), CloudError> {
    it.elb
        .modify_target_group()
        .target_group_arn(arn)
        .health_check_path(settings.text("health_path")?)
        .health_check_interval_seconds(settings.count("health_interval_s")?)
        .health_check_timeout_seconds(settings.count("health_timeout_s")?)
        .healthy_threshold_count(settings.count("healthy_after")?)
        .unhealthy_threshold_count(settings.count("unhealthy_after")?)
        .send()
        .await
        .map_err(failed(format!("changing {} (ModifyTargetGroup)", dimension(arn))))?;
    set_drain(it, arn, settings).await
}

pub(crate) async fn delete_targets(it: &Clients, arn: &str) -> Result<(), CloudError> {
    let asked = it.elb.delete_target_group().target_group_arn(arn).send().await;
    asked.map(drop).map_err(failed(format!("removing {} (DeleteTargetGroup)", dimension(arn))))
}

pub(crate) async fn listeners(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut all: Vec<Listener> = Vec::new();
    for balancer in balancers(it, deployment).await? {
        let mut pages = it.elb.describe_listeners().load_balancer_arn(&balancer.id).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(failed(format!("looking at {} (DescribeListeners)", balancer.address)))?;
            all.extend(page.listeners.unwrap_or_default());
        }
    }
    let arns: Vec<String> = all.iter().filter_map(|it| it.listener_arn().map(str::to_owned)).collect();
    let owned = owned(it, deployment, &arns).await?;
    let found = all.into_iter().filter_map(|listener| {
        let arn = listener.listener_arn()?;
        let mut thing = Found::new(
            owned.get(arn)?.clone(),
            Some(arn),
            State::Ready,
            [
                ("balancer", text(listener.load_balancer_arn())),
                ("port", i64::from(listener.port().unwrap_or_default()).into()),
                ("protocol", text(listener.protocol().map(|it| it.as_str()))),
            ],
        );
        let action = listener.default_actions().first();
        let forward = action.and_then(|it| {
            let several = it.forward_config().and_then(|it| it.target_groups().first());
            it.target_group_arn().or_else(|| several.and_then(|it| it.target_group_arn()))
        });
        if let Some(targets) = forward {
            thing.set("forward", targets.into());
        }
        if let Some(port) = action.and_then(|it| it.redirect_config()).and_then(|it| it.port()) {
            thing.set("redirect_to_port", port.parse::<i64>().unwrap_or_default().into());
        }
        if let Some(certificate) = listener.certificates().first().and_then(|it| it.certificate_arn()) {
            thing.set("certificate", certificate.into());
        }
        if let Some(policy) = listener.ssl_policy().filter(|policy| !policy.is_empty()) {
            thing.set("tls_policy", policy.into());
        }
        Some(thing)
    });
    Ok(found.collect())
}

fn action(settings: &Settings) -> Action {
    match (settings.maybe_text("forward"), settings.maybe_count("redirect_to_port")) {
        (Some(targets), _) => {
            Action::builder().r#type(ActionTypeEnum::Forward).target_group_arn(targets).build()
        }
        (None, port) => {
            let redirect = RedirectActionConfig::builder()
                .protocol("HTTPS")
                .port(port.unwrap_or(443).to_string())
                .status_code(RedirectActionStatusCodeEnum::Http301)
                .build();
            Action::builder().r#type(ActionTypeEnum::Redirect).redirect_config(redirect).build()
        }
    }
}

fn certificates(settings: &Settings) -> Option<Vec<Certificate>> {
    let arn = settings.maybe_text("certificate")?;
    Some(vec![Certificate::builder().certificate_arn(arn).build()])
}

pub(crate) async fn create_listener(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    it.elb
        .create_listener()
        .load_balancer_arn(settings.text("balancer")?)
        .port(settings.count("port")?)
        .protocol(ProtocolEnum::from(settings.text("protocol")?))
        .set_certificates(certificates(settings))
        .set_ssl_policy(settings.maybe_text("tls_policy").map(str::to_owned))
        .default_actions(action(settings))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateListener)", making.address)))
}

pub(crate) async fn change_listener(it: &Clients, arn: &str, settings: &Settings) -> Result<(), CloudError> {
    it.elb
        .modify_listener()
        .listener_arn(arn)
        .port(settings.count("port")?)
        .protocol(ProtocolEnum::from(settings.text("protocol")?))
        .set_certificates(certificates(settings))
        .set_ssl_policy(settings.maybe_text("tls_policy").map(str::to_owned))
        .default_actions(action(settings))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("changing {} (ModifyListener)", dimension(arn))))
}

pub(crate) async fn delete_listener(it: &Clients, arn: &str) -> Result<(), CloudError> {
    let asked = it.elb.delete_listener().listener_arn(arn).send().await;
    asked.map(drop).map_err(failed(format!("removing {} (DeleteListener)", dimension(arn))))
}
