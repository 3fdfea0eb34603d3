//! What nobody wrote: its value, reason and source.

use std::collections::BTreeMap;

use loadline::spec::keys::{self, Presence};
use loadline::spec::{Origin, explain};

use crate::support::{SMALL, small_and, sound, sound_with};

#[test]
fn every_default_of_the_table_is_recorded_with_value_reason_and_source() {
    let text = small_and(
        "tasks: [{ name: t, rate: 1/s, time: 1 s }]\ndatabase:\ncache:\nresilience: { autoscale: }\n",
    );
    let spec = sound(&text);
    let mut checked = 0;
    for key in keys::all() {
        let Presence::Default { value, reason, source } = key.presence else { continue };
        let wanted =
            Origin::Default { value: value.to_owned(), reason: reason.to_owned(), source: source.to_owned() };
        let path = key.path.replace("[]", "[0]");
        assert_eq!(spec.origins.get(&path), Some(&wanted), "{path}");
        checked += 1;
    }
    assert!(checked > 40, "only {checked} defaults");
    let listed = explain(&spec);
    assert_eq!(
        listed.len(),
        spec.origins.values().filter(|origin| matches!(origin, Origin::Default { .. })).count()
    );
    assert!(
        listed.iter().all(|one| !one.value.is_empty() && !one.reason.is_empty() && !one.source.is_empty())
    );
}

#[test]
fn defaults_are_listed_in_the_order_of_the_keys() {
    let spec = sound(&small_and("database: {}\n"));
    let paths: Vec<String> = explain(&spec).into_iter().map(|one| one.path).collect();
    let at = |path: &str| {
        paths.iter().position(|one| one == path).unwrap_or_else(|| panic!("{path} in {paths:?}"))
    };
    assert!(at("load.think") < at("requests[0].wait"));
    assert!(at("requests[0].wait") < at("app.port"));
    assert!(at("app.port") < at("database.data"));
    assert!(at("database.data") < at("objectives.cpu"));
    assert!(at("objectives.cpu") < at("clouds"));
}

#[test]
fn the_defaults_are_these_values() {
    let spec = sound(&small_and("tasks: [{ name: t, rate: 1/s, time: 1 s }]\ndatabase:\ncache:\n"));
    assert_eq!(spec.load.think_s.mid, 7.0);
    assert_eq!(spec.load.duty.mid, 0.25);
    assert_eq!(spec.load.growth_per_month.mid, 0.0);
    assert_eq!(spec.load.horizon_months, 12.0);
    let request = &spec.requests[0];
    assert_eq!((request.queries.mid, request.writes.mid, request.wait_s.mid), (0.0, 0.0, 0.0));
    assert_eq!((request.query_cpu_s.mid, request.cpu_cv2, request.wait_cv2), (0.0004, 1.0, 1.0));
    assert_eq!((request.upload_bytes.mid, request.download_bytes.mid), (1024.0, 8192.0));
    assert_eq!(spec.tasks[0].keep_result_s.mid, 86_400.0);
    assert_eq!((spec.app.port, spec.app.health.as_str()), (8000, "/health"));
    assert_eq!(spec.app.system_memory_gib.mid, 1.5);
    let database = spec.database.unwrap();
    assert_eq!(
        (database.engine.as_str(), database.version.as_str(), database.data_gib.mid),
        ("mysql", "8.4", 20.0)
    );
    assert_eq!(spec.cache.unwrap().engine, "valkey");
    assert_eq!(spec.objectives.cpu, 0.85);
    assert_eq!(
        (spec.objectives.mean_s, spec.objectives.p95_s, spec.objectives.availability),
        (None, None, None)
    );
    assert_eq!(spec.resilience.backup_days, 7);
    assert_eq!(spec.resilience.autoscale_max, None);
    assert!(spec.hosts.is_empty());
}

#[test]
fn computed_defaults_show_their_value_and_their_rule() {
    let spec = sound(
        &small_and("database: { data: 200 GiB }\n").replace("users: 200", "users: 200, growth: 3 %/month"),
    );
    let shown: BTreeMap<String, String> =
        explain(&spec).into_iter().map(|one| (one.path, one.value)).collect();
    assert_eq!(shown["database.working_set"], "40 GiB (20 % of database.data)");
    assert_eq!(shown["database.growth"], "3 %/month (as load.growth)");
    assert_eq!(shown["requests[0].share"], "100 % (what the other shares leave, split evenly)");
    assert_eq!(shown["clouds"], "aws, gcp, azure, digitalocean");
    assert_eq!(shown["clouds.aws.region"], "us-east-1");
    let database = spec.database.unwrap();
    assert_eq!(database.working_set_gib.mid, 40.0);
    assert_eq!(database.growth_per_month.mid, 0.03);
    let lowered = sound(&small_and("objectives: { cpu: 60 % }\n"));
    assert!(
        matches!(&lowered.origins["objectives.target_cpu"], Origin::Default { value, .. } if value == "60 % (as objectives.cpu)")
    );
}

#[test]
fn the_working_set_of_an_uncertain_size_is_uncertain() {
    let spec = sound(&small_and("database: { data: { low: 50 GiB, high: 200 GiB } }\n"));
    let range = spec.database.unwrap().working_set_gib.range.unwrap();
    assert!((range.low - 10.0).abs() < 1e-12 && (range.high - 40.0).abs() < 1e-12, "{range:?}");
}

#[test]
fn what_was_written_is_no_default_and_keeps_its_place() {
    let spec = sound_with(SMALL, &[("load.think", "5 s")]);
    assert_eq!(spec.origins["load.users"], Origin::Written { line: 3, column: 16 });
    assert_eq!(spec.origins["requests[0].cpu"], Origin::Written { line: 5, column: 24 });
    assert_eq!(spec.origins["load.think"], Origin::Flag);
    assert!(!explain(&spec).iter().any(|one| ["load.users", "load.think"].contains(&one.path.as_str())));
}
