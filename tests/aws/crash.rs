//! Killed at points spread over a whole apply and a whole destroy, and run again: the same world, nothing twice, nothing left.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::double::Double;

/// Kills a run when its `n`-th writing call is held, before or after it is carried out; `false`: it made fewer.
fn killed(double: &Double, verb: &str, (n, when): (usize, &str)) -> bool {
    double.ask("POST", "pause_at_write", &json!({ "n": n, "when": when }));
    let mut child =
        double.command(verb, &["--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let since = Instant::now();
    let held = loop {
        if double.ask("GET", "paused", &json!({}))["paused"] == true {
            break true;
        }
        if child.try_wait().unwrap().is_some() {
            break false;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{verb} is neither held nor done");
        std::thread::sleep(Duration::from_millis(20));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    double.ask("POST", "resume", &json!({}));
    held
}

fn both_ways(points: impl Iterator<Item = usize>) {
    let double = Double::start();
    let wanted = double.steps(&[]);
    let mut struck = 0;
    for n in points {
        for when in ["before", "after"] {
            struck += usize::from(killed(&double, "apply", (n, when)));
            double.done("apply", &["--yes"]);
            assert_eq!(double.census().len(), wanted.len(), "apply killed {when} write {n}");
            assert_eq!(double.steps(&[]), [""; 0], "apply killed {when} write {n}");
            struck += usize::from(killed(&double, "destroy", (n, when)));
            double.done("destroy", &["--yes"]);
            assert!(double.census().is_empty(), "destroy killed {when} write {n}");
            assert_eq!(double.leftovers(), json!([]), "destroy killed {when} write {n}");
        }
    }
    assert!(struck >= 8, "only {struck} runs were killed");
}

#[test]
fn killed_early_and_run_again() {
    both_ways([1, 7, 13].into_iter());
}

#[test]
fn killed_midway_and_run_again() {
    both_ways([19, 25, 31].into_iter());
}

#[test]
fn killed_late_and_run_again() {
    both_ways([37, 43, 49].into_iter());
}
