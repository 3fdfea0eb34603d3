//! What holds for every blueprint.

use loadline_contract::conformance::well_formed;
use loadline_contract::deploy::Value;
use proptest::prelude::*;

use super::blueprints::any_blueprint;
use super::{made, of};
use crate::kinds::STAGES;

proptest! {
    #[test]
    fn every_resource_refers_to_what_is_made_before_it(blueprint in any_blueprint()) {
        prop_assert_eq!(well_formed(STAGES, &made(&blueprint)), Ok(()));
    }

    #[test]
    fn every_list_stands_in_the_order_in_which_it_is_read_back(blueprint in any_blueprint()) {
        for resource in made(&blueprint) {
            for (name, value) in &resource.settings {
                prop_assert!(in_order(value), "{} of {}: {value}", name, resource.address);
            }
        }
    }

    #[test]
    fn the_same_blueprint_gives_the_same_resources(blueprint in any_blueprint()) {
        prop_assert_eq!(made(&blueprint), made(&blueprint));
    }

    #[test]
    fn nothing_but_the_balancer_is_open_to_the_world(blueprint in any_blueprint()) {
        let operators = blueprint.app.ssh.as_ref().map(|ssh| Value::texts(ssh.from.clone()));
        for resource in made(&blueprint) {
            match resource.address.kind() {
                "firewall" => {
                    let Value::List(ways) = &resource.settings["inbound"] else { panic!("no list") };
                    for way in ways {
                        let Value::Map(way) = way else { panic!("{way} is no rule") };
                        let from_balancer = way["from"] == Value::List(vec![of("balancer/main")]);
                        let own_port = way["ports"] == Value::from(blueprint.app.port.to_string());
                        let login = way["ports"] == Value::from("22") && Some(&way["from"]) == operators.as_ref();
                        prop_assert!((from_balancer && own_port) || login, "{way:?}");
                    }
                }
                "database" | "cache" => {
                    prop_assert_eq!(&resource.settings["trusted"], &Value::List(vec![of("tag/app")]));
                }
                // No machine is made before its firewall, and each has the tag that it guards.
                "app" | "group" => {
                    prop_assert_eq!(&resource.settings["firewall"], &of("firewall/app"));
                    prop_assert_eq!(&resource.settings["tags"], &Value::List(vec![of("tag/app")]));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn there_are_as_many_machines_as_were_asked_for(blueprint in any_blueprint()) {
        let resources = made(&blueprint);
        let droplets = resources.iter().filter(|it| it.address.kind() == "app").count() as u32;
        match resources.iter().find(|it| it.address.kind() == "group") {
            None => prop_assert_eq!((droplets, droplets), (blueprint.app.count, blueprint.app.most)),
            Some(pool) => {
                prop_assert_eq!(droplets, 0);
                prop_assert_eq!(&pool.settings["least"], &Value::from(blueprint.app.count));
                prop_assert_eq!(&pool.settings["most"], &Value::from(blueprint.app.most));
            }
        }
    }
}

fn in_order(value: &Value) -> bool {
    match value {
        Value::List(values) => values.is_sorted_by_key(ToString::to_string) && values.iter().all(in_order),
        Value::Map(values) => values.values().all(in_order),
        _ => true,
    }
}
