//! Killed at one writing call after another, before and after the cloud carried it out, until nothing is left to do.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::double::Double;

/// Each run is killed at this writing call of its own: with some 45 calls to make everything and as many to remove it, that
/// spreads the kills over all of both.
const EVERY: u32 = 3;

#[test]
fn killed_over_and_over_it_makes_and_removes_everything_once() {
    let double = Double::start();
    let wanted = double.steps(&[]);
    let while_made = killed_until_whole(&double, "apply");
    assert_eq!(double.census().len(), wanted.len());
    assert_eq!(double.steps(&[]), [""; 0], "no changes");
    let while_removed = killed_until_whole(&double, "destroy");
    assert!(double.census().is_empty());
    assert_eq!(double.leftovers(), json!([]));
    assert!(while_made + while_removed >= 25, "{while_made} and {while_removed} kills");
}

/// Runs a command again and again, each time killed, until it comes to its end; how often it was killed.
fn killed_until_whole(double: &Double, verb: &str) -> u32 {
    let mut kills = 0;
    loop {
        let when = if kills % 2 == 0 { "before" } else { "after" };
        double.ask("POST", "pause_at_write", &json!({ "n": EVERY, "when": when }));
        let mut child =
            double.command(verb, &["--yes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if !paused(double, &mut child) {
            double.ask("POST", "resume", &json!({}));
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{verb} after {kills} kills: {output:#?}");
            return kills;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        double.ask("POST", "resume", &json!({}));
        kills += 1;
        assert!(kills < 100, "{verb} is never whole");
    }
}

/// Waits until a call is held or the command has ended; whether one is held.
fn paused(double: &Double, child: &mut Child) -> bool {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if double.ask("GET", "paused", &json!({}))["paused"] == json!(true) {
            return true;
        }
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(Instant::now() < deadline, "neither held nor ended");
        std::thread::sleep(Duration::from_millis(20));
    }
}
