//! That each line is watched, at its own height.

use super::*;

/// Each alarm with its metric, statistic and threshold.
fn watched(blueprint: &Blueprint) -> Vec<(String, String)> {
    let made = made(blueprint);
    let alarms = made.iter().filter(|it| it.address.kind() == "alarm");
    let words = |it: &Resource| ["metric", "statistic", "above"].map(|name| setting(it, name)).join(" ");
    let mut found: Vec<_> = alarms.map(|it| (it.address.name().to_owned(), words(it))).collect();
    found.sort();
    found
}

#[test]
fn every_line_is_watched_in_its_metrics_unit() {
    let expected = [
        ("app-cpu", "CPUUtilization Average 85"),
        ("app-unhealthy", "UnHealthyHostCount Maximum 0"),
        ("cache-cpu", "EngineCPUUtilization Average 85"),
        ("cache-memory", "DatabaseMemoryUsagePercentage Average 80"),
        // 80 % of 2000.
        ("database-connections", "DatabaseConnections Average 1600"),
        ("database-cpu", "CPUUtilization Average 85"),
        ("errors", "HTTPCode_ELB_5XX_Count Sum 0"),
        // Seconds.
        ("mean", "TargetResponseTime Average 0.3"),
        ("p95", "TargetResponseTime p95 0.5"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(name, words)| ((*name).to_owned(), (*words).to_owned())).collect();
    assert_eq!(watched(&blueprint()), expected);
}

#[test]
fn a_line_that_nobody_drew_is_not_watched() {
    let found = watched(&with(|it| {
        (it.database, it.cache) = (None, None);
        it.alarms.as_mut().unwrap().mean_s = None;
    }));
    let found: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found, ["app-cpu", "app-unhealthy", "errors", "p95"]);
}

#[test]
fn every_alarm_tells_the_mail_address_after_three_minutes() {
    let made = made(&blueprint());
    assert_eq!(setting(&one(&made, "subscription"), "email"), "ops@example.org");
    assert_eq!(setting(&one(&made, "subscription"), "topic"), "topic/alarms");
    for alarm in made.iter().filter(|it| it.address.kind() == "alarm") {
        assert_eq!(setting(alarm, "topic"), "topic/alarms");
        assert_eq!((setting(alarm, "period_s"), setting(alarm, "periods")), ("60".into(), "3".into()));
    }
}

#[test]
fn alarms_look_at_what_was_made() {
    let made = made(&blueprint());
    let dimensions = |name: &str| setting(&one(&made, &format!("alarm/{name}")), "dimensions");
    assert_eq!(dimensions("app-cpu"), "{AutoScalingGroupName: group/app}");
    assert_eq!(dimensions("database-cpu"), "{DBInstanceIdentifier: database/main}");
    assert_eq!(dimensions("cache-memory"), "{CacheClusterId: first-node of cache/main}");
    assert_eq!(dimensions("p95"), "{LoadBalancer: dimension of balancer/main}");
    let both = "{LoadBalancer: dimension of balancer/main, TargetGroup: dimension of target-group/app-8000}";
    assert_eq!(dimensions("app-unhealthy"), both);
}

#[test]
fn a_data_store_that_falls_silent_is_an_alarm_and_a_quiet_balancer_is_none() {
    let made = made(&blueprint());
    let silent = |name: &str| setting(&one(&made, &format!("alarm/{name}")), "when_silent");
    assert_eq!((silent("database-cpu"), silent("cache-memory")), ("breaching".into(), "breaching".into()));
    assert_eq!((silent("p95"), silent("errors")), ("notBreaching".into(), "notBreaching".into()));
}

#[test]
fn nobody_is_told_where_nobody_asked() {
    let made = made(&with(|it| it.alarms = None));
    assert!(!has(&made, "alarm") && !has(&made, "topic") && !has(&made, "subscription"));
}
