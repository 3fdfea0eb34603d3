//! What would stop a plan half-way: products that the zones do not sell, images that are not there, quotas that are reached.

mod nearest;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Filter, LocationType};
use loadline_contract::deploy::{Address, CloudError, ErrorClass, InPlace, Obstacle, Resource};

use super::Clients;
use super::errors::failed;
use nearest::nearest;

pub(crate) async fn obstacles(
    it: &Clients,
    made: &[Resource],
    changed: &[InPlace],
) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = Vec::new();
    // Where nothing is made in a zone, those of the region have to do: what none of them sells is an obstacle all the same.
    let zones: Vec<&str> = made.iter().filter_map(|it| it.text("zone")).collect();
    for resource in made {
        match resource.address.kind() {
            "launch-template" => {
                machine(it, resource, &zones, &mut found).await?;
                image(it, resource, &mut found).await?;
            }
            "database" => class(it, resource, &mut found).await?,
            _ => {}
        }
    }
    for InPlace { resource, .. } in changed.iter().filter(|it| it.touches(&["machine"])) {
        machine(it, resource, &zones, &mut found).await?;
    }
    for InPlace { resource, .. } in changed.iter().filter(|it| it.touches(&["image"])) {
        image(it, resource, &mut found).await?;
    }
    let databases = changed.iter().filter(|it| it.resource.address.kind() == "database");
    for InPlace { resource, .. } in databases.filter(|it| it.touches(&["class", "version"])) {
        class(it, resource, &mut found).await?;
    }
    let wanted = made;
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

/// Which machines each zone sells: of one kind, or all of them.
async fn sold(it: &Clients, machine: Option<&str>) -> Result<BTreeMap<String, BTreeSet<String>>, CloudError> {
    let asked = it.ec2.describe_instance_type_offerings().location_type(LocationType::AvailabilityZone);
    let filter = machine.map(|machine| vec![Filter::builder().name("instance-type").values(machine).build()]);
    let mut zones: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut pages = asked.set_filters(filter).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking what is sold where (DescribeInstanceTypeOfferings)"))?;
        for offering in page.instance_type_offerings() {
            if let (Some(machine), Some(zone)) = (offering.instance_type(), offering.location()) {
                zones.entry(machine.as_str().to_owned()).or_default().insert(zone.to_owned());
            }
        }
    }
    Ok(zones)
}

async fn machine(
    it: &Clients,
    resource: &Resource,
    zones: &[&str],
    found: &mut Vec<Obstacle>,
) -> Result<(), CloudError> {
    let Some(machine) = resource.text("machine") else { return Ok(()) };
    let there = sold(it, Some(machine)).await?.remove(machine).unwrap_or_default();
    let missing: Vec<&str> = zones.iter().filter(|zone| !there.contains(**zone)).copied().collect();
    if missing.is_empty() && !there.is_empty() {
        return Ok(());
    }
    let all = sold(it, None).await?;
    let everywhere = all
        .iter()
        .filter(|(_, there)| zones.iter().all(|zone| there.contains(*zone)))
        .map(|(machine, _)| machine.as_str());
    let near = nearest(machine, everywhere);
    let mut ways = Vec::new();
    if !near.is_empty() {
        ways.push(format!("pin a near one that is sold there (pin.aws.app: {})", near.join(" or ")));
    }
    if !there.is_empty() {
        let there: Vec<&str> = there.iter().map(String::as_str).collect();
        ways.push(format!("ask for fewer zones ({machine} is sold in {})", there.join(", ")));
    }
    ways.push("choose another region (--region)".to_owned());
    found.push(Obstacle {
        address: resource.address.clone(),
        sentence: format!("{machine} is not sold in {}", place(&missing, &it.region)),
        hint: ways.join(", or "),
    });
    Ok(())
}

/// The zones, or the region where none is asked for.
fn place(zones: &[&str], region: &str) -> String {
    if zones.is_empty() { region.to_owned() } else { zones.join(", ") }
}

async fn image(it: &Clients, resource: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let Some(parameter) = resource.text("image").and_then(|it| it.strip_prefix("resolve:ssm:")) else {
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

/// Classes that run an engine in a version: one of them, or all.
async fn orderable(
    it: &Clients,
    (engine, version): (&str, Option<&str>),
    class: Option<&str>,
) -> Result<BTreeSet<String>, CloudError> {
    let asked = it.rds.describe_orderable_db_instance_options().engine(engine);
    let mut classes = BTreeSet::new();
    let mut pages = asked.set_db_instance_class(class.map(str::to_owned)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page =
            page.map_err(failed("looking which classes are sold (DescribeOrderableDBInstanceOptions)"))?;
        for option in page.orderable_db_instance_options() {
            let runs = |has: &str| version.is_none_or(|version| has.starts_with(version));
            if let Some(class) =
                option.db_instance_class().filter(|_| option.engine_version().is_some_and(runs))
            {
                classes.insert(class.to_owned());
            }
        }
    }
    Ok(classes)
}

async fn class(it: &Clients, resource: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let (Some(class), Some(engine)) = (resource.text("class"), resource.text("engine")) else {
        return Ok(());
    };
    let engine = (engine, resource.text("version"));
    if orderable(it, engine, Some(class)).await?.contains(class) {
        return Ok(());
    }
    let all = orderable(it, engine, None).await?;
    let near = nearest(class, all.iter().map(String::as_str));
    let way = if near.is_empty() {
        "pin another class (pin.aws.database)".to_owned()
    } else {
        format!("pin a near one that is sold (pin.aws.database: {})", near.join(" or "))
    };
    let version = engine.1.map(|version| format!(" {version}")).unwrap_or_default();
    found.push(Obstacle {
        address: resource.address.clone(),
        sentence: format!("{class} is not sold for {}{version} in {}", engine.0, it.region),
        hint: format!("{way}, or choose another region (--region)"),
    });
    Ok(())
}
