//! What holds for every blueprint.

use loadline_contract::conformance::well_formed;
use loadline_contract::deploy::Value;
use proptest::prelude::*;

use super::blueprints::any_blueprint;
use super::made;
use crate::kinds::STAGES;

proptest! {
    #[test]
    fn every_resource_refers_to_what_is_made_before_it(blueprint in any_blueprint()) {
        prop_assert_eq!(well_formed(STAGES, &made(&blueprint)), Ok(()));
    }

    #[test]
    fn the_same_blueprint_gives_the_same_resources(blueprint in any_blueprint()) {
        prop_assert_eq!(made(&blueprint), made(&blueprint));
    }

    #[test]
    fn nothing_but_the_balancer_is_open_to_the_world(blueprint in any_blueprint()) {
        let gateway = blueprint.balancer.sku == "application-gateway-v2";
        for resource in made(&blueprint) {
            match resource.address.kind() {
                // A Standard Load Balancer passes packets on unchanged: its machines' port is its own.
                "firewall" => {
                    let open = if gateway { "balancer" } else { "app" };
                    let ways = ways_from_the_world(&resource.settings["inbound"]);
                    prop_assert!(ways.is_empty() || resource.address.name() == open, "{}", resource.address);
                    let port = blueprint.app.port.to_string();
                    let allowed = if gateway { vec!["80", "443"] } else { vec![port.as_str()] };
                    prop_assert!(ways.iter().all(|to| allowed.contains(&to.as_str())), "{ways:?}");
                }
                "group" => prop_assert_eq!(&resource.settings["public_address"], &Value::Flag(false)),
                "cache" => prop_assert_eq!(&resource.settings["public_network_access"], &Value::from("Disabled")),
                // A server in a subnet of its own has no public access at all.
                "database" => prop_assert!(resource.settings.contains_key("subnet")),
                "subnet" => prop_assert!(resource.settings.contains_key("firewall")),
                _ => {}
            }
        }
    }

    #[test]
    fn machines_are_shared_out_without_losing_one(blueprint in any_blueprint()) {
        let (mut count, mut most) = (0, 0);
        for resource in made(&blueprint) {
            let number = |name: &str| match resource.settings.get(name) {
                Some(Value::Count(count)) => *count,
                _ => 0,
            };
            match resource.address.kind() {
                "group" => {
                    count += number("count") + number("first_count");
                    most += number("count");
                }
                "autoscale" => most += number("most"),
                _ => {}
            }
        }
        prop_assert_eq!((count, most), (i64::from(blueprint.app.count), i64::from(blueprint.app.most)));
    }
}

/// Ports that are open to everybody.
fn ways_from_the_world(inbound: &Value) -> Vec<String> {
    let Value::List(rules) = inbound else { panic!("{inbound} is no list") };
    let mut open = Vec::new();
    for rule in rules {
        let Value::Map(rule) = rule else { panic!("{rule} is no rule") };
        let from = rule["from"].to_string();
        if rule["access"] == Value::from("Allow") && ["Internet", "*", "0.0.0.0/0"].contains(&from.as_str()) {
            open.push(rule["to_ports"].to_string());
        }
    }
    open
}
