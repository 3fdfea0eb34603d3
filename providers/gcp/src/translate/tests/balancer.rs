//! What the world reaches: HTTP alone, or HTTPS and a redirect to it.

use super::*;

fn secured(certificate: &str) -> Blueprint {
    with(|it| it.balancer.certificate = Some(certificate.to_owned()))
}

const CERTIFICATE: &str = "projects/p/global/sslCertificates/main";

#[test]
fn without_a_certificate_port_80_serves() {
    let made = made(&blueprint());
    let rule = one(&made, "forwarding-rule");
    assert_eq!(
        (setting(&rule, "port_range"), setting(&rule, "target")),
        ("80-80".into(), "http-proxy/app".into())
    );
    assert_eq!(setting(&one(&made, "http-proxy"), "url_map"), "url-map/app");
    assert!(!has(&made, "ssl-policy"));
}

#[test]
fn with_a_certificate_port_443_serves_and_port_80_redirects() {
    let made = made(&secured(CERTIFICATE));
    assert_eq!(setting(&one(&made, "forwarding-rule/https"), "port_range"), "443-443");
    let proxy = one(&made, "https-proxy");
    assert_eq!(setting(&proxy, "url_map"), "url-map/app");
    assert_eq!(setting(&proxy, "ssl_certificates"), format!("[{CERTIFICATE}]"));
    assert_eq!(setting(&one(&made, "ssl-policy"), "min_tls_version"), "TLS_1_2");
    assert_eq!(setting(&one(&made, "http-proxy"), "url_map"), "url-map/redirect");
    assert_eq!(setting(&one(&made, "url-map/redirect"), "default_url_redirect/https_redirect"), "true");
}

#[test]
fn both_ports_have_the_one_public_address() {
    let made = made(&secured(CERTIFICATE));
    for rule in ["forwarding-rule/http", "forwarding-rule/https"] {
        assert_eq!(setting(&one(&made, rule), "ip_address"), "public-address/balancer");
    }
    one(&made, "public-address");
}

#[test]
fn a_certificate_map_goes_where_the_api_takes_it() {
    let proxy = one(&made(&secured("projects/p/locations/global/certificateMaps/main")), "https-proxy");
    assert_eq!(
        setting(&proxy, "certificate_map"),
        "//certificatemanager.googleapis.com/projects/p/locations/global/certificateMaps/main"
    );
    assert!(!proxy.settings.contains_key("ssl_certificates"));
}

#[test]
fn a_certificate_of_another_form_is_refused_with_the_right_ones() {
    for text in ["main", "arn:aws:acm:us-east-1:1:certificate/x", "projects/p/regions/r/sslCertificates/x"] {
        let (what, why) = objection(&secured(text));
        assert_eq!(what, format!("certificate {text}"));
        assert!(why.contains("global/sslCertificates/"), "{why}");
    }
}

#[test]
fn the_health_check_asks_the_app_itself() {
    let check =
        one(&made(&with(|it| (it.app.port, it.app.health) = (9000, "/ready".to_owned()))), "health-check");
    assert_eq!((setting(&check, "port"), setting(&check, "request_path")), ("9000".into(), "/ready".into()));
    let seconds = |name| setting(&check, name).parse::<u32>().unwrap();
    assert!(seconds("timeout_sec") <= seconds("check_interval_sec"), "the API refuses a longer one");
}

#[test]
fn the_balancer_waits_longer_than_nginx_and_lets_requests_end() {
    let backend = one(&made(&blueprint()), "backend");
    let seconds = |name| setting(&backend, name).parse::<u32>().unwrap();
    assert!(seconds("timeout_sec") > 60);
    assert!(seconds("connection_draining_timeout_sec") >= seconds("timeout_sec"));
}

#[test]
fn the_backend_and_the_group_agree_on_the_port() {
    let made = made(&blueprint());
    assert_eq!(setting(&one(&made, "group"), "named_ports"), "[{name: app, port: 8000}]");
    assert_eq!(setting(&one(&made, "backend"), "port_name"), "app");
}

#[test]
fn another_balancer_is_refused() {
    assert_eq!(objection(&with(|it| it.balancer.sku = "network-lb".to_owned())).0, "balancer network-lb");
}
