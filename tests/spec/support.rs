//! Reading of texts for tests.

use loadline::spec::{self, Diagnostic, Spec};

/// The smallest spec.
pub(crate) const SMALL: &str =
    "version: 1\nname: school\nload: { users: 200 }\nrequests:\n  - { name: page, cpu: 12 ms }\n";

/// The spec of the plan for 2000 users.
pub(crate) fn teachers() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/teachers-2000.yaml")).unwrap()
}

pub(crate) fn read_with(text: &str, sets: &[(&str, &str)]) -> Result<Spec, Vec<Diagnostic>> {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    spec::read("spec.yaml", text.as_bytes(), &loadline::clouds::vocabulary(), &sets)
}

pub(crate) fn read(text: &str) -> Result<Spec, Vec<Diagnostic>> {
    read_with(text, &[])
}

/// The spec of a text that must be sound.
pub(crate) fn sound(text: &str) -> Spec {
    read(text).unwrap_or_else(|errors| panic!("{}\n{text}", shown(&errors)))
}

/// The spec of a text with flags that must be sound.
pub(crate) fn sound_with(text: &str, sets: &[(&str, &str)]) -> Spec {
    read_with(text, sets).unwrap_or_else(|errors| panic!("{}", shown(&errors)))
}

pub(crate) fn errors(text: &str) -> Vec<Diagnostic> {
    read(text).expect_err("this spec is unsound")
}

/// The one complaint about a text.
pub(crate) fn error(text: &str) -> Diagnostic {
    only(errors(text))
}

/// The one complaint about a text with flags.
pub(crate) fn error_with(text: &str, sets: &[(&str, &str)]) -> Diagnostic {
    only(read_with(text, sets).expect_err("this spec is unsound"))
}

fn only(mut errors: Vec<Diagnostic>) -> Diagnostic {
    assert_eq!(errors.len(), 1, "{}", shown(&errors));
    errors.remove(0)
}

/// The small spec with more lines.
pub(crate) fn small_and(lines: &str) -> String {
    format!("{SMALL}{lines}")
}

/// The small spec with one value set.
pub(crate) fn set(path: &str, value: &str) -> Result<Spec, Vec<Diagnostic>> {
    read_with(SMALL, &[(path, value)])
}

/// The complaint about one value.
pub(crate) fn refused(path: &str, value: &str) -> Diagnostic {
    error_with(SMALL, &[(path, value)])
}

/// What the complaint says to do.
pub(crate) fn help(diagnostic: &Diagnostic) -> &str {
    diagnostic.help.as_deref().unwrap_or_default()
}

pub(crate) fn shown(errors: &[Diagnostic]) -> String {
    spec::render(errors, spec::Paint::Plain)
}
