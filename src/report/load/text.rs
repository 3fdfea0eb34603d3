//! A load test for a person: the verdict, measured beside predicted, and what is to be known.

use super::super::look::{Look, Tone};
use super::super::page::{Grid, Page, Set};
use super::{named, rows};
use crate::load::judge::{Answer, Verdict};
use crate::load::plan::Test;

/// What was measured, beside what was predicted.
pub fn load_text(test: &Test, answer: &Answer, look: &Look) -> String {
    let mut page = Page::new(look);
    let (mark, sentence) = rows::headline(test, answer);
    let tone = match answer.verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Warning,
    };
    page.marked(tone, mark, 5, &sentence);
    let (left, right) = (Set::Left, Set::Right);
    let objectives = rows::objectives(answer);
    let heads = [("", left), ("limit", right), ("measured", right), ("predicted", right), ("", left)];
    table(&mut page, "Objectives", &heads, &objectives);
    let times = [("mean", right), ("", right), ("p95", right), ("", right), ("p99", right), ("", right)];
    let heads = [vec![("level", left), ("rps", right), ("", right)], times.to_vec(), vec![("errors", right)]];
    let heading = "Measured, and how it differs from what was predicted";
    table(&mut page, heading, &heads.concat(), &rows::levels(answer));
    if let Some(one) = rows::shown(answer) {
        let at = named(one.level.drive);
        let times = [("mean", right), ("p95", right), ("p99", right), ("errors", right)];
        let heads = [vec![("", left), ("requests", right)], times.to_vec()].concat();
        table(&mut page, &format!("Kinds of requests at {at}"), &heads, &rows::kinds(&one.level));
        let heads = [("", left), ("requests", right)];
        table(&mut page, &format!("Other answers than wanted at {at}"), &heads, &rows::failures(&one.level));
    }
    if !answer.findings.is_empty() {
        page.heading("To be known");
        for finding in &answer.findings {
            page.marked(Tone::Plain, "-", 2, finding);
        }
    }
    page.heading("Next");
    page.sentence(rows::next(answer));
    page.finish()
}

/// A heading and its table; nothing without rows.
fn table<const COLUMNS: usize>(
    page: &mut Page<'_>,
    heading: &str,
    heads: &[(&str, Set)],
    rows: &[[String; COLUMNS]],
) {
    if rows.is_empty() {
        return;
    }
    page.heading(heading);
    let mut grid = Grid::new(heads);
    for row in rows {
        grid.row(row);
    }
    page.table(&grid);
}
