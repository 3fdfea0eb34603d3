//! The balancer: a Standard Load Balancer, or an Application Gateway where HTTPS or paths are wanted.

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::network::Network;

/// What the price book calls the layer 7 balancer.
pub(super) const GATEWAY: &str = "application-gateway-v2";
const LAYER_4: &str = "load-balancer-standard";
/// An Application Gateway has this many instances at most where nothing is said (Azure docs, "Scaling and zone-redundancy").
const MOST_INSTANCES: u32 = 10;

/// At which layer the balancer works: what it can measure follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Four,
    Seven,
}

/// What machines and alarms refer to.
pub(super) struct Front {
    pub(super) balancer: Address,
    pub(super) layer: Layer,
}

pub(super) fn add(draft: &mut Draft<'_>, network: &Network) -> Front {
    let address = draft.add(Resource::new(
        Address::new("address", "balancer"),
        [("sku", "Standard".into()), ("zones", draft.all_zones())],
    ));
    if let Some(subnet) = &network.balancer {
        return Front { balancer: gateway(draft, &address, subnet), layer: Layer::Seven };
    }
    let wanted = &draft.blueprint.balancer;
    if wanted.sku != LAYER_4 {
        let why = format!("`{}` is not made any more; take {LAYER_4} or {GATEWAY}", wanted.sku);
        draft.object("balancer", why);
    }
    if wanted.certificate.is_some() {
        let why = format!(
            "a Standard Load Balancer works at layer 4 and does not end TLS; pin {GATEWAY} as the balancer, or leave the \
             certificate out"
        );
        draft.object("certificate", why);
    }
    Front { balancer: layer_4(draft, &address), layer: Layer::Four }
}

fn layer_4(draft: &mut Draft<'_>, address: &Address) -> Address {
    let app = &draft.blueprint.app;
    let probe = Value::map([
        ("protocol", "Http".into()),
        ("port", u32::from(app.port).into()),
        ("path", app.health.as_str().into()),
        // Out after two failures in a row: ten seconds.
        ("interval_s", 5_u32.into()),
        ("threshold", 2_u32.into()),
    ]);
    let rule = Value::map([
        ("name", "http".into()),
        ("protocol", "Tcp".into()),
        ("port", 80_u32.into()),
        ("to_port", u32::from(app.port).into()),
        // The shortest there is; the application's own keep-alive (75 s) ends idle connections before.
        ("idle_timeout_min", 4_u32.into()),
        // Both ends learn that a connection is gone, instead of waiting for it.
        ("tcp_reset", true.into()),
        // Ways out are the NAT gateways.
        ("outbound_nat", false.into()),
    ]);
    draft.add(Resource::new(
        Address::new("balancer", "main"),
        [
            ("sku", "Standard".into()),
            ("address", Value::of(address)),
            ("probe", probe),
            ("rules", Value::List(vec![rule])),
        ],
    ))
}

fn gateway(draft: &mut Draft<'_>, address: &Address, subnet: &Address) -> Address {
    let (app, wanted) = (&draft.blueprint.app, &draft.blueprint.balancer);
    let least = wanted.nodes.max(1);
    let mut gateway = Resource::new(
        Address::new("balancer", "main"),
        [
            ("sku", "Standard_v2".into()),
            ("zones", draft.all_zones()),
            ("address", Value::of(address)),
            ("subnet", Value::of(subnet)),
            ("least_instances", least.into()),
            ("most_instances", least.max(MOST_INSTANCES).into()),
            (
                "backend",
                Value::map([
                    ("protocol", "Http".into()),
                    ("port", u32::from(app.port).into()),
                    ("timeout_s", 60_u32.into()),
                    // Longer than a response may take: what is in flight is finished.
                    ("drain_s", 90_u32.into()),
                ]),
            ),
            (
                "probe",
                Value::map([
                    ("protocol", "Http".into()),
                    ("path", app.health.as_str().into()),
                    ("interval_s", 10_u32.into()),
                    ("timeout_s", 5_u32.into()),
                    ("threshold", 2_u32.into()),
                ]),
            ),
        ],
    );
    let mut listeners = match &wanted.certificate {
        None => vec![Value::map([("port", 80_u32.into()), ("protocol", "Http".into())])],
        Some(certificate) => {
            let (identity, role) = reader(draft, certificate);
            let settings = &mut gateway.settings;
            settings.insert("identity".to_owned(), Value::of(&identity));
            settings.insert("identity_role".to_owned(), Value::of(&role));
            // TLS 1.2 and 1.3 with forward secrecy (Azure docs, "Application Gateway TLS policy overview").
            settings.insert("tls_policy".to_owned(), "AppGwSslPolicy20220101S".into());
            vec![
                Value::map([
                    ("port", 80_u32.into()),
                    ("protocol", "Http".into()),
                    ("redirect_to", 443_u32.into()),
                ]),
                Value::map([
                    ("port", 443_u32.into()),
                    ("protocol", "Https".into()),
                    ("certificate", certificate.as_str().into()),
                ]),
            ]
        }
    };
    listeners.sort_by_key(ToString::to_string);
    gateway.settings.insert("listeners".to_owned(), Value::List(listeners));
    draft.add(gateway)
}

/// The identity by which the gateway reads its certificate, and its right to: on the one secret, not on the vault.
fn reader(draft: &mut Draft<'_>, certificate: &str) -> (Address, Address) {
    if !is_secret(certificate) {
        let why = format!(
            "a certificate is named by the resource id of its Key Vault secret here \
             (/subscriptions/.../providers/Microsoft.KeyVault/vaults/VAULT/secrets/NAME), not `{certificate}`"
        );
        draft.object("certificate", why);
    }
    let identity = draft.add(Resource::new(Address::new("identity", "balancer"), []));
    let role = draft.add_inside(Resource::new(
        Address::new("role", "certificate"),
        [
            ("scope", certificate.into()),
            ("role", "Key Vault Secrets User".into()),
            ("principal", Value::output(&identity, "principal")),
        ],
    ));
    (identity, role)
}

fn is_secret(id: &str) -> bool {
    let parts: Vec<&str> = id.split('/').collect();
    let fixed = [
        (1, "subscriptions"),
        (3, "resourceGroups"),
        (6, "Microsoft.KeyVault"),
        (7, "vaults"),
        (9, "secrets"),
    ];
    parts.len() == 11
        && parts[0].is_empty()
        && parts[1..].iter().all(|part| !part.is_empty())
        && fixed.iter().all(|(place, word)| parts[*place].eq_ignore_ascii_case(word))
}
