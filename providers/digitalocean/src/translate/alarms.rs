//! Alarms on the lines of the spec, by mail. There is none on a database's connections: the API has no such alert, and the profile says
//! so.

use loadline_contract::deploy::{Address, Resource, Value};

use super::{Base, Draft};

/// What is watched.
pub(super) struct Watched {
    pub(super) balancer: Address,
    pub(super) database: Option<Address>,
    pub(super) cache: Option<Address>,
}

pub(super) fn add(draft: &mut Draft<'_>, base: &Base, watched: &Watched) {
    let Some(lines) = &draft.blueprint.alarms else { return };
    let front = Some(&watched.balancer);
    let mut alarms = vec![("errors", front, "v1/insights/lbaas/increase_in_http_error_rate_count_5xx", 0.0)];
    // Seconds, as the metrics of the same names are.
    for (name, kind, limit) in [
        ("mean", "v1/insights/lbaas/high_http_request_response_time", lines.mean_s),
        ("p95", "v1/insights/lbaas/high_http_request_response_time_95p", lines.p95_s),
    ] {
        alarms.extend(limit.map(|limit| (name, front, kind, limit)));
    }
    let (database, cache) = (watched.database.as_ref(), watched.cache.as_ref());
    if database.is_some() {
        alarms.push(("database-cpu", database, "v1/dbaas/alerts/cpu_alerts", lines.cpu_percent));
    }
    if cache.is_some() {
        alarms.push(("cache-cpu", cache, "v1/dbaas/alerts/cpu_alerts", lines.cpu_percent));
        let memory = "v1/dbaas/alerts/memory_utilization_alerts";
        alarms.push(("cache-memory", cache, memory, lines.cache_memory_percent));
    }
    alarms.push(("app-cpu", None, "v1/insights/droplet/cpu", lines.cpu_percent));
    for (name, entity, kind, limit) in alarms {
        let entities = Value::List(entity.into_iter().map(Value::of).collect());
        // Without an entity: every machine of the application, also those to come.
        let tags = if entity.is_none() { vec![Value::of(&base.tag)] } else { Vec::new() };
        draft.add(Resource::new(
            Address::new("alarm", name),
            [
                ("type", kind.into()),
                ("compare", "GreaterThan".into()),
                // The cloud keeps single precision (API description, alert_policy_request.value).
                ("limit", (limit as f32).to_string().into()),
                // The shortest there is.
                ("window", "5m".into()),
                ("entities", entities),
                ("tags", Value::List(tags)),
                ("email", lines.email.as_str().into()),
            ],
        ));
    }
}
