//! Every workload number of a [`Spec`] by path: what uncertainty samples and sensitivity turns.

use super::model::{App, Cache, Database, Load, Quantity, Request, Spec, Task};

/// One field of a part of the spec.
struct Field<T> {
    key: &'static str,
    get: fn(&T) -> &Quantity,
    get_mut: fn(&mut T) -> &mut Quantity,
}

macro_rules! fields {
    ($part:ty: $($key:literal $($field:ident).+),+ $(,)?) => {
        &[$(Field { key: $key, get: |part: &$part| &part.$($field).+, get_mut: |part: &mut $part| &mut part.$($field).+ }),+]
    };
}

const LOAD: &[Field<Load>] = fields!(Load: "users" users, "think" think_s, "duty" duty, "growth" growth_per_month,
    "requests_per_connection" requests_per_connection);
const REQUEST: &[Field<Request>] = fields!(Request: "cpu" cpu_s, "queries" queries, "query_cpu" query_cpu_s, "writes" writes,
    "wait" wait_s, "upload" upload_bytes, "download" download_bytes);
const TASK: &[Field<Task>] = fields!(Task: "rate" rate_per_s, "time" time_s, "cpu" cpu_s, "message" message_bytes,
    "result" result_bytes, "keep_result" keep_result_s);
const APP: &[Field<App>] = fields!(App: "worker_memory" worker_memory_gib, "request_memory" request_memory_gib,
    "task_memory" task_memory_gib, "system_memory" system_memory_gib,
    "contention" scaling.contention, "coherency" scaling.coherency);
const DATABASE: &[Field<Database>] = fields!(Database: "data" data_gib, "working_set" working_set_gib, "growth" growth_per_month,
    "contention" scaling.contention, "coherency" scaling.coherency);
const CACHE: &[Field<Cache>] = fields!(Cache: "entries" entries, "entry_size" entry_size_bytes);

/// No workload number has this path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no workload number is called `{0}`; `Spec::quantities` lists them")]
pub struct UnknownQuantity(pub String);

impl Spec {
    /// Every workload number with its path, such as `requests[0].cpu`, in the unit of its field in the model.
    pub fn quantities(&self) -> Vec<(String, Quantity)> {
        fn list<T>(found: &mut Vec<(String, Quantity)>, path: &str, part: &T, fields: &[Field<T>]) {
            found.extend(fields.iter().map(|field| (format!("{path}.{}", field.key), *(field.get)(part))));
        }
        let mut found = Vec::new();
        list(&mut found, "load", &self.load, LOAD);
        for (index, request) in self.requests.iter().enumerate() {
            list(&mut found, &format!("requests[{index}]"), request, REQUEST);
        }
        for (index, task) in self.tasks.iter().enumerate() {
            list(&mut found, &format!("tasks[{index}]"), task, TASK);
        }
        list(&mut found, "app", &self.app, APP);
        if let Some(database) = &self.database {
            list(&mut found, "database", database, DATABASE);
        }
        if let Some(cache) = &self.cache {
            list(&mut found, "cache", cache, CACHE);
        }
        found
    }

    /// Makes one workload number certain: `value` is in the unit of its field in the model.
    pub fn with_quantity(&mut self, path: &str, value: f64) -> Result<(), UnknownQuantity> {
        let unknown = || UnknownQuantity(path.to_owned());
        *self.quantity_mut(path).ok_or_else(unknown)? = Quantity::certain(value);
        Ok(())
    }

    fn quantity_mut(&mut self, path: &str) -> Option<&mut Quantity> {
        fn find<'a, T>(part: &'a mut T, fields: &[Field<T>], key: &str) -> Option<&'a mut Quantity> {
            let field = fields.iter().find(|field| field.key == key)?;
            Some((field.get_mut)(part))
        }
        let entry = |part: &str, list: &str| -> Option<usize> {
            part.strip_prefix(list)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
        };
        let (part, key) = path.rsplit_once('.')?;
        match part {
            "load" => find(&mut self.load, LOAD, key),
            "app" => find(&mut self.app, APP, key),
            "database" => find(self.database.as_mut()?, DATABASE, key),
            "cache" => find(self.cache.as_mut()?, CACHE, key),
            _ => match (entry(part, "requests"), entry(part, "tasks")) {
                (Some(index), _) => find(self.requests.get_mut(index)?, REQUEST, key),
                (_, Some(index)) => find(self.tasks.get_mut(index)?, TASK, key),
                (None, None) => None,
            },
        }
    }
}
