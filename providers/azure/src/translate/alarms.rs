//! Alarms on the lines of the spec, to an action group that mails.
//!
//! Azure Monitor has no percentiles, and a Standard Load Balancer sees no responses: for the mean response time there is an alarm where
//! an Application Gateway stands in front, for the 95th percentile none. The profile says so, and `check` judges both.

use loadline_contract::deploy::{Address, Resource, Value};

use super::Draft;
use super::balancer::{Front, Layer};

/// What is watched.
pub(super) struct Watched {
    pub(super) front: Front,
    pub(super) groups: Vec<Address>,
    pub(super) database: Option<Address>,
    pub(super) cache: Option<Address>,
}

/// One alarm.
struct Alarm<'a> {
    name: String,
    target: &'a Address,
    metric: (&'a str, &'a str),
    aggregation: &'a str,
    operator: &'a str,
    limit: f64,
}

impl<'a> Alarm<'a> {
    fn above(name: &str, target: &'a Address, metric: (&'a str, &'a str), limit: f64) -> Self {
        Self { name: name.to_owned(), target, metric, aggregation: "Average", operator: "GreaterThan", limit }
    }
}

pub(super) fn add(draft: &mut Draft<'_>, watched: &Watched) {
    let blueprint = draft.blueprint;
    let Some(lines) = &blueprint.alarms else { return };
    let mail = draft
        .add(Resource::new(Address::new("action-group", "alarms"), [("email", lines.email.as_str().into())]));
    let mut alarms = Vec::new();
    for group in &watched.groups {
        let name = format!("cpu-{}", group.name());
        let metric = ("Microsoft.Compute/virtualMachineScaleSets", "Percentage CPU");
        alarms.push(Alarm::above(&name, group, metric, lines.cpu_percent));
    }
    let front = &watched.front.balancer;
    match watched.front.layer {
        Layer::Four => alarms.push(Alarm {
            operator: "LessThan",
            // Share of successful probes.
            ..Alarm::above(
                "app-unhealthy",
                front,
                ("Microsoft.Network/loadBalancers", "DipAvailability"),
                100.0,
            )
        }),
        Layer::Seven => {
            let of = |metric| ("Microsoft.Network/applicationGateways", metric);
            alarms.push(Alarm::above("app-unhealthy", front, of("UnhealthyHostCount"), 0.0));
            alarms.push(Alarm {
                aggregation: "Total",
                ..Alarm::above("errors", front, of("FailedRequests"), 0.0)
            });
            if let Some(mean_s) = lines.mean_s {
                // Milliseconds.
                alarms.push(Alarm::above("mean", front, of("ApplicationGatewayTotalTime"), mean_s * 1000.0));
            }
        }
    }
    if let (Some(target), Some(database)) = (&watched.database, &blueprint.database) {
        let of = |metric| ("Microsoft.DBforMySQL/flexibleServers", metric);
        let connections = (lines.connections * f64::from(database.max_connections)).floor();
        alarms.push(Alarm::above("database-cpu", target, of("cpu_percent"), lines.cpu_percent));
        alarms.push(Alarm::above("database-connections", target, of("active_connections"), connections));
    }
    if let Some(target) = &watched.cache {
        let of = |metric| ("Microsoft.Cache/redisEnterprise", metric);
        for (name, metric, limit) in [
            ("cache-cpu", "percentProcessorTime", lines.cpu_percent),
            ("cache-memory", "usedmemorypercentage", lines.cache_memory_percent),
        ] {
            // The service keeps no mean of these.
            alarms.push(Alarm { aggregation: "Maximum", ..Alarm::above(name, target, of(metric), limit) });
        }
    }
    for alarm in alarms {
        draft.add(Resource::new(
            Address::new("alarm", &alarm.name),
            [
                ("target", Value::of(alarm.target)),
                ("namespace", alarm.metric.0.into()),
                ("metric", alarm.metric.1.into()),
                ("aggregation", alarm.aggregation.into()),
                ("operator", alarm.operator.into()),
                ("limit", alarm.limit.to_string().into()),
                ("window_min", 5_u32.into()),
                ("every_min", 1_u32.into()),
                ("severity", 2_u32.into()),
                ("action", Value::of(&mail)),
            ],
        ));
    }
}
