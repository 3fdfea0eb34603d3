//! Alert rules and the dashboard: accepted by Prometheus' own tool, with the lines of the spec.

use std::path::Path;
use std::process::Command;

use loadline::deploy::files::watch;
use serde_json::Value;

use crate::support::{spec, stack};

/// The rules of a spec, by name: their expressions.
fn rules(text: &str) -> Vec<(String, String)> {
    let json = text.split_once('\n').unwrap().1;
    let rules: Value = serde_json::from_str(json).unwrap();
    let text = |rule: &Value, field: &str| rule[field].as_str().unwrap().to_owned();
    let rules = rules["groups"][0]["rules"].as_array().unwrap().clone();
    rules.iter().map(|rule| (text(rule, "alert"), text(rule, "expr"))).collect()
}

#[test]
fn each_line_of_the_spec_is_an_alert_and_a_panel() {
    let mut spec = spec("");
    (spec.objectives.connections, spec.objectives.io_wait) = (0.75, 0.08);
    let files = watch(&spec, &stack("1", "", 1));
    let rules = rules(&files[0].text);
    let expression = |name: &str| &rules.iter().find(|(alert, _)| alert == name).unwrap().1;
    assert!(expression("DatabaseConnectionsHigh").ends_with("> 0.75"));
    assert!(expression("HostIoWaitHigh").ends_with("> 0.08"));
    assert!(rules.iter().any(|(alert, _)| alert == "QueueEvicts"));
    let dashboard: Value = serde_json::from_str(&files[1].text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert_eq!(panels.len(), rules.len());
    let line = panels.iter().find(|panel| panel["title"] == "Database connections in use").unwrap();
    assert_eq!(line["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"], 0.75);
    spec.database = None;
    let files = watch(&spec, &stack("1", "", 1));
    assert!(!self::rules(&files[0].text).iter().any(|(alert, _)| alert.starts_with("Database")));
}

#[test]
fn prometheus_takes_the_rules() {
    let promtool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/promtool");
    if !promtool.exists() {
        println!("skipped: tests/deploy/install was not run");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = watch(&spec(""), &stack("1", "", 1));
    let path = folder.path().join("rules.yml");
    std::fs::write(&path, &files[0].text).unwrap();
    let output = Command::new(promtool).args(["check", "rules"]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(&format!("SUCCESS: {} rules found", rules(&files[0].text).len())), "{said}");
}
