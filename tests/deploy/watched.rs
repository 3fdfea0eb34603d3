//! Alert rules and the dashboard: accepted by Prometheus' own tool, with the lines of the spec.

use std::path::Path;
use std::process::Command;

use loadline::deploy::files::watch;
use serde_json::Value;

use crate::support::spec;

/// The expressions of an alert of that name, the strictest severity first.
fn expressions(text: &str, name: &str) -> Vec<String> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line.trim() == format!("- alert: {name}") {
            let expression = lines.next().unwrap().trim().strip_prefix("expr: ").unwrap();
            found.push(serde_json::from_str(expression).unwrap());
        }
    }
    found
}

#[test]
fn each_line_of_the_spec_is_an_alert_a_warning_before_it_and_a_panel() {
    let mut spec = spec("");
    (spec.objectives.connections, spec.objectives.io_wait) = (0.75, 0.08);
    let files = watch(&spec);
    let connections = expressions(&files[0].text, "DatabaseConnectionsOverLine");
    assert_eq!(connections.len(), 2, "{connections:?}");
    assert!(connections[0].ends_with("> 0.75") && connections[1].ends_with("> 0.675"), "{connections:?}");
    assert!(expressions(&files[0].text, "IoWaitOverLine")[0].ends_with("> 0.08"));
    assert_eq!(expressions(&files[0].text, "QueueEvicts").len(), 1);
    let dashboard: Value = serde_json::from_str(&files[1].text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let line = panels.iter().find(|panel| panel["title"] == "Database connections").unwrap();
    assert_eq!(line["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"], 0.75);
    let mut places: Vec<String> = panels.iter().map(|panel| panel["gridPos"].to_string()).collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), panels.len(), "no panel covers another");
    spec.database = None;
    assert!(!watch(&spec)[0].text.contains("alert: Database"));
}

#[test]
fn prometheus_takes_the_rules() {
    let promtool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/promtool");
    if !promtool.exists() {
        println!("skipped: tests/deploy/install was not run");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = watch(&spec(""));
    let path = folder.path().join("rules.yml");
    std::fs::write(&path, &files[0].text).unwrap();
    let output = Command::new(promtool).args(["check", "rules"]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let alerts = files[0].text.matches("- alert: ").count();
    assert!(said.contains(&format!("SUCCESS: {alerts} rules found")), "{said}");
}
