//! `loadline calibrate`: a spec that is wrong learns from the results of a stack that is known, in every format; and files that are no
//! results.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod formats;
mod learned;
mod truth;
mod wrong;
