//! Whose a thing is: two exact tags. A name that merely resembles ours is never ours.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use aws_sdk_resourcegroupstagging::types::TagFilter;
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

/// Every deployment of which something is left, whatever it is. Two services keep their tags to themselves: that of machines knows
/// more of its own things than the service of all tags does, and groups of machines are not in it at all (AWS docs, "Services that
/// work with the Resource Groups Tagging API").
pub(crate) async fn deployments(clients: &Clients) -> Result<Vec<Deployment>, CloudError> {
    let mut found = BTreeSet::new();
    let filter = Filter::builder().name("key").values(DEPLOYMENT).build();
    let mut pages = clients.ec2.describe_tags().filters(filter).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for deployments (DescribeTags)"))?;
        found.extend(page.tags().iter().filter_map(|tag| tag.value()?.parse::<Deployment>().ok()));
    }
    let filter = aws_sdk_autoscaling::types::Filter::builder().name("key").values(DEPLOYMENT).build();
    let mut pages = clients.scaling.describe_tags().filters(filter).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for deployments (autoscaling DescribeTags)"))?;
        found.extend(page.tags().iter().filter_map(|tag| tag.value()?.parse::<Deployment>().ok()));
    }
    let ours = TagFilter::builder().key(DEPLOYMENT).build();
    let mut pages = clients.tagging.get_resources().tag_filters(ours).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for deployments (GetResources)"))?;
        let tags = page.resource_tag_mapping_list().iter().flat_map(|thing| thing.tags());
        let owners = tags.filter(|tag| tag.key() == DEPLOYMENT);
        found.extend(owners.filter_map(|tag| tag.value().parse::<Deployment>().ok()));
    }
    Ok(found.into_iter().collect())
}
