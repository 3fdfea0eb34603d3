//! Networks, subnets, the way in and the routes.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{AttributeBooleanValue, Filter, ResourceType, VpcAttributeName};
use loadline_contract::by_kind::{Found, Making, Settings, ids};
use loadline_contract::deploy::{CloudError, Deployment, ErrorClass, State, Value};

use super::errors::failed;
use super::tags::{ec2, ours, specification};
use super::{Clients, text};

pub(crate) async fn networks(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_vpcs().filters(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for networks (DescribeVpcs)"))?;
        for vpc in page.vpcs() {
            let (Some(address), Some(id)) = (ec2(deployment, vpc.tags()), vpc.vpc_id()) else { continue };
            let names = it
                .ec2
                .describe_vpc_attribute()
                .vpc_id(id)
                .attribute(VpcAttributeName::EnableDnsHostnames)
                .send()
                .await
                .map_err(failed(format!("looking at {address} (DescribeVpcAttribute)")))?;
            let on = names.enable_dns_hostnames().and_then(AttributeBooleanValue::value).unwrap_or(false);
            let settings = [("cidr", text(vpc.cidr_block())), ("dns_hostnames", on.into())];
            found.push(Found::new(address, Some(id), State::Ready, settings));
        }
    }
    Ok(found)
}

pub(crate) async fn create_network(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let made = it
        .ec2
        .create_vpc()
        .cidr_block(making.settings.text("cidr")?)
        .tag_specifications(specification(making, ResourceType::Vpc))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateVpc)", making.address)))?;
    match made.vpc().and_then(|vpc| vpc.vpc_id()) {
        Some(id) => change_network(it, id, &making.settings).await,
        None => Ok(()),
    }
}

pub(crate) async fn change_network(it: &Clients, id: &str, settings: &Settings) -> Result<(), CloudError> {
    let on = AttributeBooleanValue::builder().value(settings.flag("dns_hostnames")).build();
    let asked = it.ec2.modify_vpc_attribute().vpc_id(id).enable_dns_hostnames(on).send().await;
    asked.map(drop).map_err(failed(format!("changing {id} (ModifyVpcAttribute)")))
}

pub(crate) async fn delete_network(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.delete_vpc().vpc_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteVpc)")))
}

pub(crate) async fn subnets(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_subnets().filters(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for subnets (DescribeSubnets)"))?;
        for subnet in page.subnets() {
            let Some(address) = ec2(deployment, subnet.tags()) else { continue };
            let settings = [
                ("network", text(subnet.vpc_id())),
                ("zone", text(subnet.availability_zone())),
                ("cidr", text(subnet.cidr_block())),
            ];
            found.push(Found::new(address, subnet.subnet_id(), State::Ready, settings));
        }
    }
    Ok(found)
}

pub(crate) async fn create_subnet(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    it.ec2
        .create_subnet()
        .vpc_id(settings.text("network")?)
        .availability_zone(settings.text("zone")?)
        .cidr_block(settings.text("cidr")?)
        .tag_specifications(specification(making, ResourceType::Subnet))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateSubnet)", making.address)))
}

pub(crate) async fn delete_subnet(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.delete_subnet().subnet_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteSubnet)")))
}

pub(crate) async fn gateways(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_internet_gateways().filters(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for internet gateways (DescribeInternetGateways)"))?;
        for gateway in page.internet_gateways() {
            let Some(address) = ec2(deployment, gateway.tags()) else { continue };
            let mut thing = Found::new(address, gateway.internet_gateway_id(), State::Ready, []);
            if let Some(network) = gateway.attachments().first().and_then(|it| it.vpc_id()) {
                thing.set("network", network.into());
            }
            found.push(thing);
        }
    }
    Ok(found)
}

pub(crate) async fn create_gateway(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let made = it
        .ec2
        .create_internet_gateway()
        .tag_specifications(specification(making, ResourceType::InternetGateway))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateInternetGateway)", making.address)))?;
    match made.internet_gateway().and_then(|gateway| gateway.internet_gateway_id()) {
        Some(id) => attach_gateway(it, id, &making.settings).await,
        None => Ok(()),
    }
}

pub(crate) async fn attach_gateway(it: &Clients, id: &str, settings: &Settings) -> Result<(), CloudError> {
    let network = settings.text("network")?;
    let asked = it.ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(network).send().await;
    asked.map(drop).map_err(failed(format!("attaching {id} (AttachInternetGateway)")))
}

pub(crate) async fn delete_gateway(
    it: &Clients,
    id: &str,
    settings: &BTreeMap<String, Value>,
) -> Result<(), CloudError> {
    if let Some(Value::Text(network)) = settings.get("network") {
        let asked = it.ec2.detach_internet_gateway().internet_gateway_id(id).vpc_id(network).send().await;
        asked.map_err(failed(format!("detaching {id} (DetachInternetGateway)")))?;
    }
    let asked = it.ec2.delete_internet_gateway().internet_gateway_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteInternetGateway)")))
}

/// Where everything goes that stays not in the network.
const ANYWHERE: &str = "0.0.0.0/0";

pub(crate) async fn routes(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_route_tables().filters(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for routes (DescribeRouteTables)"))?;
        for table in page.route_tables() {
            let Some(address) = ec2(deployment, table.tags()) else { continue };
            let out = table
                .routes()
                .iter()
                .find(|route| route.destination_cidr_block() == Some(ANYWHERE))
                .and_then(|route| route.nat_gateway_id().or(route.gateway_id()));
            let subnets = table.associations().iter().filter_map(|it| it.subnet_id());
            let mut thing = Found::new(
                address,
                table.route_table_id(),
                State::Ready,
                [("network", text(table.vpc_id())), ("subnets", ids(subnets))],
            );
            if let Some(out) = out {
                thing.set("out", out.into());
            }
            found.push(thing);
        }
    }
    Ok(found)
}

pub(crate) async fn create_routes(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    let made = it
        .ec2
        .create_route_table()
        .vpc_id(making.settings.text("network")?)
        .client_token(making.token)
        .tag_specifications(specification(making, ResourceType::RouteTable))
        .send()
        .await
        .map_err(failed(format!("creating {} (CreateRouteTable)", making.address)))?;
    match made.route_table().and_then(|table| table.route_table_id()) {
        Some(id) => set_routes(it, id, &making.settings, &BTreeMap::new()).await,
        None => Ok(()),
    }
}

pub(crate) async fn set_routes(
    it: &Clients,
    id: &str,
    settings: &Settings,
    there: &BTreeMap<String, Value>,
) -> Result<(), CloudError> {
    let out = settings.text("out")?;
    let (gateway, nat) = if out.starts_with("nat-") { (None, Some(out)) } else { (Some(out), None) };
    let (gateway, nat) = (gateway.map(str::to_owned), nat.map(str::to_owned));
    match there.get("out") {
        Some(Value::Text(same)) if same == out => {}
        Some(_) => {
            let asked = it.ec2.replace_route().route_table_id(id).destination_cidr_block(ANYWHERE);
            let asked = asked.set_gateway_id(gateway).set_nat_gateway_id(nat).send().await;
            asked.map_err(failed(format!("changing the route of {id} (ReplaceRoute)")))?;
        }
        None => {
            let asked = it.ec2.create_route().route_table_id(id).destination_cidr_block(ANYWHERE);
            let asked = asked.set_gateway_id(gateway).set_nat_gateway_id(nat).send().await;
            asked.map_err(failed(format!("setting the route of {id} (CreateRoute)")))?;
        }
    }
    let wanted = settings.texts("subnets")?;
    let here = match there.get("subnets") {
        // What was made a moment ago need not be found yet, and nothing is associated with it.
        None => Vec::new(),
        Some(_) => associations(it, id).await?,
    };
    let (kept, unwanted): (Vec<_>, Vec<_>) =
        here.into_iter().partition(|(_, subnet)| wanted.contains(subnet));
    for subnet in wanted.iter().filter(|subnet| !kept.iter().any(|(_, it)| it == *subnet)) {
        associate(it, id, subnet).await?;
    }
    for (association, _) in unwanted {
        disassociate(it, id, &association).await?;
    }
    Ok(())
}

/// The associations of a table, each with its subnet.
async fn associations(it: &Clients, id: &str) -> Result<Vec<(String, String)>, CloudError> {
    let tables = it.ec2.describe_route_tables().route_table_ids(id).send().await;
    let tables = tables.map_err(failed(format!("looking at {id} (DescribeRouteTables)")))?;
    let all = tables.route_tables().iter().flat_map(|table| table.associations());
    let found =
        all.filter_map(|it| Some((it.route_table_association_id()?.to_owned(), it.subnet_id()?.to_owned())));
    Ok(found.collect())
}

/// Gives a table to a subnet, which has at most one: another is exchanged for it without a moment between them.
async fn associate(it: &Clients, id: &str, subnet: &str) -> Result<(), CloudError> {
    let of = Filter::builder().name("association.subnet-id").values(subnet).build();
    let tables = it.ec2.describe_route_tables().filters(of).send().await;
    let tables =
        tables.map_err(failed(format!("looking at the routes of {subnet} (DescribeRouteTables)")))?;
    let associations = tables.route_tables().iter().flat_map(|table| table.associations());
    let mut elsewhere = associations.filter(|it| it.subnet_id() == Some(subnet));
    if let Some(other) = elsewhere.find_map(|it| it.route_table_association_id()) {
        let asked = it.ec2.replace_route_table_association().association_id(other).route_table_id(id).send();
        let doing = format!("giving {id} to {subnet} (ReplaceRouteTableAssociation)");
        match asked.await.map(drop).map_err(failed(doing)) {
            // The other table let go of it since it was looked at.
            Err(error) if error.class == ErrorClass::NotFound => {}
            other => return other,
        }
    }
    let asked = it.ec2.associate_route_table().route_table_id(id).subnet_id(subnet).send().await;
    asked.map(drop).map_err(failed(format!("giving {id} to {subnet} (AssociateRouteTable)")))
}

async fn disassociate(it: &Clients, id: &str, association: &str) -> Result<(), CloudError> {
    let asked = it.ec2.disassociate_route_table().association_id(association).send().await;
    let doing = format!("taking {id} from its subnets (DisassociateRouteTable)");
    match asked.map(drop).map_err(failed(doing)) {
        // Another table took the subnet over.
        Err(error) if error.class == ErrorClass::NotFound => Ok(()),
        other => other,
    }
}

pub(crate) async fn delete_routes(it: &Clients, id: &str) -> Result<(), CloudError> {
    for (association, _) in associations(it, id).await? {
        disassociate(it, id, &association).await?;
    }
    let asked = it.ec2.delete_route_table().route_table_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteRouteTable)")))
}
