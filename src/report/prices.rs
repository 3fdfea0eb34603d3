//! The rows of `prices show` as a table, as JSON and as CSV.

use loadline_contract::Money;
use serde_json::{Value, json};

use super::escape::cell;
use super::json::{SCHEMA, exact_or_null, number_or_null, text_or_null};
use super::look::Look;
use super::page::{Grid, Page, Set};
use super::tidy;
use super::words::plural;

/// One price of a book.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceRow {
    /// Short name of the cloud.
    pub cloud: String,
    /// What it is: `compute`, `database`, `cache`, `balancer`, `charge`.
    pub kind: String,
    /// Exact product name.
    pub sku: String,
    /// Region.
    pub region: String,
    /// Commitment; empty where there is no choice.
    pub term: String,
    /// `single` or `standby`; empty where there is no choice.
    pub availability: String,
    /// Virtual CPUs; `None`: unknown or not applicable.
    pub vcpus: Option<f64>,
    /// Memory, GiB; `None`: unknown or not applicable.
    pub memory_gib: Option<f64>,
    /// What the price buys: `hour`, `month`, `GB-month`.
    pub unit: String,
    /// US dollars for one unit; `None`: unknown.
    pub price: Option<Money>,
    /// Date of the price.
    pub as_of: String,
    /// Where it was read.
    pub source: String,
    /// `current`, `legacy`, `retiring 2028-11-15`, `retired 2024-09-16`.
    pub lifecycle: String,
    /// Derivation or assumption; may be empty.
    pub note: String,
}

/// Prices for a person: one row each, then how many of them are unknown.
pub fn prices_text(rows: &[PriceRow], look: &Look) -> String {
    let mut page = Page::new(look);
    if rows.is_empty() {
        page.sentence("No price matches. Leave out --kind, --region or --cloud to see more.");
        return page.finish();
    }
    // With few columns the cloud and the region are named once above their rows, not in each.
    let mut start = 0;
    while start < rows.len() {
        let head = &rows[start];
        let same = |row: &&PriceRow| row.cloud == head.cloud && row.region == head.region;
        let group = rows[start..].iter().take_while(same).count();
        page.heading(&format!("{} {}", head.cloud, head.region));
        page.table(&grid(&rows[start..start + group]));
        start += group;
    }
    let unknown = rows.iter().filter(|row| row.price.is_none()).count();
    page.heading(&match unknown {
        0 => plural(rows.len(), "price"),
        _ => format!("{}, {unknown} of them unknown", plural(rows.len(), "price")),
    });
    page.finish()
}

fn grid(rows: &[PriceRow]) -> Grid {
    let mut grid = Grid::new(&[
        ("kind", Set::Left),
        ("product", Set::Left),
        ("vCPU", Set::Right),
        ("memory", Set::Right),
        ("terms", Set::Left),
        ("price", Set::Right),
        ("per", Set::Left),
        ("as of", Set::Left),
    ]);
    for row in rows {
        let mut product = vec![row.sku.clone()];
        if !matches!(row.lifecycle.as_str(), "" | "current") {
            product.push(row.lifecycle.clone());
        }
        let terms = [row.term.as_str(), row.availability.as_str()];
        grid.tall_row(&[
            vec![row.kind.clone()],
            product,
            vec![row.vcpus.map(|vcpus| tidy::significant(vcpus, 3)).unwrap_or_default()],
            vec![row.memory_gib.map(tidy::gib).unwrap_or_default()],
            terms.iter().filter(|term| !term.is_empty()).map(|term| (*term).to_owned()).collect(),
            vec![tidy::unit_price(row.price)],
            vec![row.unit.clone()],
            vec![row.as_of.clone()],
        ]);
    }
    grid
}

/// Prices for a program: `schema` and `prices`, each with its price as an exact decimal string or null.
pub fn prices_json(rows: &[PriceRow]) -> Value {
    let prices: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "cloud": row.cloud, "kind": row.kind, "sku": row.sku, "region": row.region, "term": text_or_null(&row.term),
                "availability": text_or_null(&row.availability), "vcpus": number_or_null(row.vcpus),
                "memory_gib": number_or_null(row.memory_gib), "unit": row.unit,
                "price_usd": exact_or_null(row.price), "as_of": text_or_null(&row.as_of),
                "source": text_or_null(&row.source),
                "lifecycle": row.lifecycle, "note": row.note,
            })
        })
        .collect();
    json!({ "schema": SCHEMA, "prices": prices })
}

/// Prices for a spreadsheet; an unknown price is the word `unknown`.
pub fn prices_csv(rows: &[PriceRow]) -> String {
    let header = [
        "cloud",
        "kind",
        "sku",
        "region",
        "term",
        "availability",
        "vcpus",
        "memory_gib",
        "unit",
        "price_usd",
        "as_of",
        "source",
        "lifecycle",
        "note",
    ];
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    super::csv::write(
        &header,
        rows.iter().map(|row| {
            vec![
                cell(&row.cloud),
                cell(&row.kind),
                cell(&row.sku),
                cell(&row.region),
                cell(&row.term),
                cell(&row.availability),
                number(row.vcpus),
                number(row.memory_gib),
                cell(&row.unit),
                super::csv::exact(row.price),
                cell(&row.as_of),
                cell(&row.source),
                cell(&row.lifecycle),
                cell(&row.note),
            ]
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn an_unknown_price_is_a_word_in_the_table_and_null_in_json() {
        let rows = fixtures::price_rows();
        let text = prices_text(&rows, &Look::plain(80));
        assert!(
            text.contains("unknown")
                && text.contains("$0.68")
                && text.contains("2 prices, 1 of them unknown")
        );
        let json = prices_json(&rows);
        assert_eq!(json["prices"][0]["price_usd"], "0.68");
        assert!(json["prices"][1]["price_usd"].is_null());
    }

    #[test]
    fn csv_reads_back_with_every_field_in_its_column() {
        let text = prices_csv(&fixtures::price_rows());
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let records: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), 2);
        assert_eq!(&records[0][9], "0.68");
        assert_eq!(&records[1][9], "unknown");
        assert_eq!(&records[1][13], "'=looked up, \"twice\"");
    }

    #[test]
    fn the_table_fits_the_terminal() {
        for width in [40, 60, 79, 80, 120, 200] {
            fixtures::assert_fits(&prices_text(&fixtures::price_rows(), &Look::plain(width)), width);
        }
    }
}
