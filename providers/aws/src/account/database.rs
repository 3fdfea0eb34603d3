//! The database, its parameters and its subnets.

use std::collections::BTreeMap;

use aws_sdk_rds::types::{ApplyMethod, DbInstance, Parameter, Tag};
use loadline_contract::by_kind::{Found, Making, Settings, ids};
use loadline_contract::deploy::{CloudError, Deployment, State, Value};

use super::errors::failed;
use super::{Clients, tags, text};
use crate::names::{may_be, name};

/// The login that the cloud makes with the password; applications get logins of their own.
const MASTER: &str = "loadline";

fn own_tags(making: &Making<'_>) -> Vec<Tag> {
    tags::pairs(making).into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

async fn owner(
    it: &Clients,
    deployment: &Deployment,
    arn: Option<&str>,
) -> Result<Option<loadline_contract::deploy::Address>, CloudError> {
    let Some(arn) = arn else { return Ok(None) };
    let tags = it.rds.list_tags_for_resource().resource_name(arn).send().await;
    let tags = tags.map_err(failed("looking whose this is (ListTagsForResource)"))?;
    Ok(tags::address(deployment, tags.tag_list().iter().map(|tag| (tag.key(), tag.value()))))
}

pub(crate) async fn parameters(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.rds.describe_db_parameter_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for parameter groups (DescribeDBParameterGroups)"))?;
        for group in page.db_parameter_groups() {
            let group_name = group.db_parameter_group_name().unwrap_or_default();
            if !may_be(deployment, "db-parameters", group_name) {
                continue;
            }
            let Some(address) = owner(it, deployment, group.db_parameter_group_arn()).await? else {
                continue;
            };
            let settings = [
                ("family", text(group.db_parameter_group_family())),
                ("parameters", Value::Map(set_parameters_of(it, group_name).await?)),
            ];
            found.push(Found::new(address, Some(group_name), State::Ready, settings));
        }
    }
    Ok(found)
}

async fn set_parameters_of(it: &Clients, group: &str) -> Result<BTreeMap<String, Value>, CloudError> {
    let mut set = BTreeMap::new();
    let asked = it.rds.describe_db_parameters().db_parameter_group_name(group).source("user");
    let mut pages = asked.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed(format!("looking at {group} (DescribeDBParameters)")))?;
        for parameter in page.parameters() {
            if let (Some(name), Some(value)) = (parameter.parameter_name(), parameter.parameter_value()) {
                set.insert(name.to_owned(), value.into());
            }
        }
    }
    Ok(set)
}

pub(crate) async fn create_parameters(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let group = name(making.deployment, making.address);
    it.rds
        .create_db_parameter_group()
        .db_parameter_group_name(&group)
        .db_parameter_group_family(making.settings.text("family")?)
        .description(format!("{} {}", making.deployment, making.address))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateDBParameterGroup)", making.address)))?;
    set_parameters(it, &group, &making.settings).await
}

pub(crate) async fn set_parameters(it: &Clients, group: &str, settings: &Settings) -> Result<(), CloudError> {
    let parameters: Vec<Parameter> = settings
        .map("parameters")?
        .iter()
        .map(|(name, value)| {
            // Resizing the buffer pool under load stalls: it waits for the next restart.
            let method = if name == "innodb_buffer_pool_size" {
                ApplyMethod::PendingReboot
            } else {
                ApplyMethod::Immediate
            };
            let parameter = Parameter::builder().parameter_name(name).parameter_value(value.to_string());
            parameter.apply_method(method).build()
        })
        .collect();
    let asked =
        it.rds.modify_db_parameter_group().db_parameter_group_name(group).set_parameters(Some(parameters));
    asked.send().await.map(drop).map_err(failed(format!("changing {group} (ModifyDBParameterGroup)")))
}

pub(crate) async fn delete_parameters(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.rds.delete_db_parameter_group().db_parameter_group_name(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteDBParameterGroup)")))
}

pub(crate) async fn subnets(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.rds.describe_db_subnet_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for subnet groups (DescribeDBSubnetGroups)"))?;
        for group in page.db_subnet_groups() {
            let group_name = group.db_subnet_group_name().unwrap_or_default();
            if !may_be(deployment, "db-subnets", group_name) {
                continue;
            }
            let Some(address) = owner(it, deployment, group.db_subnet_group_arn()).await? else { continue };
            let subnets = group.subnets().iter().filter_map(|it| it.subnet_identifier());
            found.push(Found::new(
                address,
                group.db_subnet_group_name(),
                State::Ready,
                [("subnets", ids(subnets))],
            ));
        }
    }
    Ok(found)
}

pub(crate) async fn create_subnets(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.rds
        .create_db_subnet_group()
        .db_subnet_group_name(name(making.deployment, making.address))
        .db_subnet_group_description(format!("{} {}", making.deployment, making.address))
        .set_subnet_ids(Some(making.settings.texts("subnets")?))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateDBSubnetGroup)", making.address)))
}

pub(crate) async fn change_subnets(it: &Clients, id: &str, settings: &Settings) -> Result<(), CloudError> {
    let asked = it.rds.modify_db_subnet_group().db_subnet_group_name(id);
    let asked = asked.set_subnet_ids(Some(settings.texts("subnets")?)).send().await;
    asked.map(drop).map_err(failed(format!("changing {id} (ModifyDBSubnetGroup)")))
}

pub(crate) async fn delete_subnets(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.rds.delete_db_subnet_group().db_subnet_group_name(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteDBSubnetGroup)")))
}

/// Databases, or read replicas: both are instances.
pub(crate) async fn databases(
    it: &Clients,
    deployment: &Deployment,
    kind: &str,
) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.rds.describe_db_instances().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for databases (DescribeDBInstances)"))?;
        for database in page.db_instances() {
            let pairs = database.tag_list().iter().map(|tag| (tag.key(), tag.value()));
            let address = tags::address(deployment, pairs).filter(|address| address.kind() == kind);
            if let Some(address) = address {
                found.push(read(address, database));
            }
        }
    }
    Ok(found)
}

fn read(address: loadline_contract::deploy::Address, database: &DbInstance) -> Found {
    let status = database.db_instance_status().unwrap_or_default();
    let state = match status {
        "available" | "storage-optimization" | "storage-full" => State::Ready,
        "deleting" => State::Leaving,
        "failed" | "restore-error" => State::Failed(status.to_owned()),
        _ if status.starts_with("incompatible-") || status.starts_with("inaccessible-") => {
            State::Failed(status.to_owned())
        }
        _ => State::Changing,
    };
    let version: Vec<&str> = database.engine_version().unwrap_or_default().split('.').take(2).collect();
    let number = |value: Option<i32>| Value::from(i64::from(value.unwrap_or_default()));
    let parameters = database.db_parameter_groups().first().and_then(|it| it.db_parameter_group_name());
    let firewalls = database.vpc_security_groups().iter().filter_map(|it| it.vpc_security_group_id());
    let mut thing = Found::new(
        address,
        database.db_instance_identifier(),
        state,
        [
            ("engine", text(database.engine())),
            ("version", version.join(".").into()),
            ("class", text(database.db_instance_class())),
            ("storage_gib", number(database.allocated_storage())),
            ("storage_type", text(database.storage_type())),
            ("encrypted", database.storage_encrypted().unwrap_or(false).into()),
            ("multi_az", database.multi_az().unwrap_or(false).into()),
            ("backup_days", number(database.backup_retention_period())),
            ("managed_password", database.master_user_secret().is_some().into()),
            ("deletion_protection", database.deletion_protection().unwrap_or(false).into()),
            ("public", database.publicly_accessible().unwrap_or(false).into()),
            ("parameters", text(parameters)),
            ("subnets", text(database.db_subnet_group().and_then(|it| it.db_subnet_group_name()))),
            ("firewalls", ids(firewalls)),
        ],
    );
    if let Some(source) = database.read_replica_source_db_instance_identifier() {
        // What it takes from its database is not asked of it.
        for inherited in ["engine", "version", "encrypted", "backup_days", "managed_password", "subnets"] {
            thing.settings.remove(inherited);
        }
        thing.set("database", source.into());
    }
    if let Some(iops) = database.iops() {
        thing.set("iops", i64::from(iops).into());
    }
    let endpoint = database.endpoint().and_then(|it| it.address());
    let secret = database.master_user_secret().and_then(|it| it.secret_arn());
    thing.output("address", endpoint).output("password-secret", secret)
}

pub(crate) async fn create_database(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    it.rds
        .create_db_instance()
        .db_instance_identifier(name(making.deployment, making.address))
        .engine(settings.text("engine")?)
        .engine_version(settings.text("version")?)
        .db_instance_class(settings.text("class")?)
        .allocated_storage(settings.count("storage_gib")?)
        .storage_type(settings.text("storage_type")?)
        .set_iops(settings.maybe_count("iops"))
        .storage_encrypted(settings.flag("encrypted"))
        .multi_az(settings.flag("multi_az"))
        .backup_retention_period(settings.count("backup_days")?)
        .master_username(MASTER)
        .manage_master_user_password(settings.flag("managed_password"))
        .deletion_protection(settings.flag("deletion_protection"))
        .publicly_accessible(settings.flag("public"))
        .copy_tags_to_snapshot(true)
        .auto_minor_version_upgrade(true)
        .db_parameter_group_name(settings.text("parameters")?)
        .db_subnet_group_name(settings.text("subnets")?)
        .set_vpc_security_group_ids(Some(settings.texts("firewalls")?))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateDBInstance)", making.address)))
}

pub(crate) async fn create_replica(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    it.rds
        .create_db_instance_read_replica()
        .db_instance_identifier(name(making.deployment, making.address))
        .source_db_instance_identifier(settings.text("database")?)
        .db_instance_class(settings.text("class")?)
        .allocated_storage(settings.count("storage_gib")?)
        .storage_type(settings.text("storage_type")?)
        .set_iops(settings.maybe_count("iops"))
        .multi_az(settings.flag("multi_az"))
        .deletion_protection(settings.flag("deletion_protection"))
        .publicly_accessible(settings.flag("public"))
        .auto_minor_version_upgrade(true)
        .db_parameter_group_name(settings.text("parameters")?)
        .set_vpc_security_group_ids(Some(settings.texts("firewalls")?))
        .set_tags(Some(own_tags(making)))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateDBInstanceReadReplica)", making.address)))
}

/// Asks only for what differs: an unneeded change of storage would lock it for six hours.
pub(crate) async fn change_database(
    it: &Clients,
    id: &str,
    settings: &Settings,
    there: &BTreeMap<String, Value>,
) -> Result<(), CloudError> {
    let wanted = |name: &str| settings.differs(name, there);
    let mut asked = it.rds.modify_db_instance().db_instance_identifier(id).apply_immediately(true);
    if wanted("class") {
        asked = asked.db_instance_class(settings.text("class")?);
    }
    if wanted("storage_gib") || wanted("iops") {
        asked =
            asked.allocated_storage(settings.count("storage_gib")?).set_iops(settings.maybe_count("iops"));
    }
    if wanted("storage_type") {
        asked = asked.storage_type(settings.text("storage_type")?);
    }
    if wanted("version") {
        // A parameter group of the new family comes along.
        asked = asked.engine_version(settings.text("version")?).allow_major_version_upgrade(true);
    }
    if wanted("multi_az") {
        asked = asked.multi_az(settings.flag("multi_az"));
    }
    if wanted("backup_days") {
        asked = asked.backup_retention_period(settings.count("backup_days")?);
    }
    if wanted("managed_password") {
        asked = asked.manage_master_user_password(settings.flag("managed_password"));
    }
    if wanted("deletion_protection") {
        asked = asked.deletion_protection(settings.flag("deletion_protection"));
    }
    if wanted("public") {
        asked = asked.publicly_accessible(settings.flag("public"));
    }
    if wanted("parameters") {
        asked = asked.db_parameter_group_name(settings.text("parameters")?);
    }
    if wanted("firewalls") {
        asked = asked.set_vpc_security_group_ids(Some(settings.texts("firewalls")?));
    }
    asked.send().await.map(drop).map_err(failed(format!("changing {id} (ModifyDBInstance)")))
}

async fn lift_protection(it: &Clients, id: &str) -> Result<(), CloudError> {
    let lifted = it.rds.modify_db_instance().db_instance_identifier(id);
    let lifted = lifted.deletion_protection(false).apply_immediately(true).send().await;
    lifted.map(drop).map_err(failed(format!("lifting the protection of {id} (ModifyDBInstance)")))
}

/// A copy leaves no snapshot behind; the service makes none of a replica.
pub(crate) async fn delete_replica(it: &Clients, id: &str) -> Result<(), CloudError> {
    lift_protection(it, id).await?;
    let asked = it.rds.delete_db_instance().db_instance_identifier(id).skip_final_snapshot(true);
    asked.send().await.map(drop).map_err(failed(format!("removing {id} (DeleteDBInstance)")))
}

/// Lifts the protection of this one, and leaves a final snapshot behind.
pub(crate) async fn delete_database(it: &Clients, id: &str, token: &str) -> Result<(), CloudError> {
    lift_protection(it, id).await?;
    let short: String = token.chars().take(12).collect();
    it.rds
        .delete_db_instance()
        .db_instance_identifier(id)
        .final_db_snapshot_identifier(format!("{id}-final-{short}"))
        .skip_final_snapshot(false)
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("removing {id} (DeleteDBInstance)")))
}
