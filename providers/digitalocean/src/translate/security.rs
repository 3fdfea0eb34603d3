//! Who may talk to whom: the balancer to the application, operators to its machines, everything out. A balancer takes no firewall of
//! this kind: it forwards the ports of its rules and no other. Databases and caches let in the application's tag only.

use loadline_contract::deploy::{Address, Resource, Value};

use super::{Base, Draft, sorted};

const EVERYWHERE: [&str; 2] = ["0.0.0.0/0", "::/0"];

pub(super) fn add(draft: &mut Draft<'_>, base: &Base, balancer: &Address) -> Address {
    let app = &draft.blueprint.app;
    let way = |port: String, from: Value| {
        Value::map([("protocol", "tcp".into()), ("ports", port.into()), ("from", from)])
    };
    let mut inbound = vec![way(app.port.to_string(), Value::List(vec![Value::of(balancer)]))];
    if let Some(ssh) = app.ssh.as_ref().filter(|ssh| !ssh.from.is_empty()) {
        let mut from = ssh.from.clone();
        from.sort();
        from.dedup();
        inbound.push(way("22".to_owned(), Value::texts(from)));
    }
    let outbound = ["icmp", "tcp", "udp"].map(|protocol| {
        // What the API says for all ports, and for ICMP, which has none (API description, firewall_rule_base.ports).
        Value::map([("protocol", protocol.into()), ("ports", "0".into()), ("to", Value::texts(EVERYWHERE))])
    });
    draft.add(Resource::new(
        Address::new("firewall", "app"),
        [
            ("guards", Value::of(&base.tag)),
            ("inbound", sorted(inbound)),
            ("outbound", sorted(outbound.to_vec())),
        ],
    ))
}
