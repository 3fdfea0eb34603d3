//! Releases: files that were written, hosts and what runs on them.

mod rendered;

pub use rendered::{rendered_json, rendered_text};
