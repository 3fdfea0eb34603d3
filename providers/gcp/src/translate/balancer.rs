//! The global external application load balancer: one public address, HTTPS with a redirect where there is a certificate,
//! else HTTP. The only thing that the world reaches.

use loadline_contract::deploy::{Address, Blueprint, Resource, Value};

use super::machines::PORT_NAME;
use super::{Part, addresses, objection, unless};

/// What the price book sells (`network.book`).
const SKU: &str = "forwarding-rules";
/// A machine is out within three missed checks and in again after two (10 s apart, half a minute and 20 s).
const CHECK_INTERVAL_S: u32 = 10;
const CHECK_TIMEOUT_S: u32 = 5;
const HEALTHY_AFTER: u32 = 2;
const UNHEALTHY_AFTER: u32 = 3;
/// Above the minute that nginx waits for the application (`proxy_read_timeout`), so that whoever is nearer gives up first.
const BACKEND_TIMEOUT_S: u32 = 70;
const SCHEME: &str = "EXTERNAL_MANAGED";

pub(super) fn balancer(blueprint: &Blueprint) -> Part {
    let mut objections = Vec::new();
    let (sku, certificate) = (&blueprint.balancer.sku, &blueprint.balancer.certificate);
    if sku != SKU {
        objections.push(objection(
            format!("balancer {sku}"),
            format!(
                "the one built here is the application load balancer, sold as `{SKU}`; pin that or nothing"
            ),
        ));
    }
    if certificate.as_deref().is_some_and(|text| certificate_setting(text).is_none()) {
        objections.push(objection(
            format!("certificate {}", certificate.as_deref().unwrap_or_default()),
            "name it as Google Cloud does: projects/PROJECT/global/sslCertificates/NAME, or \
             projects/PROJECT/locations/global/certificateMaps/NAME for Certificate Manager",
        ));
    }
    unless(objections, || {
        let mut made = vec![address(), health_check(blueprint), backend(blueprint), url_map()];
        match certificate.as_deref().and_then(certificate_setting) {
            None => made.extend(front_http(Value::of(&serving_map()))),
            Some(certificate) => {
                made.push(redirect());
                made.extend(front_http(Value::of(&redirect_map())));
                made.extend(front_https(certificate));
            }
        }
        made
    })
}

/// The setting that a certificate goes into, and its value as the API takes it.
fn certificate_setting(text: &str) -> Option<(&'static str, Value)> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        ["projects", _, "global", "sslCertificates", _] => Some(("ssl_certificates", Value::texts([text]))),
        ["projects", _, "locations", "global", "certificateMaps", _] => {
            Some(("certificate_map", format!("//certificatemanager.googleapis.com/{text}").into()))
        }
        _ => None,
    }
}

fn public_address() -> Address {
    Address::new("public-address", "balancer")
}

fn serving_map() -> Address {
    Address::new("url-map", "app")
}

fn redirect_map() -> Address {
    Address::new("url-map", "redirect")
}

fn address() -> Resource {
    Resource::new(
        public_address(),
        [
            ("address_type", "EXTERNAL".into()),
            ("ip_version", "IPV4".into()),
            ("network_tier", "PREMIUM".into()),
        ],
    )
}

fn health_check(blueprint: &Blueprint) -> Resource {
    Resource::new(
        addresses::health_check(),
        [
            ("type", "HTTP".into()),
            ("port_specification", "USE_FIXED_PORT".into()),
            ("port", u32::from(blueprint.app.port).into()),
            ("request_path", blueprint.app.health.as_str().into()),
            ("check_interval_sec", CHECK_INTERVAL_S.into()),
            ("timeout_sec", CHECK_TIMEOUT_S.into()),
            ("healthy_threshold", HEALTHY_AFTER.into()),
            ("unhealthy_threshold", UNHEALTHY_AFTER.into()),
        ],
    )
}

fn backend(blueprint: &Blueprint) -> Resource {
    let group = Value::output(&addresses::group(&blueprint.zones), "instance_group");
    Resource::new(
        addresses::backend(),
        [
            ("load_balancing_scheme", SCHEME.into()),
            ("protocol", "HTTP".into()),
            ("port_name", PORT_NAME.into()),
            ("timeout_sec", BACKEND_TIMEOUT_S.into()),
            // Whatever had begun when a machine leaves may end.
            ("connection_draining_timeout_sec", BACKEND_TIMEOUT_S.into()),
            ("locality_lb_policy", "LEAST_REQUEST".into()),
            ("session_affinity", "NONE".into()),
            ("health_checks", Value::List(vec![Value::of(&addresses::health_check())])),
            (
                "backends",
                Value::List(vec![Value::map([("group", group), ("balancing_mode", "UTILIZATION".into())])]),
            ),
        ],
    )
}

fn url_map() -> Resource {
    Resource::new(serving_map(), [("default_service", Value::of(&addresses::backend()))])
}

fn redirect() -> Resource {
    let to_https = Value::map([
        ("https_redirect", true.into()),
        ("redirect_response_code", "MOVED_PERMANENTLY_DEFAULT".into()),
        ("strip_query", false.into()),
    ]);
    Resource::new(redirect_map(), [("default_url_redirect", to_https)])
}

fn front_http(url_map: Value) -> [Resource; 2] {
    let proxy = Address::new("http-proxy", "app");
    let rule = forwarding_rule("http", 80, &proxy);
    [Resource::new(proxy, [("url_map", url_map)]), rule]
}

fn front_https((setting, certificate): (&str, Value)) -> [Resource; 3] {
    let policy = Address::new("ssl-policy", "app");
    let proxy = Address::new("https-proxy", "app");
    let rule = forwarding_rule("https", 443, &proxy);
    [
        Resource::new(
            proxy,
            [
                ("url_map", Value::of(&serving_map())),
                ("ssl_policy", Value::of(&policy)),
                (setting, certificate),
            ],
        ),
        // TLS 1.0 and 1.1 are deprecated (RFC 8996).
        Resource::new(policy, [("min_tls_version", "TLS_1_2".into()), ("profile", "MODERN".into())]),
        rule,
    ]
}

fn forwarding_rule(name: &str, port: u16, proxy: &Address) -> Resource {
    Resource::new(
        Address::new("forwarding-rule", name),
        [
            ("ip_address", Value::of(&public_address())),
            ("ip_protocol", "TCP".into()),
            ("port_range", format!("{port}-{port}").into()),
            ("target", Value::of(proxy)),
            ("load_balancing_scheme", SCHEME.into()),
            ("network_tier", "PREMIUM".into()),
        ],
    )
}
