//! That each line is watched, at its own height.

use super::*;

fn policies(blueprint: &Blueprint) -> Vec<(String, String)> {
    let made = made(blueprint);
    let alerts = made.iter().filter(|it| it.address.kind() == "alert");
    let mut found: Vec<_> =
        alerts.map(|it| (it.address.name().to_owned(), setting(it, "threshold_value"))).collect();
    found.sort();
    found
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, threshold)| ((*name).to_owned(), (*threshold).to_owned())).collect()
}

#[test]
fn every_line_is_watched_in_its_metrics_unit() {
    let expected = pairs(&[
        ("app-cpu", "0.85"),
        ("cache-cpu", "0.85"),
        ("cache-memory", "0.8"),
        // 80 % of 2000.
        ("database-connections", "1600"),
        ("database-cpu", "0.85"),
        // Milliseconds.
        ("response-mean", "300"),
        ("response-p95", "500"),
    ]);
    assert_eq!(policies(&blueprint()), expected);
}

#[test]
fn a_fraction_is_written_without_the_noise_of_binary() {
    let found = policies(&with(|it| it.alarms.as_mut().unwrap().cpu_percent = 84.7));
    assert_eq!(found[0], ("app-cpu".to_owned(), "0.847".to_owned()));
}

#[test]
fn what_is_not_there_is_not_watched() {
    let found = policies(&with(|it| {
        (it.database, it.cache) = (None, None);
        let lines = it.alarms.as_mut().unwrap();
        (lines.mean_s, lines.connections) = (None, 0.0);
    }));
    assert_eq!(found, pairs(&[("app-cpu", "0.85"), ("response-p95", "500")]));
}

#[test]
fn every_policy_tells_the_mail_address() {
    let made = made(&blueprint());
    assert_eq!(setting(&one(&made, "notification-channel"), "email_address"), "ops@example.org");
    for alert in made.iter().filter(|it| it.address.kind() == "alert") {
        assert_eq!(setting(alert, "notification_channels"), "[notification-channel/operators]");
    }
}

#[test]
fn machines_are_found_by_the_label_that_their_template_gives_them() {
    let made = made(&blueprint());
    let Value::Map(labels) = &one(&made, "alert/app-cpu").settings["labels"] else { panic!() };
    let (label, value) = labels.first_key_value().unwrap();
    assert_eq!(label, "metadata.user_labels.\"loadline-deployment\"");
    assert_eq!(value.to_string(), setting(&one(&made, "template"), "labels/loadline-deployment"));
}

#[test]
fn a_cache_is_watched_by_the_metrics_of_its_product() {
    let redis = made(&with_cache(|it| (it.sku, it.snapshot_days) = ("m2-8gb".to_owned(), 0)));
    assert_eq!(setting(&one(&redis, "alert/cache-memory"), "resource_type"), "redis_instance");
    assert_eq!(setting(&one(&redis, "alert/cache-cpu"), "per_series_aligner"), "ALIGN_RATE");
    let valkey = made(&blueprint());
    assert_eq!(
        setting(&one(&valkey, "alert/cache-memory"), "resource_type"),
        "memorystore.googleapis.com/Instance"
    );
}

#[test]
fn nobody_is_told_where_nobody_asked() {
    let made = made(&with(|it| it.alarms = None));
    assert!(!has(&made, "alert") && !has(&made, "notification-channel"));
}

#[test]
fn a_line_above_all_connections_would_never_be_passed_and_is_refused() {
    let (what, _) = objection(&with(|it| it.alarms.as_mut().unwrap().connections = 1600.0));
    assert!(what.contains("1600"), "{what}");
}
