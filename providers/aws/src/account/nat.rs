//! Public addresses and the gateways behind which machines reach the internet.

use aws_sdk_ec2::types::{DomainType, NatGatewayState, ResourceType};
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, State};

use super::errors::failed;
use super::tags::{ec2, ours, specification};
use super::{Clients, text};

pub(crate) async fn addresses(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    // This call has no pages: it answers with all (EC2 API reference, DescribeAddresses).
    let all = it.ec2.describe_addresses().filters(ours(deployment)).send().await;
    let all = all.map_err(failed("looking for addresses (DescribeAddresses)"))?;
    let found = all.addresses().iter().filter_map(|it| {
        let thing = Found::new(ec2(deployment, it.tags())?, it.allocation_id(), State::Ready, []);
        Some(thing.output("address", it.public_ip()))
    });
    Ok(found.collect())
}

pub(crate) async fn create_address(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.ec2
        .allocate_address()
        .domain(DomainType::Vpc)
        .tag_specifications(specification(making, ResourceType::ElasticIp))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (AllocateAddress)", making.address)))
}

pub(crate) async fn delete_address(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.release_address().allocation_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (ReleaseAddress)")))
}

pub(crate) async fn gateways(it: &Clients, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let mut pages = it.ec2.describe_nat_gateways().filter(ours(deployment)).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for NAT gateways (DescribeNatGateways)"))?;
        for gateway in page.nat_gateways() {
            let Some(address) = ec2(deployment, gateway.tags()) else { continue };
            let state = match gateway.state() {
                // Shown for an hour after it is gone.
                Some(NatGatewayState::Deleted) => continue,
                Some(NatGatewayState::Available) => State::Ready,
                Some(NatGatewayState::Deleting) => State::Leaving,
                Some(NatGatewayState::Failed) => {
                    State::Failed(gateway.failure_message().unwrap_or("no reason given").to_owned())
                }
                _ => State::Changing,
            };
            let allocation = gateway.nat_gateway_addresses().first().and_then(|it| it.allocation_id());
            let settings = [("subnet", text(gateway.subnet_id())), ("address", text(allocation))];
            found.push(Found::new(address, gateway.nat_gateway_id(), state, settings));
        }
    }
    Ok(found)
}

pub(crate) async fn create_gateway(it: &Clients, making: &Making<'_>) -> Result<(), CloudError> {
    it.ec2
        .create_nat_gateway()
        .subnet_id(making.settings.text("subnet")?)
        .allocation_id(making.settings.text("address")?)
        .client_token(making.token)
        .tag_specifications(specification(making, ResourceType::Natgateway))
        .send()
        .await
        .map(drop)
        .map_err(failed(format!("creating {} (CreateNatGateway)", making.address)))
}

pub(crate) async fn delete_gateway(it: &Clients, id: &str) -> Result<(), CloudError> {
    let asked = it.ec2.delete_nat_gateway().nat_gateway_id(id).send().await;
    asked.map(drop).map_err(failed(format!("removing {id} (DeleteNatGateway)")))
}
