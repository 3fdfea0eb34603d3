//! Alarms on every line of the spec, to a topic that mails.

use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::balancer::Front;

/// What is watched.
pub(super) struct Watched {
    pub(super) front: Front,
    pub(super) group: Address,
    pub(super) database: Option<Address>,
    pub(super) cache: Option<Address>,
}

/// One alarm.
struct Alarm<'a> {
    name: &'a str,
    metric: (&'a str, &'a str),
    dimensions: Vec<(&'a str, Value)>,
    statistic: &'a str,
    above: f64,
    when_silent: &'a str,
}

pub(super) fn add(draft: &mut Draft<'_>, watched: &Watched) {
    let Some(lines) = &draft.blueprint.alarms else { return };
    let topic = draft.add(Resource::new(Address::new("topic", "alarms"), []));
    draft.add(Resource::new(
        Address::new("subscription", "alarms"),
        [("topic", Value::of(&topic)), ("email", lines.email.as_str().into())],
    ));
    let front = vec![("LoadBalancer", Value::output(&watched.front.balancer, "dimension"))];
    let targets = vec![
        ("LoadBalancer", Value::output(&watched.front.balancer, "dimension")),
        ("TargetGroup", Value::output(&watched.front.targets, "dimension")),
    ];
    let elb = |metric| ("AWS/ApplicationELB", metric);
    let mut alarms = vec![
        Alarm {
            name: "app-cpu",
            metric: ("AWS/EC2", "CPUUtilization"),
            dimensions: vec![("AutoScalingGroupName", Value::of(&watched.group))],
            statistic: "Average",
            above: lines.cpu_percent,
            when_silent: "missing",
        },
        Alarm {
            name: "app-unhealthy",
            metric: elb("UnHealthyHostCount"),
            dimensions: targets,
            statistic: "Maximum",
            above: 0.0,
            when_silent: "missing",
        },
        Alarm {
            name: "errors",
            metric: elb("HTTPCode_ELB_5XX_Count"),
            dimensions: front.clone(),
            statistic: "Sum",
            above: 0.0,
            when_silent: "notBreaching",
        },
    ];
    for (name, statistic, limit) in [("mean", "Average", lines.mean_s), ("p95", "p95", lines.p95_s)] {
        if let Some(above) = limit {
            let (metric, dimensions) = (elb("TargetResponseTime"), front.clone());
            alarms.push(Alarm { name, metric, dimensions, statistic, above, when_silent: "notBreaching" });
        }
    }
    if let (Some(address), Some(database)) = (&watched.database, &draft.blueprint.database) {
        let connections = (lines.connections * f64::from(database.max_connections)).floor();
        for (name, metric, above) in [
            ("database-cpu", "CPUUtilization", lines.cpu_percent),
            ("database-connections", "DatabaseConnections", connections),
        ] {
            let (metric, statistic, when_silent) = (("AWS/RDS", metric), "Average", "breaching");
            let dimensions = vec![("DBInstanceIdentifier", Value::of(address))];
            alarms.push(Alarm { name, metric, dimensions, statistic, above, when_silent });
        }
    }
    if let Some(address) = &watched.cache {
        for (name, metric, above) in [
            ("cache-cpu", "EngineCPUUtilization", lines.cpu_percent),
            ("cache-memory", "DatabaseMemoryUsagePercentage", lines.cache_memory_percent),
        ] {
            let (metric, statistic, when_silent) = (("AWS/ElastiCache", metric), "Average", "breaching");
            let dimensions = vec![("CacheClusterId", Value::output(address, "first-node"))];
            alarms.push(Alarm { name, metric, dimensions, statistic, above, when_silent });
        }
    }
    for alarm in alarms {
        let dimensions: BTreeMap<String, Value> =
            alarm.dimensions.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        draft.add(Resource::new(
            Address::new("alarm", alarm.name),
            [
                ("namespace", alarm.metric.0.into()),
                ("metric", alarm.metric.1.into()),
                ("dimensions", Value::Map(dimensions)),
                ("statistic", alarm.statistic.into()),
                ("above", alarm.above.to_string().into()),
                // Three minutes in a row: shorter peaks heal themselves.
                ("period_s", 60_u32.into()),
                ("periods", 3_u32.into()),
                ("when_silent", alarm.when_silent.into()),
                ("topic", Value::of(&topic)),
            ],
        ));
    }
}
