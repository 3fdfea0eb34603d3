//! `k6 run --out csv=FILE`: a row for each measured value (k6, output/csv: metric_name, timestamp, metric_value, then the tags).

use std::io::BufRead;

use super::table::Table;
use super::{label, refused_at};
use crate::calibrate::observed::{Cell, Excess, Format, Run};
use crate::calibrate::unreadable::Unreadable;

/// Reads the whole file.
pub(super) fn read(file: &str, source: &mut dyn BufRead, delimiter: u8) -> Result<Run, Unreadable> {
    let mut table = Table::new(file, "k6 CSV file", source, delimiter, None)?;
    let help = "write it with `k6 run --out csv=results.csv`";
    let [metric, at, value] = table.columns(["metric_name", "timestamp", "metric_value"], help)?;
    let names = [table.column(&["name"]), table.column(&["url"])];
    let expected = table.column(&["expected_response"]);
    let mut run = Run::new(file, Format::K6Csv);
    let mut states_failures = false;
    while let Some(row) = table.next()? {
        let point = Point {
            metric: row.cell(Some(metric)),
            at_s: table.moment(&row, at)?,
            value: table.number(&row, value)?,
            name: names
                .iter()
                .map(|column| row.cell(*column))
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            unexpected: row.cell(expected) == "false",
        };
        point.add_to(&mut run, &mut states_failures).map_err(|excess| refused_at(file, row.line, excess))?;
    }
    Ok(run)
}

/// One measured value of k6, from whichever of its formats.
pub(super) struct Point<'a> {
    pub(super) metric: &'a str,
    pub(super) at_s: f64,
    pub(super) value: f64,
    pub(super) name: &'a str,
    /// The answer was not one of those that the script expects.
    pub(super) unexpected: bool,
}

impl Point<'_> {
    /// Adds it. `states_failures` tells whether the file has `http_req_failed`, which then alone counts.
    pub(super) fn add_to(&self, run: &mut Run, states_failures: &mut bool) -> Result<(), Excess> {
        let second = self.at_s.floor() as i64;
        match self.metric {
            "http_req_duration" => {
                let name = run.name(label(self.name))?;
                let failed = if self.unexpected && !*states_failures { 1.0 } else { 0.0 };
                run.add(second, name, Cell { done: 1.0, failed, response_sum_s: self.value / 1e3 })?;
            }
            "http_req_failed" => {
                if !*states_failures {
                    *states_failures = true;
                    run.cells.values_mut().for_each(|cell| cell.failed = 0.0);
                }
                let name = run.name(label(self.name))?;
                run.add(second, name, Cell { failed: self.value, ..Cell::default() })?;
            }
            "vus" => run.at_work(second, second, self.value)?,
            "dropped_iterations" => run.dropped += self.value,
            _ => {}
        }
        Ok(())
    }
}
