//! docs/lint.md holds every rule, as the code has it.

use std::fs;

use loadline::lint::{Severity, rules};

use crate::support::root;

#[test]
fn the_table_of_rules_is_the_rules() {
    let page = fs::read_to_string(root().join("docs/lint.md")).unwrap();
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| `") && line.contains("` | **")).collect();
    let wanted: Vec<String> = rules()
        .map(|rule| {
            let severity = match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            format!("| `{}` | **{severity}** | {} | {} |", rule.id, rule.title, rule.failure)
        })
        .collect();
    let missing: Vec<_> = wanted.iter().filter(|row| !rows.contains(&row.as_str())).collect();
    assert!(
        missing.is_empty(),
        "not in docs/lint.md:\n{}",
        missing.iter().map(|row| format!("{row}\n")).collect::<String>()
    );
    assert_eq!(rows.len(), wanted.len(), "docs/lint.md holds rules that are none");
}

#[test]
fn rules_have_names_reasons_and_sources() {
    let mut ids: Vec<&str> = rules().map(|rule| rule.id).collect();
    let count = ids.len();
    assert!(
        ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
    );
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "a name stands twice");
    for rule in rules() {
        assert!(!rule.title.is_empty() && !rule.failure.is_empty() && !rule.source.is_empty(), "{}", rule.id);
        assert!(!rule.failure.ends_with('.') && !rule.title.ends_with('.'), "{}", rule.id);
    }
}
