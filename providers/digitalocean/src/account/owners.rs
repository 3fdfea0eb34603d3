//! Whose things are in the account: every deployment that a tag, a description or an exact name speaks of.

use std::collections::BTreeSet;

use loadline_contract::deploy::{Address, CloudError, Deployment};

use super::{Client, alarms, balancer, base, firewall, pool, project};
use crate::names;

pub(super) async fn deployments(it: &Client) -> Result<Vec<Deployment>, CloudError> {
    let mut found: BTreeSet<Deployment> = BTreeSet::new();
    found.extend(base::all_tags(it).await?.iter().filter_map(|tag| names::whose(&tag.name)));
    for project in project::all(it).await? {
        // A description can be written by anyone; the name has to be ours too.
        found.extend(named(&project.description, &project.name, &project::address()));
    }
    for network in base::all_networks(it).await? {
        found.extend(named(&network.description, &network.name, &Address::new("network", "main")));
    }
    let policies = alarms::all(it).await?;
    found.extend(policies.iter().filter_map(|policy| names::whose_mark(&policy.description, "alarm")));
    let key = Address::new("key", "operators");
    found.extend(base::all_keys(it).await?.iter().filter_map(|it| names::owner(&it.name, &key)));
    let balancers = balancer::all(it).await?;
    found.extend(balancers.iter().filter_map(|it| names::owner(&it.name, &balancer::address())));
    let firewalls = firewall::all(it).await?;
    found.extend(firewalls.iter().filter_map(|it| names::owner(&it.name, &firewall::address())));
    found.extend(pool::all(it).await?.iter().filter_map(|it| names::owner(&it.name, &pool::address())));
    Ok(found.into_iter().collect())
}

fn named(description: &str, name: &str, address: &Address) -> Option<Deployment> {
    names::whose(description).filter(|deployment| names::name(deployment, address) == name)
}
