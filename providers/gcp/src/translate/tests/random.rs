//! What holds for every blueprint that can be built.

use loadline_contract::conformance::well_formed;
use loadline_contract::deploy::CacheBlueprint;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::profile::PROFILE;

prop_compose! {
    fn apps()(
        (sku, architecture) in prop::sample::select(vec![
            ("c2d-highcpu-8", Architecture::X86), ("n4-standard-8", Architecture::X86), ("c4a-standard-8", Architecture::Arm),
        ]),
        os in prop::sample::select(vec!["ubuntu-22.04", "ubuntu-24.04", "ubuntu-26.04"]),
        count in 1_u32..20, more in 0_u32..20, port in 1024_u16..,
        networks in option::of(prop::collection::vec(prop::sample::select(vec!["203.0.113.0/24", "198.51.100.7/32", "10.0.0.0/8"]), 0..3)),
    ) -> AppBlueprint {
        let ssh = networks.map(|from| SshAccess {
            user: "ubuntu".to_owned(),
            public_key: "ssh-ed25519 AAAA".to_owned(),
            from: from.into_iter().map(str::to_owned).collect(),
        });
        AppBlueprint {
            sku: sku.to_owned(), architecture, count, most: count + more, os: os.to_owned(), port, ssh, ..blueprint().app
        }
    }
}

prop_compose! {
    fn databases()(
        sku in prop::sample::select(vec!["db-custom-8-16384", "db-n1-highmem-8", "db-perf-optimized-N-4"]),
        version in prop::sample::select(vec!["8.0", "8.4", "9.7"]),
        standby: bool, point_in_time: bool, backup_days in 1_u32..=7, storage_gib in 1_u32..2000, read_replicas in 0_u32..=5,
    ) -> DatabaseBlueprint {
        DatabaseBlueprint {
            sku: sku.to_owned(), version: version.to_owned(), standby, point_in_time, backup_days, storage_gib, read_replicas,
            iops: 300,
            ..blueprint().database.unwrap()
        }
    }
}

prop_compose! {
    fn caches()(
        sku in prop::sample::select(vec!["valkey-standard-small", "valkey-highmem-xlarge", "m1-4gb", "m3-13gb"]),
        replica: bool, holds_queue: bool,
    ) -> CacheBlueprint {
        CacheBlueprint { sku: sku.to_owned(), replica, holds_queue, snapshot_days: 0, ..blueprint().cache.unwrap() }
    }
}

prop_compose! {
    fn blueprints()(
        zones in 1_usize..=4, app in apps(), database in option::of(databases()), cache in option::of(caches()),
        certificate in option::of(prop::sample::select(vec![
            "projects/p/global/sslCertificates/a", "projects/p/locations/global/certificateMaps/b",
        ])),
        alarms: bool, mean in option::of(0.01..5.0), each_zone: bool,
    ) -> Blueprint {
        let region = PROFILE.region("us-central1").unwrap();
        let mut drawn = blueprint();
        drawn.zones = region.zones.iter().take(zones).map(|zone| (*zone).to_owned()).collect();
        drawn.nat = if each_zone { NatSpread::EachZone } else { NatSpread::One };
        drawn.balancer.certificate = certificate.map(str::to_owned);
        drawn.alarms = drawn.alarms.filter(|_| alarms).map(|lines| AlarmLines { mean_s: mean, ..lines });
        Blueprint { app, database, cache, ..drawn }
    }
}

/// Every text in a value, references aside.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Text(text) => found.push(text.clone()),
        Value::List(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Map(values) => values.values().for_each(|value| texts(value, found)),
        Value::Flag(_) | Value::Count(_) | Value::Of(_) => {}
    }
}

proptest! {
    #[test]
    fn every_blueprint_of_sold_parts_can_be_built(blueprint in blueprints()) {
        let translated = translate(&blueprint);
        prop_assert!(translated.is_ok(), "{translated:?}");
    }

    #[test]
    fn every_resource_refers_to_what_is_made_before_it(blueprint in blueprints()) {
        prop_assert_eq!(well_formed(PROFILE.stages, &made(&blueprint)), Ok(()));
    }

    #[test]
    fn nothing_but_the_balancer_is_open_to_the_world(blueprint in blueprints()) {
        for resource in made(&blueprint) {
            let mut found = Vec::new();
            resource.settings.values().for_each(|value| texts(value, &mut found));
            prop_assert!(!found.iter().any(|text| text.ends_with("/0")), "{}", resource.address);
            match resource.address.kind() {
                "public-address" => prop_assert_eq!(resource.address.name(), "balancer"),
                "template" => prop_assert_eq!(setting(&resource, "network_interface/access_configs"), "[]"),
                "database" => prop_assert_eq!(setting(&resource, "ipv4_enabled"), "false"),
                "firewall" => prop_assert_eq!(setting(&resource, "target_tags"), "[app]"),
                _ => {}
            }
        }
    }
}
