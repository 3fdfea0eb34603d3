//! What `lint` promises: each rule fires where it should and stays silent beside it, files in any order give one answer, and no file stops it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod cases;
mod examples;
mod hostile;
mod order;
mod page;
mod places;
mod support;
