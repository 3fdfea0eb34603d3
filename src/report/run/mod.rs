//! A run that changes something: its events while it goes on, its timeline and what is left when it has ended.

mod ending;
mod event;
mod json;
mod timeline;

pub use ending::{RunView, run_text};
pub use event::{doing, event_line};
pub use json::{ending_json, event_json};
pub use timeline::Timeline;
