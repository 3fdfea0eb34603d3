//! A bill as text.

use crate::market::{BillLine, Candidate, Completeness};
use crate::report::look::{Look, Tone};
use crate::report::page::{Grid, Page, Set};
use crate::report::tidy;
use crate::report::words::Word;

use super::{dates, tier_totals, total_text};

/// Every line of a bill: quantity x unit price = amount, with the date of the price; then assumptions, sources and what is left out.
pub fn bill_text(candidate: &Candidate, look: &Look) -> String {
    let mut page = Page::new(look);
    let (design, bill) = (&candidate.design, &candidate.bill);
    page.heading(&format!("Bill for {} {}: {} a month", design.cloud, design.region, total_text(bill)));
    for total in tier_totals(bill) {
        page.heading(&format!("{}: {}", total.tier.word(), total.text()));
        let mut grid = Grid::new(&[
            ("", Set::Left),
            ("", Set::Right),
            ("", Set::Left),
            ("", Set::Right),
            ("", Set::Right),
            ("", Set::Left),
        ]);
        for line in bill.lines.iter().filter(|line| line.tier == total.tier) {
            grid.row(&cells(line));
        }
        page.table(&grid);
    }
    if let Completeness::Incomplete(lines) = &bill.completeness {
        page.heading("Unknown");
        page.sentence("No source states these prices; the true bill is higher by them:");
        for line in lines {
            page.marked(Tone::Warning, "-", 2, line);
        }
    }
    assumptions(&mut page, &bill.lines);
    if !bill.left_out.is_empty() {
        page.heading("Left out");
        for sentence in &bill.left_out {
            page.marked(Tone::Plain, "-", 2, sentence);
        }
    }
    sources(&mut page, &bill.lines);
    if let Some(dates) = dates(std::iter::once(bill)) {
        page.heading(&format!("{} US dollars without tax, {dates}.", super::super::compare::HOURS_BASIS));
    }
    page.finish()
}

fn cells(line: &BillLine) -> [String; 6] {
    let what = match &line.sku {
        Some(sku) if !line.what.contains(sku.as_str()) => format!("{} ({sku})", line.what),
        _ => line.what.clone(),
    };
    [
        what,
        tidy::exact(line.quantity),
        line.unit.clone(),
        format!("x {}", tidy::unit_price(line.unit_price)),
        format!("= {}", tidy::money_or_unknown(line.amount)),
        line.as_of.clone(),
    ]
}

fn assumptions(page: &mut Page<'_>, lines: &[BillLine]) {
    if lines.iter().all(|line| line.note.is_empty()) {
        return;
    }
    page.heading("Assumptions");
    for line in lines.iter().filter(|line| !line.note.is_empty()) {
        page.marked(Tone::Plain, "-", 2, &format!("{}: {}", line.what, line.note));
    }
}

fn sources(page: &mut Page<'_>, lines: &[BillLine]) {
    let mut sources: Vec<String> =
        lines.iter().map(|line| format!("{} ({})", line.source, line.as_of)).collect();
    sources.sort_unstable();
    sources.dedup();
    page.heading("Sources");
    for source in sources {
        page.marked(Tone::Plain, "-", 2, &source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn each_line_shows_quantity_price_amount_and_date() {
        let comparison = fixtures::comparison();
        let text = bill_text(comparison.clouds[0].main().unwrap(), &Look::plain(120));
        let line = text.lines().find(|line| line.starts_with("e8.4x")).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(words.ends_with(&["1,460", "hour", "x", "$0.68", "=", "$992.80", "2026-07-20"]), "{line}");
    }

    #[test]
    fn unknown_lines_are_named_and_the_total_is_a_lower_bound() {
        let comparison = fixtures::comparison();
        let text = bill_text(comparison.clouds[1].main().unwrap(), &Look::plain(80));
        assert!(text.contains("at least $1,013.82 a month"), "{text}");
        assert!(text.contains("= unknown") && text.contains("- outbound traffic"));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 60, 79, 80, 120, 200] {
            for outcome in &fixtures::comparison().clouds {
                for candidate in outcome.pinned.iter().chain(&outcome.chosen) {
                    fixtures::assert_fits(&bill_text(candidate, &Look::plain(width)), width);
                }
            }
        }
    }
}
