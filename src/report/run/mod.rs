//! A run that changes something: its events while it goes on, its timeline and what is left when it has ended.

mod ending;
mod event;
mod timeline;

pub use ending::{RunView, ending_json, run_text};
pub use event::{event_json, event_line};
pub use timeline::Timeline;
