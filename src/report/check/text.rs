//! A round for a person.

use super::value::value;
use super::{CheckView, tally, tone};
use crate::check::{Finding, Round, Verdict};
use crate::report::look::{Look, Tone};
use crate::report::page::{Grid, Page, Set};

/// Column that sentences start in: the longest verdict and two spaces.
const COLUMN: usize = 9;

/// Everything that one look found: a table, then what is not well and what to do.
pub fn check_text(view: CheckView<'_>, look: &Look) -> String {
    let round = view.round;
    let mut page = Page::new(look);
    page.sentence(&answer(view));
    page.sentence("");
    page.table(&table(round.findings().map(|(it, _)| it)));
    let mut unwell: Vec<&Finding> =
        round.findings().map(|(it, _)| it).filter(|it| it.verdict != Verdict::Ok).collect();
    unwell.sort_by_key(|it| std::cmp::Reverse(it.verdict));
    if !unwell.is_empty() {
        page.sentence("");
    }
    for finding in unwell {
        let sentence = format!("{} {}: {}", finding.component, finding.check, finding.sentence);
        page.marked(tone(finding.verdict), finding.verdict.word(), COLUMN, &sentence);
        if let Some(hint) = &finding.hint {
            page.hanging(COLUMN, &format!("Next: {hint}."));
        }
    }
    not_checked(&mut page, round);
    page.finish()
}

/// A table for a screen of so many rows: what is not well first, and how much of the rest does not fit.
pub fn check_table(view: CheckView<'_>, number: u64, look: &Look, rows: usize) -> String {
    /// Lines for the answer, the heading and the rest.
    const AROUND: usize = 7;
    let round = view.round;
    let mut page = Page::new(look);
    page.sentence(&format!("{} Round {number}, {:.0}.", answer(view), round.at));
    page.sentence("");
    let mut findings: Vec<&Finding> = round.findings().map(|(it, _)| it).collect();
    findings.sort_by_key(|it| std::cmp::Reverse(it.verdict));
    let shown = findings.len().min(rows.saturating_sub(AROUND).max(3));
    page.table(&table(findings[..shown].iter().copied()));
    if shown < findings.len() {
        page.sentence(&format!("{} more do not fit here.", findings.len() - shown));
    }
    if let Some(worst) = findings.first().filter(|it| it.verdict != Verdict::Ok) {
        let sentence = format!("{} {}: {}", worst.component, worst.check, worst.sentence);
        page.beginning(tone(worst.verdict), worst.verdict.word(), COLUMN, &sentence);
    }
    page.finish()
}

fn answer(view: CheckView<'_>) -> String {
    let round = view.round;
    let yes = if round.verdict().is_healthy() { "YES" } else { "NO" };
    format!("{}: {yes}, {}.", view.deployment, tally(round))
}

fn table<'a>(findings: impl Iterator<Item = &'a Finding>) -> Grid {
    let columns = [
        ("Component", Set::Left),
        ("Check", Set::Left),
        ("Value", Set::Right),
        ("Line", Set::Right),
        ("Verdict", Set::Left),
    ];
    let mut grid = Grid::new(&columns);
    for it in findings {
        let number = |known: Option<f64>, without: &str| {
            known.map_or_else(|| without.to_owned(), |known| value(known, it.unit))
        };
        grid.row(&[
            it.component.clone(),
            it.check.clone(),
            number(it.value, "?"),
            number(it.limit, ""),
            it.verdict.word().to_owned(),
        ]);
    }
    grid
}

fn not_checked(page: &mut Page<'_>, round: &Round) {
    if !round.not_checked.is_empty() {
        page.heading("Not checked");
    }
    for sentence in &round.not_checked {
        page.marked(Tone::Plain, "-", 2, sentence);
    }
}
