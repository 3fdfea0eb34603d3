//! What each part of a blueprint becomes.

use loadline_contract::deploy::{Blueprint, OnChange, Resource, Value};
use serde_json::Value as Json;

use super::blueprints::{growing, teachers};
use super::{find, made, of, setting};
use crate::kinds::STAGES;

fn named(resources: &[Resource], kind: &str) -> Vec<String> {
    resources.iter().filter(|it| it.address.kind() == kind).map(|it| it.address.name().to_owned()).collect()
}

#[test]
fn each_machine_is_a_droplet_with_the_disk_that_its_size_lacks() {
    let resources = made(&teachers());
    assert_eq!(named(&resources, "app"), ["1", "2", "3"]);
    assert_eq!(setting(&resources, "app/2", "volumes"), &Value::List(vec![of("volume/app-2")]));
    // c-16 comes with 200 GiB.
    assert_eq!(setting(&resources, "volume/app-2", "size_gib"), &Value::Count(300));
    let mut enough = teachers();
    enough.app.disk_gib = 200;
    let resources = made(&enough);
    assert_eq!(named(&resources, "volume"), Vec::<String>::new());
    assert!(!find(&resources, "app/1").settings.contains_key("volumes"));
}

#[test]
fn what_may_grow_is_a_pool() {
    let resources = made(&growing());
    let pool = &find(&resources, "group/app").settings;
    assert_eq!((&pool["least"], &pool["most"]), (&Value::Count(3), &Value::Count(6)));
    assert_eq!(pool["target_cpu_percent"], Value::Count(65));
    assert_eq!(pool["machine_name"].to_string().split('-').next(), Some("ll"));
    assert_eq!(named(&resources, "app"), Vec::<String>::new());
}

#[test]
fn machines_that_run_are_not_replaced_for_what_they_start_with() {
    let rule = STAGES.iter().copied().flatten().find(|rule| rule.kind == "app").unwrap();
    assert_eq!(rule.on_change("first_start"), Some(OnChange::Ignore));
    assert_eq!(rule.on_change("image"), Some(OnChange::Replace));
    assert_eq!(rule.on_change("size"), None);
}

#[test]
fn the_login_is_made_by_the_machine_itself() {
    let start = |blueprint: &Blueprint| setting(&made(blueprint), "app/1", "first_start").to_string();
    let mut blueprint = teachers();
    let text = start(&blueprint);
    let parts: Json = serde_json::from_str(text.strip_prefix("#cloud-config-archive\n").unwrap()).unwrap();
    let login = parts[0]["content"].as_str().unwrap().strip_prefix("#cloud-config\n").unwrap();
    let login: Json = serde_json::from_str(login).unwrap();
    assert_eq!(login["users"][1]["name"], "ubuntu");
    assert_eq!(login["users"][1]["ssh_authorized_keys"][0], "ssh-ed25519 AAAA ops");
    assert_eq!(parts[1]["content"], blueprint.app.first_start);
    // Images come with root.
    blueprint.app.ssh.as_mut().unwrap().user = "root".to_owned();
    assert_eq!(start(&blueprint), blueprint.app.first_start);
}

#[test]
fn nobody_logs_in_where_nobody_may() {
    let mut blueprint = teachers();
    blueprint.app.ssh.as_mut().unwrap().from.clear();
    let inbound = setting(&made(&blueprint), "firewall/app", "inbound").to_string();
    assert!(!inbound.contains("ports: 22"), "{inbound}");
    blueprint.app.ssh = None;
    let resources = made(&blueprint);
    assert_eq!(setting(&resources, "app/1", "keys"), &Value::List(Vec::new()));
    assert_eq!(named(&resources, "key"), Vec::<String>::new());
}

#[test]
fn a_standby_is_one_more_node_and_storage_only_grows() {
    let mut blueprint = teachers();
    let nodes = |blueprint: &Blueprint, address: &str| setting(&made(blueprint), address, "nodes").clone();
    assert_eq!(nodes(&blueprint, "database/main"), Value::Count(2));
    assert_eq!(nodes(&blueprint, "cache/main"), Value::Count(2));
    blueprint.database.as_mut().unwrap().standby = false;
    assert_eq!(nodes(&blueprint, "database/main"), Value::Count(1));
    let rule = STAGES.iter().copied().flatten().find(|rule| rule.kind == "database").unwrap();
    assert_eq!(rule.on_change("storage_gib"), Some(OnChange::RaiseOnly));
}

#[test]
fn a_cache_that_holds_a_queue_evicts_nothing() {
    let mut blueprint = teachers();
    let eviction = |blueprint: &Blueprint| setting(&made(blueprint), "cache/main", "eviction").clone();
    assert_eq!(eviction(&blueprint), Value::from("noeviction"));
    blueprint.cache.as_mut().unwrap().holds_queue = false;
    assert_eq!(eviction(&blueprint), Value::from("allkeys_lru"));
}

#[test]
fn what_holds_data_says_so() {
    let rules = STAGES.iter().copied().flatten();
    let data: Vec<&str> = rules.filter(|rule| rule.holds_data()).map(|rule| rule.kind).collect();
    assert_eq!(data, ["database", "cache"]);
}

#[test]
fn https_is_ended_by_the_balancer_and_http_is_redirected() {
    let mut blueprint = teachers();
    let certificate = "892071a0-bb95-49bc-8021-3afd67a210bf";
    blueprint.balancer.certificate = Some(certificate.to_owned());
    let resources = made(&blueprint);
    let rules = setting(&resources, "balancer/main", "rules").to_string();
    assert!(rules.contains(&format!("{{certificate: {certificate}, entry_port: 443, entry_protocol: https, target_port: 8000, target_protocol: http}}")), "{rules}");
    assert_eq!(setting(&resources, "balancer/main", "redirect_to_https"), &Value::Flag(true));
    assert_eq!(setting(&resources, "balancer/main", "nodes"), &Value::Count(2));
}

#[test]
fn every_line_that_there_is_an_alert_for_has_an_alarm() {
    let resources = made(&teachers());
    let names = ["errors", "mean", "p95", "database-cpu", "cache-cpu", "cache-memory", "app-cpu"];
    assert_eq!(named(&resources, "alarm"), names);
    assert_eq!(setting(&resources, "alarm/mean", "limit"), &Value::from("0.3"));
    assert_eq!(setting(&resources, "alarm/p95", "entities"), &Value::List(vec![of("balancer/main")]));
    assert_eq!(setting(&resources, "alarm/app-cpu", "tags"), &Value::List(vec![of("tag/app")]));
}

#[test]
fn a_read_replica_is_a_node_of_the_same_size_that_follows_the_database() {
    let mut blueprint = teachers();
    blueprint.database.as_mut().unwrap().read_replicas = 1;
    let resources = made(&blueprint);
    assert_eq!(setting(&resources, "read-replica/1", "database"), &of("database/main"));
    for same in ["size", "storage_gib", "region", "network"] {
        assert_eq!(
            setting(&resources, "read-replica/1", same),
            setting(&resources, "database/main", same),
            "{same}"
        );
    }
}
