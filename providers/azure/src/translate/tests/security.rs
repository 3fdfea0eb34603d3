//! Who may talk to whom.

use loadline_contract::deploy::Value;

use super::blueprints::{behind_a_gateway, teachers};
use super::{made, setting};

/// `from > ports` of each rule that lets in, by their texts.
fn ways(inbound: &Value) -> Vec<String> {
    let Value::List(rules) = inbound else { panic!("{inbound} is no list") };
    let rules = rules.iter().map(|rule| match rule {
        Value::Map(rule) => rule,
        other => panic!("{other} is no rule"),
    });
    rules
        .filter(|rule| rule["access"] == Value::from("Allow"))
        .map(|rule| format!("{} > {}", rule["from"], rule["to_ports"]))
        .collect()
}

#[test]
fn machines_take_what_the_load_balancer_passes_on_its_probes_and_operators() {
    let resources = made(&teachers());
    assert_eq!(
        ways(setting(&resources, "firewall/app", "inbound")),
        ["203.0.113.0/24 > 22", "AzureLoadBalancer > 8000", "Internet > 8000"]
    );
}

#[test]
fn behind_a_gateway_machines_take_only_what_comes_from_its_subnet() {
    let mut blueprint = behind_a_gateway();
    blueprint.app.ssh.as_mut().unwrap().from.clear();
    let resources = made(&blueprint);
    assert_eq!(ways(setting(&resources, "firewall/app", "inbound")), ["10.64.242.0/24 > 8000"]);
    assert_eq!(setting(&resources, "subnet/balancer", "cidr"), &Value::from("10.64.242.0/24"));
    assert_eq!(
        ways(setting(&resources, "firewall/balancer", "inbound")),
        ["GatewayManager > 65200-65535", "Internet > 80", "Internet > 443"]
    );
}

#[test]
fn only_the_application_reaches_database_and_cache() {
    let resources = made(&teachers());
    assert_eq!(
        ways(setting(&resources, "firewall/database", "inbound")),
        ["10.64.0.0/20 > 3306", "10.64.240.0/24 > *"]
    );
    assert_eq!(
        ways(setting(&resources, "firewall/cache", "inbound")),
        ["10.64.0.0/20 > 10000", "10.64.241.0/24 > *"]
    );
    // What else stands in the network is refused, before the rule that comes with every group lets it in.
    let inbound = setting(&resources, "firewall/database", "inbound").to_string();
    assert!(
        inbound.ends_with(
            "{access: Deny, from: VirtualNetwork, name: inside, priority: 4096, protocol: *, to_ports: *}]"
        ),
        "{inbound}"
    );
}

#[test]
fn the_gateway_may_read_one_secret_and_nothing_else() {
    let resources = made(&behind_a_gateway());
    let scope = setting(&resources, "role/certificate", "scope").to_string();
    assert!(scope.ends_with("/vaults/ours/secrets/site"), "{scope}");
    assert_eq!(setting(&resources, "role/certificate", "role"), &Value::from("Key Vault Secrets User"));
}

#[test]
fn no_setting_holds_a_secret() {
    for blueprint in [teachers(), behind_a_gateway()] {
        let resources = made(&blueprint);
        assert!(matches!(setting(&resources, "database/main", "password"), Value::Of(_)));
        let texts =
            resources.iter().filter(|it| it.address.kind() == "secret").flat_map(|it| it.settings.values());
        assert!(texts.into_iter().all(|value| matches!(value, Value::Of(_))));
    }
}
