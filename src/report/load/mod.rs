//! Load tests: what was measured beside what was predicted, as text, as a page, as JSON, and while it goes on.

mod events;
mod html;
mod json;
mod rows;
mod text;

pub use events::{load_event, load_progress};
pub use html::load_html;
pub use json::load_json;
pub use text::load_text;

use super::tidy;
use crate::load::plan::Drive;

/// A level in words.
fn named(drive: Drive) -> String {
    match drive {
        Drive::Users(1) => "1 user".to_owned(),
        Drive::Users(users) => format!("{} users", tidy::count(f64::from(users))),
        Drive::Rate(rate) => tidy::rps(rate),
    }
}
