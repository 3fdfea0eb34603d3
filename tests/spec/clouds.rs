//! Clouds, regions and pins.

use loadline::clouds::vocabulary;

use crate::support::{FULL, SMALL, complaint, help, marked, read, sound};

fn with(line: &str) -> String {
    format!("{SMALL}{line}\n")
}

#[test]
fn without_clouds_all_are_considered_in_their_default_regions() {
    let spec = sound(read(SMALL));
    let found: Vec<(&str, &str)> =
        spec.clouds.iter().map(|choice| (choice.cloud.as_str(), choice.region.as_str())).collect();
    let words = vocabulary();
    let expected: Vec<(&str, &str)> =
        words.clouds.iter().map(|cloud| (cloud.name.as_str(), cloud.default_region.as_str())).collect();
    assert_eq!(found, expected);
    assert_eq!(found.len(), 4);
}

#[test]
fn a_cloud_without_a_region_takes_its_default() {
    for line in ["clouds: { azure: {} }", "clouds:\n  azure:"] {
        let spec = sound(read(with(line)));
        assert_eq!((spec.clouds[0].cloud.as_str(), spec.clouds[0].region.as_str()), ("azure", "eastus"));
    }
}

#[test]
fn an_unknown_cloud_is_answered_with_the_nearest_and_all() {
    for part in ["clouds", "pin"] {
        let found = complaint(with(&format!("{part}: {{ azrue: {{}} }}")));
        assert_eq!((found.code, marked(&found).as_str()), ("unknown-cloud", "azrue"));
        assert!(help(&found).contains("did you mean `azure`?"), "{found:?}");
        assert!(help(&found).contains("gcp"), "{found:?}");
    }
}

#[test]
fn an_unknown_region_is_answered_with_the_nearest_of_that_cloud() {
    let found = complaint(FULL.replace("us-east-1", "us-esat-1"));
    assert_eq!((found.code, marked(&found).as_str()), ("unknown-region", "us-esat-1"));
    assert!(help(&found).contains("did you mean `us-east-1`?"), "{found:?}");
    let found = complaint(FULL.replace("region: nyc3", "region: us-east-1"));
    assert_eq!(found.code, "unknown-region", "the region of another cloud");
}

#[test]
fn an_empty_map_of_clouds_is_refused() {
    assert_eq!(complaint(with("clouds: {}")).code, "missing-key");
    assert!(sound(read(with("pin: {}"))).pin.is_empty());
}

#[test]
fn a_region_without_its_map_is_shown_how() {
    let found = complaint(with("clouds: { gcp: us-central1 }"));
    assert_eq!(found.code, "wrong-type");
    assert!(help(&found).contains("region:"), "{found:?}");
}

#[test]
fn every_pin_arrives_for_its_cloud() {
    let line = "pin: { gcp: { app: c2-standard-16, app_count: 3, balancer: lb }, aws: { app: c6i.4xlarge } }";
    let spec = sound(read(with(line)));
    let pin = &spec.pin["gcp"];
    assert_eq!((pin.app.as_deref(), pin.app_count), (Some("c2-standard-16"), Some(3)));
    assert_eq!(pin.balancer.as_deref(), Some("lb"));
    assert_eq!((pin.database_standby, pin.cache_replica), (None, None));
    assert_eq!(spec.pin["aws"].app.as_deref(), Some("c6i.4xlarge"));
}

#[test]
fn a_pin_can_overrule_the_wish_for_a_pair() {
    let spec = sound(read(
        FULL.replace("cache: cache.r6g.large }", "cache_replica: false, database_standby: true }"),
    ));
    assert_eq!((spec.pin["aws"].cache_replica, spec.pin["aws"].database_standby), (Some(false), Some(true)));
}

#[test]
fn an_unknown_pin_is_answered_with_the_nearest() {
    let found = complaint(with("pin: { aws: { ap: c6i.4xlarge } }"));
    assert_eq!(found.code, "unknown-key");
    assert!(help(&found).contains("`app`"), "{found:?}");
}
