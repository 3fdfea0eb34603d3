//! What each part of a blueprint becomes.

use loadline_contract::Architecture;
use loadline_contract::deploy::{Blueprint, NatSpread, OnChange, Resource, Value};

use super::blueprints::{behind_a_gateway, teachers};
use super::{find, made, of, setting};
use crate::kinds::STAGES;

fn named(resources: &[Resource], kind: &str) -> Vec<String> {
    resources.iter().filter(|it| it.address.kind() == kind).map(|it| it.address.name().to_owned()).collect()
}

#[test]
fn one_nat_gateway_serves_one_scale_set_over_all_zones() {
    let resources = made(&teachers());
    assert_eq!(named(&resources, "group"), ["app"]);
    assert_eq!(setting(&resources, "group/app", "zones"), &Value::texts(["1", "2"]));
    assert_eq!(setting(&resources, "nat/app", "zones"), &Value::texts(["1"]));
    assert_eq!(setting(&resources, "subnet/app", "nat"), &of("nat/app"));
}

#[test]
fn zones_that_survive_alone_have_a_gateway_a_subnet_and_a_scale_set_each() {
    let mut blueprint = teachers();
    blueprint.nat = NatSpread::EachZone;
    let resources = made(&blueprint);
    for kind in ["nat", "group", "autoscale"] {
        assert_eq!(named(&resources, kind), ["app-1", "app-2"], "{kind}");
    }
    // Three machines, six at most.
    let first = |name: &str| setting(&resources, name, "first_count").clone();
    assert_eq!((first("group/app-1"), first("group/app-2")), (Value::Count(2), Value::Count(1)));
    assert_eq!(setting(&resources, "autoscale/app-2", "most"), &Value::Count(3));
    assert_eq!(setting(&resources, "nat/app-2", "zones"), &Value::texts(["2"]));
    assert_eq!(setting(&resources, "subnet/app-2", "nat"), &of("nat/app-2"));
    let database = setting(&resources, "firewall/database", "inbound").to_string();
    assert!(database.contains("10.64.0.0/20") && database.contains("10.64.16.0/20"), "{database}");
}

#[test]
fn a_region_without_zones_has_none_in_its_resources() {
    let mut blueprint = teachers();
    (blueprint.region, blueprint.zones) = ("westus".to_owned(), Vec::new());
    let resources = made(&blueprint);
    for address in ["nat/app", "group/app", "address/balancer"] {
        assert_eq!(setting(&resources, address, "zones"), &Value::List(Vec::new()), "{address}");
    }
    let database = find(&resources, "database/main");
    assert!(!database.settings.contains_key("zone"));
    assert_eq!(database.settings["high_availability"], Value::from("SameZone"));
}

#[test]
fn a_standby_stands_in_the_second_zone_and_a_failover_is_no_change() {
    let resources = made(&teachers());
    let database = &find(&resources, "database/main").settings;
    assert_eq!(database["high_availability"], Value::from("ZoneRedundant"));
    assert_eq!((&database["zone"], &database["standby_zone"]), (&Value::from("1"), &Value::from("2")));
    let rule = STAGES.iter().copied().flatten().find(|rule| rule.kind == "database").unwrap();
    assert_eq!(rule.on_change("zone"), Some(OnChange::Ignore));
    assert_eq!(rule.on_change("standby_zone"), Some(OnChange::Ignore));
    assert_eq!(rule.on_change("storage_gib"), Some(OnChange::RaiseOnly));
}

#[test]
fn the_database_gets_what_the_load_needs() {
    let resources = made(&teachers());
    let database = &find(&resources, "database/main").settings;
    assert_eq!(
        (&database["version"], &database["tier"]),
        (&Value::from("8.4"), &Value::from("GeneralPurpose"))
    );
    // 300 and 3 for each of 1024 GiB come with the storage: more than the 3000 that are needed.
    assert_eq!(database["iops"], Value::Count(3372));
    let parameters = setting(&resources, "db-parameters/main", "parameters").to_string();
    assert!(parameters.contains("max_connections: 2000"), "{parameters}");
    assert!(parameters.contains("innodb_buffer_pool_size: 8589934592"), "{parameters}");
    assert_eq!(setting(&resources, "lock/database", "target"), &of("database/main"));
}

#[test]
fn versions_and_tiers_are_spelled_as_the_api_does() {
    let mut blueprint = teachers();
    let database = blueprint.database.as_mut().unwrap();
    (database.version, database.sku) = ("8.0".to_owned(), "Standard_E4ds_v4".to_owned());
    let resources = made(&blueprint);
    assert_eq!(setting(&resources, "database/main", "version"), &Value::from("8.0.21"));
    assert_eq!(setting(&resources, "database/main", "tier"), &Value::from("MemoryOptimized"));
    assert_eq!(setting(&resources, "cache/main", "sku"), &Value::from("Balanced_B5"));
}

#[test]
fn a_cache_that_holds_a_queue_evicts_nothing() {
    let mut blueprint = teachers();
    let eviction =
        |blueprint: &Blueprint| setting(&made(blueprint), "cache-database/main", "eviction").clone();
    assert_eq!(eviction(&blueprint), Value::from("NoEviction"));
    blueprint.cache.as_mut().unwrap().holds_queue = false;
    assert_eq!(eviction(&blueprint), Value::from("AllKeysLFU"));
    assert_eq!(
        setting(&made(&blueprint), "cache-database/main", "clustering"),
        &Value::from("EnterpriseCluster")
    );
}

#[test]
fn what_holds_data_says_so() {
    let data: Vec<&str> =
        STAGES.iter().copied().flatten().filter(|rule| rule.holds_data()).map(|rule| rule.kind).collect();
    assert_eq!(data, ["cache", "cache-database", "database"]);
}

#[test]
fn a_group_that_nothing_scales_keeps_its_count_and_another_only_begins_with_it() {
    let mut blueprint = teachers();
    let settings = |blueprint: &Blueprint| find(&made(blueprint), "group/app").settings.clone();
    let scaled = settings(&blueprint);
    assert!(scaled.contains_key("first_count") && !scaled.contains_key("count"));
    blueprint.app.most = 3;
    let fixed = settings(&blueprint);
    assert_eq!(fixed["count"], Value::Count(3));
    assert_eq!(named(&made(&blueprint), "autoscale"), Vec::<String>::new());
}

#[test]
fn machines_are_replaced_when_what_they_start_with_changes_and_not_when_their_number_does() {
    let blueprint = teachers();
    let revision = |blueprint: &Blueprint| setting(&made(blueprint), "group/app", "revision").clone();
    let mut more = blueprint.clone();
    more.app.count = 5;
    assert_eq!(revision(&more), revision(&blueprint));
    let mut other = blueprint.clone();
    other.app.first_start = "#cloud-config\n{\"runcmd\":[]}\n".to_owned();
    assert_ne!(revision(&other), revision(&blueprint));
}

#[test]
fn images_and_disks_fit_the_machine() {
    let look = |sku: &str, architecture| {
        let mut blueprint = teachers();
        (blueprint.app.sku, blueprint.app.architecture) = (sku.to_owned(), architecture);
        let settings = find(&made(&blueprint), "group/app").settings.clone();
        let Value::Map(image) = &settings["image"] else { panic!("no image") };
        (image["sku"].to_string(), settings["disk_type"].to_string())
    };
    let pair = |left: &str, right: &str| (left.to_owned(), right.to_owned());
    assert_eq!(look("Standard_F16as_v6", Architecture::X86), pair("server", "Premium_LRS"));
    assert_eq!(look("Standard_D8ps_v6", Architecture::Arm), pair("server-arm64", "Premium_LRS"));
    assert_eq!(look("Standard_DS4_v2", Architecture::X86), pair("server", "Premium_LRS"));
    assert_eq!(look("Standard_D4_v2", Architecture::X86), pair("server-gen1", "StandardSSD_LRS"));
}

#[test]
fn every_line_that_something_measures_has_an_alarm() {
    let below =
        ["cpu-app", "app-unhealthy", "database-cpu", "database-connections", "cache-cpu", "cache-memory"];
    assert_eq!(named(&made(&teachers()), "alarm"), below);
    let resources = made(&behind_a_gateway());
    // 300 ms; 80 % of 2000.
    assert_eq!(setting(&resources, "alarm/mean", "limit"), &Value::from("300"));
    assert_eq!(setting(&resources, "alarm/database-connections", "limit"), &Value::from("1600"));
    assert_eq!(setting(&resources, "action-group/alarms", "email"), &Value::from("ops@example.org"));
}

#[test]
fn https_redirects_what_comes_without() {
    let resources = made(&behind_a_gateway());
    let listeners = setting(&resources, "balancer/main", "listeners").to_string();
    assert!(listeners.contains("{port: 80, protocol: Http, redirect_to: 443}"), "{listeners}");
    assert_eq!(setting(&resources, "balancer/main", "identity"), &of("identity/balancer"));
}

#[test]
fn nobody_logs_in_where_nobody_may() {
    let mut blueprint = teachers();
    blueprint.app.ssh = None;
    let resources = made(&blueprint);
    assert!(!find(&resources, "group/app").settings.contains_key("public_key"));
    let inbound = setting(&resources, "firewall/app", "inbound").to_string();
    assert!(!inbound.contains("to_ports: 22"), "{inbound}");
}

#[test]
fn a_read_replica_is_like_its_server_with_parameters_of_its_own() {
    let mut blueprint = teachers();
    blueprint.database.as_mut().unwrap().read_replicas = 2;
    let resources = made(&blueprint);
    assert_eq!(named(&resources, "read-replica"), ["1", "2"]);
    assert_eq!(setting(&resources, "read-replica/1", "database"), &of("database/main"));
    for same in ["sku", "storage_gib", "subnet", "dns_zone"] {
        let of_server = setting(&resources, "database/main", same);
        assert_eq!(setting(&resources, "read-replica/2", same), of_server, "{same}");
    }
    assert!(!find(&resources, "read-replica/1").settings.contains_key("password"));
    assert_eq!(setting(&resources, "db-parameters/replica-2", "database"), &of("read-replica/2"));
}
