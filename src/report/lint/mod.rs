//! Contradictions between files: as text, as JSON; and one rule explained.

mod json;
mod text;

pub use json::{lint_json, lint_rule_json};
pub use text::{lint_rule_text, lint_text};
