//! Bytes to text, or why they are none: what is refused before any parser looks.

use std::sync::Arc;

use super::super::known::Place;
use super::Unreadable;

/// Largest file, bytes. A configuration of a whole company fits into a hundredth of it.
pub const LARGEST_BYTES: usize = 1 << 20;

/// The text of a file, without a byte order mark.
///
/// # Errors
/// When it is too large, no UTF-8, or holds control characters.
pub(super) fn decode<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Unreadable> {
    let at = |line, column| Place { file: file.clone(), line, column };
    if bytes.len() > LARGEST_BYTES {
        return Err(Unreadable::new(
            at(1, 1),
            "the file has more than 1 MiB, the most that is read",
            "check that this is the right file",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Unreadable::new(at(line, column), "this is no UTF-8 text", "save the file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let control = |c: char| c.is_control() && c != '\t';
        if let Some(column) = line.chars().position(control) {
            let character = line.chars().nth(column).map_or(0, u32::from);
            return Err(Unreadable::new(
                at(index + 1, column + 1),
                format!("a control character (U+{character:04X}) in the text"),
                "remove it; is this a text file?",
            ));
        }
    }
    Ok(text)
}
