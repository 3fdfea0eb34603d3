//! The balancer, its target group and its listeners.

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::network::Network;
use super::security::Firewalls;

/// What machines and alarms refer to.
pub(super) struct Front {
    pub(super) balancer: Address,
    pub(super) targets: Address,
}

pub(super) fn add(draft: &mut Draft<'_>, network: &Network, firewalls: &Firewalls) -> Front {
    let blueprint = draft.blueprint;
    if blueprint.balancer.sku != "alb" {
        let why = format!(
            "health checks by path need an Application Load Balancer (`alb`), not `{}`",
            blueprint.balancer.sku
        );
        draft.object("balancer", why);
    }
    let targets = draft.add(Resource::new(
        // Its port cannot change: a group for another port is made before the old one goes.
        Address::new("target-group", &format!("app-{}", blueprint.app.port)),
        [
            ("network", Value::of(&network.network)),
            ("port", u32::from(blueprint.app.port).into()),
            ("health_path", blueprint.app.health.as_str().into()),
            // Every 10 s, in after 2 and out after 2: with the defaults (30 s, in after 5) a healthy machine waits 150 s for its
            // first request.
            ("health_interval_s", 10_u32.into()),
            ("health_timeout_s", 5_u32.into()),
            ("healthy_after", 2_u32.into()),
            ("unhealthy_after", 2_u32.into()),
            // Longer than the balancer waits for a response: what is in flight is finished.
            ("drain_s", 90_u32.into()),
        ],
    ));
    let balancer = draft.add(Resource::new(
        Address::new("balancer", "main"),
        [
            ("subnets", Value::List(network.public.iter().map(Value::of).collect())),
            ("firewalls", Value::List(vec![Value::of(&firewalls.balancer)])),
            // Below the application's own keep-alive (75 s), so that the balancer never sends into a connection that the
            // application is closing (ALB guide, "Connection idle timeout").
            ("idle_timeout_s", 60_u32.into()),
            ("drop_invalid_headers", true.into()),
        ],
    ));
    let listener = |port: u32, more: Vec<(&str, Value)>| {
        let mut resource = Resource::new(
            Address::new("listener", &port.to_string()),
            [("balancer", Value::of(&balancer)), ("port", port.into())],
        );
        resource.settings.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
        resource
    };
    match &blueprint.balancer.certificate {
        None => {
            let plain = vec![("protocol", "HTTP".into()), ("forward", Value::of(&targets))];
            draft.add(listener(80, plain));
        }
        Some(certificate) => {
            if !certificate.starts_with("arn:") {
                draft.object(
                    "certificate",
                    format!("a certificate is named by its ARN here, not `{certificate}`"),
                );
            }
            let redirect = vec![("protocol", "HTTP".into()), ("redirect_to_port", 443_u32.into())];
            draft.add(listener(80, redirect));
            let secure = vec![
                ("protocol", "HTTPS".into()),
                ("certificate", certificate.as_str().into()),
                // TLS 1.2 and 1.3 with forward secrecy: the policy that the ALB guide recommends.
                ("tls_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06".into()),
                ("forward", Value::of(&targets)),
            ];
            draft.add(listener(443, secure));
        }
    }
    Front { balancer, targets }
}
