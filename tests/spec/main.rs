//! What the reader of specs promises: values in base units, every default with its reason, every complaint with its place.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod as_json;
mod clouds;
mod defaults;
mod every_key;
mod example;
mod hostile;
mod init;
mod intervals;
mod keys;
mod overrides;
mod places;
mod quantities;
mod random;
mod reference;
mod rules;
mod schema;
mod support;
mod texts;
mod yaml;
