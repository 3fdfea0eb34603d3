//! Collects complaints while a spec is read, and knows the text that each place points into.
//!
//! Decides where a complaint is shown and how much of the user's text is repeated in it. In: places and sentences; out:
//! [`Diagnostic`]s in the order of the file.

use super::diagnostic::{Diagnostic, Severity};

/// More than this many complaints help nobody; the rest is counted.
const MOST_COMPLAINTS: usize = 100;
/// Widest excerpt of a line, in characters.
const WIDEST_EXCERPT: usize = 120;

/// Which text a [`Place`] lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The file.
    File,
    /// The `--set` flag of that index.
    Flag(usize),
}

/// A stretch of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Which text.
    pub(crate) source: Source,
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in characters, from 1.
    pub(crate) column: usize,
    /// Characters.
    pub(crate) length: usize,
}

impl Place {
    /// One character.
    pub(super) const fn at(source: Source, line: usize, column: usize) -> Self {
        Self { source, line, column, length: 1 }
    }
}

/// A complaint that does not know its place yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Kind.
    pub(super) code: &'static str,
    /// Sentence.
    pub(super) message: String,
    /// What to write instead.
    pub(super) help: Option<String>,
}

impl Fault {
    /// A complaint with help.
    pub(super) fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: Some(help.into()) }
    }
}

/// The complaints so far.
pub(super) struct Complaints<'text> {
    file: &'text str,
    lines: Vec<&'text str>,
    flags: Vec<String>,
    found: Vec<(Place, Diagnostic)>,
    left_out: usize,
}

impl<'text> Complaints<'text> {
    /// No complaints about this text and these flags (`path=value`).
    pub(super) fn new(file: &'text str, text: &'text str, flags: Vec<String>) -> Self {
        let lines = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        Self { file, lines, flags, found: Vec::new(), left_out: 0 }
    }

    /// Adds a complaint.
    pub(super) fn add(&mut self, place: Place, fault: Fault) {
        if self.full() {
            self.left_out += 1;
            return;
        }
        let (file, line_text) = match place.source {
            Source::File => (self.file, self.lines.get(place.line - 1).copied().unwrap_or_default()),
            Source::Flag(index) => ("--set", self.flags.get(index).map(String::as_str).unwrap_or_default()),
        };
        let (excerpt, caret) = excerpt(line_text, place.column);
        let length = place.length.min(excerpt.chars().count().saturating_sub(caret)).max(1);
        let Fault { code, message, help } = fault;
        let (file, severity) = (file.to_owned(), Severity::Error);
        let (line, column) = (place.line, place.column);
        let diagnostic =
            Diagnostic { severity, code, message, file, line, column, excerpt, caret, length, help };
        if !self.found.iter().any(|(known, other)| *known == place && other.message == diagnostic.message) {
            self.found.push((place, diagnostic));
        }
    }

    /// Whether further complaints are only counted, so that looking for suggestions is a waste.
    pub(super) const fn full(&self) -> bool {
        self.found.len() >= MOST_COMPLAINTS
    }

    /// How many complaints there are, the ones left out included.
    pub(super) const fn count(&self) -> usize {
        self.found.len() + self.left_out
    }

    /// Whether there is nothing to complain about.
    pub(super) const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Everything found, in the order of the text; the last one says how many were left out.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|(place, _)| *place);
        let mut diagnostics: Vec<Diagnostic> = self.found.into_iter().map(|(_, found)| found).collect();
        if let (Some(last), true) = (diagnostics.last_mut(), self.left_out > 0) {
            let more = format!("{} more complaints are not shown: mend these first", self.left_out);
            last.help = Some(last.help.take().map_or(more.clone(), |help| format!("{help}; {more}")));
        }
        diagnostics
    }
}

/// The part of a line around a column, safe for a terminal, and the place of that column in it.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let start = if line.chars().nth(WIDEST_EXCERPT).is_some() {
        column.saturating_sub(WIDEST_EXCERPT / 2)
    } else {
        0
    };
    let text = line.chars().skip(start).take(WIDEST_EXCERPT).map(visible).collect();
    (text, column.saturating_sub(1).saturating_sub(start))
}

/// A character that changes nothing but its own cell: controls could steer a terminal, marks of direction and breaks of lines
/// could make a line look like another one.
pub(super) const fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => '\u{fffd}',
        other => other,
    }
}

/// The user's text, fit to be repeated in a sentence: short, one line, no control characters.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Below this likeness a suggestion is a guess: tried on the misspellings of the tests.
const NEAR: f64 = 0.75;

/// Jaro-Winkler finds slips in long words; in a word of three letters one slip leaves too little in common, so that one wrong
/// or swapped letter counts as near there.
fn likeness(written: &str, word: &str) -> f64 {
    let one_slip = written.len().min(word.len()) >= 3 && strsim::osa_distance(written, word) <= 1;
    strsim::jaro_winkler(written, word).max(if one_slip { NEAR } else { 0.0 })
}

/// The valid word nearest to what was written, if one is near enough to be meant.
pub(super) fn nearest<'a>(written: &str, valid: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > 64 {
        return None;
    }
    let lower = written.to_lowercase();
    valid
        .map(|word| (likeness(&lower, &word.to_lowercase()), word))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, word)| word)
}
