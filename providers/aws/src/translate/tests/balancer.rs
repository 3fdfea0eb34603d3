//! What the world reaches: HTTP alone, or HTTPS and a redirect to it.

use super::*;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1b0f7c1e";

fn secured(certificate: &str) -> Blueprint {
    with(|it| it.balancer.certificate = Some(certificate.to_owned()))
}

#[test]
fn without_a_certificate_port_80_serves() {
    let made = made(&blueprint());
    let listener = one(&made, "listener");
    assert_eq!((setting(&listener, "port"), setting(&listener, "protocol")), ("80".into(), "HTTP".into()));
    assert_eq!(setting(&listener, "forward"), "target-group/app-8000");
}

#[test]
fn with_a_certificate_port_443_serves_and_port_80_redirects() {
    let made = made(&secured(CERTIFICATE));
    let secure = one(&made, "listener/443");
    assert_eq!(
        (setting(&secure, "protocol"), setting(&secure, "certificate")),
        ("HTTPS".into(), CERTIFICATE.into())
    );
    assert_eq!(setting(&secure, "forward"), "target-group/app-8000");
    assert!(setting(&secure, "tls_policy").starts_with("ELBSecurityPolicy-TLS13-1-2-"));
    let plain = one(&made, "listener/80");
    assert_eq!(setting(&plain, "redirect_to_port"), "443");
    assert!(!plain.settings.contains_key("forward"), "nothing is served in the clear");
}

#[test]
fn a_certificate_of_another_form_is_refused() {
    let (what, why) = objection(&secured("projects/p/global/sslCertificates/main"));
    assert!(what == "certificate" && why.contains("ARN"), "{why}");
}

#[test]
fn the_health_check_asks_the_app_itself() {
    let targets =
        one(&made(&with(|it| (it.app.port, it.app.health) = (9000, "/ready".to_owned()))), "target-group");
    assert_eq!(
        (setting(&targets, "port"), setting(&targets, "health_path")),
        ("9000".into(), "/ready".into())
    );
    // The port of a group cannot change: another port is another group.
    assert_eq!(targets.address.name(), "app-9000");
}

#[test]
fn a_machine_is_taken_in_and_out_within_half_a_minute() {
    let targets = one(&made(&blueprint()), "target-group");
    let of = |name| setting(&targets, name).parse::<u32>().unwrap();
    assert!(of("health_timeout_s") < of("health_interval_s"), "the service refuses a longer one");
    for checks in ["healthy_after", "unhealthy_after"] {
        assert!(of(checks) >= 2 && of(checks) * of("health_interval_s") <= 30, "{checks}");
    }
}

#[test]
fn timeouts_shrink_from_the_application_to_the_balancer_and_what_is_in_flight_ends() {
    let made = made(&blueprint());
    let idle_s: u32 = setting(&one(&made, "balancer"), "idle_timeout_s").parse().unwrap();
    // What nginx and the application keep a connection for.
    assert!(idle_s < 75);
    assert!(setting(&one(&made, "target-group"), "drain_s").parse::<u32>().unwrap() > idle_s);
}

#[test]
fn headers_that_no_server_should_see_are_dropped() {
    assert_eq!(setting(&one(&made(&blueprint()), "balancer"), "drop_invalid_headers"), "true");
}

#[test]
fn a_balancer_that_checks_no_paths_is_refused() {
    assert_eq!(objection(&with(|it| it.balancer.sku = "nlb".to_owned())).0, "balancer");
}
