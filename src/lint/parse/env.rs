//! Environment files: `NAME=value` a line (compose-spec 05, env_file format).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::known::{Place, Word};
use super::{Unreadable, text};

/// Most variables of a file: each service that names the file gets all of them.
const MOST: usize = 1_000;

/// The variables of a file, the last of each name.
///
/// # Errors
/// When the file is hostile, or has more than a thousand variables.
pub(crate) fn parse(file: &Arc<str>, bytes: &[u8]) -> Result<BTreeMap<String, Word>, Unreadable> {
    let text = text::decode(file, bytes)?;
    let mut variables = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let start = line.chars().take_while(|c| c.is_whitespace()).count();
        let body = line.trim();
        let exported = body.strip_prefix("export ").unwrap_or(body);
        if body.starts_with('#') {
            continue;
        }
        let Some((name, value)) = exported.split_once('=') else { continue };
        let column = start + (body.len() - exported.len()) + name.chars().count() + 2;
        let place = Place { file: file.clone(), line: index + 1, column };
        if variables.len() >= MOST {
            return Err(Unreadable::new(
                place,
                format!("more than {MOST} variables"),
                "is this an environment file?",
            ));
        }
        variables.insert(name.trim().to_owned(), Word::written(plain(value.trim()), place));
    }
    Ok(variables)
}

/// A value without its quotes, or without the comment behind it.
fn plain(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some((inside, _)) = value.strip_prefix(quote).and_then(|rest| rest.rsplit_once(quote)) {
            return inside;
        }
    }
    value.split_once(" #").map_or(value, |(value, _)| value.trim_end())
}
