//! Killed at one writing call after another, before and after the cloud carried it out, until nothing is left to do.

use crate::double::{Double, SPEC};

#[test]
fn killed_over_and_over_it_makes_and_removes_everything_once() {
    let double = Double::start(SPEC);
    let kills = double.killed_over_and_over();
    double.assert_described();
    assert!(kills >= 25, "{kills} kills");
}
