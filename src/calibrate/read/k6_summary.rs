//! Summaries of k6: one point each, without a time of day.
//!
//! Three shapes: `--summary-export` (values beside each other), what handleSummary gets (below `values`), and the machine-readable
//! summary with a `version` (a list of metrics).

use serde_json::{Map, Value};

use super::{plausible, refused};
use crate::calibrate::observed::{Cell, Clock, Format, Run};
use crate::calibrate::unreadable::{Unreadable, quoted};

/// Name of the requests that no submetric counts.
const OTHERS: &str = "(all others)";

/// Whether this is one.
pub(super) fn fits(value: &Value) -> bool {
    value["metrics"].is_object() || value["results"]["metrics"].is_array()
}

/// Reads it.
pub(super) fn read(file: &str, value: &Value) -> Result<Run, Unreadable> {
    if let Some(version) = value["version"].as_str().filter(|version| version.split('.').next() != Some("1"))
    {
        let message = format!("a k6 summary of version {}; version 1 is understood", quoted(version));
        return Err(Unreadable::whole(file, message, "write it with `k6 run --summary-export results.json`"));
    }
    let metrics = metrics(value);
    let mut run = Run::new(file, Format::K6Summary);
    let whole = Figures::of(file, &metrics, "")?;
    let duration_s = whole.count / whole.rate;
    run.clock = Clock::Summed { duration_s };
    let mut rest = whole.cell();
    let mut named = Vec::new();
    for tags in metrics.keys().filter_map(|key| key.strip_prefix("http_reqs")).filter(|tags| !tags.is_empty())
    {
        let Some(name) = tags.strip_prefix("{name:").and_then(|rest| rest.strip_suffix('}')) else {
            continue;
        };
        let cell = Figures::of(file, &metrics, tags)?.cell();
        rest.add(cell.times(-1.0));
        named.push((name.trim().to_owned(), cell));
    }
    if named.is_empty() {
        named.push((super::label("").to_owned(), rest));
    } else if rest.done >= 0.5 {
        named.push((OTHERS.to_owned(), rest));
    }
    for (name, cell) in named {
        run.name(&name).and_then(|name| run.add(0, name, cell)).map_err(|excess| refused(file, excess))?;
    }
    let users = [("vus_max", "value"), ("vus_max", "max"), ("vus", "max")];
    if let Some(users) = users.iter().find_map(|(metric, value)| metrics.get(*metric)?.get(*value)?.as_f64())
    {
        run.at_work(0, 0, users).map_err(|excess| refused(file, excess))?;
    }
    run.dropped = metrics.get("dropped_iterations").and_then(|of| of["count"].as_f64()).unwrap_or(0.0);
    Ok(run)
}

/// The values of all metrics, by name.
fn metrics(value: &Value) -> Map<String, Value> {
    let values = |of: &Value| if of["values"].is_object() { of["values"].clone() } else { of.clone() };
    match (&value["metrics"], &value["results"]["metrics"]) {
        (Value::Object(map), _) => map.iter().map(|(name, of)| (name.clone(), values(of))).collect(),
        (_, Value::Array(list)) => {
            list.iter().filter_map(|of| Some((of["name"].as_str()?.to_owned(), values(of)))).collect()
        }
        _ => Map::new(),
    }
}

struct Figures {
    count: f64,
    rate: f64,
    mean_ms: f64,
    failed: f64,
}

impl Figures {
    /// Those of one set of tags, such as `{name:page}`.
    fn of(file: &str, metrics: &Map<String, Value>, tags: &str) -> Result<Self, Unreadable> {
        let figure = |metric: &str, names: &[&str]| -> Option<f64> {
            let values = metrics.get(&format!("{metric}{tags}"))?;
            names.iter().find_map(|name| values[*name].as_f64()).filter(|value| plausible(*value))
        };
        let missing = |what: &str| {
            let message = format!("this k6 summary has no {}", quoted(what));
            let help = if tags.is_empty() {
                "check that the script sends HTTP requests, or use `k6 run --out csv=results.csv`"
            } else {
                "give the script a threshold on this name for both http_reqs and http_req_duration"
            };
            Unreadable::whole(file, message, help)
        };
        let wanted = |metric: &str, names: &[&str]| {
            let shown = format!("{metric}{tags}.{}", names.first().unwrap_or(&""));
            figure(metric, names).ok_or_else(|| missing(&shown))
        };
        let count = wanted("http_reqs", &["count"])?;
        let rate = wanted("http_reqs", &["rate"])?;
        if count <= 0.0 || rate <= 0.0 {
            let message = format!("this k6 summary counts no requests{tags}");
            return Err(Unreadable::whole(file, message, "check that the test reached the application"));
        }
        let failed = figure("http_req_failed", &["rate", "value"]).unwrap_or(0.0);
        Ok(Self { count, rate, mean_ms: wanted("http_req_duration", &["avg"])?, failed: failed * count })
    }

    fn cell(&self) -> Cell {
        Cell { done: self.count, failed: self.failed, response_sum_s: self.count * self.mean_ms / 1e3 }
    }
}
