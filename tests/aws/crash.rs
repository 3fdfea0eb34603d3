//! Killed at one writing call after another, before and after the cloud carried it out, until nothing is left to do.

use crate::double::Double;

#[test]
fn killed_over_and_over_it_makes_and_removes_everything_once() {
    // Some 45 calls make everything, and as many remove it; what is in flight beside the one that is held gets done.
    let kills = Double::start().killed_over_and_over();
    assert!(kills >= 25, "{kills} kills");
}
