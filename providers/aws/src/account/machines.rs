//! The machines of the application's group, as somebody logs in to them.

use aws_sdk_ec2::types::Filter;
use loadline_contract::deploy::{CloudError, Deployment, Machine};

use super::Clients;
use super::errors::failed;
use super::tags::ours;

/// Those that run; the group gives its tags to each.
pub(crate) async fn running(it: &Clients, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
    let runs = Filter::builder().name("instance-state-name").values("running").build();
    let asked = it.ec2.describe_instances().filters(ours(deployment)).filters(runs);
    let mut pages = asked.into_paginator().send();
    let mut machines = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("looking for machines (DescribeInstances)"))?;
        let instances = page.reservations().iter().flat_map(|reservation| reservation.instances());
        machines.extend(instances.filter_map(|instance| {
            // Empty where there is none, too.
            let given = |address: Option<&str>| address.filter(|it| !it.is_empty()).map(str::to_owned);
            Some(Machine {
                id: instance.instance_id()?.to_owned(),
                public: given(instance.public_ip_address()),
                private: given(instance.private_ip_address()),
            })
        }));
    }
    Ok(machines)
}
