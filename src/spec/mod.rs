//! YAML text to a [`Spec`]: every value in base units, every default recorded, every complaint with its place.
//!
//! Decides what a spec may say ([`keys`]) and what silence means. Does not decide whether a spec is wise: that is `sizing`.
//! Knows no cloud by name: the caller brings a [`Vocabulary`]. In: bytes; out: a [`Spec`] or all [`Diagnostic`]s.

mod build;
mod complaints;
mod diagnostic;
mod document;
mod explain;
mod format;
mod grouped;
pub mod init;
mod interval;
pub mod keys;
mod merge;
mod model;
mod number;
mod overrides;
mod quantities;
mod read;
mod reference;
mod release;
mod rules;
mod schema;
mod text;
mod tree;
mod units;
mod value;
mod values;
mod vocabulary;
mod walk;
mod walk_clouds;
mod yaml;

pub(crate) use complaints::Place;
pub use diagnostic::{Diagnostic, Paint, Severity, render};
pub(crate) use document::document;
pub use explain::{DefaultTaken, explain};
pub use format::Format;
pub(crate) use grouped::grouped;
pub use init::{InitAnswers, Question, commented, questions};
pub use model::*;
pub use quantities::UnknownQuantity;
pub use read::read;
pub use reference::reference_markdown;
pub use schema::json_schema;
pub use text::LARGEST_BYTES;
pub(crate) use tree::{Content, Node};
pub use units::{Dimension, Unit};
pub use vocabulary::{CloudWords, Vocabulary};
