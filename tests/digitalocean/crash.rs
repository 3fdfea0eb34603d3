//! Killed at one writing call after another, before and after the cloud carried it out, until nothing is left to do.

use serde_json::json;

use crate::double::{Double, GROWING, fixed};

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
    let kills = double.killed_over_and_over();
    assert_eq!(double.families(), json!({}));
    assert!(kills >= least_kills, "{kills} kills");
    double.assert_described();
}
