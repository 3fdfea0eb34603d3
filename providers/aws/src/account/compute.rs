//! Key pairs, launch templates, groups of machines and what moves them.

use std::collections::BTreeMap;

use aws_sdk_autoscaling::types::{
    AutoScalingGroup, Filter as GroupFilter, LaunchTemplateSpecification, MetricType,
    PredefinedMetricSpecification, Tag as GroupTag, TargetTrackingConfiguration,
};
use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::{
    LaunchTemplateBlockDeviceMappingRequest, LaunchTemplateEbsBlockDeviceRequest,
    LaunchTemplateHttpTokensState, LaunchTemplateInstanceMetadataOptionsRequest, RequestLaunchTemplateData,
    ResourceType, ResponseLaunchTemplateData, VolumeType,
};
use loadline_contract::by_kind::{Found, Making, Settings, ids};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};

use super::errors::failed;
use super::tags::{self, ec2, ours, specification};
use super::{Clients, text};
use crate::names::name;

/// The device that Ubuntu's images boot from.
const ROOT: &str = "/dev/sda1";
/// The tag by which a group knows which template its machines were made from.
const REVISION: &str = "loadline:revision";

pub(crate) async fn key_pairs(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    // This call has no pages.
    let all = it.ec2.describe_key_pairs().include_public_key(true).filters(ours(deployment)).send().await;
    let all = all.map_err(failed("looking for key pairs (DescribeKeyPairs)"))?;
    let found = all.key_pairs().iter().filter_map(|pair| {
        let mut thing = Found::new(ec2(deployment, pair.tags())?, pair.key_name(), State::Ready, []);
        if let Some(key) = pair.public_key() {
            thing.set("public_key", key_only(key).into());
        }
        Some(thing)
    });
    Ok(found.collect())
}

/// The key without its comment, which is given back in another form.
fn key_only(line: &str) -> String {
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

pub(crate) async fn create_key_pair(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.ec2
        .import_key_pair()
        .key_name(name(making.deployment, making.address))
        .public_key_material(Blob::new(making.settings.text("public_key")?))
        .tag_specifications(specification(making, ResourceType::KeyPair))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (ImportKeyPair)", making.address)))
}

pub(crate) async fn delete_key_pair(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.delete_key_pair().key_name(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteKeyPair)")))
}

pub(crate) async fn templates(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_launch_templates().filters(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for launch templates (DescribeLaunchTemplates)"))?;
        for template in page.launch_templates() {
            let (Some(address), Some(id)) = (ec2(deployment, template.tags()), template.launch_template_id())
            else {
                continue;
            };
            let asked =
                it.ec2.describe_launch_template_versions().launch_template_id(id).versions("$Default");
            let versions = asked.send().await;
            let versions =
                versions.map_err(failed(format!("looking at {address} (DescribeLaunchTemplateVersions)")))?;
            let data = versions
                .launch_template_versions()
                .first()
                .and_then(|version| version.launch_template_data());
            let mut thing = Found::new(address, Some(id), State::Ready, []);
            if let Some(data) = data {
                thing.settings = read(data);
            }
            found.push(thing);
        }
    }
    Ok(found)
}

fn read(data: &ResponseLaunchTemplateData) -> BTreeMap<String, Value> {
    let root = data.block_device_mappings().iter().find(|device| device.device_name() == Some(ROOT));
    let disk = root.and_then(|root| root.ebs()).and_then(|ebs| ebs.volume_size()).unwrap_or_default();
    let first_start = data.user_data().and_then(|text| aws_smithy_types::base64::decode(text).ok());
    let first_start = first_start.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let tokens = data.metadata_options().and_then(|options| options.http_tokens()).map(|it| it.as_str());
    let mut settings = BTreeMap::from([
        ("image".to_owned(), text(data.image_id())),
        ("machine".to_owned(), text(data.instance_type().map(|it| it.as_str()))),
        ("disk_gib".to_owned(), i64::from(disk).into()),
        ("firewalls".to_owned(), ids(data.security_group_ids().iter().map(String::as_str))),
        ("first_start".to_owned(), text(first_start.as_deref())),
        ("metadata_tokens".to_owned(), text(tokens)),
    ]);
    if let Some(key) = data.key_name() {
        settings.insert("key".to_owned(), key.into());
    }
    settings
}

fn data(making: &Making<'_>) -> Result<RequestLaunchTemplateData, CloudError> {
    let settings = &making.settings;
    let disk = LaunchTemplateEbsBlockDeviceRequest::builder()
        .volume_size(settings.count("disk_gib")?)
        .volume_type(VolumeType::Gp3)
        .encrypted(true)
        .delete_on_termination(true)
        .build();
    let metadata = LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_tokens(LaunchTemplateHttpTokensState::from(settings.text("metadata_tokens")?))
        // One hop would keep containers from the metadata they are configured by.
        .http_put_response_hop_limit(2)
        .build();
    Ok(RequestLaunchTemplateData::builder()
        .image_id(settings.text("image")?)
        .instance_type(settings.text("machine")?.into())
        .set_key_name(settings.maybe_text("key").map(str::to_owned))
        .set_security_group_ids(Some(settings.texts("firewalls")?))
        .user_data(aws_smithy_types::base64::encode(settings.text("first_start")?))
        .block_device_mappings(
            LaunchTemplateBlockDeviceMappingRequest::builder().device_name(ROOT).ebs(disk).build(),
        )
        .metadata_options(metadata)
        .build())
}

pub(crate) async fn create_template(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.ec2
        .create_launch_template()
        .client_token(making.token)
        .launch_template_name(name(making.deployment, making.address))
        .launch_template_data(data(making)?)
        .tag_specifications(specification(making, ResourceType::LaunchTemplate))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateLaunchTemplate)", making.address)))
}

pub(crate) async fn change_template(it: &Clients, id: &str, making: &Making<'_>) -> Result<(), CloudError> {
    let asked = it
        .ec2
        .create_launch_template_version()
        .client_token(making.token)
        .launch_template_id(id)
        .launch_template_data(data(making)?);
    let made = asked.send().await;
    let made = made.map_err(failed(format!("changing {} (CreateLaunchTemplateVersion)", making.address)))?;
    let version = made.launch_template_version().and_then(|it| it.version_number()).unwrap_or(1);
    let asked = it.ec2.modify_launch_template().launch_template_id(id).default_version(version.to_string());
    let doing = format!("changing {} (ModifyLaunchTemplate)", making.address);
    asked.send().await.map(drop).map_err(failed(doing))
}

pub(crate) async fn delete_template(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.delete_launch_template().launch_template_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteLaunchTemplate)")))
}

async fn our_groups(
    it: &Clients,
    deployment: &Deployment,
) -> Result<Vec<(Address, AutoScalingGroup)>, CloudError> {
    let filter =
        GroupFilter::builder().name(format!("tag:{}", tags::DEPLOYMENT)).values(deployment.as_str()).build();
    let mut found = Vec::new();
    let mut pages = it.scaling.describe_auto_scaling_groups().filters(filter).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for groups (DescribeAutoScalingGroups)"))?;
        for group in page.auto_scaling_groups.unwrap_or_default() {
            let pairs = group.tags().iter().map(|tag| (tag.key(), tag.value()));
            if let Some(address) = tags::address(deployment, pairs) {
                found.push((address, group));
            }
        }
    }
    Ok(found)
}

pub(crate) async fn groups(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let groups = our_groups(it, deployment).await?;
    let found = groups.into_iter().map(|(address, group)| {
        let serving = group
            .instances()
            .iter()
            .filter(|machine| machine.lifecycle_state().is_some_and(|state| state.as_str() == "InService"))
            .count();
        let least = group.min_size().unwrap_or_default();
        let state = match group.status() {
            Some(_) => State::Leaving,
            None if serving < usize::try_from(least).unwrap_or_default() => State::Changing,
            None => State::Ready,
        };
        let template = group.launch_template().and_then(|it| it.launch_template_id());
        let revision =
            group.tags().iter().find(|tag| tag.key() == Some(REVISION)).and_then(|tag| tag.value());
        let zones = group.vpc_zone_identifier().unwrap_or_default();
        let settings = [
            ("template", text(template)),
            ("revision", text(revision)),
            ("subnets", ids(zones.split(',').filter(|id| !id.is_empty()))),
            ("targets", ids(group.target_group_arns().iter().map(String::as_str))),
            ("least", i64::from(least).into()),
            ("desired", i64::from(group.desired_capacity().unwrap_or_default()).into()),
            ("most", i64::from(group.max_size().unwrap_or_default()).into()),
            ("health_check", text(group.health_check_type())),
            ("grace_s", i64::from(group.health_check_grace_period().unwrap_or_default()).into()),
        ];
        Found::new(address, group.auto_scaling_group_name(), state, settings)
    });
    Ok(found.collect())
}

fn template(settings: &Settings) -> Result<LaunchTemplateSpecification, CloudError> {
    let id = settings.text("template")?;
    Ok(LaunchTemplateSpecification::builder().launch_template_id(id).version("$Default").build())
}

fn group_tags(making: &Making<'_>) -> Result<Vec<GroupTag>, CloudError> {
    let group = name(making.deployment, making.address);
    let tag = |key: &str, value: String, machines: bool| {
        GroupTag::builder()
            .resource_id(&group)
            .resource_type("auto-scaling-group")
            .key(key)
            .value(value)
            .propagate_at_launch(machines)
            .build()
    };
    let mut all: Vec<GroupTag> =
        tags::pairs(making).into_iter().map(|(key, value)| tag(key, value, true)).collect();
    all.push(tag(REVISION, making.settings.text("revision")?.to_owned(), false));
    Ok(all)
}

pub(crate) async fn create_group(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    it.scaling
        .create_auto_scaling_group()
        .auto_scaling_group_name(name(making.deployment, making.address))
        .launch_template(template(settings)?)
        .min_size(settings.count("least")?)
        .desired_capacity(settings.count("desired")?)
        .max_size(settings.count("most")?)
        .vpc_zone_identifier(settings.texts("subnets")?.join(","))
        .set_target_group_arns(Some(settings.texts("targets")?))
        .health_check_type(settings.text("health_check")?)
        .health_check_grace_period(settings.count("grace_s")?)
        .set_tags(Some(group_tags(making)?))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateAutoScalingGroup)", making.address)))
}

pub(crate) async fn change_group(
    it: &Clients,
    making: &Making<'_>,
    there: &BTreeMap<String, Value>,
) -> Result<(), CloudError> {
    let (settings, group) = (&making.settings, name(making.deployment, making.address));
    it.scaling
        .update_auto_scaling_group()
        .auto_scaling_group_name(&group)
        .launch_template(template(settings)?)
        .min_size(settings.count("least")?)
        .max_size(settings.count("most")?)
        .vpc_zone_identifier(settings.texts("subnets")?.join(","))
        .health_check_type(settings.text("health_check")?)
        .health_check_grace_period(settings.count("grace_s")?)
        .send()
        .await
        .map_err(failed(format!("changing {} (UpdateAutoScalingGroup)", making.address)))?;
    let targets = |value: Option<&Value>| match value {
        Some(Value::List(arns)) => arns.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let (wanted, before): (Vec<String>, Vec<String>) =
        (settings.texts("targets")?, targets(there.get("targets")));
    let more: Vec<String> = wanted.iter().filter(|arn| !before.contains(arn)).cloned().collect();
    if !more.is_empty() {
        let asked = it.scaling.attach_load_balancer_target_groups().auto_scaling_group_name(&group);
        let asked = asked.set_target_group_arns(Some(more)).send().await;
        asked.map_err(failed(format!("changing {} (AttachLoadBalancerTargetGroups)", making.address)))?;
    }
    let fewer: Vec<String> = before.into_iter().filter(|arn| !wanted.contains(arn)).collect();
    if !fewer.is_empty() {
        let asked = it.scaling.detach_load_balancer_target_groups().auto_scaling_group_name(&group);
        let asked = asked.set_target_group_arns(Some(fewer)).send().await;
        asked.map_err(failed(format!("changing {} (DetachLoadBalancerTargetGroups)", making.address)))?;
    }
    let revised =
        there.get("revision").map(ToString::to_string).as_deref() != Some(settings.text("revision")?);
    if !revised {
        return Ok(());
    }
    // Machines are replaced in batches while nine of ten serve; the tag says that this was begun.
    let begun = it.scaling.start_instance_refresh().auto_scaling_group_name(&group).send().await;
    begun.map_err(failed(format!("replacing the machines of {} (StartInstanceRefresh)", making.address)))?;
    let asked = it.scaling.create_or_update_tags().set_tags(Some(group_tags(making)?)).send().await;
    asked.map(drop).map_err(failed(format!("marking {} (CreateOrUpdateTags)", making.address)))
}

pub(crate) async fn delete_group(it: &Clients, id: &str) -> Result<(), CloudError> {
    // Its machines hold nothing that is not made again.
    let asked =
        it.scaling.delete_auto_scaling_group().auto_scaling_group_name(id).force_delete(true).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteAutoScalingGroup)")))
}

pub(crate) async fn policies(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for (group, there) in our_groups(it, deployment).await? {
        if there.status().is_some() {
            continue;
        }
        let group_name = there.auto_scaling_group_name().unwrap_or_default();
        let mut pages =
            it.scaling.describe_policies().auto_scaling_group_name(group_name).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed(format!("looking at {group} (DescribePolicies)")))?;
            for policy in page.scaling_policies() {
                let address = Address::new("scaling-policy", group.name());
                if policy.policy_name() != Some(name(deployment, &address).as_str()) {
                    continue;
                }
                let target = policy.target_tracking_configuration();
                let metric = target.and_then(|it| it.predefined_metric_specification());
                let settings = [
                    ("group", group_name.into()),
                    ("metric", text(metric.and_then(|it| it.predefined_metric_type()).map(|it| it.as_str()))),
                    (
                        "target",
                        (target.and_then(|it| it.target_value()).unwrap_or_default().round() as i64).into(),
                    ),
                ];
                let id = format!("{group_name}/{}", policy.policy_name().unwrap_or_default());
                found.push(Found::new(address, Some(&id), State::Ready, settings));
            }
        }
    }
    Ok(found)
}

pub(crate) async fn put_policy(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let metric = PredefinedMetricSpecification::builder()
        .predefined_metric_type(MetricType::from(settings.text("metric")?))
        .build();
    let target = TargetTrackingConfiguration::builder()
        .predefined_metric_specification(metric)
        .target_value(f64::from(settings.count("target")?))
        .build();
    it.scaling
        .put_scaling_policy()
        .auto_scaling_group_name(settings.text("group")?)
        .policy_name(name(making.deployment, making.address))
        .policy_type("TargetTrackingScaling")
        .target_tracking_configuration(target)
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("setting {} (PutScalingPolicy)", making.address)))
}

pub(crate) async fn delete_policy(it: &Clients, id: &str) -> Result<(), CloudError> {
    let (group, policy) = id.split_once('/').unwrap_or((id, ""));
    let asked = it.scaling.delete_policy().auto_scaling_group_name(group).policy_name(policy).send().await;
    asked.map(drop).map_err(failed(format!("removing {policy} (DeletePolicy)")))
}
