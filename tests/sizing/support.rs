//! Examples read with changes, and how close is close enough.

use loadline::sizing::{Confirm, Effort, Extent, Finding, Sizing, size};
use loadline::spec::{self, Spec};

/// An example with `--set` changes, as the command line reads it.
pub(crate) fn example(name: &str, changes: &[(&str, &str)]) -> Spec {
    let path = format!("{}/examples/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).unwrap();
    let changes: Vec<(String, String)> =
        changes.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    spec::read(&path, &text, &loadline::clouds::vocabulary(), &changes)
        .unwrap_or_else(|complaints| panic!("{name} with {changes:?}: {complaints:#?}"))
}

/// The plan for 2000 users on the cores that it names, with further changes.
pub(crate) fn pinned(changes: &[(&str, &str)]) -> Spec {
    let mut all = vec![("app.cores", "16"), ("database.cores", "8")];
    all.extend(changes);
    example("teachers-2000", &all)
}

/// Formulas only, and percentiles within about 1 %.
pub(crate) fn fast() -> Effort {
    Effort { samples: 20_000, confirm: Confirm::Never, sensitivity: Extent::Skip, ..Effort::thorough() }
}

/// Formulas only.
pub(crate) fn sized(spec: &Spec) -> Sizing {
    size(spec, &fast(), &|_| {})
}

/// The findings with this code.
pub(crate) fn with_code<'a>(sizing: &'a Sizing, code: &str) -> Vec<&'a Finding> {
    sizing.findings.iter().filter(|finding| finding.code == code).collect()
}

pub(crate) fn close(what: &str, seen: f64, expected: f64, relative: f64) {
    assert!(
        (seen - expected).abs() <= relative * expected.abs(),
        "{what}: {seen} is not within {relative} of {expected}"
    );
}
