//! Contradictions for a program; docs/json.md names every field.

use serde_json::{Value, json};

use crate::lint::{Figure, Finding, From, Linted, Place, Rule, Severity};
use crate::report::json::SCHEMA;
use crate::report::words::Word as _;

/// Everything that was found.
pub fn lint_json(linted: &Linted) -> Value {
    json!({
        "schema": SCHEMA,
        "files": linted.files.iter().map(|(file, kind)| json!({ "file": file, "kind": kind.word() })).collect::<Vec<_>>(),
        "errors": linted.count(Severity::Error),
        "warnings": linted.count(Severity::Warning),
        "findings": linted.findings.iter().map(finding).collect::<Vec<_>>(),
        "notes": linted.notes.iter().map(|note| placed(json!({ "sentence": note.sentence }), Some(&note.place))).collect::<Vec<_>>(),
    })
}

/// One rule.
pub fn lint_rule_json(rule: &Rule) -> Value {
    json!({
        "schema": SCHEMA,
        "rule": rule.id,
        "severity": rule.severity.word(),
        "title": rule.title,
        "failure": rule.failure,
        "source": rule.source,
    })
}

fn finding(finding: &Finding) -> Value {
    let value = json!({
        "rule": finding.rule.id,
        "severity": finding.rule.severity.word(),
        "sentence": finding.sentence,
        "failure": finding.rule.failure,
        "numbers": finding.figures.iter().map(number).collect::<Vec<_>>(),
        "agree": finding.agree.iter().map(|it| json!({ "setting": it.setting, "value": it.value })).collect::<Vec<_>>(),
        "source": finding.rule.source,
    });
    placed(value, finding.place())
}

fn number(figure: &Figure) -> Value {
    let (default, reckoned) = match &figure.from {
        From::Written(_) | From::Unread(_) => (None, None),
        From::Default(source) => (Some(*source), None),
        From::Reckoned(how) => (None, Some(how.as_str())),
    };
    let value =
        json!({ "what": figure.what, "value": figure.value, "default": default, "reckoned": reckoned });
    placed(value, figure.place())
}

/// The value with a place; all three fields are null where there is none.
fn placed(mut value: Value, place: Option<&Place>) -> Value {
    value["file"] = json!(place.map(|place| place.file.as_ref()));
    value["line"] = json!(place.map(|place| place.line));
    value["column"] = json!(place.map(|place| place.column));
    value
}
