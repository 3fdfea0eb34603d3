//! A text with one JSON object on each line.

use std::io::{BufRead, Read as _};

use serde_json::Value;

use crate::calibrate::unreadable::Unreadable;

/// Longest line, bytes: a measured value with all its tags has a few hundred.
const LONGEST_LINE: u64 = 1 << 20;
/// Largest file that is one JSON object, bytes: summaries have kilobytes, results of a day a few megabytes.
const LARGEST_OBJECT: u64 = 64 << 20;

/// The lines of a file.
pub(super) struct Lines<'a> {
    file: &'a str,
    source: &'a mut dyn BufRead,
    buffer: Vec<u8>,
    line: u64,
}

impl<'a> Lines<'a> {
    /// Before the first line.
    pub(super) fn new(file: &'a str, source: &'a mut dyn BufRead) -> Self {
        Self { file, source, buffer: Vec::new(), line: 0 }
    }

    /// The next object with its line; `None`: that was all. Empty lines are passed over.
    ///
    /// # Errors
    /// When a line holds no JSON object.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value)>, Unreadable> {
        loop {
            self.buffer.clear();
            self.line += 1;
            let mut limited = (&mut *self.source).take(LONGEST_LINE);
            let read = limited.read_until(b'\n', &mut self.buffer).map_err(|error| {
                Unreadable::line(self.file, self.line, format!("reading the line: {error}"), "try again")
            })?;
            if read == 0 {
                return Ok(None);
            }
            if self.buffer.trim_ascii().is_empty() {
                continue;
            }
            let help =
                "the file may have been cut off while it was written: remove this line, or repeat the test";
            return match serde_json::from_slice::<Value>(&self.buffer) {
                Ok(value @ Value::Object(_)) => Ok(Some((self.line, value))),
                Ok(_) => Err(Unreadable::line(self.file, self.line, "this is no JSON object", help)),
                Err(error) => {
                    // The position in the error is that in the line.
                    let message = format!("this is no JSON object (column {})", error.column());
                    Err(Unreadable::line(self.file, self.line, message, help))
                }
            };
        }
    }
}

/// A file that is one JSON object.
///
/// # Errors
/// When it is none.
pub(super) fn object(file: &str, source: &mut dyn BufRead) -> Result<Value, Unreadable> {
    let mut bytes = Vec::new();
    let read = (&mut *source).take(LARGEST_OBJECT + 1).read_to_end(&mut bytes);
    read.map_err(|error| Unreadable::whole(file, format!("reading it: {error}"), "try again"))?;
    if bytes.len() as u64 > LARGEST_OBJECT {
        let message = format!("one JSON object of more than {} MiB", LARGEST_OBJECT >> 20);
        return Err(Unreadable::whole(file, message, "check that this is the right file"));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        let message = format!("this is no JSON (column {})", error.column());
        let help = "the file may have been cut off while it was written: repeat the test";
        Unreadable::line(file, error.line() as u64, message, help)
    })
}
