//! What is wrong in the user's file, and the text that shows it.
//!
//! Decides how a complaint looks. Does not decide what is wrong. In: [`Diagnostic`]s; out: text whose first line reads
//! `file:line:column: error: ...`, which editors and CI systems turn into a link.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::complaints::visible;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be done with the file.
    Error,
    /// The file is usable; a person should look.
    Warning,
}

/// One complaint, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable name of the kind of complaint, such as `unknown-key`.
    pub code: &'static str,
    /// What was seen, at what, in one sentence.
    pub message: String,
    /// Name of the file as the caller gave it, or the flag that the text stood in.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line, or the part of it around the place if it is long; control characters replaced.
    pub excerpt: String,
    /// Where in `excerpt` the marked part begins, in characters from 0.
    pub caret: usize,
    /// How many characters are marked, at least 1.
    pub length: usize,
    /// What to write instead; `None`: the message says it all.
    pub help: Option<String>,
}

/// Whether [`render`] may use terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Only text.
    Plain,
    /// ANSI colours; they repeat what the words say.
    Colour,
}

/// All complaints as text: for each the place and the message, the line with a mark under the place, and the help.
pub fn render(diagnostics: &[Diagnostic], paint: Paint) -> String {
    let mut text = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        one(&mut text, diagnostic, paint);
    }
    text
}

fn one(text: &mut String, diagnostic: &Diagnostic, paint: Paint) {
    let (word, colour) = match diagnostic.severity {
        Severity::Error => ("error", "\u{1b}[1;31m"),
        Severity::Warning => ("warning", "\u{1b}[1;33m"),
    };
    let (bold, colour, faint, reset) = match paint {
        Paint::Plain => ("", "", "", ""),
        Paint::Colour => ("\u{1b}[1m", colour, "\u{1b}[2m", "\u{1b}[0m"),
    };
    let Diagnostic { line, column, message, code, excerpt, caret, length, .. } = diagnostic;
    let file: String = diagnostic.file.chars().map(visible).collect();
    let gutter = " ".repeat(line.to_string().len());
    // Some characters take two columns of a terminal, others none.
    let columns =
        |from: usize, many: usize| excerpt.chars().skip(from).take(many).collect::<String>().width();
    let short = caret.saturating_sub(excerpt.chars().count());
    let before = " ".repeat(columns(0, *caret) + short);
    let marks = "^".repeat(columns(*caret, *length).max(1));
    let mut write = |part: std::fmt::Arguments<'_>| {
        text.write_fmt(part).expect("writing to a String cannot fail");
    };
    write(format_args!(
        "{bold}{file}:{line}:{column}:{reset} {colour}{word}:{reset} {message} {faint}[{code}]{reset}\n"
    ));
    write(format_args!(" {faint}{line} |{reset} {excerpt}\n"));
    write(format_args!(" {faint}{gutter} |{reset} {before}{colour}{marks}{reset}\n"));
    if let Some(help) = &diagnostic.help {
        write(format_args!(" {gutter} {bold}help:{reset} {help}\n"));
    }
}
