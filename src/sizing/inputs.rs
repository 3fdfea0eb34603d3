//! Every quantity of a spec by its path, to vary one at a time.

use crate::spec::{Quantity, Scaling, Spec};

/// Calls `each` with the path and the value of every quantity.
pub(crate) fn for_each(spec: &mut Spec, each: &mut dyn FnMut(&str, &mut Quantity)) {
    let load = &mut spec.load;
    each("load.users", &mut load.users);
    each("load.think", &mut load.think_s);
    each("load.duty", &mut load.duty);
    each("load.growth", &mut load.growth_per_month);
    each("load.requests_per_connection", &mut load.requests_per_connection);
    for (i, request) in spec.requests.iter_mut().enumerate() {
        let mut one = |key: &str, of: &mut Quantity| each(&format!("requests[{i}].{key}"), of);
        one("cpu", &mut request.cpu_s);
        one("queries", &mut request.queries);
        one("query_cpu", &mut request.query_cpu_s);
        one("writes", &mut request.writes);
        one("wait", &mut request.wait_s);
        one("upload", &mut request.upload_bytes);
        one("download", &mut request.download_bytes);
    }
    for (i, task) in spec.tasks.iter_mut().enumerate() {
        let mut one = |key: &str, of: &mut Quantity| each(&format!("tasks[{i}].{key}"), of);
        one("rate", &mut task.rate_per_s);
        one("time", &mut task.time_s);
        one("cpu", &mut task.cpu_s);
        one("message", &mut task.message_bytes);
        one("result", &mut task.result_bytes);
        one("keep_result", &mut task.keep_result_s);
    }
    each("app.worker_memory", &mut spec.app.worker_memory_gib);
    each("app.request_memory", &mut spec.app.request_memory_gib);
    each("app.task_memory", &mut spec.app.task_memory_gib);
    each("app.system_memory", &mut spec.app.system_memory_gib);
    scaling("app", &mut spec.app.scaling, each);
    if let Some(database) = &mut spec.database {
        each("database.data", &mut database.data_gib);
        each("database.working_set", &mut database.working_set_gib);
        each("database.growth", &mut database.growth_per_month);
        scaling("database", &mut database.scaling, each);
    }
    if let Some(cache) = &mut spec.cache {
        each("cache.entries", &mut cache.entries);
        each("cache.entry_size", &mut cache.entry_size_bytes);
    }
}

/// Those of a tier whose cores get in each other's way: to vary a zero would say nothing.
fn scaling(tier: &str, scaling: &mut Scaling, each: &mut dyn FnMut(&str, &mut Quantity)) {
    for (key, quantity) in [("contention", &mut scaling.contention), ("coherency", &mut scaling.coherency)] {
        if quantity.mid > 0.0 || quantity.range.is_some() {
            each(&format!("{tier}.{key}"), quantity);
        }
    }
}

/// All quantities with their paths, in a fixed order.
pub(crate) fn list(spec: &Spec) -> Vec<(String, Quantity)> {
    let mut found = Vec::new();
    for_each(&mut spec.clone(), &mut |path, quantity| found.push((path.to_owned(), *quantity)));
    found
}

/// The spec with new middle values, in the order of [`list`]; `None` leaves a value as it is.
pub(crate) fn with_values(spec: &Spec, values: &[Option<f64>]) -> Spec {
    let mut changed = spec.clone();
    let mut values = values.iter();
    for_each(&mut changed, &mut |_, quantity| {
        if let Some(Some(value)) = values.next() {
            quantity.mid = *value;
        }
    });
    changed
}

/// The value brought into the range that a path allows: shares stay within 0..=1.
pub(crate) fn within_range(path: &str, value: f64) -> f64 {
    match path {
        "load.duty" | "app.contention" | "app.coherency" | "database.contention" | "database.coherency" => {
            value.clamp(0.0, 1.0)
        }
        "load.growth" | "database.growth" => value.max(-0.99),
        _ => value.max(0.0),
    }
}
