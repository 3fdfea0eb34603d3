//! Alarms: one alert policy for each line that the blueprint draws, and the mail channel they all tell.
//!
//! A policy states what is watched in the words of Cloud Monitoring; the account writes the filter. Of a thing of ours it
//! takes the output `monitored_id`, the value of the label that Cloud Monitoring knows the thing by.

use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, AlarmLines, Blueprint, Objection, Resource, Value};

use super::{Part, addresses, cache, objection, unless};
use crate::names;

/// How long a line has to be passed before somebody is told: five minutes, so that a burst wakes nobody.
const DURATION_S: u32 = 300;
/// One point a minute: what the metrics of Compute Engine, Cloud SQL and Memorystore come in (Google Cloud metrics).
const ALIGNMENT_S: u32 = 60;

/// What one policy watches.
struct Watch {
    name: &'static str,
    metric: &'static str,
    resource_type: &'static str,
    /// The label that tells the watched thing from others, and its value.
    label: (String, Value),
    /// How the points of one series become one, and the series one.
    aligner: &'static str,
    reducer: &'static str,
    /// Above it somebody is told, in the metric's own unit.
    threshold: f64,
}

pub(super) fn alarms(blueprint: &Blueprint) -> Part {
    let Some(lines) = &blueprint.alarms else { return Ok(Vec::new()) };
    unless(connections_beyond_all(blueprint, lines), || {
        let channel = Resource::new(
            addresses::notification_channel(),
            [
                ("type", "email".into()),
                ("email_address", lines.email.as_str().into()),
                ("enabled", true.into()),
            ],
        );
        let watched = [machines(blueprint, lines), database(blueprint, lines), cache_lines(blueprint, lines)];
        let policies = watched.into_iter().flatten().chain(responses(lines)).map(policy);
        std::iter::once(channel).chain(policies).collect()
    })
}

/// The line is a share of the limit; anything above would be passed never, and nobody would be told.
fn connections_beyond_all(blueprint: &Blueprint, lines: &AlarmLines) -> Vec<Objection> {
    if blueprint.database.is_none() || lines.connections <= 1.0 {
        return Vec::new();
    }
    let why = "the line is a share of the connection limit, from 0 to 1; set objectives.connections to 100 % or less";
    vec![objection(format!("an alarm at {} of all connections", lines.connections), why)]
}

fn machines(blueprint: &Blueprint, lines: &AlarmLines) -> Vec<Watch> {
    // Machines come and go, and the label that the template gives them stays.
    let label = format!("metadata.user_labels.\"{}\"", names::DEPLOYMENT_LABEL);
    vec![Watch {
        name: "app-cpu",
        metric: "compute.googleapis.com/instance/cpu/utilization",
        resource_type: "gce_instance",
        label: (label, blueprint.deployment.as_str().into()),
        aligner: "ALIGN_MEAN",
        reducer: "REDUCE_MEAN",
        threshold: lines.cpu_percent / 100.0,
    }]
}

fn database(blueprint: &Blueprint, lines: &AlarmLines) -> Vec<Watch> {
    let Some(database) = &blueprint.database else { return Vec::new() };
    let watch = |name, metric, threshold| Watch {
        name,
        metric,
        resource_type: "cloudsql_database",
        label: ("resource.labels.database_id".to_owned(), Value::output(&addresses::database(), MONITORED)),
        aligner: "ALIGN_MEAN",
        reducer: "REDUCE_MAX",
        threshold,
    };
    vec![
        watch("database-cpu", "cloudsql.googleapis.com/database/cpu/utilization", lines.cpu_percent / 100.0),
        watch(
            "database-connections",
            "cloudsql.googleapis.com/database/network/connections",
            (lines.connections * f64::from(database.max_connections)).floor(),
        ),
    ]
}

fn cache_lines(blueprint: &Blueprint, lines: &AlarmLines) -> Vec<Watch> {
    if blueprint.cache.is_none() {
        return Vec::new();
    }
    let redis = cache::is_redis(blueprint);
    let (cpu, memory) = (lines.cpu_percent / 100.0, lines.cache_memory_percent / 100.0);
    let watch = |name, metric, aligner, threshold| Watch {
        name,
        metric,
        resource_type: if redis { "redis_instance" } else { "memorystore.googleapis.com/Instance" },
        label: ("resource.labels.instance_id".to_owned(), Value::output(&addresses::cache(), MONITORED)),
        aligner,
        reducer: "REDUCE_MAX",
        threshold,
    };
    if redis {
        // Seconds of the one thread that serves, each second: its share of a core.
        let busy = "redis.googleapis.com/stats/cpu_utilization_main_thread";
        return vec![
            watch("cache-cpu", busy, "ALIGN_RATE", cpu),
            watch("cache-memory", "redis.googleapis.com/stats/memory/usage_ratio", "ALIGN_MEAN", memory),
        ];
    }
    let of = |name, metric, threshold| watch(name, metric, "ALIGN_MEAN", threshold);
    vec![
        of("cache-cpu", "memorystore.googleapis.com/instance/cpu/maximum_utilization", cpu),
        of("cache-memory", "memorystore.googleapis.com/instance/memory/maximum_utilization", memory),
    ]
}

/// Response times from the balancer to the app and back, in ms: the way to the user is not in the objective either.
fn responses(lines: &AlarmLines) -> Vec<Watch> {
    let watch = |name, seconds: Option<f64>, reducer| {
        seconds.map(|seconds| Watch {
            name,
            metric: "loadbalancing.googleapis.com/https/backend_latencies",
            resource_type: "https_lb_rule",
            label: (
                "resource.labels.backend_target_name".to_owned(),
                Value::output(&addresses::backend(), MONITORED),
            ),
            // A distribution for each point of the edge: their sum holds all requests, so its percentile is theirs.
            aligner: "ALIGN_DELTA",
            reducer,
            threshold: seconds * 1000.0,
        })
    };
    let mean = watch("response-mean", lines.mean_s, "REDUCE_MEAN");
    let p95 = watch("response-p95", lines.p95_s, "REDUCE_PERCENTILE_95");
    mean.into_iter().chain(p95).collect()
}

/// The output of a thing that Cloud Monitoring knows it by.
const MONITORED: &str = "monitored_id";

fn policy(watch: Watch) -> Resource {
    let (label, value) = watch.label;
    Resource::new(
        Address::new("alert", watch.name),
        [
            ("metric", watch.metric.into()),
            ("resource_type", watch.resource_type.into()),
            ("labels", Value::Map(BTreeMap::from([(label, value)]))),
            ("per_series_aligner", watch.aligner.into()),
            ("cross_series_reducer", watch.reducer.into()),
            ("alignment_period_sec", ALIGNMENT_S.into()),
            ("comparison", "COMPARISON_GT".into()),
            ("threshold_value", decimal(watch.threshold).into()),
            ("duration_sec", DURATION_S.into()),
            ("combiner", "OR".into()),
            ("enabled", true.into()),
            ("notification_channels", Value::List(vec![Value::of(&addresses::notification_channel())])),
        ],
    )
}

/// A fraction to four places as the shortest text: `0.85`.
fn decimal(value: f64) -> String {
    ((value * 10_000.0).round() / 10_000.0).to_string()
}
