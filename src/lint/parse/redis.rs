//! redis.conf and valkey.conf: a keyword and its arguments a line (head of redis.conf; quoting as in its `sdssplitargs`).

use std::sync::Arc;

use super::super::known::{Place, Word};
use super::{Cursor, Unreadable, text};

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Keyword, lower-case.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) place: Place,
    /// Arguments.
    pub(crate) args: Vec<Word>,
}

/// The lines of a file.
///
/// # Errors
/// When a quote is not closed, or the file is hostile.
pub(crate) fn parse(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let text = text::decode(file, bytes)?;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        let mut cursor = Cursor::at_line(file, line, index + 1);
        let mut words = Vec::new();
        loop {
            cursor.skip_blank(false);
            if cursor.peek().is_none() {
                break;
            }
            let place = cursor.place();
            words.push((word(&mut cursor, &place)?, place));
        }
        let mut words = words.into_iter();
        if let Some((name, place)) = words.next() {
            let args = words.map(|(text, place)| Word::written(text, place)).collect();
            lines.push(Line { name: name.to_ascii_lowercase(), place, args });
        }
    }
    Ok(lines)
}

fn word(cursor: &mut Cursor<'_>, place: &Place) -> Result<String, Unreadable> {
    let mut text = String::new();
    let mut quote = None;
    while let Some(next) = cursor.peek() {
        match (quote, next) {
            (None, c) if c.is_whitespace() => break,
            (None, '"' | '\'') => quote = Some(next),
            (Some(open), _) if open == next => quote = None,
            (Some(_), '\\') => {
                cursor.take();
                text.extend(cursor.peek());
            }
            _ => text.push(next),
        }
        cursor.take();
    }
    match quote {
        None => Ok(text),
        Some(_) => {
            Err(Unreadable::new(place.clone(), "a quote is not closed", "close it with the same sign"))
        }
    }
}
