//! The whole way from bytes to a [`Spec`].

use super::build;
use super::complaints::{Complaints, Fault, Place, Source};
use super::diagnostic::Diagnostic;
use super::model::Spec;
use super::overrides;
use super::rules;
use super::text;
use super::tree::{Content, Node};
use super::values::Values;
use super::vocabulary::Vocabulary;
use super::walk::{At, Walk};
use super::yaml;

/// Reads a spec.
///
/// `file` is the name for messages. `overrides` are `--set path=value` flags: they replace what stands in the file, in their
/// order; the value is one line of YAML. Every complaint is returned at once, in the order of the file.
pub fn read(
    file: &str,
    text: &[u8],
    vocabulary: &Vocabulary,
    overrides: &[(String, String)],
) -> Result<Spec, Vec<Diagnostic>> {
    let decoded = match text::decode(text) {
        Ok(decoded) => decoded,
        Err((offset, fault)) => {
            let readable = String::from_utf8_lossy(&text[..text.len().min(text::LARGEST_BYTES)]);
            let mut complaints = Complaints::new(file, &readable, Vec::new());
            complaints.add(text::position(text, offset), fault);
            return Err(complaints.finish());
        }
    };
    let flags = overrides.iter().map(|(path, value)| format!("{path}={value}")).collect();
    let mut complaints = Complaints::new(file, decoded, flags);
    match root(decoded, overrides, &mut complaints) {
        Some(root) => spec(&root, vocabulary, complaints),
        None => Err(complaints.finish()),
    }
}

/// The map that the file is; `None`: it was complained about.
fn root(text: &str, overrides: &[(String, String)], complaints: &mut Complaints<'_>) -> Option<Node> {
    if !text::is_clean(text, complaints) {
        return None;
    }
    let start = Place::at(Source::File, 1, 1);
    let node = yaml::read(text, start, complaints);
    if node.is_none() && !complaints.is_empty() {
        return None;
    }
    let mut root = node.unwrap_or(Node { content: Content::Null, place: start });
    match root.content {
        Content::Map(_) => {
            overrides::apply(&mut root, overrides, complaints);
            return Some(root);
        }
        Content::Null => {
            let help = "`loadline init` writes a spec to begin with";
            complaints.add(start, Fault::new("empty", "the file is empty", help));
        }
        _ => {
            let message = format!("a spec is a map of keys, but this is {}", root.what());
            complaints.add(root.place, Fault::new("wrong-type", message, "begin with `version: 1`"));
        }
    }
    None
}

fn spec(
    root: &Node,
    vocabulary: &Vocabulary,
    mut complaints: Complaints<'_>,
) -> Result<Spec, Vec<Diagnostic>> {
    let mut walk = Walk { vocabulary, complaints: &mut complaints, values: Values::default() };
    if let Content::Map(entries) = &root.content {
        walk.map(At { table: "", path: "" }, entries, root.place);
    }
    let mut values = walk.values;
    rules::apply(&mut values, &mut complaints);
    if complaints.is_empty() { Ok(build::spec(values)) } else { Err(complaints.finish()) }
}
