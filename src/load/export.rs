//! The same test for other tools: the mix, the think times, the arrivals. Pure. Values are put in as JSON or XML text, so nothing of a
//! spec is ever taken for a part of a script.

use serde_json::{Value, json};

use super::plan::{Drive, Kind, Test};

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// k6: JavaScript.
    K6,
    /// Locust: Python.
    Locust,
    /// JMeter: XML.
    Jmeter,
}

/// The script of the last level of a test.
pub fn script(test: &Test, tool: Tool, objectives: &Objectives) -> String {
    let template = match tool {
        Tool::K6 => include_str!("../../templates/load/k6.js.jinja"),
        Tool::Locust => include_str!("../../templates/load/locustfile.py.jinja"),
        Tool::Jmeter => include_str!("../../templates/load/jmeter.jmx.jinja"),
    };
    let mut environment = minijinja::Environment::new();
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".jmx") { minijinja::AutoEscape::Html } else { minijinja::AutoEscape::None }
    });
    let name = if tool == Tool::Jmeter { "test.jmx" } else { "test" };
    // Values come from types of this module: what a template asks for is there.
    let text = environment
        .render_named_str(name, template, minijinja::value::Serde(values(test, objectives)))
        .unwrap_or_else(|error| unreachable!("a template of our own: {error}"));
    format!("{}\n", text.trim_end())
}

/// What the scripts judge by themselves; ms, and a share of errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objectives {
    /// Mean response time.
    pub mean_ms: Option<f64>,
    /// 95th percentile.
    pub p95_ms: Option<f64>,
    /// 99th percentile.
    pub p99_ms: Option<f64>,
    /// Share of errors.
    pub errors: f64,
}

fn values(test: &Test, objectives: &Objectives) -> Value {
    let (users, rate) = match test.levels.last() {
        Some(Drive::Users(users)) => (*users, None),
        Some(Drive::Rate(rate)) => (0, Some(*rate)),
        None => (1, None),
    };
    let kind = |kind: &Kind| {
        json!({
            "name": kind.name,
            "method": kind.method,
            "path": test.target.path_of(kind),
            "share": kind.share,
            // A whole number, for tools that weigh by those.
            "weight": (kind.share * 1e6).round().max(1.0),
            "percent": kind.share * 100.0,
            "body_bytes": kind.body_bytes,
        })
    };
    let target = &test.target;
    json!({
        "target": json!({
            "url": target.origin(),
            "scheme": target.scheme(),
            "host": target.host,
            "port": target.port,
        }),
        "kinds": test.kinds.iter().map(kind).collect::<Vec<_>>(),
        "think_s": test.think_s,
        "users": users,
        "rate": rate,
        "ramp_s": test.ramp_s.ceil().max(1.0),
        "hold_s": (test.warm_up_s + test.duration_s).ceil().max(1.0),
        "timeout_s": test.timeout_s,
        "stop_share": test.stop_share,
        "objectives": json!({
            "mean_ms": objectives.mean_ms,
            "p95_ms": objectives.p95_ms,
            "p99_ms": objectives.p99_ms,
            "errors": objectives.errors,
        }),
    })
}
