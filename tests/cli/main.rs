//! The program as a person and a script meet it: commands in, output and exit codes out.
#![allow(clippy::unwrap_used, reason = "a test that cannot run its program should stop")]

mod contract;
mod documents;
mod interrupt;
mod json;
mod json_calibrate;
mod json_check;
mod json_deploy;
mod json_load;
mod json_stack;
mod scenarios;
mod shell;
mod story;
mod support;
