//! The stories of the contract, borne out by the program on the double.

use loadline_contract::conformance;

use crate::lab::Account;
use crate::runs::heard;

/// One call in so many fails, another set of them for each way to fail.
const STRIDE: usize = 12;

#[tokio::test]
async fn from_nothing_to_nothing() {
    heard(conformance::from_nothing_to_nothing(&Account::growing()).await);
}

#[tokio::test]
async fn drift_is_mended() {
    heard(conformance::drift_is_mended(&Account::growing()).await);
}

#[tokio::test]
async fn drift_of_machines_is_mended() {
    heard(conformance::drift_is_mended(&Account::fixed()).await);
}

#[tokio::test]
async fn a_second_one_goes() {
    heard(conformance::a_second_one_goes(&Account::growing()).await);
}

#[tokio::test]
async fn a_second_machine_goes() {
    heard(conformance::a_second_one_goes(&Account::fixed()).await);
}

#[tokio::test]
async fn others_are_left_alone() {
    heard(conformance::others_are_left_alone(&Account::fixed()).await);
}

#[tokio::test]
async fn others_are_left_alone_by_a_pool() {
    heard(conformance::others_are_left_alone(&Account::growing()).await);
}

#[tokio::test]
async fn short_pages_hide_nothing() {
    heard(conformance::short_pages_hide_nothing(&Account::fixed()).await);
}

#[tokio::test]
async fn calls_may_fail_once() {
    heard(conformance::each_call_may_fail_once(&Account::fixed(), STRIDE).await);
}

#[tokio::test]
async fn calls_for_a_pool_may_fail_once() {
    heard(conformance::each_call_may_fail_once(&Account::growing(), STRIDE).await);
}

#[tokio::test]
async fn each_change_may_fail_once() {
    heard(conformance::each_change_may_fail_once(&Account::growing()).await);
}

#[tokio::test]
async fn each_change_of_machines_may_fail_once() {
    heard(conformance::each_change_may_fail_once(&Account::fixed()).await);
}
