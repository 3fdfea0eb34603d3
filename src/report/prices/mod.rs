//! The rows of `prices show` as tables, as JSON and as CSV.

mod table;

use loadline_contract::Money;
use serde_json::{Value, json};

use super::escape::cell;
use super::json::{SCHEMA, exact_or_null, number_or_null, text_or_null};
use super::look::Look;
use super::page::Page;
use super::tidy;

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

/// Prices for a person: a table for each kind in each region, then how many prices are unknown.
pub fn prices_text(rows: &[PriceRow], look: &Look) -> String {
    let mut page = Page::new(look);
    if rows.is_empty() {
        page.sentence("No price matches. Leave out --kind, --region, --cloud or --sku to see more.");
        return page.finish();
    }
    // Named once above their table, cloud, region and kind leave their columns to the products.
    let mut start = 0;
    while start < rows.len() {
        let head = &rows[start];
        let named = |row: &PriceRow| (row.cloud.clone(), row.region.clone(), row.kind.clone());
        // Machines have a size; what belongs to them (storage, backups) has none and stands apart.
        let sized = |row: &PriceRow| row.vcpus.is_some() || row.memory_gib.is_some();
        let same = |row: &&PriceRow| named(row) == named(head) && sized(row) == sized(head);
        let group = rows[start..].iter().take_while(same).count();
        page.heading(&format!("{} {}: {}", head.cloud, head.region, head.kind));
        page.table(&table::grid(&rows[start..start + group], look.columns()));
        start += group;
    }
    let number = |count: usize| tidy::count(count as f64);
    let unknown = match rows.iter().filter(|row| row.price.is_none()).count() {
        0 => String::new(),
        unknown => format!(", {} of them unknown", number(unknown)),
    };
    let noun = if rows.len() == 1 { "price" } else { "prices" };
    page.heading(&format!("{} {noun}{unknown}", number(rows.len())));
    page.sentence(
        "US dollars; of several prices in a row the oldest date is shown. --json and --csv have every date and source.",
    );
    page.finish()
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
    fn the_commitments_of_a_product_stand_in_one_row() {
        let on_demand = fixtures::price_rows().remove(0);
        let reserved = PriceRow {
            term: "reserved-1y".into(),
            price: Some("0.43".parse().unwrap()),
            ..on_demand.clone()
        };
        let three_years = PriceRow { term: "reserved-3y".into(), price: None, ..on_demand.clone() };
        let text = prices_text(&[on_demand, reserved, three_years], &Look::plain(80));
        let line = text.lines().find(|line| line.starts_with("e8.4xlarge")).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(
            words,
            ["e8.4xlarge", "16", "32", "GiB", "$0.68", "$0.43", "unknown", "hour", "2026-07-20"]
        );
        assert!(text.contains("3 prices, 1 of them unknown"), "{text}");
    }

    #[test]
    fn a_row_of_several_prices_shows_the_oldest_date() {
        let on_demand = fixtures::price_rows().remove(0);
        let older = PriceRow { term: "reserved-1y".into(), as_of: "2024-07-01".into(), ..on_demand.clone() };
        let text = prices_text(&[on_demand, older], &Look::plain(80));
        assert!(text.contains("2024-07-01") && !text.contains("2026-07-20"), "{text}");
        assert!(text.contains("the oldest date"), "{text}");
    }

    #[test]
    fn a_date_and_a_price_are_never_broken() {
        let mut rows = fixtures::price_rows();
        rows[0].sku = "a_very_long_product_name-with-many-parts-and-sizes".into();
        let text = prices_text(&rows, &Look::plain(80));
        assert!(text.contains("2026-07-20") && text.contains("retiring 2028-11-15"), "{text}");
        assert!(text.contains("a_very_long_product_"), "{text}");
    }

    #[test]
    fn the_table_fits_the_terminal() {
        for width in [40, 60, 79, 80, 120, 200] {
            fixtures::assert_fits(&prices_text(&fixtures::price_rows(), &Look::plain(width)), width);
        }
    }
}
