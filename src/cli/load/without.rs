//! What stands in for the sender where the program was built without it.

use super::super::exit::{Exit, Failure};
use super::super::screen::Screen;
use super::drive::DriveArgs;
use crate::load::plan::{Drive, Test};
use crate::spec::Spec;

/// Says that this program cannot send.
pub(super) fn drive(
    _: &DriveArgs,
    _: &Spec,
    test: &Test,
    _: (Drive, bool),
    _: &Screen,
) -> Result<Exit, Failure> {
    Err(Failure::failed(format!("this build of loadline cannot send requests to {}", test.target.shown()))
        .hint("use a build with the feature `load`, or loadline load export for another tool"))
}
