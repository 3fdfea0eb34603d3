//! Each story, on each cloud that is registered.

use loadline::clouds;
use loadline_contract::conformance::{self, Told};

use crate::rehearsal::Rehearsal;

/// A minute of the cloud in two milliseconds.
const FAST: f64 = 30_000.0;
/// Slow enough that a second of the cloud is half a millisecond here: clocks are no finer.
const FINE: f64 = 2_000.0;

fn labs(speed: f64) -> impl Iterator<Item = (&'static str, Rehearsal)> {
    clouds::all().iter().map(move |cloud| (cloud.profile().name, Rehearsal::new(*cloud, speed)))
}

/// A story that was told to its end, with nothing left out but this.
fn heard(cloud: &str, told: Result<Told, String>, skipped: &[&str]) {
    let told = told.unwrap_or_else(|story| panic!("on {cloud}:\n{story}"));
    assert_eq!(told.skipped, skipped, "on {cloud}:\n{}", told.lines.join("\n"));
}

#[tokio::test]
async fn from_nothing_to_nothing() {
    for (cloud, lab) in labs(FAST) {
        heard(cloud, conformance::from_nothing_to_nothing(&lab).await, &[]);
    }
}

#[tokio::test]
async fn drift_is_mended() {
    for (cloud, lab) in labs(FAST) {
        heard(cloud, conformance::drift_is_mended(&lab).await, &[]);
    }
}

#[tokio::test]
async fn a_second_one_goes() {
    for (cloud, lab) in labs(FAST) {
        heard(cloud, conformance::a_second_one_goes(&lab).await, &[]);
    }
}

#[tokio::test]
async fn others_are_left_alone() {
    for (cloud, lab) in labs(FAST) {
        heard(cloud, conformance::others_are_left_alone(&lab).await, &[]);
    }
}

#[tokio::test]
async fn short_pages_hide_nothing() {
    for (cloud, lab) in labs(FAST) {
        let skipped = ["skipped: short pages, because a rehearsal account answers with everything at once"];
        heard(cloud, conformance::short_pages_hide_nothing(&lab).await, &skipped);
    }
}

#[tokio::test]
async fn late_lists_double_nothing() {
    for (cloud, lab) in labs(FINE) {
        heard(cloud, conformance::late_lists_double_nothing(&lab, 8).await, &[]);
    }
}

/// With a stride of four, and four ways to fail that begin one apart, each call fails in one of them.
#[tokio::test]
async fn each_call_may_fail_once() {
    for (cloud, lab) in labs(FAST) {
        heard(cloud, conformance::each_call_may_fail_once(&lab, 4).await, &[]);
    }
}

#[tokio::test]
async fn each_change_may_fail_once() {
    for (cloud, lab) in labs(FAST) {
        heard(cloud, conformance::each_change_may_fail_once(&lab).await, &[]);
    }
}
