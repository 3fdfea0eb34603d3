//! Every value that nobody wrote is recorded with its value, reason and source.

use loadline::spec::keys::{self, Presence};
use loadline::spec::{Origin, Spec};

use crate::support::{FULL, SMALL, close, read, sound};

/// Every tier is there, and nothing in them is written.
fn bare() -> Spec {
    let tiers =
        "tasks: [{ name: mail, rate: 1/s, time: 1 s }]\ndatabase:\ncache:\nresilience: { autoscale: {} }\n";
    sound(read(format!("{SMALL}{tiers}")))
}

fn default<'a>(spec: &'a Spec, path: &str) -> (&'a str, &'a str, &'a str) {
    match spec.origins.get(path) {
        Some(Origin::Default { value, reason, source }) => (value, reason, source),
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn every_default_of_the_key_table_is_recorded() {
    let spec = bare();
    let mut seen = 0;
    for key in keys::all() {
        let path = key.path.replace("[]", "[0]");
        match key.presence {
            Presence::Default { value, reason, source } => {
                assert_eq!(default(&spec, &path), (value, reason, source), "{path}");
            }
            Presence::Computed { reason, .. } if path != "clouds.*.region" => {
                assert_eq!(default(&spec, &path).1, reason, "{path}");
            }
            _ => continue,
        }
        seen += 1;
    }
    assert!(seen > 50, "only {seen} defaults");
    for cloud in &spec.clouds {
        assert_eq!(default(&spec, &format!("clouds.{}.region", cloud.cloud)).0, cloud.region);
    }
}

#[test]
fn every_default_says_why_and_where_from() {
    for (path, origin) in bare().origins {
        if let Origin::Default { value, reason, source } = origin {
            assert!(!value.is_empty() && !reason.is_empty() && !source.is_empty(), "{path}");
        }
    }
}

#[test]
fn the_defaults_are_the_values_that_hold() {
    let spec = bare();
    assert_eq!(spec.load.think_s.mid, 7.0, "TPC-W 1.8");
    assert_eq!(spec.load.duty.mid, 0.25);
    assert_eq!((spec.load.growth_per_month.mid, spec.load.horizon_months), (0.0, 12.0));
    assert_eq!(spec.tasks[0].keep_result_s.mid, 86_400.0, "Celery's result_expires: a day");
    close(spec.app.worker_memory_gib.mid, 300.0 / 1024.0);
    assert_eq!(spec.app.system_memory_gib.mid, 1.5);
    assert_eq!((spec.objectives.cpu, spec.objectives.target_cpu), (0.85, 0.7));
    let (database, cache) = (spec.database.unwrap(), spec.cache.unwrap());
    assert_eq!((database.engine.as_str(), database.version.as_str()), ("mysql", "8.4"));
    assert_eq!(database.data_gib.mid, 20.0);
    close(database.working_set_gib.mid, 4.0);
    assert_eq!(cache.engine, "valkey");
    assert_eq!((spec.resilience.zones, spec.resilience.backup_days), (1, 7));
    assert_eq!(spec.resilience.autoscale_max, Some(2.0));
}

#[test]
fn what_was_not_asked_for_is_nothing_and_not_zero() {
    let spec = sound(read(SMALL));
    assert!(spec.database.is_none() && spec.cache.is_none() && spec.tasks.is_empty());
    let objectives = &spec.objectives;
    assert_eq!([objectives.mean_s, objectives.p95_s, objectives.p99_s, objectives.availability], [None; 4]);
    assert_eq!((spec.resilience.autoscale_max, spec.app.instances, spec.app.cores), (None, None, None));
    assert_eq!((&spec.access.key, &spec.alarms.email), (&None, &None));
    let of_tiers = |path: &&String| path.starts_with("database") || path.starts_with("cache");
    assert_eq!(spec.origins.keys().find(of_tiers), None, "no default of a tier that is not there");
}

#[test]
fn a_written_value_is_no_default() {
    let spec = sound(read(FULL));
    for path in ["load.think", "load.duty", "app.port", "database.version", "resilience.backups.keep"] {
        assert!(matches!(spec.origins[path], Origin::Written { .. }), "{path}");
    }
    assert!(matches!(spec.origins["database.growth"], Origin::Default { .. }));
}
