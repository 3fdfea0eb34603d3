//! What every account has to do, told as stories. A provider's tests give a [`Lab`]: an account that they can disturb from
//! outside, and the core to plan and carry out. Each story says what it did as it goes, so that a failure reads like a report,
//! and what it could not try on this account, so that nothing is left out in silence.

mod blueprint;
mod lab;
mod reading;
mod stories;
mod story;

pub use blueprint::{teachers, well_formed};
pub use lab::{Applied, Disturbance, Failure, Goal, Lab, Unable};
pub use reading::{has, one, setting};
pub use stories::{
    a_second_one_goes, drift_is_mended, each_call_may_fail_once, each_change_may_fail_once,
    from_nothing_to_nothing, late_lists_double_nothing, others_are_left_alone, short_pages_hide_nothing,
};
pub use story::Told;
