//! Bills as CSV: one row for each line, safe to open in a spreadsheet.

use loadline_contract::Money;

use super::escape::cell;
use super::words::Word;
use crate::market::{Candidate, Comparison};

const HEADER: [&str; 13] = [
    "cloud",
    "region",
    "design",
    "tier",
    "what",
    "sku",
    "quantity",
    "unit",
    "unit_price_usd",
    "monthly_usd",
    "as_of",
    "source",
    "note",
];

/// Writes records under a header, with the line ends of RFC 4180; every record must have as many fields as the header.
pub(crate) fn write(header: &[&str], records: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let written = writer.write_record(header).and_then(|()| {
        for record in records {
            writer.write_record(&record)?;
        }
        Ok(())
    });
    written.expect("memory takes every record, and every record has the header's length");
    let bytes = writer.into_inner().expect("memory can always be flushed");
    String::from_utf8(bytes).expect("only text was written")
}

/// The exact decimal, or the word `unknown`: never an empty cell that a sum would take for zero.
pub(crate) fn exact(value: Option<Money>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.normalize().to_string())
}

/// Every line of every bill: the pinned and the chosen design of each cloud.
pub fn compare_csv(comparison: &Comparison) -> String {
    let mut records = Vec::new();
    for outcome in &comparison.clouds {
        for (design, candidate) in [("pinned", &outcome.pinned), ("chosen", &outcome.chosen)] {
            if let Some(candidate) = candidate {
                records.extend(rows(&outcome.cloud, &outcome.region, design, candidate));
            }
        }
    }
    write(&HEADER, records.into_iter())
}

fn rows(cloud: &str, region: &str, design: &str, candidate: &Candidate) -> Vec<Vec<String>> {
    let row = |line: &crate::market::BillLine| {
        vec![
            cell(cloud),
            cell(region),
            design.to_owned(),
            line.tier.word().to_owned(),
            cell(&line.what),
            cell(line.sku.as_deref().unwrap_or_default()),
            exact(Some(line.quantity)),
            cell(&line.unit),
            exact(line.unit_price),
            line.amount.map_or_else(|| "unknown".to_owned(), |amount| format!("{amount:.2}")),
            cell(&line.as_of),
            cell(&line.source),
            cell(&line.note),
        ]
    };
    candidate.bill.lines.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn every_bill_line_is_a_row_that_reads_back() {
        let comparison = fixtures::comparison();
        let text = compare_csv(&comparison);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), HEADER);
        let records: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let candidates =
            || comparison.clouds.iter().flat_map(|outcome| outcome.pinned.iter().chain(&outcome.chosen));
        assert_eq!(records.len(), candidates().map(|candidate| candidate.bill.lines.len()).sum::<usize>());
        let known: Money = records.iter().filter_map(|record| record[9].parse::<Money>().ok()).sum();
        assert_eq!(known, candidates().map(|candidate| candidate.bill.total).sum::<Money>());
    }

    #[test]
    fn lines_end_and_quotes_double_as_in_rfc_4180() {
        let mut comparison = fixtures::comparison();
        let line = &mut comparison.clouds[0].chosen.as_mut().unwrap().bill.lines[0];
        line.what = "a \"disk\", 10\nGB".into();
        line.note = "=HYPERLINK(\"x\")".into();
        let text = compare_csv(&comparison);
        let row = text.split("\r\n").nth(1).unwrap();
        assert!(row.contains(",\"a \"\"disk\"\", 10\\nGB\","), "{row}");
        assert!(row.ends_with(",\"'=HYPERLINK(\"\"x\"\")\""), "{row}");
        assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
    }

    #[test]
    fn an_unknown_amount_is_a_word_and_no_cell_is_a_formula() {
        let text = compare_csv(&fixtures::comparison());
        assert!(text.contains(",unknown,unknown,"));
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            assert!(record.unwrap().iter().all(|field| !field.starts_with(['=', '+', '-', '@'])));
        }
    }
}
