//! Who reaches what.

use super::*;

/// What a security group lets in, as `port from`.
fn lets_in(resources: &[Resource], group: &str) -> Vec<String> {
    let rules = one(resources, &format!("rules/{group}"));
    assert_eq!(setting(&rules, "firewall"), format!("firewall/{group}"));
    let Value::List(ingress) = &rules.settings["ingress"] else { panic!() };
    let mut found: Vec<String> = ingress
        .iter()
        .map(|rule| match rule {
            Value::Map(rule) => format!("{} {}", rule["port"], rule["from"]),
            _ => panic!(),
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_world_reaches_the_balancer_only() {
    let plain = made(&blueprint());
    assert_eq!(lets_in(&plain, "balancer"), ["80 0.0.0.0/0"]);
    let secured =
        made(&with(|it| it.balancer.certificate = Some("arn:aws:acm:us-east-1:1:certificate/x".to_owned())));
    assert_eq!(lets_in(&secured, "balancer"), ["443 0.0.0.0/0", "80 0.0.0.0/0"]);
    for group in ["app", "database", "cache"] {
        assert!(!lets_in(&secured, group).iter().any(|rule| rule.contains("/0")), "{group}");
    }
}

#[test]
fn only_the_balancer_reaches_the_port_of_the_app() {
    let made = made(&with(|it| (it.app.port, it.app.ssh) = (9000, None)));
    assert_eq!(lets_in(&made, "app"), ["9000 firewall/balancer"]);
}

#[test]
fn only_the_app_reaches_database_and_cache() {
    let made = made(&blueprint());
    assert_eq!(lets_in(&made, "database"), ["3306 firewall/app"]);
    assert_eq!(lets_in(&made, "cache"), ["6379 firewall/app"]);
}

#[test]
fn operators_reach_port_22_from_their_networks_only() {
    let made = made(&with(|it| {
        it.app.ssh.as_mut().unwrap().from = vec!["203.0.113.0/24".to_owned(), "198.51.100.7/32".to_owned()];
    }));
    assert_eq!(lets_in(&made, "app"), ["22 198.51.100.7/32", "22 203.0.113.0/24", "8000 firewall/balancer"]);
}

#[test]
fn everything_stands_behind_its_own_group() {
    let made = made(&blueprint());
    assert_eq!(setting(&one(&made, "balancer"), "firewalls"), "[firewall/balancer]");
    assert_eq!(setting(&one(&made, "launch-template"), "firewalls"), "[firewall/app]");
    assert_eq!(setting(&one(&made, "database"), "firewalls"), "[firewall/database]");
    assert_eq!(setting(&one(&made, "cache"), "firewalls"), "[firewall/cache]");
    assert_eq!(names(&made, "firewall"), names(&made, "rules"));
}

#[test]
fn what_is_not_there_has_no_group() {
    let made = made(&with(|it| (it.database, it.cache) = (None, None)));
    assert_eq!(names(&made, "firewall"), ["app", "balancer"]);
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
    let (what, why) =
        objection(&with(|it| it.app.ssh.as_mut().unwrap().from = vec!["2001:db8::/48".to_owned()]));
    assert_eq!(what, "SSH from 2001:db8::/48");
    assert!(why.contains("IPv4"), "{why}");
}

#[test]
fn the_order_of_networks_makes_no_difference() {
    let from = |networks: &[&str]| {
        let networks = networks.iter().map(|it| (*it).to_owned()).collect();
        made(&with(|it| it.app.ssh.as_mut().unwrap().from = networks))
    };
    assert_eq!(from(&["198.51.100.0/24", "203.0.113.0/24"]), from(&["203.0.113.0/24", "198.51.100.0/24"]));
}
