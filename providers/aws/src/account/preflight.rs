//! What would stop a plan half-way: products that the zones do not sell, images that are not there, quotas that are reached.

use aws_sdk_ec2::types::{Filter, LocationType};
use loadline_contract::deploy::{Address, CloudError, ErrorClass, Obstacle, Resource, Value};

use super::Clients;
use super::errors::failed;

fn setting<'a>(resource: &'a Resource, name: &str) -> Option<&'a str> {
    match resource.settings.get(name) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

pub(crate) async fn obstacles(it: &Clients, wanted: &[Resource]) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = Vec::new();
    let zones: Vec<&str> = wanted.iter().filter_map(|it| setting(it, "zone")).collect();
    for resource in wanted {
        match resource.address.kind() {
            "launch-template" => {
                machine(it, resource, &zones, &mut found).await?;
                image(it, resource, &mut found).await?;
            }
            "database" => class(it, resource, &mut found).await?,
            _ => {}
        }
    }
    for (kind, service, code, what) in QUOTAS {
        let more = wanted.iter().filter(|it| it.address.kind() == *kind).count();
        if let Some(resource) = wanted.iter().find(|it| it.address.kind() == *kind) {
            quota(it, (service, code), (what, more), &resource.address, &mut found).await?;
        }
    }
    Ok(found)
}

/// Quotas by kind (Service Quotas console; the codes are the same in every region).
const QUOTAS: &[(&str, &str, &str, &str)] =
    &[("network", "vpc", "L-F678F1CE", "VPCs"), ("address", "ec2", "L-0263D0A3", "elastic IP addresses")];

async fn quota(
    it: &Clients,
    (service, code): (&str, &str),
    (what, more): (&str, usize),
    address: &Address,
    found: &mut Vec<Obstacle>,
) -> Result<(), CloudError> {
    let asked = it.quotas.get_service_quota().service_code(service).quota_code(code).send().await;
    let limit = match asked.map_err(failed(format!("looking at the quota of {what} (GetServiceQuota)"))) {
        Ok(answer) => answer.quota().and_then(|quota| quota.value()),
        // Not every region and partition lists every quota.
        Err(error) if error.class == ErrorClass::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(limit) = limit else { return Ok(()) };
    let have = if what == "VPCs" {
        let mut count = 0;
        let mut pages = it.ec2.describe_vpcs().into_paginator().send();
        while let Some(page) = pages.next().await {
            count += page.map_err(failed("counting networks (DescribeVpcs)"))?.vpcs().len();
        }
        count
    } else {
        let all = it.ec2.describe_addresses().send().await;
        all.map_err(failed("counting addresses (DescribeAddresses)"))?.addresses().len()
    };
    if (have + more) as f64 > limit {
        found.push(Obstacle {
            address: address.clone(),
            sentence: format!(
                "the account may have {limit} {what} in {}, has {have}, and this plan adds {more}",
                it.region
            ),
            hint: format!(
                "ask for more in Service Quotas ({service}, {code}), or remove one that is not needed"
            ),
        });
    }
    Ok(())
}

async fn machine(
    it: &Clients,
    resource: &Resource,
    zones: &[&str],
    found: &mut Vec<Obstacle>,
) -> Result<(), CloudError> {
    let Some(machine) = setting(resource, "machine") else { return Ok(()) };
    let filter = Filter::builder().name("instance-type").values(machine).build();
    let asked = it.ec2.describe_instance_type_offerings().location_type(LocationType::AvailabilityZone);
    let mut sold = Vec::new();
    let mut pages = asked.filters(filter).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page =
            page.map_err(failed(format!("looking where {machine} is sold (DescribeInstanceTypeOfferings)")))?;
        sold.extend(page.instance_type_offerings().iter().filter_map(|it| it.location().map(str::to_owned)));
    }
    let missing: Vec<&str> =
        zones.iter().filter(|zone| !sold.iter().any(|it| it == *zone)).copied().collect();
    if !missing.is_empty() {
        found.push(Obstacle {
            address: resource.address.clone(),
            sentence: format!("{machine} is not sold in {}", missing.join(", ")),
            hint: if sold.is_empty() {
                "pin another machine (pin.aws.app), or choose another region".to_owned()
            } else {
                format!(
                    "it is sold in {}; pin another machine (pin.aws.app) or ask for fewer zones",
                    sold.join(", ")
                )
            },
        });
    }
    Ok(())
}

async fn image(it: &Clients, resource: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let Some(parameter) = setting(resource, "image").and_then(|it| it.strip_prefix("resolve:ssm:")) else {
        return Ok(());
    };
    let asked = it.ssm.get_parameters().names(parameter).send().await;
    let asked = asked.map_err(failed("looking for the image (GetParameters)"))?;
    if asked.parameters().is_empty() {
        found.push(Obstacle {
            address: resource.address.clone(),
            sentence: format!("there is no image under {parameter} in {}", it.region),
            hint: "choose another access.os".to_owned(),
        });
    }
    Ok(())
}

async fn class(it: &Clients, resource: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let (Some(class), Some(engine)) = (setting(resource, "class"), setting(resource, "engine")) else {
        return Ok(());
    };
    let asked = it.rds.describe_orderable_db_instance_options().engine(engine).db_instance_class(class);
    let mut pages = asked.into_paginator().send();
    let mut sold = false;
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed(format!(
            "looking whether {class} is sold (DescribeOrderableDBInstanceOptions)"
        )))?;
        let options = page.orderable_db_instance_options();
        sold |= options.iter().any(|it| {
            it.engine_version().is_some_and(|version| {
                setting(resource, "version").is_none_or(|wanted| version.starts_with(wanted))
            })
        });
    }
    if !sold {
        found.push(Obstacle {
            address: resource.address.clone(),
            sentence: format!("{class} is not sold for {engine} in {}", it.region),
            hint: "pin another class (pin.aws.database), or choose another region or version".to_owned(),
        });
    }
    Ok(())
}
