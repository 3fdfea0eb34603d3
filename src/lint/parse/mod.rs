//! Text of the four kinds of files to trees, each word with its place. Knows no rule.
//!
//! The parsers refuse what the programs themselves refuse (an open brace, an open quote), and what no honest file has: megabytes, control
//! characters, nesting without end. They never repeat a line of the file: it may hold a password.

pub(super) mod cnf;
pub(super) mod command;
pub(super) mod compose;
pub(super) mod env;
pub(super) mod nginx;
pub(super) mod redis;
pub(super) mod text;

use super::known::Place;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// Where.
    pub place: Place,
    /// What was seen.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Unreadable {
    /// A complaint.
    pub(super) fn new(place: Place, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { place, message: message.into(), help: help.into() }
    }
}

/// Steps through a text character by character and knows where it is.
pub(super) struct Cursor<'a> {
    file: &'a std::sync::Arc<str>,
    rest: std::str::Chars<'a>,
    line: usize,
    column: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of a text.
    pub(super) fn new(file: &'a std::sync::Arc<str>, text: &'a str) -> Self {
        Self { file, rest: text.chars(), line: 1, column: 1 }
    }

    /// At a line of a text.
    pub(super) fn at_line(file: &'a std::sync::Arc<str>, text: &'a str, line: usize) -> Self {
        Self { line, ..Self::new(file, text) }
    }

    /// Where the next character stands.
    pub(super) fn place(&self) -> Place {
        Place { file: self.file.clone(), line: self.line, column: self.column }
    }

    /// The next character, left there.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// Takes the next character.
    pub(super) fn take(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        if next == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(next)
    }

    /// Skips white space; comments begin with `#` where a word could begin.
    pub(super) fn skip_blank(&mut self, comments: bool) {
        while let Some(next) = self.peek() {
            if comments && next == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.take();
                }
            } else if next.is_whitespace() {
                self.take();
            } else {
                break;
            }
        }
    }
}
