//! Bytes to the text of a spec: what is wrong before YAML is even looked at.
//!
//! In: the bytes of a file; out: its text, or complaints about size, encoding, control characters and tabs.

use super::complaints::{Complaints, Fault, Place, Source};

/// Largest spec, in bytes. The plan for a whole company fits into a hundredth of it.
pub const LARGEST_BYTES: usize = 1 << 20;
/// Some editors write it; in UTF-8 it means nothing.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file, without a byte order mark; `Err`: what is wrong with the file as a whole, and after how many good bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, (usize, Fault)> {
    if bytes.len() > LARGEST_BYTES {
        // The caller may have stopped reading there, so the true size is not known.
        let message =
            format!("the file has more than {LARGEST_BYTES} bytes (1 MiB), the most a spec may have");
        return Err((0, Fault::new("too-large", message, "check that this is the right file")));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let fault = Fault::new("encoding", "the file is UTF-16; a spec is UTF-8", "save it as UTF-8");
        return Err((0, fault));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("the byte at offset {} is not UTF-8", error.valid_up_to());
        (error.valid_up_to(), Fault::new("encoding", message, "save the file as UTF-8"))
    })?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text))
}

/// Line and column of a byte offset; bytes that are no text count as one character each.
pub(super) fn position(bytes: &[u8], offset: usize) -> Place {
    let before = String::from_utf8_lossy(&bytes[..offset.min(bytes.len())]);
    let before = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&before);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Place::at(Source::File, line, column)
}

/// Complains about control characters and about tabs in the indentation; whether the text may be parsed.
pub(super) fn is_clean(text: &str, complaints: &mut Complaints<'_>) -> bool {
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.chars().any(char::is_control) {
            continue;
        }
        let indented = line.trim_start();
        let tab = line.chars().take_while(|character| character.is_whitespace()).position(|one| one == '\t');
        if let (Some(column), false) = (tab, indented.is_empty() || indented.starts_with('#')) {
            let fault =
                Fault::new("tab", "a tab in the indentation", "indent with spaces: two for each level");
            complaints.add(Place::at(Source::File, index + 1, column + 1), fault);
        }
        if let Some(column) = line.chars().position(|one| one.is_control() && one != '\t') {
            let character = line.chars().nth(column).map_or(0, u32::from);
            let name = if character == 0 {
                "a NUL byte".to_owned()
            } else {
                format!("a control character (U+{character:04X})")
            };
            let fault = Fault::new(
                "control-character",
                format!("{name} in the text"),
                "remove it; is this a text file?",
            );
            complaints.add(Place::at(Source::File, index + 1, column + 1), fault);
        }
        if complaints.full() {
            break;
        }
    }
    complaints.is_empty()
}
