//! Who may talk to whom: the world to the balancer, the balancer to the application, the application to database and cache.

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::network::Network;

/// Security groups by what they guard.
pub(super) struct Firewalls {
    pub(super) balancer: Address,
    pub(super) app: Address,
    pub(super) database: Option<Address>,
    pub(super) cache: Option<Address>,
}

pub(super) fn add(draft: &mut Draft<'_>, network: &Network) -> Firewalls {
    let blueprint = draft.blueprint;
    let mut firewall = |name: &str, about: &str| {
        draft.add(Resource::new(
            Address::new("firewall", name),
            [("network", Value::of(&network.network)), ("about", about.into())],
        ))
    };
    let balancer = firewall("balancer", "load balancer");
    let app = firewall("app", "application machines");
    let database = blueprint.database.as_ref().map(|_| firewall("database", "database"));
    let cache = blueprint.cache.as_ref().map(|_| firewall("cache", "cache"));
    let web: &[u16] = if blueprint.balancer.certificate.is_some() { &[80, 443] } else { &[80] };
    let world = web.iter().map(|port| rule(*port, "0.0.0.0/0".into())).collect();
    rules(draft, &balancer, world);
    let mut to_app = vec![rule(blueprint.app.port, Value::of(&balancer))];
    if let Some(ssh) = &blueprint.app.ssh {
        check(draft, &ssh.from);
        to_app.extend(ssh.from.iter().map(|network| rule(22, network.as_str().into())));
    }
    rules(draft, &app, to_app);
    if let Some(database) = &database {
        rules(draft, database, vec![rule(3306, Value::of(&app))]);
    }
    if let Some(cache) = &cache {
        rules(draft, cache, vec![rule(6379, Value::of(&app))]);
    }
    Firewalls { balancer, app, database, cache }
}

fn check(draft: &mut Draft<'_>, operators: &[String]) {
    for network in operators {
        let why = if network.ends_with("/0") {
            "only the balancer is open to the world; name the networks that operators come from in access.ssh.from"
        } else if network.contains(':') {
            "the machines have IPv4 addresses only; name an IPv4 network in access.ssh.from"
        } else {
            continue;
        };
        draft.object(&format!("SSH from {network}"), why);
    }
}

fn rule(port: u16, from: Value) -> Value {
    Value::map([("port", u32::from(port).into()), ("from", from)])
}

fn rules(draft: &mut Draft<'_>, firewall: &Address, mut ingress: Vec<Value>) {
    ingress.sort_by_key(ToString::to_string);
    ingress.dedup();
    draft.add(Resource::new(
        Address::new("rules", firewall.name()),
        [("firewall", Value::of(firewall)), ("ingress", Value::List(ingress))],
    ));
}
