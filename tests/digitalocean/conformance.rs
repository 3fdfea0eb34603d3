//! The stories of the contract, borne out by the program on the double.

use loadline_contract::conformance;

use crate::lab::Account;
use crate::runs::heard;

/// One call in so many fails, another set of them for each way to fail: a stack takes fewer calls here than elsewhere.
const STRIDE: usize = 12;

#[tokio::test]
async fn drift_is_mended() {
    heard(conformance::drift_is_mended(&Account::start()).await);
}

#[tokio::test]
async fn a_second_one_goes() {
    heard(conformance::a_second_one_goes(&Account::start()).await);
}

#[tokio::test]
async fn others_are_left_alone() {
    heard(conformance::others_are_left_alone(&Account::start()).await);
}

#[tokio::test]
async fn short_pages_hide_nothing() {
    heard(conformance::short_pages_hide_nothing(&Account::start()).await);
}

#[tokio::test]
async fn calls_may_fail_once() {
    heard(conformance::each_call_may_fail_once(&Account::start(), STRIDE).await);
}

#[tokio::test]
async fn each_change_may_fail_once() {
    heard(conformance::each_change_may_fail_once(&Account::start()).await);
}
