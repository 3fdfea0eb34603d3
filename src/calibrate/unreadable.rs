//! Why a file of measurements cannot be used: what was seen where, and what to do.

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1; `None`: the file as a whole is meant.
    pub line: Option<u64>,
    /// What was seen.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Unreadable {
    /// A complaint about a file as a whole.
    pub(super) fn whole(file: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, message: message.into(), help: help.into() }
    }

    /// A complaint about one line.
    pub(super) fn line(file: &str, line: u64, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::whole(file, message, help) }
    }

    /// `file:line`, or the file alone.
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file))
    }
}

/// Text of a file, fit to be repeated in a sentence: short and in quotes.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let shown: String = text.chars().take(LONGEST).collect();
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("`{shown}{more}`")
}
