//! Check, load, calibrate, predict, measure.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::busy::Watch;
use crate::stack::Stack;

/// Levels that the spec learns from, people.
const LEARNED: &str = "8,20,35,50,62";
/// The level that is predicted, people.
const PREDICTED: &str = "72";

struct Desk<'a>(&'a Stack);

impl Desk<'_> {
    fn run(&self, words: &str) -> Output {
        // Beside the application, never on its core.
        let others = std::thread::available_parallelism().map_or(1, usize::from) - 1;
        let stack = self.0;
        Command::new("taskset")
            .args(["--cpu-list", &others.to_string(), env!("CARGO_BIN_EXE_loadline")])
            .args(words.split_whitespace())
            .current_dir(stack.folder.path())
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/bin")
            .env("LOADLINE_DATABASE_URL", format!("mysql://check:p%40ss@127.0.0.1:{}/", stack.database.port))
            .env("LOADLINE_CACHE_URL", format!("redis://:hush@127.0.0.1:{}/0", stack.queue.port))
            .env("LOADLINE_QUEUE_URL", format!("redis://:hush@127.0.0.1:{}/1", stack.queue.port))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn json(&self, words: &str) -> (Option<i32>, Value) {
        let output = self.run(&format!("{words} --json"));
        let value = serde_json::from_slice(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), value.unwrap_or_else(|error| panic!("{words}: {error}: {said}")))
    }
}

/// A figure of the calibrated spec beside what was measured.
fn beside(what: &str, predicted: f64, measured: f64) -> f64 {
    let off = predicted / measured - 1.0;
    println!("{what:<22} predicted {predicted:>9.2}   measured {measured:>9.2}   {:+.1} %", off * 100.0);
    off.abs()
}

#[test]
fn a_calibrated_spec_predicts_a_level_that_it_has_not_seen() {
    let Some(mut stack) = Stack::start() else { return };
    let spec = include_str!("../../examples/app/spec.yaml");
    std::fs::write(stack.folder.path().join("spec.yaml"), spec).unwrap();
    let url = format!("http://127.0.0.1:{}", stack.port);
    let instances: Vec<String> =
        stack.apps.iter().map(|(_, port)| format!("--instance http://127.0.0.1:{port}")).collect();
    let look = format!("check spec.yaml --url {url} {}", instances.join(" "));

    let desk = Desk(&stack);
    let (code, seen) = desk.json(&look);
    assert_eq!(code, Some(0), "{seen:#}");

    let parts = vec![
        ("app", stack.apps.iter().map(|(app, _)| app.id()).collect(), 1.0),
        ("database", vec![stack.database.pid()], 1.0),
    ];
    let watch = Watch::begin(parts);
    let times = "--ramp 1s --warm-up 3s --duration 15s";
    let (_, loaded) =
        desk.json(&format!("load spec.yaml --url {url} --steps {LEARNED} {times} --out results.json"));
    assert_eq!(loaded["levels"].as_array().unwrap().len(), 5, "{loaded:#}");
    assert!(loaded["levels"].as_array().unwrap().iter().all(|level| level["errors"] == 0), "{loaded:#}");
    std::fs::write(stack.folder.path().join("busy.csv"), watch.end()).unwrap();

    let calibrate = "calibrate spec.yaml results.json --utilisation busy.csv --write";
    println!("{}", String::from_utf8_lossy(&desk.run(calibrate).stdout));
    let written = std::fs::read_to_string(stack.folder.path().join("spec.yaml")).unwrap();
    assert_ne!(written, spec);
    assert!(written.contains("# readers who turn pages quickly"), "comments stay");

    let (_, answer) = desk.json(&format!("load spec.yaml --url {url} --users {PREDICTED} {times}"));
    let level = &answer["levels"][0];
    let (measured, predicted) = (&level["response_ms"], &level["predicted"]["response_ms"]);
    let of = |value: &Value| value.as_f64().unwrap();
    println!("At {PREDICTED} people, of whom the calibration saw 62 at most:");
    let throughput =
        beside("throughput, 1/s", of(&level["predicted"]["throughput_rps"]), of(&level["throughput_rps"]));
    let mean = beside("mean, ms", of(&predicted["mean"]), of(&measured["mean"]));
    for name in ["p95", "p99"] {
        beside(&format!("{name}, ms"), of(&predicted[name]), of(&measured[name]));
    }
    // What is off by more than this is no prediction; docs/accuracy.md has the figures.
    assert!(throughput < 0.2, "{level:#}");
    assert!(mean < 1.0, "{level:#}");

    // One of the two processes ends: the balancer still answers, and the check says which is gone.
    stack.apps[0].0.kill().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let (code, seen) = Desk(&stack).json(&look);
    assert_eq!(code, Some(3));
    let gone = format!("instance/127.0.0.1:{}", stack.apps[0].1);
    let failed: Vec<&str> = seen["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["verdict"] == "fail")
        .map(|it| it["component"].as_str().unwrap())
        .collect();
    assert_eq!(failed, [gone.as_str()], "{seen:#}");
}
