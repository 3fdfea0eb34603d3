//! Who reaches the machines, how they reach the world, and that nothing is made that nobody uses.

use super::*;

#[test]
fn only_the_balancer_reaches_the_port_of_the_app() {
    let rule = one(&made(&blueprint()), "firewall/balancer");
    assert_eq!(setting(&rule, "source_ranges"), "[130.211.0.0/22, 35.191.0.0/16]");
    assert_eq!(setting(&rule, "allowed"), "[{ip_protocol: tcp, ports: [8000]}]");
    assert_eq!(setting(&rule, "target_tags"), "[app]");
}

#[test]
fn operators_reach_port_22_from_their_networks_only() {
    let rule = one(&made(&blueprint()), "firewall/ssh");
    assert_eq!(setting(&rule, "source_ranges"), "[203.0.113.0/24]");
    assert_eq!(setting(&rule, "allowed"), "[{ip_protocol: tcp, ports: [22]}]");
}

#[test]
fn without_networks_or_a_key_nobody_logs_in() {
    assert!(!has(&made(&with(|it| it.app.ssh = None)), "firewall/ssh"));
    assert!(!has(&made(&with(|it| it.app.ssh.as_mut().unwrap().from.clear())), "firewall/ssh"));
}

#[test]
fn ssh_from_everywhere_is_refused_with_the_way_out() {
    for world in ["0.0.0.0/0", "::/0"] {
        let (what, why) = objection(&with(|it| it.app.ssh.as_mut().unwrap().from = vec![world.to_owned()]));
        assert_eq!(what, format!("SSH from {world}"));
        assert!(why.contains("access.ssh.from"), "{why}");
    }
}

#[test]
fn ssh_over_ipv6_is_refused_because_the_machines_have_none() {
    let (what, _) =
        objection(&with(|it| it.app.ssh.as_mut().unwrap().from = vec!["2001:db8::/48".to_owned()]));
    assert_eq!(what, "SSH from 2001:db8::/48");
}

#[test]
fn the_order_of_networks_makes_no_difference() {
    let from = |networks: &[&str]| {
        let networks = networks.iter().map(|it| (*it).to_owned()).collect();
        made(&with(|it| it.app.ssh.as_mut().unwrap().from = networks))
    };
    assert_eq!(from(&["198.51.100.0/24", "203.0.113.0/24"]), from(&["203.0.113.0/24", "198.51.100.0/24"]));
}

#[test]
fn one_regional_nat_serves_both_ways_of_spreading() {
    let spread = |nat| made(&with(|it| it.nat = nat));
    assert_eq!(spread(NatSpread::One), spread(NatSpread::EachZone));
    let router = one(&spread(NatSpread::One), "router");
    assert_eq!(setting(&router, "nat/enable_dynamic_port_allocation"), "true");
    assert_eq!(setting(&router, "nat/nat_ip_allocate_option"), "AUTO_ONLY");
}

#[test]
fn the_ranges_of_the_app_and_of_managed_services_do_not_overlap() {
    let made = made(&blueprint());
    let subnet = setting(&one(&made, "subnet"), "ip_cidr_range");
    let (app, app_bits) = subnet.split_once('/').unwrap();
    let services = one(&made, "private-range");
    let first = |text: &str| u32::from(text.parse::<std::net::Ipv4Addr>().unwrap());
    let size = |bits: &str| 1_u32 << (32 - bits.parse::<u32>().unwrap());
    let (low, high) = (first(app), first(app) + size(app_bits) - 1);
    let services_first = first(&setting(&services, "address"));
    let services_last = services_first + size(&setting(&services, "prefix_length")) - 1;
    assert!(high < services_first || services_last < low);
    assert!(size(app_bits) > 2 * 2000, "a group of 2000 and its surge fit");
}

#[test]
fn the_way_to_managed_services_is_made_where_one_is_used() {
    let neither = made(&with(|it| {
        it.database = None;
        it.cache = None;
    }));
    assert!(!has(&neither, "service-connection") && !has(&neither, "connection-policy"));
    let valkey = made(&with(|it| it.database = None));
    assert!(!has(&valkey, "service-connection") && has(&valkey, "connection-policy"));
    let redis = made(&with(|it| {
        it.database = None;
        let cache = it.cache.as_mut().unwrap();
        (cache.sku, cache.snapshot_days) = ("m2-8gb".to_owned(), 0);
    }));
    assert!(has(&redis, "service-connection") && !has(&redis, "connection-policy"));
}

#[test]
fn a_zone_of_another_region_is_refused_with_those_there_are() {
    let (what, why) = objection(&with(|it| it.zones[1] = "europe-west1-b".to_owned()));
    assert_eq!(what, "zone europe-west1-b");
    assert!(why.contains("us-central1-b"), "{why}");
}

#[test]
fn a_place_that_does_not_exist_is_refused() {
    assert_eq!(objection(&with(|it| it.region = "atlantis1".to_owned())).0, "region atlantis1");
    assert_eq!(objection(&with(|it| it.zones.clear())).0, "zones");
}
