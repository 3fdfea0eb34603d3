//! What is there: for `status` and `leftovers`.

mod leftovers;
mod view;

pub use leftovers::{Leftover, leftovers_json, leftovers_text};
pub use view::{StatusView, status_json, status_text};
