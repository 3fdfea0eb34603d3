//! Contradictions for a person: each with its failure, its numbers and their places, and what would agree.

use crate::lint::{Figure, Finding, From, Linted, Rule, Severity};
use crate::report::findings::{COLUMN, tone};
use crate::report::look::{Look, Tone};
use crate::report::page::Page;
use crate::report::words::{Word as _, listed, plural};

/// Everything that was found.
pub fn lint_text(linted: &Linted, look: &Look) -> String {
    let mut page = Page::new(look);
    let files = plural(linted.files.len(), "file");
    let counted: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (linted.count(severity), severity.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    if counted.is_empty() {
        page.sentence(&format!("{files}: nothing contradicts."));
    } else {
        page.sentence(&format!("{files}: {}.", listed(&counted)));
    }
    for finding in &linted.findings {
        page.sentence("");
        one(&mut page, finding);
    }
    if !linted.notes.is_empty() {
        page.heading("Not followed, or not understood");
        for note in &linted.notes {
            page.marked(Tone::Plain, &note.place.to_string(), 0, &note.sentence);
        }
    }
    if !counted.is_empty() {
        page.sentence("");
        page.sentence("Next: loadline lint --explain RULE says why a rule holds. No file was changed.");
    }
    page.finish()
}

fn one(page: &mut Page<'_>, finding: &Finding) {
    let severity = finding.rule.severity;
    page.marked(
        tone(severity),
        severity.word(),
        COLUMN,
        &format!("{} [{}]", finding.sentence, finding.rule.id),
    );
    page.hanging(COLUMN, &format!("Then {}.", finding.rule.failure));
    for figure in &finding.figures {
        page.hanging(COLUMN, &number(figure));
    }
    for agree in &finding.agree {
        page.hanging(COLUMN, &format!("agrees: {} = {}", agree.setting, agree.value));
    }
}

fn number(figure: &Figure) -> String {
    let said = format!("{} = {}", figure.what, figure.value);
    match &figure.from {
        From::Written(place) | From::Unread(place) => format!("{place}: {said}"),
        From::Default(source) => format!("default: {said} ({source})"),
        From::Reckoned(how) => format!("reckoned: {said} ({how})"),
    }
}

/// One rule, explained.
pub fn lint_rule_text(rule: &Rule, look: &Look) -> String {
    let mut page = Page::new(look);
    page.marked(tone(rule.severity), rule.severity.word(), COLUMN, rule.id);
    page.hanging(COLUMN, &format!("Holds where {}.", rule.title));
    page.hanging(COLUMN, &format!("Where not: {}.", rule.failure));
    page.hanging(COLUMN, &format!("Source: {}.", rule.source));
    page.finish()
}
