//! The cache, its parameters and its subnets.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{CacheCluster, ParameterNameValue, ReplicationGroup, Tag};
use loadline_contract::by_kind::{Found, Making, Settings, ids};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};

use super::errors::failed;
use super::{Clients, tags, text};
use crate::names::{may_be, name};

fn own_tags(making: &Making<'_>) -> Vec<Tag> {
    tags::pairs(making).into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

async fn owner(
    it: &Clients,
    deployment: &Deployment,
    arn: Option<&str>,
) -> Result<Option<Address>, CloudError> {
    let Some(arn) = arn else { return Ok(None) };
    let tags = it.elasticache.list_tags_for_resource().resource_name(arn).send().await;
    let tags = tags.map_err(failed("looking whose this is (ListTagsForResource)"))?;
    Ok(tags::address(deployment, tags.tag_list().iter().map(|tag| (tag.key(), tag.value()))))
}

pub(crate) async fn parameters(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.elasticache.describe_cache_parameter_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for parameter groups (DescribeCacheParameterGroups)"))?;
        for group in page.cache_parameter_groups() {
            let group_name = group.cache_parameter_group_name().unwrap_or_default();
            if !may_be(deployment, "cache-parameters", group_name) {
                continue;
            }
            let Some(address) = owner(it, deployment, group.arn()).await? else { continue };
            let mut set = BTreeMap::new();
            let asked = it.elasticache.describe_cache_parameters().cache_parameter_group_name(group_name);
            let mut pages = asked.source("user").into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = page.map_err(failed(format!("looking at {address} (DescribeCacheParameters)")))?;
                for parameter in page.parameters() {
                    if let (Some(name), Some(value)) =
                        (parameter.parameter_name(), parameter.parameter_value())
                    {
                        set.insert(name.to_owned(), Value::from(value));
                    }
                }
            }
            let settings =
                [("family", text(group.cache_parameter_group_family())), ("parameters", Value::Map(set))];
            found.push(Found::new(address, Some(group_name), State::Ready, settings));
        }
    }
    Ok(found)
}

pub(crate) async fn create_parameters(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let group = name(making.deployment, making.address);
    it.elasticache
        .create_cache_parameter_group()
        .cache_parameter_group_name(&group)
        .cache_parameter_group_family(making.settings.text("family")?)
        .description(format!("{} {}", making.deployment, making.address))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateCacheParameterGroup)", making.address)))?;
    set_parameters(it, &group, &making.settings).await
}

pub(crate) async fn set_parameters(it: &Clients, group: &str, settings: &Settings) -> Result<(), CloudError> {
    let parameters = settings.map("parameters")?.iter().map(|(name, value)| {
        ParameterNameValue::builder().parameter_name(name).parameter_value(value.to_string()).build()
    });
    it.elasticache
        .modify_cache_parameter_group()
        .cache_parameter_group_name(group)
        .set_parameter_name_values(Some(parameters.collect()))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("changing {group} (ModifyCacheParameterGroup)")))
}

pub(crate) async fn delete_parameters(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.elasticache.delete_cache_parameter_group().cache_parameter_group_name(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteCacheParameterGroup)")))
}

pub(crate) async fn subnets(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.elasticache.describe_cache_subnet_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for subnet groups (DescribeCacheSubnetGroups)"))?;
        for group in page.cache_subnet_groups() {
            if !may_be(deployment, "cache-subnets", group.cache_subnet_group_name().unwrap_or_default()) {
                continue;
            }
            let Some(address) = owner(it, deployment, group.arn()).await? else { continue };
            let subnets = group.subnets().iter().filter_map(|it| it.subnet_identifier());
            let settings = [("subnets", ids(subnets))];
            found.push(Found::new(address, group.cache_subnet_group_name(), State::Ready, settings));
        }
    }
    Ok(found)
}

pub(crate) async fn create_subnets(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.elasticache
        .create_cache_subnet_group()
        .cache_subnet_group_name(name(making.deployment, making.address))
        .cache_subnet_group_description(format!("{} {}", making.deployment, making.address))
        .set_subnet_ids(Some(making.settings.texts("subnets")?))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateCacheSubnetGroup)", making.address)))
}

pub(crate) async fn change_subnets(it: &Clients, id: &str, settings: &Settings) -> Result<(), CloudError> {
    let asked = it.elasticache.modify_cache_subnet_group().cache_subnet_group_name(id);
    let asked = asked.set_subnet_ids(Some(settings.texts("subnets")?)).send().await;
    asked.map(drop).map_err(failed(format!("changing {id} (ModifyCacheSubnetGroup)")))
}

pub(crate) async fn delete_subnets(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.elasticache.delete_cache_subnet_group().cache_subnet_group_name(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteCacheSubnetGroup)")))
}

pub(crate) async fn caches(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.elasticache.describe_replication_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for caches (DescribeReplicationGroups)"))?;
        for group in page.replication_groups() {
            if !may_be(deployment, "cache", group.replication_group_id().unwrap_or_default()) {
                continue;
            }
            let Some(address) = owner(it, deployment, group.arn()).await? else { continue };
            let first = match group.member_clusters().iter().min() {
                Some(id) => member(it, &address, id).await?,
                None => None,
            };
            found.push(read(address, group, first.as_ref()));
        }
    }
    Ok(found)
}

async fn member(it: &Clients, address: &Address, id: &str) -> Result<Option<CacheCluster>, CloudError> {
    let asked = it.elasticache.describe_cache_clusters().cache_cluster_id(id).send().await;
    match asked.map_err(failed(format!("looking at {address} (DescribeCacheClusters)"))) {
        Ok(answer) => Ok(answer.cache_clusters.unwrap_or_default().into_iter().next()),
        // Members come after their group, and go before it.
        Err(error) if error.class == loadline_contract::deploy::ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read(address: Address, group: &ReplicationGroup, first: Option<&CacheCluster>) -> Found {
    let state = match group.status().unwrap_or_default() {
        "available" => State::Ready,
        "deleting" => State::Leaving,
        status @ "create-failed" => State::Failed(status.to_owned()),
        _ => State::Changing,
    };
    let node = group.cache_node_type().or_else(|| first.and_then(|it| it.cache_node_type()));
    let engine = group.engine().or_else(|| first.and_then(|it| it.engine()));
    let version = first.and_then(|it| it.engine_version()).unwrap_or_default();
    let version: Vec<&str> = version.split('.').take(2).collect();
    let multi_az = group.multi_az().is_some_and(|it| it.as_str() == "enabled");
    let parameters =
        first.and_then(|it| it.cache_parameter_group()).and_then(|it| it.cache_parameter_group_name());
    let firewalls = first.map(|it| it.security_groups()).unwrap_or_default();
    let firewalls = firewalls.iter().filter_map(|it| it.security_group_id());
    let settings = [
        ("engine", text(engine)),
        ("version", version.join(".").into()),
        ("node_type", text(node)),
        ("nodes", i64::try_from(group.member_clusters().len()).unwrap_or_default().into()),
        ("multi_az", multi_az.into()),
        ("encrypted", group.at_rest_encryption_enabled().unwrap_or(false).into()),
        ("in_transit_encryption", group.transit_encryption_enabled().unwrap_or(false).into()),
        ("snapshot_days", i64::from(group.snapshot_retention_limit().unwrap_or_default()).into()),
        ("parameters", text(parameters)),
        ("subnets", text(first.and_then(|it| it.cache_subnet_group_name()))),
        ("firewalls", ids(firewalls)),
    ];
    let endpoint =
        group.node_groups().first().and_then(|it| it.primary_endpoint()).and_then(|it| it.address());
    let thing = Found::new(address, group.replication_group_id(), state, settings);
    // The first member is always called so (ElastiCache User Guide, "Creating a replication group").
    let first_node = format!("{}-001", group.replication_group_id().unwrap_or_default());
    thing.output("address", endpoint).output("first-node", Some(&first_node))
}

pub(crate) async fn create_cache(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let replicated = settings.flag("multi_az");
    it.elasticache
        .create_replication_group()
        .replication_group_id(name(making.deployment, making.address))
        .replication_group_description(format!("{} {}", making.deployment, making.address))
        .engine(settings.text("engine")?)
        .engine_version(settings.text("version")?)
        .cache_node_type(settings.text("node_type")?)
        .num_cache_clusters(settings.count("nodes")?)
        .automatic_failover_enabled(replicated)
        .multi_az_enabled(replicated)
        .at_rest_encryption_enabled(settings.flag("encrypted"))
        .transit_encryption_enabled(settings.flag("in_transit_encryption"))
        .snapshot_retention_limit(settings.count("snapshot_days")?)
        .cache_parameter_group_name(settings.text("parameters")?)
        .cache_subnet_group_name(settings.text("subnets")?)
        .set_security_group_ids(Some(settings.texts("firewalls")?))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateReplicationGroup)", making.address)))
}

pub(crate) async fn change_cache(
    it: &Clients,
    id: &str,
    settings: &Settings,
    there: &BTreeMap<String, Value>,
) -> Result<(), CloudError> {
    let wanted = |name: &str| settings.differs(name, there);
    if wanted("nodes") {
        let replicas = settings.count("nodes")? - 1;
        let doing = format!("changing the replicas of {id}");
        let more = matches!(there.get("nodes"), Some(Value::Count(now)) if *now <= i64::from(replicas));
        if more {
            let asked = it.elasticache.increase_replica_count().replication_group_id(id);
            asked.new_replica_count(replicas).apply_immediately(true).send().await.map_err(failed(doing))?;
        } else {
            let asked = it.elasticache.decrease_replica_count().replication_group_id(id);
            asked.new_replica_count(replicas).apply_immediately(true).send().await.map_err(failed(doing))?;
        }
    }
    let mut asked =
        it.elasticache.modify_replication_group().replication_group_id(id).apply_immediately(true);
    if wanted("node_type") {
        asked = asked.cache_node_type(settings.text("node_type")?);
    }
    if wanted("version") {
        asked = asked.engine_version(settings.text("version")?);
    }
    if wanted("multi_az") {
        let on = settings.flag("multi_az");
        asked = asked.multi_az_enabled(on).automatic_failover_enabled(on);
    }
    if wanted("snapshot_days") {
        asked = asked.snapshot_retention_limit(settings.count("snapshot_days")?);
    }
    if wanted("parameters") || wanted("version") {
        asked = asked.cache_parameter_group_name(settings.text("parameters")?);
    }
    if wanted("firewalls") {
        asked = asked.set_security_group_ids(Some(settings.texts("firewalls")?));
    }
    asked.send().await.map(drop).map_err(failed(format!("changing {id} (ModifyReplicationGroup)")))
}

/// Leaves a final snapshot behind.
pub(crate) async fn delete_cache(it: &Clients, id: &str, token: &str) -> Result<(), CloudError> {
    let short: String = token.chars().take(12).collect();
    let asked = it.elasticache.delete_replication_group().replication_group_id(id);
    let asked = asked.retain_primary_cluster(false).final_snapshot_identifier(format!("{id}-final-{short}"));
    asked.send().await.map(drop).map_err(failed(format!("removing {id} (DeleteReplicationGroup)")))
}
