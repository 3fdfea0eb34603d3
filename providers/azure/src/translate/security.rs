//! Who may talk to whom: the world to the balancer, the balancer to the application, the application to database and cache. Each part
//! of the stack has a network security group on its subnet.
//!
//! A group comes with a rule that lets everything inside the network talk to everything; each of these forbids that.

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;

/// A rule that lets in.
struct Way {
    name: String,
    from: Value,
    to_ports: String,
    protocol: &'static str,
}

fn way(name: &str, from: &str, port: u16) -> Way {
    Way { name: name.to_owned(), from: from.into(), to_ports: port.to_string(), protocol: "Tcp" }
}

/// The application's. A Standard Load Balancer passes packets on with the address of the client, so what it lets through has to be let
/// in from everywhere; it forwards no other port, and the machines have no public address of their own. An Application Gateway
/// connects by itself, from its own subnet.
pub(super) fn app(draft: &mut Draft<'_>, gateway: Option<&str>) -> Address {
    let app = &draft.blueprint.app;
    let mut ways = match gateway {
        Some(subnet) => vec![way("balancer", subnet, app.port)],
        None => {
            vec![way("balancer", "Internet", app.port), way("probe", "AzureLoadBalancer", app.port)]
        }
    };
    if let Some(ssh) = &app.ssh {
        let mut from = ssh.from.clone();
        from.sort();
        from.dedup();
        ways.extend(
            from.iter().enumerate().map(|(index, network)| way(&format!("ssh-{}", index + 1), network, 22)),
        );
    }
    group(draft, "app", ways)
}

/// That of a service which only the application uses. Nodes of the service talk to each other on ports of their own: a database to its
/// standby (Azure docs, "Private network access for MySQL", "Virtual network concepts").
pub(super) fn service(draft: &mut Draft<'_>, name: &str, port: u16, app: &[String], own: &str) -> Address {
    let mut ways: Vec<Way> = app
        .iter()
        .enumerate()
        .map(|(index, network)| way(&format!("app-{}", index + 1), network, port))
        .collect();
    ways.push(Way { name: "nodes".to_owned(), from: own.into(), to_ports: "*".to_owned(), protocol: "*" });
    group(draft, name, ways)
}

/// That of an Application Gateway. Without the ports of its own management it is not made (Azure docs, "Application Gateway
/// infrastructure configuration").
pub(super) fn gateway(draft: &mut Draft<'_>) -> Address {
    let mut ways = vec![
        Way {
            name: "management".to_owned(),
            from: "GatewayManager".into(),
            to_ports: "65200-65535".to_owned(),
            protocol: "Tcp",
        },
        way("http", "Internet", 80),
    ];
    if draft.blueprint.balancer.certificate.is_some() {
        ways.push(way("https", "Internet", 443));
    }
    group(draft, "balancer", ways)
}

fn group(draft: &mut Draft<'_>, name: &str, ways: Vec<Way>) -> Address {
    let mut rules: Vec<Value> =
        ways.into_iter().zip(100_u32..).map(|(way, priority)| rule(way, priority)).collect();
    rules.push(Value::map([
        ("name", "inside".into()),
        ("priority", 4096_u32.into()),
        ("access", "Deny".into()),
        ("protocol", "*".into()),
        ("from", "VirtualNetwork".into()),
        ("to_ports", "*".into()),
    ]));
    // In the order in which accounts read lists back.
    rules.sort_by_key(ToString::to_string);
    draft.add(Resource::new(Address::new("firewall", name), [("inbound", Value::List(rules))]))
}

fn rule(way: Way, priority: u32) -> Value {
    Value::map([
        ("name", way.name.into()),
        ("priority", priority.into()),
        ("access", "Allow".into()),
        ("protocol", way.protocol.into()),
        ("from", way.from),
        ("to_ports", way.to_ports.into()),
    ])
}
