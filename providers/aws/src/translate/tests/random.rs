//! What holds for every blueprint that can be built.

use loadline_contract::conformance::well_formed;
use loadline_contract::deploy::AlarmLines;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::names::name;

prop_compose! {
    fn apps()(
        (sku, architecture) in prop::sample::select(vec![
            ("c6i.4xlarge", Architecture::X86), ("m7a.xlarge", Architecture::X86), ("c8g.4xlarge", Architecture::Arm),
        ]),
        os in prop::sample::select(vec!["ubuntu-22.04", "ubuntu-24.04", "ubuntu-26.04"]),
        count in 1_u32..20, more in 0_u32..20, port in 1024_u16.., disk_gib in 1_u32..2000,
        networks in option::of(prop::collection::vec(prop::sample::select(vec!["203.0.113.0/24", "198.51.100.7/32", "10.0.0.0/8"]), 0..3)),
    ) -> AppBlueprint {
        let ssh = networks.map(|from| SshAccess {
            user: "ubuntu".to_owned(),
            public_key: "ssh-ed25519 AAAA".to_owned(),
            from: from.into_iter().map(str::to_owned).collect(),
        });
        AppBlueprint {
            sku: sku.to_owned(), architecture, count, most: count + more, os: os.to_owned(), port, disk_gib, ssh, ..blueprint().app
        }
    }
}

prop_compose! {
    fn databases()(
        version in prop::sample::select(vec!["8.0", "8.4"]),
        standby: bool, point_in_time: bool, backup_days in 1_u32..=35, storage_gib in 1_u32..=65_536, iops in 1_u32..=3000,
        max_connections in 1_u32..=2000,
    ) -> DatabaseBlueprint {
        DatabaseBlueprint {
            version: version.to_owned(), standby, point_in_time, backup_days, storage_gib, iops, max_connections,
            ..blueprint().database.unwrap()
        }
    }
}

prop_compose! {
    fn caches()(
        (engine, version) in prop::sample::select(vec![("valkey", None), ("valkey", Some("7")), ("redis", None), ("redis", Some("7.0"))]),
        replica: bool, holds_queue: bool, snapshot_days in 0_u32..=35,
    ) -> CacheBlueprint {
        CacheBlueprint {
            engine: engine.to_owned(), version: version.map(str::to_owned), replica, holds_queue, snapshot_days,
            ..blueprint().cache.unwrap()
        }
    }
}

prop_compose! {
    fn blueprints()(
        deployment in "[a-z0-9][a-z0-9-]{0,62}",
        zones in 1_usize..=6, app in apps(), database in option::of(databases()), cache in option::of(caches()),
        certificate in option::of(Just("arn:aws:acm:us-east-1:1:certificate/a".to_owned())),
        alarms: bool, mean in option::of(0.01..5.0), each_zone: bool,
    ) -> Blueprint {
        let region = PROFILE.region("us-east-1").unwrap();
        let mut drawn = blueprint();
        drawn.deployment = deployment.parse().unwrap();
        drawn.zones = region.zones.iter().take(zones).map(|zone| (*zone).to_owned()).collect();
        drawn.nat = if each_zone { NatSpread::EachZone } else { NatSpread::One };
        drawn.balancer.certificate = certificate;
        drawn.alarms = drawn.alarms.filter(|_| alarms).map(|lines| AlarmLines { mean_s: mean, ..lines });
        Blueprint { app, database, cache, ..drawn }
    }
}

/// Every text in a value with the name under which it stands, references aside.
fn texts(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Text(text) => found.push((name.to_owned(), text.clone())),
        Value::List(values) => values.iter().for_each(|value| texts(name, value, found)),
        Value::Map(values) => values.iter().for_each(|(name, value)| texts(name, value, found)),
        Value::Flag(_) | Value::Count(_) | Value::Of(_) => {}
    }
}

proptest! {
    #[test]
    fn every_blueprint_of_sold_parts_can_be_built_and_always_in_the_same_way(blueprint in blueprints()) {
        let translated = translate(&blueprint);
        prop_assert!(translated.is_ok(), "{translated:?}");
        prop_assert_eq!(translated, translate(&blueprint));
    }

    #[test]
    fn every_resource_refers_to_what_is_made_before_it(blueprint in blueprints()) {
        prop_assert_eq!(well_formed(STAGES, &made(&blueprint)), Ok(()));
    }

    #[test]
    fn every_name_is_one_that_its_kind_takes_and_of_one_thing_only(blueprint in blueprints()) {
        let mut names_of: BTreeMap<String, String> = BTreeMap::new();
        for resource in made(&blueprint) {
            let (address, called) = (resource.address.to_string(), name(&blueprint.deployment, &resource.address));
            // The shortest limit is that of balancers and target groups; databases ask for a letter in front and single hyphens.
            prop_assert!(called.len() <= 32 && called.starts_with("ll-"), "{called}");
            prop_assert!(!called.contains("--") && !called.ends_with('-'), "{called}");
            prop_assert!(called.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
            prop_assert_eq!(names_of.insert(called, address), None);
        }
    }

    #[test]
    fn no_setting_holds_a_secret(blueprint in blueprints()) {
        for resource in made(&blueprint) {
            let mut found = Vec::new();
            resource.settings.iter().for_each(|(name, value)| texts(name, value, &mut found));
            for (name, text) in found {
                let secret = ["password", "secret", "private", "credential"].iter().any(|word| name.contains(word));
                prop_assert!(!secret && !text.contains("PRIVATE KEY"), "{}: {name}", resource.address);
            }
        }
    }

    #[test]
    fn nothing_but_the_balancer_is_open_to_the_world(blueprint in blueprints()) {
        for resource in made(&blueprint) {
            let mut found = Vec::new();
            resource.settings.iter().for_each(|(name, value)| texts(name, value, &mut found));
            let open = found.iter().any(|(_, text)| text.ends_with("/0"));
            prop_assert!(!open || resource.address.to_string() == "rules/balancer", "{}", resource.address);
            match resource.address.kind() {
                "database" => prop_assert_eq!(setting(&resource, "public"), "false"),
                "group" | "db-subnets" | "cache-subnets" => prop_assert!(!setting(&resource, "subnets").contains("public")),
                _ => {}
            }
        }
    }
}
