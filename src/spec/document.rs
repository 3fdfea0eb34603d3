//! YAML that is no spec, read within the same limits and with the same places: a Compose file, for example.

use super::complaints::{Complaints, Place, Source};
use super::diagnostic::Diagnostic;
use super::tree::{Content, Node};
use super::yaml;

/// The one document of a text; a text that holds nothing is `Content::Null`. `file` is the name for messages.
///
/// # Errors
/// Every complaint, in the order of the text. Their excerpts repeat the text, which may hold what must not be shown.
pub(crate) fn document(file: &str, text: &str) -> Result<Node, Vec<Diagnostic>> {
    let start = Place::at(Source::File, 1, 1);
    let mut complaints = Complaints::new(file, text, Vec::new());
    let root = yaml::read(text, start, &mut complaints);
    if complaints.is_empty() {
        Ok(root.unwrap_or(Node { content: Content::Null, place: start }))
    } else {
        Err(complaints.finish())
    }
}
