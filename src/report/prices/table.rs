//! The table of one kind of price in one region: a row for each product, its commitments side by side.

use loadline_contract::{Money, Term};
use unicode_width::UnicodeWidthStr;

use super::PriceRow;
use crate::report::page::{Grid, Set, fold, wrap};
use crate::report::tidy;
use crate::report::words::Word;

/// Narrowest column for product names: below it the table is left to wrap wherever it must.
const NARROWEST: usize = 12;
/// A column of this width holds most product names in one line, and the rest in two.
const ENOUGH: usize = 20;

/// Rows of a book that differ in nothing but the commitment.
struct Line<'a> {
    first: &'a PriceRow,
    /// Prices by commitment: outer `None` where the book has no such row, inner `None` where the price is unknown.
    prices: [Option<Option<Money>>; 3],
    /// Date of the oldest of these prices.
    as_of: &'a str,
}

/// The commitments, in the order of their columns.
const TERMS: [Term; 3] = [Term::OnDemand, Term::Reserved1y, Term::Reserved3y];

/// A column with its cells, each of one or more lines.
struct Column {
    heading: &'static str,
    set: Set,
    cells: Vec<Vec<String>>,
}

impl Column {
    fn has_entries(&self) -> bool {
        self.cells.iter().flatten().any(|line| !line.is_empty())
    }

    fn width(&self) -> usize {
        let cells = self.cells.iter().flatten().map(|line| line.width());
        cells.chain([self.heading.width()]).max().unwrap_or(0)
    }
}

/// A table of these rows for that many columns of a terminal; columns without any entry are left out.
pub(super) fn grid(rows: &[PriceRow], width: usize) -> Grid {
    let lines = lines(rows);
    let longest = lines.iter().map(|line| line.first.sku.width()).max().unwrap_or(0);
    let wide = wide(&lines);
    if room(&wide, width) >= longest.min(ENOUGH) {
        filled(&lines, &wide, width, |_| None)
    } else {
        filled(&lines, &stacked(&lines), width, shape)
    }
}

/// Every figure in a column of its own.
fn wide(lines: &[Line<'_>]) -> Vec<Column> {
    let mut columns = vec![
        column(lines, "vCPU", Set::Right, |line| vec![vcpus(line).unwrap_or_default()]),
        column(lines, "memory", Set::Right, |line| vec![memory(line).unwrap_or_default()]),
        column(lines, "", Set::Left, |line| vec![standby(line).unwrap_or_default()]),
    ];
    columns.extend(prices(lines));
    columns.push(column(lines, "per", Set::Left, |line| vec![line.first.unit.clone()]));
    columns.push(column(lines, "as of", Set::Left, |line| vec![line.as_of.to_owned()]));
    columns.retain(Column::has_entries);
    columns
}

/// The date under the unit; the shape then goes under the product.
fn stacked(lines: &[Line<'_>]) -> Vec<Column> {
    let mut columns = prices(lines);
    columns.push(column(lines, "per, as of", Set::Left, |line| {
        vec![line.first.unit.clone(), line.as_of.to_owned()]
    }));
    columns.retain(Column::has_entries);
    columns
}

/// A column for each commitment; one that knows of no commitments is headed by the word price.
fn prices(lines: &[Line<'_>]) -> Vec<Column> {
    let price = |term: usize| {
        move |line: &Line<'_>| vec![line.prices[term].map(tidy::unit_price).unwrap_or_default()]
    };
    let without_choice = lines.iter().all(|line| line.first.term.is_empty());
    let heading = if without_choice { "price" } else { "on demand" };
    vec![
        column(lines, heading, Set::Right, price(0)),
        column(lines, "1 year", Set::Right, price(1)),
        column(lines, "3 years", Set::Right, price(2)),
    ]
}

fn column(
    lines: &[Line<'_>],
    heading: &'static str,
    set: Set,
    cell: impl Fn(&Line<'_>) -> Vec<String>,
) -> Column {
    Column { heading, set, cells: lines.iter().map(cell).collect() }
}

fn vcpus(line: &Line<'_>) -> Option<String> {
    line.first.vcpus.map(|vcpus| tidy::significant(vcpus, 3))
}

fn memory(line: &Line<'_>) -> Option<String> {
    line.first.memory_gib.map(tidy::gib)
}

/// The availability, unless it is the ordinary one.
fn standby(line: &Line<'_>) -> Option<String> {
    let availability = &line.first.availability;
    (!matches!(availability.as_str(), "" | "single")).then(|| availability.clone())
}

/// `4 vCPU, 16 GiB, standby`.
fn shape(line: &Line<'_>) -> Option<String> {
    let parts = [vcpus(line).map(|vcpus| format!("{vcpus} vCPU")), memory(line), standby(line)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Columns that are left for the product beside these.
fn room(columns: &[Column], width: usize) -> usize {
    // Two blanks stand between columns, and the last one is padded too.
    let taken: usize = columns.iter().map(|column| column.width() + 2).sum();
    width.saturating_sub(taken + 1)
}

fn filled(
    lines: &[Line<'_>],
    columns: &[Column],
    width: usize,
    under_product: impl Fn(&Line<'_>) -> Option<String>,
) -> Grid {
    let room = room(columns, width).max(NARROWEST);
    let mut headings = vec![("product", Set::Left)];
    headings.extend(columns.iter().map(|column| (column.heading, column.set)));
    let mut grid = Grid::new(&headings);
    for (index, line) in lines.iter().enumerate() {
        let mut product = fold(&line.first.sku, room);
        product.extend(under_product(line).iter().flat_map(|text| wrap(text, room, 0, 0)));
        if !matches!(line.first.lifecycle.as_str(), "" | "current") {
            product.extend(wrap(&line.first.lifecycle, room, 0, 0));
        }
        let mut cells = vec![product];
        cells.extend(columns.iter().map(|column| column.cells[index].clone()));
        grid.tall_row(&cells);
    }
    grid
}

/// One line for each run of rows that differ in the commitment only.
fn lines(rows: &[PriceRow]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for row in rows {
        let term = TERMS.iter().position(|term| term.word() == row.term).unwrap_or(0);
        let same = |line: &&mut Line<'_>| {
            let first = line.first;
            line.prices[term].is_none()
                && !row.term.is_empty()
                && (&first.sku, &first.unit) == (&row.sku, &row.unit)
                && (&first.availability, &first.lifecycle) == (&row.availability, &row.lifecycle)
        };
        // The rows of a product stand together, and a product has few: the last lines are all that can match.
        let from = lines.len().saturating_sub(6);
        match lines[from..].iter_mut().find(same) {
            Some(line) => {
                line.prices[term] = Some(row.price);
                line.as_of = line.as_of.min(&row.as_of);
            }
            None => {
                let mut prices = [None; 3];
                prices[term] = Some(row.price);
                lines.push(Line { first: row, prices, as_of: &row.as_of });
            }
        }
    }
    lines
}
