//! Findings and rejections for a person: severity as a word, the sentence with its numbers, what to do.

use super::look::{Look, Tone};
use super::page::Page;
use super::words::{Word, listed, plural};
use crate::sizing::{Finding, Severity};

/// Column that the sentences of findings start in: the longest severity word and two spaces.
pub(super) const COLUMN: usize = 9;

pub(super) fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Note => Tone::Strong,
        Severity::Warning => Tone::Warning,
        Severity::Error => Tone::Bad,
    }
}

/// Writes findings as marked paragraphs.
pub(crate) fn write_findings(page: &mut Page<'_>, findings: &[Finding]) {
    for finding in findings {
        page.marked(tone(finding.severity), finding.severity.word(), COLUMN, &finding.sentence);
        if !finding.hint.is_empty() {
            page.hanging(COLUMN, &finding.hint);
        }
        let place = match finding.path.as_str() {
            "" => format!("[{}]", finding.code),
            path => format!("[{}, {path}]", finding.code),
        };
        page.hanging(COLUMN, &place);
    }
}

/// Writes the beginning of each finding, one line each.
pub(crate) fn write_beginnings(page: &mut Page<'_>, findings: &[Finding]) {
    for finding in findings {
        page.beginning(tone(finding.severity), finding.severity.word(), COLUMN, &finding.sentence);
    }
}

/// `1 error, 2 warnings and 1 note`; empty without findings.
pub(crate) fn tally(findings: &[Finding]) -> String {
    let counted = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (findings.iter().filter(|finding| finding.severity == severity).count(), severity));
    let parts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| plural(*count, severity.word()))
        .collect();
    listed(&parts)
}

/// The same for a program.
pub fn why_not_json(products: &[WhyNot]) -> serde_json::Value {
    let write = |one: &WhyNot| {
        serde_json::json!({
            "product": one.product, "cloud": one.cloud, "region": one.region, "reasons": one.reasons,
        })
    };
    serde_json::json!({ "schema": super::json::SCHEMA, "why_not": products.iter().map(write).collect::<Vec<_>>() })
}

/// Findings for a person.
pub fn findings_text(findings: &[Finding], look: &Look) -> String {
    let mut page = Page::new(look);
    if findings.is_empty() {
        page.sentence("No findings: nothing in the spec contradicts itself.");
    } else {
        page.heading(&format!("Findings: {}", tally(findings)));
        write_findings(&mut page, findings);
    }
    page.finish()
}

/// Why one cloud's design does not have a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyNot {
    /// Product, as asked for.
    pub product: String,
    /// Short name of the cloud.
    pub cloud: String,
    /// Region.
    pub region: String,
    /// One sentence each; they come from the choice.
    pub reasons: Vec<String>,
}

/// Why products were not taken, for a person.
pub fn why_not_text(products: &[WhyNot], look: &Look) -> String {
    let mut page = Page::new(look);
    for reason in products.iter().flat_map(|one| &one.reasons) {
        page.marked(Tone::Plain, "-", 2, reason);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn a_finding_says_how_bad_what_and_what_to_do() {
        let text = findings_text(&fixtures::sizing().findings, &Look::plain(200));
        assert!(text.starts_with("Findings: 1 error, 1 warning and 1 note\n"), "{text}");
        assert!(text.contains("warning  2000 users at 5000 rps leave 0.16 s"));
        assert!(text.contains("Write `think: 10 s` if these are people."));
        assert!(text.contains("[think-time-not-human, load.think]"));
    }

    #[test]
    fn no_findings_is_said_not_left_blank() {
        assert!(findings_text(&[], &Look::plain(80)).contains("No findings"));
    }

    #[test]
    fn each_reason_against_an_offer_is_a_line() {
        let reasons = ["memory: needs 16 GiB, has 8 GiB".to_owned(), "retired on 2024-09-16".to_owned()];
        let asked = [WhyNot {
            product: "e8.large".into(),
            cloud: "east".into(),
            region: "east-1".into(),
            reasons: reasons.to_vec(),
        }];
        assert_eq!(
            why_not_text(&asked, &Look::plain(80)),
            "- memory: needs 16 GiB, has 8 GiB\n- retired on 2024-09-16\n"
        );
        assert_eq!(why_not_json(&asked)["why_not"][0]["reasons"][1], "retired on 2024-09-16");
    }
}
