//! A plan for a person and for a program.

mod changes;
mod json;
mod text;

pub use json::plan_json;
pub use text::{PlanView, plan_text, refusals_text, survivors_text};
