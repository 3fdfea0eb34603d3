//! Killed at one writing call after another, before and after the cloud carried it out, until nothing is left to do.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::double::{Double, GROWING, fixed};

/// Each run is killed at this writing call of its own: that spreads the kills over all calls, and over both sides of them.
const EVERY: u32 = 3;

#[test]
fn a_pool_killed_over_and_over_is_made_and_removed_once() {
    killed_over_and_over(GROWING, 8);
}

#[test]
fn machines_killed_over_and_over_are_made_and_removed_once() {
    killed_over_and_over(&fixed(), 10);
}

fn killed_over_and_over(spec: &str, least_kills: u32) {
    let double = Double::start(spec);
    let wanted = double.steps(&[]);
    let while_made = killed_until_whole(&double, "apply");
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0], "no changes");
    let while_removed = killed_until_whole(&double, "destroy");
    assert!(double.census().is_empty());
    assert_eq!(double.leftovers(), json!([]));
    assert_eq!(double.world(), json!({}));
    assert!(while_made + while_removed >= least_kills, "{while_made} and {while_removed} kills");
    double.assert_described();
}

/// Runs a command again and again, each time killed, until it comes to its end; how often it was killed.
fn killed_until_whole(double: &Double, verb: &str) -> u32 {
    for kills in 0..100 {
        let when = if kills % 2 == 0 { "before" } else { "after" };
        double.ask("POST", "pause_at_write", &json!({ "n": EVERY, "when": when }));
        let mut command = double.command(verb, &["--yes"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let held = is_held(double, &mut child);
        if held {
            child.kill().unwrap();
        }
        double.ask("POST", "resume", &json!({}));
        let output = child.wait_with_output().unwrap();
        if !held {
            assert!(output.status.success(), "{verb} after {kills} kills: {output:#?}");
            return kills;
        }
    }
    panic!("{verb} is never whole");
}

/// Waits until a call is held or the command has ended.
fn is_held(double: &Double, child: &mut Child) -> bool {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if double.ask("GET", "paused", &Value::Null)["paused"] == json!(true) {
            return true;
        }
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(Instant::now() < deadline, "neither held nor ended");
        std::thread::sleep(Duration::from_millis(20));
    }
}
