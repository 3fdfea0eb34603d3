//! JMeter's JTL files as CSV (CSVSaveService): a row for each sample, columns as its settings say.

use std::io::BufRead;

use super::table::{Row, Table};
use super::{label, refused_at};
use crate::calibrate::observed::{Cell, Excess, Format, LONGEST_TEST_S, Run};
use crate::calibrate::unreadable::Unreadable;

/// Columns that JMeter 5 writes by its own settings, for a file without a heading.
pub(super) const BY_ITSELF: [&str; 17] = [
    "timeStamp",
    "elapsed",
    "label",
    "responseCode",
    "responseMessage",
    "threadName",
    "dataType",
    "success",
    "failureMessage",
    "bytes",
    "sentBytes",
    "grpThreads",
    "allThreads",
    "URL",
    "Latency",
    "IdleTime",
    "Connect",
];

/// How the message of a transaction controller begins: its samples stand in rows of their own already.
const TRANSACTION: &str = "Number of samples in transaction";

/// Whether a first line is a record rather than a heading: milliseconds since 1970, then a number.
pub(super) fn has_no_heading(first: &str, delimiter: u8) -> bool {
    let mut cells = first.split(char::from(delimiter));
    let number = |cell: Option<&str>| cell.and_then(|cell| cell.trim().parse::<u64>().ok());
    number(cells.next()).is_some_and(|at| at > 100_000_000_000) && number(cells.next()).is_some()
}

/// Reads the whole file.
pub(super) fn read(
    file: &str,
    source: &mut dyn BufRead,
    delimiter: u8,
    heading: Option<&[&str]>,
) -> Result<Run, Unreadable> {
    let mut table = Table::new(file, "JMeter CSV file", source, delimiter, heading)?;
    let help = "let JMeter save it: jmeter.save.saveservice.label=true, .time=true, .timestamp_format=ms, .print_field_names=true";
    let [at, elapsed, name] = table.columns(["timeStamp", "elapsed", "label"], help)?;
    let (success, code) = (table.column(&["success"]), table.column(&["responseCode"]));
    if success.is_none() && code.is_none() {
        let message = "this JMeter CSV file has neither `success` nor `responseCode`: which samples failed is not known";
        let help = "let JMeter save it: jmeter.save.saveservice.successful=true";
        return Err(Unreadable::line(file, 1, message, help));
    }
    let (message, threads) = (table.column(&["responseMessage"]), table.column(&["allThreads"]));
    let mut run = Run::new(file, Format::JmeterCsv);
    while let Some(row) = table.next()? {
        if is_transaction(row.cell(message)) {
            continue;
        }
        let sample = Sample {
            start_s: table.moment(&row, at)?,
            elapsed_s: table.number(&row, elapsed)? / 1e3,
            name: row.cell(Some(name)),
            failed: failed(&row, success, code),
            threads: threads.map(|column| table.number(&row, column)).transpose()?,
        };
        sample.add_to(&mut run).map_err(|excess| refused_at(file, row.line, excess))?;
    }
    Ok(run)
}

fn failed(row: &Row, success: Option<usize>, code: Option<usize>) -> bool {
    match success {
        Some(_) => !row.cell(success).trim().eq_ignore_ascii_case("true"),
        None => !matches!(row.cell(code).trim().as_bytes().first(), Some(b'1'..=b'3')),
    }
}

/// One sample of JMeter, from whichever of its formats.
pub(super) struct Sample<'a> {
    /// When it began, seconds since 1970.
    pub(super) start_s: f64,
    /// How long it took, s.
    pub(super) elapsed_s: f64,
    pub(super) name: &'a str,
    pub(super) failed: bool,
    /// Threads that ran then, where the file says so.
    pub(super) threads: Option<f64>,
}

impl Sample<'_> {
    /// Adds it at the second in which it ended.
    pub(super) fn add_to(&self, run: &mut Run) -> Result<(), Excess> {
        if self.elapsed_s > LONGEST_TEST_S as f64 {
            return Err(Excess::Days((self.elapsed_s / 86_400.0) as i64));
        }
        let second = (self.start_s + self.elapsed_s).floor() as i64;
        let name = run.name(label(self.name))?;
        let failed = if self.failed { 1.0 } else { 0.0 };
        run.add(second, name, Cell { done: 1.0, failed, response_sum_s: self.elapsed_s })?;
        self.threads.map_or(Ok(()), |threads| run.at_work(second, second, threads))
    }
}

/// Whether a message is that of a transaction controller.
pub(super) fn is_transaction(message: &str) -> bool {
    message.starts_with(TRANSACTION)
}
