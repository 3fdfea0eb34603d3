//! A comparison as Markdown, fit for a pull-request comment: a summary table, everything else folded away.

use super::bill::{tier_totals, total_text};
use super::compare::{
    basis, least_regret, left_out, lifecycle, meets, pinned_beside_chosen, ranking, rows, terms,
};
use super::escape::{markdown, markdown_html};
use super::findings::tally;
use super::size::load_line_sentence;
use super::tidy;
use super::words::{Word, plural};
use crate::market::{Candidate, CloudOutcome, Comparison};
use crate::sizing::{Finding, Sizing};
use crate::spec::Spec;

/// A comparison as Markdown. Every word of the user or of a price book is escaped: no markup, no mention, no table column.
pub fn compare_markdown(spec: &Spec, sizing: &Sizing, comparison: &Comparison) -> String {
    let mut out = String::new();
    heading(&mut out, spec, sizing);
    summary(&mut out, spec, comparison);
    for (place, sentence) in ranking(comparison).iter().enumerate() {
        out.push_str(&format!("{}. {}\n", place + 1, markdown(sentence)));
    }
    let mut notes: Vec<String> = comparison.clouds.iter().filter_map(pinned_beside_chosen).collect();
    notes.extend(comparison.clouds.iter().flat_map(|outcome| {
        let write = |one: &crate::market::Objection| format!("{}: {}: {}", outcome.title, one.what, one.why);
        outcome.objections.iter().map(write)
    }));
    notes.extend(lifecycle(comparison));
    list(&mut out, "Pinned designs, objections and lifecycle", &notes);
    let regrets: Vec<String> = comparison.clouds.iter().filter_map(least_regret).collect();
    list(&mut out, "Designs under uncertain inputs", &regrets);
    findings(&mut out, "the spec", &sizing.findings);
    for outcome in &comparison.clouds {
        if let Some(candidate) = outcome.main() {
            let own: Vec<Finding> = candidate.misses.iter().chain(&candidate.notes).cloned().collect();
            findings(&mut out, &outcome.title, &own);
            bill(&mut out, outcome, candidate);
        }
    }
    list(&mut out, "Left out of every bill", &left_out(comparison));
    out.push_str(&format!("\n{}\n", markdown(&basis(comparison))));
    out
}

fn heading(out: &mut String, spec: &Spec, sizing: &Sizing) {
    out.push_str(&format!(
        "### {}: {} users, {}, p95 {} ({})\n\n{}\n\n",
        markdown(&spec.name),
        tidy::count(sizing.prediction.users),
        tidy::rps(sizing.prediction.throughput_rps.value),
        tidy::duration(sizing.prediction.response.p95_s.value),
        terms(spec),
        markdown(&load_line_sentence(spec, &sizing.load_line)),
    ));
}

fn summary(out: &mut String, spec: &Spec, comparison: &Comparison) {
    let mut header = vec![String::new()];
    header.extend(comparison.clouds.iter().map(|outcome| markdown(&outcome.title)));
    let alignment = vec![":--"; header.len()].join(" | ");
    out.push_str(&format!("| {} |\n| {alignment} |\n", header.join(" | ")));
    for row in rows(spec, comparison) {
        let mut cells = vec![row.label.to_owned()];
        cells.extend(row.cells.iter().map(|cell| {
            let lines: Vec<String> = cell.iter().map(|line| markdown(line)).collect();
            lines.join("<br>")
        }));
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
}

fn details(out: &mut String, summary: &str, body: &str) {
    out.push_str(&format!(
        "\n<details><summary>{}</summary>\n\n{body}\n</details>\n",
        markdown_html(summary)
    ));
}

fn list(out: &mut String, summary: &str, sentences: &[String]) {
    if !sentences.is_empty() {
        let body: String = sentences.iter().map(|sentence| format!("- {}\n", markdown(sentence))).collect();
        details(out, &format!("{summary} ({})", sentences.len()), &body);
    }
}

fn findings(out: &mut String, of: &str, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    let mut body = String::from("| | finding | what to do |\n| :-- | :-- | :-- |\n");
    for finding in findings {
        let (sentence, hint) = (markdown(&finding.sentence), markdown(&finding.hint));
        body.push_str(&format!("| {} | {sentence} | {hint} |\n", finding.severity.word()));
    }
    details(out, &format!("Findings for {of}: {}", tally(findings)), &body);
}

fn bill(out: &mut String, outcome: &CloudOutcome, candidate: &Candidate) {
    let bill = &candidate.bill;
    let mut body = String::from(
        "| tier | what | quantity | unit | unit price | a month | as of |\n| :-- | :-- | --: | :-- | --: | --: | :-- |\n",
    );
    for line in &bill.lines {
        body.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} |\n",
            line.tier.word(),
            markdown(&line.what),
            tidy::exact(line.quantity),
            markdown(&line.unit),
            markdown(&tidy::unit_price(line.unit_price)),
            markdown(&tidy::money_or_unknown(line.amount)),
            markdown(&line.as_of),
        ));
    }
    let tiers: Vec<String> =
        tier_totals(bill).iter().map(|total| format!("{} {}", total.tier.word(), total.text())).collect();
    let sums = format!("{}. All met: {}.", tiers.join(", "), meets(outcome));
    body.push_str(&format!("\n{}\n", markdown(&sums)));
    let lines = plural(bill.lines.len(), "line");
    details(out, &format!("Bill of {}: {}, {lines}", outcome.title, total_text(bill)), &body);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    /// Columns of a table row: bars that are not escaped, less one.
    fn columns(row: &str) -> usize {
        row.replace("\\\\", "").replace("\\|", "").matches('|').count() - 1
    }

    fn text() -> String {
        let mut comparison = fixtures::comparison();
        comparison.clouds[0].title = "East | <b>Cloud</b>".into();
        compare_markdown(&fixtures::spec(), &fixtures::sizing(), &comparison)
    }

    #[test]
    fn every_row_of_a_table_has_as_many_columns_as_its_header() {
        let text = text();
        let mut tables = 0;
        let mut header = None;
        for line in text.lines() {
            if !line.starts_with('|') {
                header = None;
                continue;
            }
            let header = *header.get_or_insert_with(|| {
                tables += 1;
                columns(line)
            });
            assert_eq!(columns(line), header, "{line}");
        }
        assert!(tables >= 5, "summary, findings and three bills, found {tables}");
    }

    #[test]
    fn markup_in_names_is_escaped() {
        let text = text();
        assert!(text.contains("East \\| &lt;b&gt;Cloud&lt;/b&gt;") && !text.contains("<b>"));
    }

    #[test]
    fn what_a_price_book_writes_is_words_only() {
        let mut comparison = fixtures::comparison();
        let candidate = comparison.clouds[0].chosen.as_mut().unwrap();
        candidate.bill.lines[0].what = "</details>\n# a | b @all https://x.example <script>".into();
        candidate.notes = fixtures::sizing().findings;
        candidate.notes[0].sentence = "![image](https://x.example/p.png) `code`".into();
        let text = compare_markdown(&fixtures::spec(), &fixtures::sizing(), &comparison);
        for harm in ["# a", "@all", "https://", "<script>", "![", " `"] {
            assert!(!text.contains(harm), "{harm} in\n{text}");
        }
        assert_eq!(text.matches("</details>").count(), text.matches("<details>").count());
        assert!(text.contains("&lt;script&gt;") && text.contains("!\\[image\\]"));
    }

    #[test]
    fn every_details_is_closed_and_every_bill_line_is_inside() {
        let text = text();
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        for outcome in &fixtures::comparison().clouds {
            for line in outcome.main().map(|main| main.bill.lines.as_slice()).unwrap_or_default() {
                assert!(text.contains(&format!(
                    "| {} | {} |",
                    markdown(&line.what),
                    tidy::exact(line.quantity)
                )));
            }
        }
    }
}
