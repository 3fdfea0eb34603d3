//! The network: one subnet for the app machines, who may reach them, how they reach the internet, and the ways to the
//! managed services that the blueprint asks for.

use loadline_contract::deploy::{Address, Blueprint, Objection, Resource, Value};

use super::{Part, addresses, cache, objection, unless};
use crate::profile::PROFILE;

/// 4096 addresses, of which Google keeps four. Fixed, so that the same blueprint is the same network.
const APP_RANGE: &str = "10.64.0.0/20";
/// Far from the app's range and as large: Cloud SQL takes a /24 of it for each region, Memorystore for Redis a /29 for
/// each instance (private services access documentation, "IP address range size").
const SERVICES_RANGE: (&str, u32) = ("10.64.128.0", 20);
/// Where the balancer's proxies and health checks come from (Cloud Load Balancing documentation, "Firewall rules").
pub(super) const BALANCER_RANGES: [&str; 2] = ["130.211.0.0/22", "35.191.0.0/16"];
/// The network tag of the app machines. A tag means something inside one network only, so it need not name the deployment.
pub(super) const APP_TAG: &str = "app";
/// Ports that Cloud NAT keeps for a machine: its own default is 64, and each open connection to the same service outside
/// takes one. A power of two, raised by Cloud NAT as needed (Compute Engine API, `minPortsPerVm`).
const NAT_PORTS: u32 = 1024;
/// What Cloud NAT raises it to at most (Compute Engine API, `maxPortsPerVm`).
const NAT_PORTS_MOST: u32 = 65_536;

pub(super) fn network(blueprint: &Blueprint) -> Part {
    let mut objections = place(blueprint);
    objections.extend(ssh(blueprint));
    unless(objections, || {
        let mut made = vec![
            Resource::new(
                addresses::network(),
                [("auto_create_subnetworks", false.into()), ("routing_mode", "REGIONAL".into())],
            ),
            Resource::new(
                addresses::subnet(),
                [
                    ("network", Value::of(&addresses::network())),
                    ("ip_cidr_range", APP_RANGE.into()),
                    ("stack_type", "IPV4_ONLY".into()),
                    // Google's own APIs are reached without the NAT and its charge by the GB.
                    ("private_ip_google_access", true.into()),
                ],
            ),
            allow("balancer", &BALANCER_RANGES, blueprint.app.port),
            router(),
        ];
        if let Some(access) = blueprint.app.ssh.as_ref().filter(|access| !access.from.is_empty()) {
            made.push(allow("ssh", &access.from, 22));
        }
        if blueprint.database.is_some() || cache::is_redis(blueprint) {
            made.extend(service_connection());
        }
        if blueprint.cache.is_some() && !cache::is_redis(blueprint) {
            made.push(connection_policy());
        }
        made
    })
}

fn place(blueprint: &Blueprint) -> Vec<Objection> {
    let Some(region) = PROFILE.region(&blueprint.region) else {
        return vec![objection(
            format!("region {}", blueprint.region),
            format!("{} is not known to have it; name one that `loadline prices show` lists", PROFILE.title),
        )];
    };
    if blueprint.zones.is_empty() {
        return vec![objection(
            "zones",
            "a group of machines needs at least one zone; set resilience.zones to 1 or more",
        )];
    }
    let known = |zone: &&String| !region.zones.contains(&zone.as_str());
    let unknown = blueprint.zones.iter().filter(known);
    unknown
        .map(|zone| {
            let why = format!("{} has {}; take one of these", region.name, region.zones.join(", "));
            objection(format!("zone {zone}"), why)
        })
        .collect()
}

fn ssh(blueprint: &Blueprint) -> Vec<Objection> {
    let networks = blueprint.app.ssh.iter().flat_map(|access| &access.from);
    let world = |network: &&String| network.ends_with("/0");
    let old_only = |network: &&String| network.contains(':');
    let open = networks.clone().filter(world).map(|network| {
        let why = "only the balancer is open to the world; name the networks that operators come from in access.ssh.from";
        objection(format!("SSH from {network}"), why)
    });
    let newer = networks.filter(old_only).filter(|network| !world(network)).map(|network| {
        objection(
            format!("SSH from {network}"),
            "the machines have IPv4 addresses only; name an IPv4 network in access.ssh.from",
        )
    });
    open.chain(newer).collect()
}

/// A rule that lets these networks reach one port of the app machines. All else that comes in is denied by the network
/// itself (VPC documentation, "Implied rules").
fn allow<T: Into<String> + Clone>(name: &str, from: &[T], port: u16) -> Resource {
    let mut ranges: Vec<String> = from.iter().cloned().map(Into::into).collect();
    ranges.sort();
    ranges.dedup();
    let ports = Value::texts([port.to_string()]);
    Resource::new(
        Address::new("firewall", name),
        [
            ("network", Value::of(&addresses::network())),
            ("direction", "INGRESS".into()),
            ("priority", 1000_u32.into()),
            ("source_ranges", Value::texts(ranges)),
            ("target_tags", Value::texts([APP_TAG])),
            ("allowed", Value::List(vec![Value::map([("ip_protocol", "tcp".into()), ("ports", ports)])])),
        ],
    )
}

/// One, whatever the blueprint says of NAT: Cloud NAT belongs to the region and is no machine in a zone, so that one
/// survives the loss of a zone as one in each would (Cloud NAT documentation, "Architecture").
fn router() -> Resource {
    Resource::new(
        Address::new("router", "main"),
        [
            ("network", Value::of(&addresses::network())),
            (
                "nat",
                Value::map([
                    ("nat_ip_allocate_option", "AUTO_ONLY".into()),
                    ("source_subnetwork_ip_ranges_to_nat", "ALL_SUBNETWORKS_ALL_IP_RANGES".into()),
                    ("enable_dynamic_port_allocation", true.into()),
                    ("min_ports_per_vm", NAT_PORTS.into()),
                    ("max_ports_per_vm", NAT_PORTS_MOST.into()),
                ]),
            ),
        ],
    )
}

/// Private services access, over which Cloud SQL and Memorystore for Redis are reached.
fn service_connection() -> [Resource; 2] {
    let (address, prefix_length) = SERVICES_RANGE;
    let range = Resource::new(
        addresses::private_range(),
        [
            ("network", Value::of(&addresses::network())),
            ("address", address.into()),
            ("prefix_length", prefix_length.into()),
            ("purpose", "VPC_PEERING".into()),
        ],
    );
    let connection = Resource::new(
        addresses::service_connection(),
        [
            ("network", Value::of(&addresses::network())),
            ("reserved_peering_ranges", Value::List(vec![Value::of(&addresses::private_range())])),
        ],
    );
    [range, connection]
}

/// Memorystore for Valkey is reached by endpoints in the subnet, which this lets it make.
fn connection_policy() -> Resource {
    Resource::new(
        addresses::connection_policy(),
        [
            ("network", Value::of(&addresses::network())),
            ("service_class", "gcp-memorystore".into()),
            ("subnetworks", Value::List(vec![Value::of(&addresses::subnet())])),
        ],
    )
}
