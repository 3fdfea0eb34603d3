//! What stands below the table: what differs first, then what all share, then findings in a line each, then what to run next.

use crate::market::{Candidate, CloudOutcome, Comparison, Objection, ObjectionSeverity};
use crate::report::bill::{dates, pinned_minus_chosen, total_text};
use crate::report::findings::{tally, write_beginnings, write_findings};
use crate::report::look::Tone;
use crate::report::page::Page;
use crate::report::size::load_line_sentence;
use crate::report::tidy;
use crate::report::words::{listed, plural};
use crate::sizing::{Finding, Severity, Sizing};
use crate::spec::Spec;

/// Writes everything below the table.
pub(super) fn write(page: &mut Page<'_>, spec: &Spec, sizing: &Sizing, comparison: &Comparison) {
    let pairs: Vec<String> = comparison.clouds.iter().filter_map(pinned_beside_chosen).collect();
    section(page, "Pinned and chosen", &pairs);
    let regrets: Vec<String> = comparison.clouds.iter().filter_map(super::least_regret).collect();
    section(page, "Uncertain inputs", &regrets);
    section(page, "What a cloud cannot do of what was asked", &objections(comparison));
    misses(page, comparison);
    section(page, "Products with an end or a successor", &lifecycle(comparison));
    section(page, "How far each carries", &load_lines(spec, comparison));
    section(page, "Best for", &best_for(comparison));
    section(page, "Left out of the bills", &left_out(comparison));
    write_worst(page, &sizing.findings);
    page.heading("Basis");
    page.sentence(&basis(comparison));
    page.heading("Next");
    for (command, why) in [
        ("loadline size SPEC", "what each tier needs, and why"),
        ("loadline compare SPEC --lines", "every line of the bills"),
        ("loadline compare SPEC --why-not SKU", "why a product was not taken"),
        ("loadline compare SPEC --html FILE", "all of it as a page"),
    ] {
        page.marked(Tone::Strong, command, 37, why);
    }
}

fn section(page: &mut Page<'_>, heading: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    page.heading(heading);
    for sentence in sentences {
        page.marked(Tone::Plain, "-", 2, sentence);
    }
}

/// The pinned design beside the chosen one; `None` where nothing is pinned.
pub(crate) fn pinned_beside_chosen(outcome: &CloudOutcome) -> Option<String> {
    let pinned = outcome.pinned.as_ref()?;
    let Some(chosen) = &outcome.chosen else {
        let total = total_text(&pinned.bill);
        return Some(format!("{}: pinned {total}; no other design meets every requirement.", outcome.title));
    };
    let sums = format!("pinned {}, chosen {}", total_text(&pinned.bill), total_text(&chosen.bill));
    let difference = match pinned_minus_chosen(outcome) {
        None => "a price is unknown, so the difference is too".to_owned(),
        Some(difference) if difference.is_zero() => "no difference".to_owned(),
        Some(difference) => {
            let direction = if difference.is_sign_negative() { "less" } else { "more" };
            format!("the pinned design costs {} {direction} a month", tidy::money(difference.abs()))
        }
    };
    let misses = match pinned.misses.len() {
        0 => String::new(),
        missed => format!(" and misses {}", plural(missed, "requirement")),
    };
    Some(format!("{}: {sums}: {difference}{misses}.", outcome.title))
}

fn objections(comparison: &Comparison) -> Vec<String> {
    let of = |outcome: &CloudOutcome| -> Vec<String> {
        let write = |objection: &Objection| {
            let effect = match objection.severity {
                ObjectionSeverity::Reduced => "the design does less",
                ObjectionSeverity::Impossible => "no design is possible",
            };
            let why = objection.why.trim_end_matches('.');
            format!("{}: {}: {why} ({effect}).", outcome.title, objection.what)
        };
        outcome.objections.iter().map(write).collect()
    };
    comparison.clouds.iter().flat_map(of).collect()
}

fn misses(page: &mut Page<'_>, comparison: &Comparison) {
    for outcome in &comparison.clouds {
        if let Some(candidate) = outcome.main().filter(|candidate| !candidate.misses.is_empty()) {
            page.heading(&format!("{} misses", outcome.title));
            write_findings(page, &candidate.misses);
        }
    }
}

/// One sentence for each product with an end or a successor.
pub(crate) fn lifecycle(comparison: &Comparison) -> Vec<String> {
    let notes = |outcome: &CloudOutcome| -> Vec<String> {
        let notes = outcome.main().map(|candidate| candidate.lifecycle.as_slice()).unwrap_or_default();
        notes.iter().map(|note| format!("{}: {}", outcome.title, note.sentence)).collect()
    };
    comparison.clouds.iter().flat_map(notes).collect()
}

/// What no bill holds; a sentence that is only some clouds' names them.
pub(crate) fn left_out(comparison: &Comparison) -> Vec<String> {
    shared(comparison, |candidate| candidate.bill.left_out.clone())
}

/// How far each design carries; clouds that carry equally far share a sentence.
fn load_lines(spec: &Spec, comparison: &Comparison) -> Vec<String> {
    shared(comparison, |candidate| {
        let sentence = load_line_sentence(spec, &candidate.load_line);
        vec![sentence.trim_start_matches("Load line: ").to_owned()]
    })
}

/// What each cloud is good at.
fn best_for(comparison: &Comparison) -> Vec<String> {
    let known = comparison.clouds.iter().filter(|outcome| !outcome.best_for.is_empty());
    known.map(|outcome| format!("{}: {}.", outcome.title, outcome.best_for.trim_end_matches('.'))).collect()
}

/// The sentences of every design, each once; one that is only some clouds' names them.
fn shared(comparison: &Comparison, of: impl Fn(&Candidate) -> Vec<String>) -> Vec<String> {
    let mut sentences: Vec<(String, Vec<&str>)> = Vec::new();
    let designs = comparison.clouds.iter().filter_map(|outcome| Some((outcome, outcome.main()?)));
    for (outcome, candidate) in designs {
        for sentence in of(candidate) {
            match sentences.iter_mut().find(|(known, _)| *known == sentence) {
                Some((_, titles)) => titles.push(&outcome.title),
                None => sentences.push((sentence, vec![&outcome.title])),
            }
        }
    }
    let all = comparison.clouds.iter().filter(|outcome| outcome.main().is_some()).count();
    let write = |(sentence, titles): (String, Vec<&str>)| match titles.len() {
        some if some == all => sentence,
        _ => format!("{}: {sentence}", listed(&titles)),
    };
    sentences.into_iter().map(write).collect()
}

/// Hours, currency, dates.
pub(crate) fn basis(comparison: &Comparison) -> String {
    let bills = comparison.clouds.iter().filter_map(CloudOutcome::main).map(|candidate| &candidate.bill);
    let dates = dates(bills).map(|dates| format!(", {dates}")).unwrap_or_default();
    format!("{} US dollars without tax{dates}; products judged on {}.", super::HOURS_BASIS, comparison.today)
}

/// The errors and warnings among the findings of sizing, a line each: `size` shows them whole, with what to do, and the notes.
fn write_worst(page: &mut Page<'_>, findings: &[Finding]) {
    let worst: Vec<Finding> =
        findings.iter().filter(|finding| finding.severity > Severity::Note).cloned().collect();
    if !worst.is_empty() {
        page.heading(&format!("Findings in the spec: {}", tally(&worst)));
        write_beginnings(page, &worst);
        page.sentence("`loadline size SPEC` explains each, and says what to do.");
    }
}
