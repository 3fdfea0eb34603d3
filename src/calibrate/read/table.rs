//! CSV by its heading: which delimiter, which columns are there, which line a record stands on.

use std::io::BufRead;

use csv::StringRecord;

use crate::calibrate::unreadable::{Unreadable, quoted};

/// Most columns of a table: a file with more is something else.
const MOST_COLUMNS: usize = 1_000;

/// A table whose heading is known.
pub(super) struct Table<'a> {
    file: &'a str,
    what: &'static str,
    reader: csv::Reader<&'a mut dyn BufRead>,
    heading: StringRecord,
}

/// A record with its line.
pub(super) struct Row {
    /// Line, from 1.
    pub(super) line: u64,
    record: StringRecord,
}

impl Row {
    /// The cell of a column; empty where the column is not there.
    pub(super) fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.record.get(column)).unwrap_or_default()
    }
}

/// The delimiter of a heading: the one of comma, semicolon and tab that it holds most of.
pub(super) fn delimiter(heading: &str) -> u8 {
    let count = |delimiter: u8| heading.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|one| (count(*one), *one == b',')).unwrap_or(b',')
}

impl<'a> Table<'a> {
    /// Reads the heading. `what` is the kind of file, for sentences; `heading` stands in for one that the file does not have.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn new(
        file: &'a str,
        what: &'static str,
        source: &'a mut dyn BufRead,
        delimiter: u8,
        heading: Option<&[&str]>,
    ) -> Result<Self, Unreadable> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(heading.is_none()).from_reader(source);
        let found = match heading {
            Some(names) => StringRecord::from(names.to_vec()),
            None => reader.headers().map_err(|error| broken(file, what, &error))?.clone(),
        };
        if found.len() > MOST_COLUMNS {
            let message = format!("a heading of {} columns is not one of {what}", found.len());
            return Err(Unreadable::line(file, 1, message, "check that this is the right file"));
        }
        let mut heading: StringRecord =
            found.iter().map(|name| name.trim().trim_start_matches('\u{feff}')).collect();
        heading.trim();
        Ok(Self { file, what, reader, heading })
    }

    /// The index of the first of these columns that is there.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.heading.iter().position(|column| column.eq_ignore_ascii_case(name)))
    }

    /// The indices of columns that have to be there; all that are missing are named at once.
    ///
    /// # Errors
    /// When one is missing.
    pub(super) fn columns<const N: usize>(
        &self,
        names: [&str; N],
        help: &str,
    ) -> Result<[usize; N], Unreadable> {
        let found = names.map(|name| self.column(&[name]));
        let missing: Vec<String> =
            names.iter().zip(&found).filter(|(_, at)| at.is_none()).map(|(name, _)| quoted(name)).collect();
        if missing.is_empty() {
            return Ok(found.map(Option::unwrap_or_default));
        }
        let one = if missing.len() == 1 { "the column" } else { "the columns" };
        let message = format!("this {} has not {one} {}", self.what, missing.join(", "));
        Err(Unreadable::line(self.file, 1, message, help))
    }

    /// The next record; `None`: that was all.
    ///
    /// # Errors
    /// When a record has another number of cells than the heading, or is no UTF-8.
    pub(super) fn next(&mut self) -> Result<Option<Row>, Unreadable> {
        let mut record = StringRecord::new();
        let more =
            self.reader.read_record(&mut record).map_err(|error| broken(self.file, self.what, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        if more && record.len() != self.heading.len() {
            let message = format!("{} cells, where the heading has {}", record.len(), self.heading.len());
            let help =
                "the file may have been cut off while it was written: remove this line, or repeat the test";
            return Err(Unreadable::line(self.file, line, message, help));
        }
        Ok(more.then_some(Row { line, record }))
    }

    /// The number in a cell.
    ///
    /// # Errors
    /// When there is none, or it is negative.
    pub(super) fn number(&self, row: &Row, column: usize) -> Result<f64, Unreadable> {
        let text = row.cell(Some(column)).trim();
        match text.parse::<f64>() {
            Ok(number) if super::plausible(number) => Ok(number),
            _ => Err(self.wrong(row, column, "a number of at least 0")),
        }
    }

    /// The point in time in a cell, seconds since 1970.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn moment(&self, row: &Row, column: usize) -> Result<f64, Unreadable> {
        super::clock::seconds(row.cell(Some(column)))
            .ok_or_else(|| self.wrong(row, column, "a point in time (seconds since 1970, or RFC 3339)"))
    }

    /// A complaint about a cell.
    pub(super) fn wrong(&self, row: &Row, column: usize, wanted: &str) -> Unreadable {
        let name = self.heading.get(column).unwrap_or_default();
        let message = format!("{} is {}, not {wanted}", quoted(name), quoted(row.cell(Some(column))));
        Unreadable::line(self.file, row.line, message, format!("mend or remove this line of {}", self.what))
    }
}

fn broken(file: &str, what: &str, error: &csv::Error) -> Unreadable {
    let line = error.position().map(csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "this is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells, where the heading has {expected_len}")
        }
        csv::ErrorKind::Io(error) => format!("reading {what}: {error}"),
        _ => format!("this is not CSV: {error}"),
    };
    let help =
        "the file may have been cut off while it was written: remove what is broken, or repeat the test";
    Unreadable { line, ..Unreadable::whole(file, message, help) }
}
