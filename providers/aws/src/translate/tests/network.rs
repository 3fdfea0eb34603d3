//! What lies where, and how machines reach the world.

use super::*;

/// First and last address of a network.
fn range(cidr: &str) -> (u32, u32) {
    let (first, bits) = cidr.split_once('/').unwrap();
    let first = u32::from(first.parse::<std::net::Ipv4Addr>().unwrap());
    (first, first + ((1_u64 << (32 - bits.parse::<u32>().unwrap())) - 1) as u32)
}

fn in_zones(zones: &[&str]) -> Blueprint {
    with(|it| it.zones = zones.iter().map(|zone| (*zone).to_owned()).collect())
}

#[test]
fn each_zone_has_a_public_and_a_private_subnet() {
    let made = made(&blueprint());
    assert_eq!(names(&made, "subnet"), ["private-1", "private-2", "public-1", "public-2"]);
    for (number, zone) in [("1", "us-east-1a"), ("2", "us-east-1b")] {
        for side in ["public", "private"] {
            assert_eq!(setting(&one(&made, &format!("subnet/{side}-{number}")), "zone"), zone);
        }
    }
}

#[test]
fn machines_databases_and_caches_lie_in_private_subnets_and_the_balancer_in_public_ones() {
    let made = made(&blueprint());
    let private = "[subnet/private-1, subnet/private-2]";
    for address in ["group", "db-subnets", "cache-subnets"] {
        assert_eq!(setting(&one(&made, address), "subnets"), private, "{address}");
    }
    assert_eq!(setting(&one(&made, "balancer"), "subnets"), "[subnet/public-1, subnet/public-2]");
}

#[test]
fn only_public_subnets_have_a_way_in() {
    let made = made(&blueprint());
    let public = one(&made, "routes/public");
    assert_eq!(setting(&public, "out"), "internet-gateway/main");
    assert_eq!(setting(&public, "subnets"), "[subnet/public-1, subnet/public-2]");
    for routes in made.iter().filter(|it| it.address.kind() == "routes" && it.address.name() != "public") {
        assert!(setting(routes, "out").starts_with("nat/"), "{}", routes.address);
    }
}

#[test]
fn one_nat_gateway_serves_all_zones() {
    let made = made(&with(|it| it.nat = NatSpread::One));
    assert_eq!(names(&made, "nat"), ["1"]);
    assert_eq!(names(&made, "address"), ["nat-1"]);
    assert_eq!(setting(&one(&made, "routes/private-1"), "subnets"), "[subnet/private-1, subnet/private-2]");
}

#[test]
fn a_nat_gateway_in_each_zone_serves_its_own() {
    let made = made(&with(|it| it.nat = NatSpread::EachZone));
    assert_eq!(names(&made, "nat"), ["1", "2"]);
    for number in ["1", "2"] {
        let nat = one(&made, &format!("nat/{number}"));
        assert_eq!(setting(&nat, "subnet"), format!("subnet/public-{number}"));
        assert_eq!(setting(&nat, "address"), format!("address/nat-{number}"));
        let routes = one(&made, &format!("routes/private-{number}"));
        assert_eq!(setting(&routes, "out"), format!("nat/{number}"));
        assert_eq!(setting(&routes, "subnets"), format!("[subnet/private-{number}]"));
    }
}

#[test]
fn machines_wait_for_their_way_out() {
    let made = made(&with(|it| it.nat = NatSpread::EachZone));
    assert_eq!(setting(&one(&made, "group"), "routes"), "[routes/private-1, routes/private-2]");
}

#[test]
fn a_deployment_in_one_zone_has_subnets_in_two_and_machines_in_one() {
    let made = made(&in_zones(&["us-east-1c"]));
    assert_eq!(setting(&one(&made, "group"), "subnets"), "[subnet/private-1]");
    assert_eq!(setting(&one(&made, "subnet/private-1"), "zone"), "us-east-1c");
    let second = setting(&one(&made, "subnet/private-2"), "zone");
    assert!(second != "us-east-1c" && second.starts_with("us-east-1"), "{second}");
    assert_eq!(setting(&one(&made, "db-subnets"), "subnets"), "[subnet/private-1, subnet/private-2]");
}

#[test]
fn subnets_lie_in_the_network_and_overlap_nowhere() {
    let made = made(&in_zones(&[
        "us-east-1a",
        "us-east-1b",
        "us-east-1c",
        "us-east-1d",
        "us-east-1e",
        "us-east-1f",
    ]));
    let (first, last) = range(&setting(&one(&made, "network"), "cidr"));
    let mut ranges: Vec<(u32, u32)> = made
        .iter()
        .filter(|it| it.address.kind() == "subnet")
        .map(|it| range(&setting(it, "cidr")))
        .collect();
    ranges.sort_unstable();
    assert_eq!(ranges.len(), 12);
    assert!(ranges[0].0 >= first && ranges[11].1 <= last);
    assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0), "{ranges:?}");
}

#[test]
fn more_zones_than_the_network_is_laid_out_for_are_refused() {
    let zones: Vec<String> = (0..9).map(|number| format!("us-east-1{number}")).collect();
    let (what, why) = objection(&with(|it| it.zones = zones));
    assert!(what == "zones" && why.contains("eight"), "{why}");
}
