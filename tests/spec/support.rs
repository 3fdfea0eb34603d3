//! Small specs, and short ways to read them.

use loadline::clouds::vocabulary;
use loadline::spec::{self, Diagnostic, Paint, Spec};

/// The spec of 2000 teachers: nearly every key is written.
pub(crate) const FULL: &str = include_str!("../../examples/teachers-2000.yaml");

/// Only what is required.
pub(crate) const SMALL: &str = "\
version: 1
name: school
load:
  users: 200
requests:
  - name: page
    cpu: 12 ms
";

pub(crate) type Outcome = Result<Spec, Vec<Diagnostic>>;

pub(crate) fn read(text: impl AsRef<[u8]>) -> Outcome {
    read_with(text, &[])
}

/// Reads with `--set path=value` flags.
pub(crate) fn read_with(text: impl AsRef<[u8]>, flags: &[(&str, &str)]) -> Outcome {
    let flags: Vec<(String, String)> =
        flags.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    spec::read("spec.yaml", text.as_ref(), &vocabulary(), &flags)
}

pub(crate) fn sound(outcome: Outcome) -> Spec {
    outcome.unwrap_or_else(|found| panic!("{}", spec::render(&found, Paint::Plain)))
}

pub(crate) fn complaints(text: impl AsRef<[u8]>) -> Vec<Diagnostic> {
    read(text).expect_err("this spec is wrong, but nothing was said")
}

/// The one complaint about a text.
pub(crate) fn complaint(text: impl AsRef<[u8]>) -> Diagnostic {
    only(complaints(text))
}

/// The one complaint about the full example with one value replaced.
pub(crate) fn complaint_about(path: &str, value: &str) -> Diagnostic {
    only(read_with(FULL, &[(path, value)]).expect_err("this value is wrong, but nothing was said"))
}

fn only(mut found: Vec<Diagnostic>) -> Diagnostic {
    assert_eq!(found.len(), 1, "{}", spec::render(&found, Paint::Plain));
    found.remove(0)
}

/// The part of the shown line that is marked.
pub(crate) fn marked(diagnostic: &Diagnostic) -> String {
    diagnostic.excerpt.chars().skip(diagnostic.caret).take(diagnostic.length).collect()
}

pub(crate) fn help(diagnostic: &Diagnostic) -> &str {
    diagnostic.help.as_deref().unwrap_or_default()
}

/// Code, line, column and marked text of each complaint.
pub(crate) fn places(found: &[Diagnostic]) -> Vec<(&'static str, usize, usize, String)> {
    found.iter().map(|one| (one.code, one.line, one.column, marked(one))).collect()
}

#[track_caller]
pub(crate) fn close(found: f64, expected: f64) {
    let scale = expected.abs().max(f64::MIN_POSITIVE);
    assert!((found - expected).abs() / scale < 1e-12, "{found} is not {expected}");
}
