//! Killed at one writing call after another, before and after the cloud carried it out, until nothing is left to do.

use serde_json::json;

use crate::double::{Double, GROWING};

#[test]
fn killed_over_and_over_it_makes_and_removes_everything_once() {
    let double = Double::start(GROWING);
    let kills = double.killed_over_and_over();
    assert!(kills >= 20, "{kills} kills");
    assert_eq!(double.families(), json!({}));
    double.assert_described();
}
