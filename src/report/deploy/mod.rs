//! Releases: files that were written, hosts and what runs on them, steps while they are taken.

mod change;
mod events;
mod rendered;
mod status;

pub use change::{change_json, change_text, unlock_text};
pub use events::{deploy_event, deploy_progress, log_line};
pub use rendered::{rendered_json, rendered_text};
pub use status::DeployStatus;
