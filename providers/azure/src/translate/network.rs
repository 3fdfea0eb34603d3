//! The network: a subnet for each part of the stack, and the ways out.
//!
//! One NAT gateway serves one subnet for all zones. Where each zone has to survive alone there is a subnet with its own zonal gateway for
//! each ("zonal stacks": Azure docs, "Reliability in Azure NAT Gateway"), because a gateway lives in one zone and a subnet takes only one.

use loadline_contract::deploy::{Address, NatSpread, Resource, Value};

use super::{Draft, security};

/// The network of every deployment: networks of different deployments are never joined, so all may have the same. 10.64/16 keeps out of
/// the ranges that home and office networks mostly use, for those who join it to theirs.
const CIDR: &str = "10.64.0.0/16";
/// /24 is far more than the most nodes that each of these services has.
const DATABASE: &str = "10.64.240.0/24";
const CACHE: &str = "10.64.241.0/24";
const BALANCER: &str = "10.64.242.0/24";
/// The application's /20 networks lie below 10.64.240.
const MOST_STACKS: usize = 15;

/// A subnet of application machines and the zones of those.
pub(super) struct Stack {
    /// Part of the names of what belongs to it.
    pub(super) name: String,
    pub(super) subnet: Address,
    pub(super) zones: Vec<String>,
}

/// Addresses of what others refer to.
pub(super) struct Network {
    pub(super) network: Address,
    pub(super) stacks: Vec<Stack>,
    pub(super) database: Option<Address>,
    pub(super) cache: Option<Address>,
    /// Only an Application Gateway stands in the network.
    pub(super) balancer: Option<Address>,
}

impl Network {
    pub(super) fn add(draft: &mut Draft<'_>) -> Self {
        let blueprint = draft.blueprint;
        let network = draft.add(Resource::new(Address::new("network", "main"), [("cidr", CIDR.into())]));
        let zones = stacks(draft);
        let app: Vec<String> = (0..zones.len()).map(|index| format!("10.64.{}.0/20", index * 16)).collect();
        let gateway = blueprint.balancer.sku == super::balancer::GATEWAY;
        let firewall = security::app(draft, gateway.then_some(BALANCER));
        let mut built = Vec::new();
        for ((name, zones), cidr) in zones.into_iter().zip(&app) {
            let nat = nat(draft, &name, zones.first());
            let more = vec![("nat", Value::of(&nat))];
            let subnet = subnet(draft, &network, (&name, cidr), &firewall, more);
            built.push(Stack { name, subnet, zones });
        }
        let database = blueprint.database.as_ref().map(|_| {
            let firewall = security::service(draft, "database", 3306, &app, DATABASE);
            let more = vec![("delegated_to", "Microsoft.DBforMySQL/flexibleServers".into())];
            subnet(draft, &network, ("database", DATABASE), &firewall, more)
        });
        let cache = blueprint.cache.as_ref().map(|_| {
            let firewall = security::service(draft, "cache", super::cache::PORT, &app, CACHE);
            // Without it a network security group does not hold for private endpoints.
            let more = vec![("endpoint_policies", "NetworkSecurityGroupEnabled".into())];
            subnet(draft, &network, ("cache", CACHE), &firewall, more)
        });
        let balancer = gateway.then(|| {
            let firewall = security::gateway(draft);
            subnet(draft, &network, ("balancer", BALANCER), &firewall, Vec::new())
        });
        Self { network, stacks: built, database, cache, balancer }
    }
}

/// The stacks of application machines: one for all zones, or one for each.
fn stacks(draft: &mut Draft<'_>) -> Vec<(String, Vec<String>)> {
    let blueprint = draft.blueprint;
    let apart = blueprint.nat == NatSpread::EachZone && blueprint.zones.len() > 1;
    if !apart {
        return vec![("app".to_owned(), blueprint.zones.clone())];
    }
    if blueprint.zones.len() > MOST_STACKS {
        draft.object("zones", format!("the network is laid out for {MOST_STACKS} zones; ask for fewer"));
    }
    // A zone without a machine needs no way out.
    let used = blueprint.zones.len().min(blueprint.app.count.max(1) as usize).min(MOST_STACKS);
    let stack = |(index, zone): (usize, &String)| (format!("app-{}", index + 1), vec![zone.clone()]);
    blueprint.zones.iter().take(used).enumerate().map(stack).collect()
}

fn nat(draft: &mut Draft<'_>, stack: &str, zone: Option<&String>) -> Address {
    let zones = Value::texts(zone.cloned());
    let name = stack.replacen("app", "nat", 1);
    let address = draft.add(Resource::new(
        Address::new("address", &name),
        [("sku", "Standard".into()), ("zones", zones.clone())],
    ));
    draft.add(Resource::new(
        Address::new("nat", stack),
        [("sku", "Standard".into()), ("zones", zones), ("address", Value::of(&address))],
    ))
}

fn subnet(
    draft: &mut Draft<'_>,
    network: &Address,
    (name, cidr): (&str, &str),
    firewall: &Address,
    more: Vec<(&str, Value)>,
) -> Address {
    let mut resource = Resource::new(
        Address::new("subnet", name),
        [
            ("network", Value::of(network)),
            ("cidr", cidr.into()),
            ("firewall", Value::of(firewall)),
            // What has no way out of its own gets none by default: the default one was retired on 2026-03-31.
            ("default_outbound", false.into()),
        ],
    );
    resource.settings.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    draft.add_inside(resource)
}
