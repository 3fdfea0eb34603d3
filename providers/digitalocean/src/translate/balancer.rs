//! The balancer: it finds the application's machines by their tag.

use loadline_contract::deploy::{Address, Resource, Value};

use super::{Base, Draft, sorted};

/// Nodes of a balancer (API description, load_balancer_base.size_unit).
const MOST_NODES: u32 = 100;

pub(super) fn add(draft: &mut Draft<'_>, base: &Base) -> Address {
    let (app, wanted) = (&draft.blueprint.app, &draft.blueprint.balancer);
    if wanted.sku != "regional-lb" {
        let why = format!(
            "health checks by path need the regional load balancer (`regional-lb`), not `{}`",
            wanted.sku
        );
        draft.object("balancer", why);
    }
    if wanted.nodes > MOST_NODES {
        let why = format!("a load balancer has {MOST_NODES} nodes at most, not {}", wanted.nodes);
        draft.object("balancer", why);
    }
    let port = Value::from(u32::from(app.port));
    let rule = |entry: (&str, u32), more: Option<&str>| {
        let mut rule = vec![
            ("entry_protocol", entry.0.into()),
            ("entry_port", entry.1.into()),
            ("target_protocol", "http".into()),
            ("target_port", port.clone()),
        ];
        rule.extend(more.map(|certificate| ("certificate", certificate.into())));
        Value::Map(rule.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let mut rules = vec![rule(("http", 80), None)];
    if let Some(certificate) = &wanted.certificate {
        if !is_uuid(certificate) {
            let why = format!(
                "a certificate is named by its id here (doctl compute certificate list), not `{certificate}`"
            );
            draft.object("certificate", why);
        }
        rules.push(rule(("https", 443), Some(certificate)));
    }
    let health = Value::map([
        ("protocol", "http".into()),
        ("port", port.clone()),
        ("path", app.health.as_str().into()),
        // In after two and out after two: with the defaults a machine that fails gets requests for 50 s.
        ("interval_s", 10_u32.into()),
        ("timeout_s", 5_u32.into()),
        ("healthy_after", 2_u32.into()),
        ("unhealthy_after", 2_u32.into()),
    ]);
    draft.add(Resource::new(
        Address::new("balancer", "main"),
        [
            ("region", draft.region()),
            ("kind", "REGIONAL".into()),
            ("nodes", wanted.nodes.clamp(1, MOST_NODES).into()),
            ("network", Value::of(&base.network)),
            ("project", Value::of(&base.project)),
            ("targets", Value::of(&base.tag)),
            ("rules", sorted(rules)),
            ("redirect_to_https", wanted.certificate.is_some().into()),
            ("health_check", health),
            // Below the application's own keep-alive (75 s), so that the balancer never sends into a connection that the
            // application is closing.
            ("idle_timeout_s", 60_u32.into()),
            ("backend_keepalive", true.into()),
        ],
    ))
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
