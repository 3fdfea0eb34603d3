//! The network: public and private subnets in each zone, the way in, the way out.

use loadline_contract::deploy::{Address, NatSpread, Resource, Value};

use super::Draft;
use crate::profile::PROFILE;

/// The network of every deployment: networks of different deployments are never joined, so all may have the same. 10.64/16 keeps out of
/// the ranges that home and office networks mostly use, for those who join it to theirs.
const CIDR: &str = "10.64.0.0/16";

/// Addresses of what others refer to.
pub(super) struct Network {
    pub(super) network: Address,
    /// At least two zones: a balancer and a subnet group take no fewer.
    pub(super) public: Vec<Address>,
    pub(super) private: Vec<Address>,
    /// Those of the zones that machines are spread over.
    pub(super) machines: Vec<Address>,
    /// The ways out of `machines`: without them a machine cannot fetch anything at its first start.
    pub(super) ways_out: Vec<Address>,
}

impl Network {
    /// Adds the network; `None`: the region has not the zones for it.
    pub(super) fn add(draft: &mut Draft<'_>) -> Option<Self> {
        let zones = zones(draft)?;
        let used = draft.blueprint.zones.len().max(1);
        let network = draft.add(Resource::new(
            Address::new("network", "main"),
            [("cidr", CIDR.into()), ("dns_hostnames", true.into())],
        ));
        let gateway = draft
            .add(Resource::new(Address::new("internet-gateway", "main"), [("network", Value::of(&network))]));
        let (mut public, mut private) = (Vec::new(), Vec::new());
        for (index, zone) in zones.iter().enumerate() {
            let number = index + 1;
            let mut subnet = |name: &str, third: usize| {
                draft.add(Resource::new(
                    Address::new("subnet", &format!("{name}-{number}")),
                    [
                        ("network", Value::of(&network)),
                        ("zone", zone.as_str().into()),
                        ("cidr", format!("10.64.{third}.0/20").into()),
                    ],
                ))
            };
            // /20: 4091 addresses each; public ones in the lower half of the network, private ones in the upper.
            public.push(subnet("public", index * 16));
            private.push(subnet("private", 128 + index * 16));
        }
        route(draft, &network, ("public", &gateway), &public);
        let ways_out = ways_out(draft, &network, &gateway, (&public, &private), used);
        let machines = private[..used.min(private.len())].to_vec();
        Some(Self { network, public, private, machines, ways_out })
    }
}

/// The zones asked for, and a second one where only one was.
fn zones(draft: &mut Draft<'_>) -> Option<Vec<String>> {
    let blueprint = draft.blueprint;
    let mut zones = blueprint.zones.clone();
    let known = PROFILE.region(&blueprint.region).map_or(&[][..], |region| region.zones);
    for zone in known {
        if zones.len() < 2 && !zones.iter().any(|taken| taken == zone) {
            zones.push((*zone).to_owned());
        }
    }
    if zones.len() < 2 {
        let why = format!(
            "a load balancer needs subnets in two zones, and {} has {}; choose another region",
            blueprint.region,
            zones.len()
        );
        draft.object("zones", why);
        return None;
    }
    if zones.len() > 8 {
        draft.object("zones", "the network is laid out for eight zones; ask for fewer");
        return None;
    }
    Some(zones)
}

fn ways_out(
    draft: &mut Draft<'_>,
    network: &Address,
    gateway: &Address,
    (public, private): (&[Address], &[Address]),
    used: usize,
) -> Vec<Address> {
    let nats = if draft.blueprint.nat == NatSpread::EachZone { used } else { 1 };
    let mut routes = Vec::new();
    for number in 1..=nats {
        let name = number.to_string();
        let address = draft.add(Resource::new(Address::new("address", &format!("nat-{name}")), []));
        let nat = draft.add(Resource::new(
            Address::new("nat", &name),
            [
                ("subnet", Value::of(&public[number - 1])),
                ("address", Value::of(&address)),
                ("gateway", Value::of(gateway)),
            ],
        ));
        // The last one serves the zones that have none of their own.
        let until = if number == nats { private.len() } else { number };
        routes.push(route(draft, network, (&format!("private-{name}"), &nat), &private[number - 1..until]));
    }
    routes
}

fn route(
    draft: &mut Draft<'_>,
    network: &Address,
    (name, out): (&str, &Address),
    subnets: &[Address],
) -> Address {
    draft.add(Resource::new(
        Address::new("routes", name),
        [
            ("network", Value::of(network)),
            ("out", Value::of(out)),
            ("subnets", Value::List(subnets.iter().map(Value::of).collect())),
        ],
    ))
}
