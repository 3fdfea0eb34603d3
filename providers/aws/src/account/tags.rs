//! Whose a thing is: two exact tags. A name that merely resembles ours is never ours.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use loadline_contract::by_kind::Making;
use loadline_contract::deploy::{Address, CloudError, Deployment};

use super::Clients;
use super::errors::failed;

pub(crate) use crate::tagging::{ADDRESS, DEPLOYMENT};

/// The tags of a thing, in words.
pub(crate) fn pairs(making: &Making<'_>) -> [(&'static str, String); 3] {
    let address = making.address.to_string();
    let name = format!("{} {address}", making.deployment);
    [(DEPLOYMENT, making.deployment.to_string()), (ADDRESS, address), ("Name", name)]
}

/// The tags of a thing of the machine service, set in the call that makes it.
pub(crate) fn specification(making: &Making<'_>, kind: ResourceType) -> TagSpecification {
    let tags = pairs(making).map(|(key, value)| Tag::builder().key(key).value(value).build());
    TagSpecification::builder().resource_type(kind).set_tags(Some(tags.to_vec())).build()
}

/// Asks for what carries the exact tag.
pub(crate) fn ours(deployment: &Deployment) -> Filter {
    Filter::builder().name(format!("tag:{DEPLOYMENT}")).values(deployment.as_str()).build()
}

/// The address in tags, if they are exactly those of the deployment.
pub(crate) fn address<'a>(
    deployment: &Deployment,
    tags: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>,
) -> Option<Address> {
    let (mut owner, mut address) = (None, None);
    for (key, value) in tags {
        match key {
            Some(DEPLOYMENT) => owner = value,
            Some(ADDRESS) => address = value,
            _ => {}
        }
    }
    if owner == Some(deployment.as_str()) { address?.parse().ok() } else { None }
}

/// The same for tags of the machine service.
pub(crate) fn ec2(deployment: &Deployment, tags: &[Tag]) -> Option<Address> {
    address(deployment, tags.iter().map(|tag| (tag.key(), tag.value())))
}

/// Every deployment of which something of the machine or database service is left.
pub(crate) async fn deployments(clients: &Clients) -> Result<Vec<Deployment>, CloudError> {
    let mut found = BTreeSet::new();
    let filter = Filter::builder().name("key").values(DEPLOYMENT).build();
    let mut pages = clients.ec2.describe_tags().filters(filter).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for deployments (DescribeTags)"))?;
        found.extend(page.tags().iter().filter_map(|tag| tag.value()?.parse::<Deployment>().ok()));
    }
    let mut pages = clients.rds.describe_db_instances().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for deployments (DescribeDBInstances)"))?;
        for tag in page.db_instances().iter().flat_map(|database| database.tag_list()) {
            if tag.key() == Some(DEPLOYMENT) {
                found.extend(tag.value().and_then(|value| value.parse::<Deployment>().ok()));
            }
        }
    }
    Ok(found.into_iter().collect())
}
