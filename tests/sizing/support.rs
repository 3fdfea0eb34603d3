//! Specs from text and flags, and how much work the tests put into an answer.

use loadline::sizing::{Confirm, Effort, Extent, Finding, Sizing, size};
use loadline::spec::{Spec, read};

pub(crate) const TEACHERS: &str = include_str!("../../examples/teachers-2000.yaml");

/// The plan's machines: 16 cores for the application, 8 for the database.
pub(crate) const PLAN: &[&str] = &["app.cores=16", "database.cores=8"];

pub(crate) fn spec(text: &str, flags: &[&str]) -> Spec {
    let flags: Vec<(String, String)> = flags
        .iter()
        .map(|flag| flag.split_once('=').unwrap())
        .map(|(path, value)| (path.to_owned(), value.to_owned()))
        .collect();
    let vocabulary = loadline::clouds::vocabulary();
    read("spec.yaml", text.as_bytes(), &vocabulary, &flags).unwrap_or_else(|complaints| {
        let all: Vec<String> = complaints.iter().map(|complaint| format!("{complaint:?}")).collect();
        panic!("{flags:?}: {}", all.join("\n"))
    })
}

/// Formulas only, few samples: for tests that do not look at percentiles.
pub(crate) fn light() -> Effort {
    Effort { samples: 10_000, confirm: Confirm::Never, sensitivity: Extent::Skip, ..Effort::thorough() }
}

pub(crate) fn sized(text: &str, flags: &[&str], effort: &Effort) -> Sizing {
    size(&spec(text, flags), effort, &|_| ())
}

pub(crate) fn findings(text: &str, flags: &[&str]) -> Vec<Finding> {
    sized(text, flags, &light()).findings
}

pub(crate) fn close(seen: f64, expected: f64, relative: f64) {
    assert!(
        (seen - expected).abs() <= relative * expected.abs(),
        "{seen} is not within {relative} of {expected}"
    );
}
