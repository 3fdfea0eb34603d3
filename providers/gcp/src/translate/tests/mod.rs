//! A blueprint for two zones with everything in it, and what its translation has to be.

mod alarms;
mod balancer;
mod books;
mod cache;
mod database;
mod machines;
mod network;
mod random;

use std::collections::{BTreeMap, BTreeSet};

use loadline_contract::Architecture;
use loadline_contract::conformance::{self, has, one, setting};
use loadline_contract::deploy::{
    AlarmLines, AppBlueprint, Blueprint, CacheBlueprint, DatabaseBlueprint, NatSpread, Resource, SshAccess,
    Value,
};

use super::translate;
use crate::profile::PROFILE;

/// The plan for 2000 users on Google Cloud.
pub(crate) fn blueprint() -> Blueprint {
    let mut blueprint = conformance::teachers();
    blueprint.region = "us-central1".to_owned();
    blueprint.zones = vec!["us-central1-a".to_owned(), "us-central1-b".to_owned()];
    blueprint.nat = NatSpread::EachZone;
    let app = &mut blueprint.app;
    (app.sku, app.count, app.most) = ("c2d-highcpu-8".to_owned(), 4, 8);
    app.target_cpu_percent = 70;
    if let Some(database) = &mut blueprint.database {
        (database.sku, database.memory_gib) = ("db-custom-8-16384".to_owned(), Some(16.0));
    }
    if let Some(cache) = &mut blueprint.cache {
        cache.sku = "valkey-standard-small".to_owned();
    }
    blueprint.balancer.sku = "forwarding-rules".to_owned();
    blueprint
}

/// The blueprint with something changed.
fn with(change: impl FnOnce(&mut Blueprint)) -> Blueprint {
    let mut changed = blueprint();
    change(&mut changed);
    changed
}

/// With another database.
fn with_database(change: impl FnOnce(&mut DatabaseBlueprint)) -> Blueprint {
    with(|it| change(it.database.as_mut().unwrap()))
}

/// With another cache.
fn with_cache(change: impl FnOnce(&mut CacheBlueprint)) -> Blueprint {
    with(|it| change(it.cache.as_mut().unwrap()))
}

/// Everything to make for it.
fn made(blueprint: &Blueprint) -> Vec<Resource> {
    translate(blueprint).unwrap()
}

/// The only objection to a blueprint: what, and why.
fn objection(blueprint: &Blueprint) -> (String, String) {
    let objections = translate(blueprint).unwrap_err();
    assert_eq!(objections.len(), 1, "{objections:?}");
    (objections[0].what.clone(), objections[0].why.clone())
}

#[test]
fn the_same_blueprint_is_the_same_resources() {
    assert_eq!(translate(&blueprint()), translate(&blueprint()));
}

#[test]
fn all_objections_come_at_once() {
    let wrong = with(|it| {
        it.app.os = "plan-9".to_owned();
        it.database.as_mut().unwrap().version = "5.5".to_owned();
        it.balancer.sku = "NLB".to_owned();
    });
    let what: Vec<String> = translate(&wrong).unwrap_err().into_iter().map(|it| it.what).collect();
    assert_eq!(what, ["operating system plan-9", "mysql 5.5", "balancer NLB"]);
}

#[test]
fn every_kind_is_made_by_some_blueprint_with_each_setting_that_has_a_rule() {
    let redis = with_cache(|it| (it.sku, it.snapshot_days) = ("m2-8gb".to_owned(), 0));
    let secured =
        with(|it| it.balancer.certificate = Some("projects/p/global/sslCertificates/main".to_owned()));
    let mut settings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let copied = with_database(|it| it.read_replicas = 1);
    for resource in [copied, redis, secured].iter().flat_map(made) {
        settings.entry(resource.address.kind().to_owned()).or_default().extend(resource.settings.into_keys());
    }
    for rule in PROFILE.stages.iter().copied().flatten() {
        let known = settings.get(rule.kind).unwrap_or_else(|| panic!("no blueprint makes a {}", rule.kind));
        for setting in rule.settings {
            assert!(known.contains(setting.setting), "{}: {}", rule.kind, setting.setting);
        }
    }
}
