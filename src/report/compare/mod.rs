//! All clouds side by side, for a person at a terminal: a table, or one block for each cloud where the table would be too wide.

mod below;
mod ranking;
mod regret;
mod rows;

pub(crate) use below::{basis, left_out, lifecycle, pinned_beside_chosen};
pub(crate) use ranking::ranking;
pub(crate) use regret::least_regret;
pub(crate) use rows::{Row, rows};

use super::look::{Look, Tone};
use super::page::{Grid, Page, Set, fold};
use super::tidy;
use super::words::{Word, listed};
use crate::market::{CloudOutcome, Comparison};
use crate::sizing::Sizing;
use crate::spec::Spec;

/// What a month is in every bill.
pub(crate) const HOURS_BASIS: &str =
    "A month is 730 hours where a price is per hour; a price per month is taken as it is.";

/// Narrowest column for a cloud: holds `at least` and an amount in two lines.
const NARROWEST_COLUMN: usize = 14;
/// Column of the row labels.
const LABELS: usize = 13;

/// A comparison for a person.
pub fn compare_text(spec: &Spec, sizing: &Sizing, comparison: &Comparison, look: &Look) -> String {
    let mut page = Page::new(look);
    let users = tidy::count(sizing.prediction.users);
    page.heading(&format!("{}: {users} users, {}", spec.name, terms(spec)));
    for (place, sentence) in ranking(comparison).iter().enumerate() {
        page.marked(Tone::Strong, &format!("{}.", place + 1), 3, sentence);
    }
    let clouds = &comparison.clouds;
    let mut rows = rows(spec, comparison);
    rows.retain(|row| row.label != rows::BEST_FOR);
    if clouds.len() * (NARROWEST_COLUMN + 1) + LABELS <= look.columns() {
        page.sentence("");
        let column = (look.columns() - LABELS) / clouds.len().max(1) - 1;
        table(&mut page, clouds, &rows, column);
    } else {
        blocks(&mut page, clouds, &rows);
    }
    below::write(&mut page, spec, sizing, comparison);
    page.finish()
}

/// The commitment, in a word where it is the same for every tier.
pub(crate) fn terms(spec: &Spec) -> String {
    let terms = [spec.terms.app, spec.terms.database, spec.terms.cache];
    if terms.iter().all(|term| *term == terms[0]) {
        return format!("{} prices", terms[0].word());
    }
    let [app, database, cache] = terms.map(|term| term.word());
    format!("app {app}, database {database}, cache {cache}")
}

fn table(page: &mut Page<'_>, clouds: &[CloudOutcome], rows: &[Row], column: usize) {
    let headings: Vec<String> = clouds.iter().map(|outcome| outcome.title.clone()).collect();
    let mut columns = vec![("", Set::Left)];
    columns.extend(headings.iter().map(|heading| (heading.as_str(), Set::Left)));
    let mut grid = Grid::new(&columns);
    for row in rows {
        let mut cells = vec![vec![row.label.to_owned()]];
        for cell in &row.cells {
            cells.push(cell.iter().flat_map(|line| fold(line, column)).collect());
        }
        grid.tall_row(&cells);
    }
    page.table(&grid);
}

fn blocks(page: &mut Page<'_>, clouds: &[CloudOutcome], rows: &[Row]) {
    for (index, outcome) in clouds.iter().enumerate() {
        page.heading(&outcome.title);
        let mut grid = Grid::new(&[("", Set::Left), ("", Set::Left)]);
        for row in rows.iter().filter(|row| row.cells[index] != ["-"]) {
            grid.row(&[row.label.to_owned(), row.cells[index].join(", ")]);
        }
        page.table(&grid);
    }
}

/// `2 x e8.4xlarge`.
pub(crate) fn times(count: u32, sku: &str) -> String {
    format!("{count} x {sku}")
}

/// Whether everything that was asked for is met, in few words; never by colour alone.
pub(crate) fn meets(outcome: &CloudOutcome) -> String {
    match (outcome.main(), shortfall(outcome)) {
        (None, _) => "not possible".to_owned(),
        (Some(_), None) => "yes".to_owned(),
        (Some(_), Some(shortfall)) => format!("NO: {shortfall}"),
    }
}

/// `1 missed and 1 reduced`; `None` when nothing is.
fn shortfall(outcome: &CloudOutcome) -> Option<String> {
    let misses = outcome.main().map_or(0, |candidate| candidate.misses.len());
    let counted = [(misses, "missed"), (outcome.objections.len(), "reduced")];
    let parts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    (!parts.is_empty()).then(|| listed(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    fn text(width: usize) -> String {
        compare_text(&fixtures::spec(), &fixtures::sizing(), &fixtures::comparison(), &Look::plain(width))
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 60, 79, 80, 120, 200] {
            fixtures::assert_fits(&text(width), width);
        }
    }

    #[test]
    fn four_clouds_stand_side_by_side_at_80_columns_and_in_blocks_at_60() {
        let titles = |text: &str| {
            let titles = ["East Cloud", "West Cloud", "South Cloud", "North Cloud"];
            text.lines().any(|line| titles.iter().all(|title| line.contains(title)))
        };
        assert!(titles(&text(80)));
        assert!(!titles(&text(60)));
    }

    #[test]
    fn the_essentials_stand_on_the_first_screen() {
        let text = text(80);
        let screen: Vec<&str> = text.lines().take(24).collect();
        assert!(screen[1].contains("East Cloud is the cheapest"), "{text}");
        for label in ["region", "a month", "all met", "carries", "p95", "1,000 requests"] {
            assert!(screen.iter().any(|line| line.starts_with(label)), "{label} is missing from\n{text}");
        }
    }

    #[test]
    fn a_finding_of_the_spec_is_one_line() {
        let text = text(80);
        let findings = text.lines().skip_while(|line| !line.starts_with("Findings in the spec"));
        let lines: Vec<&str> = findings.skip(1).take_while(|line| !line.is_empty()).collect();
        // One error, one warning, and the sentence that says where they are explained.
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[1].starts_with("warning  2000 users at 5000 rps") && lines[1].ends_with('\u{2026}'));
    }

    #[test]
    fn a_sentence_that_only_some_clouds_share_names_them() {
        let mut comparison = fixtures::comparison();
        for index in [0, 1] {
            if let Some(chosen) = &mut comparison.clouds[index].chosen {
                chosen.bill.left_out.push("NAT: no price".into());
            }
        }
        let sentences = left_out(&comparison);
        assert!(sentences.contains(&"East Cloud and West Cloud: NAT: no price".to_owned()), "{sentences:?}");
    }

    #[test]
    fn one_cloud_reads_well_too() {
        let mut comparison = fixtures::comparison();
        comparison.clouds.truncate(1);
        comparison.ranking = vec![0];
        let text = compare_text(&fixtures::spec(), &fixtures::sizing(), &comparison, &Look::plain(80));
        fixtures::assert_fits(&text, 80);
        assert!(text.contains("2 x e8.4xlarge"), "{text}");
    }

    #[test]
    fn an_incomplete_bill_is_a_lower_bound_and_never_the_cheapest() {
        let text = text(120);
        assert!(text.contains("West Cloud: at least $1,013.82, 2 prices unknown"), "{text}");
        assert!(text.contains("East Cloud is the cheapest"), "{text}");
        assert!(!text.contains("West Cloud is the cheapest"));
    }

    #[test]
    fn what_a_cloud_cannot_do_is_said_with_its_reason() {
        let text = text(120);
        assert!(text.contains("has no zones: machines are spread inside one data centre"), "{text}");
        assert!(text.contains("no machine in the book holds 900 GiB"), "{text}");
    }

    #[test]
    fn the_pinned_design_is_shown_beside_the_chosen_one() {
        let text = text(120);
        assert!(
            text.contains("pinned $708.00, chosen $528.00: the pinned design costs $180.00 more a month"),
            "{text}"
        );
    }

    #[test]
    fn the_printed_hours_are_those_that_bills_are_made_with() {
        assert!(HOURS_BASIS.contains(&format!("{} hours", loadline_contract::HOURS_PER_MONTH)));
    }

    #[test]
    fn the_basis_and_the_dates_are_printed() {
        let text = text(200);
        assert!(text.contains("730 hours") && text.contains("prices of 2024-07 to 2026-10-03"), "{text}");
        assert!(text.contains("judged on 2026-11-23"));
    }

    #[test]
    fn the_page_as_a_whole() {
        insta::assert_snapshot!(text(80));
    }

    #[test]
    fn the_blocks_as_a_whole() {
        insta::assert_snapshot!(text(60));
    }
}
