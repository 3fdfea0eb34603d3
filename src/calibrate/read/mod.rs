//! Files of load generators and monitors to [`Run`]s and [`Reading`]s; what a file is, its first bytes tell.
//!
//! Files are read once, from front to back: a test of an hour writes gigabytes.

mod checks;
mod clock;
mod jmeter;
mod jmeter_xml;
mod k6_csv;
mod k6_json;
mod k6_summary;
mod lines;
mod locust;
mod own;
mod table;
mod utilisation;

use std::io::BufRead;

use super::observed::{Excess, LONGEST_TEST_S, MOST_NAMES, Reading, Run};
use super::unreadable::Unreadable;

/// Name for requests of which the file gives none.
const NAMELESS: &str = "(all requests)";
/// Numbers above this are no counts and no times: sums of them would lose what is added.
const LARGEST: f64 = 1e15;

const KINDS: &str = "files of k6 (--out csv, --out json, --summary-export), Locust (_stats_history.csv, _stats.csv), JMeter (JTL as CSV \
                     or XML) and loadline load are understood; docs/calibrate.md says how to write each";

/// The name of requests, or the word for those without.
fn label(name: &str) -> &str {
    if name.is_empty() { NAMELESS } else { name }
}

/// Whether a number can be a count, a time or a number of people.
fn plausible(number: f64) -> bool {
    (0.0..=LARGEST).contains(&number)
}

/// Why a file is refused that holds too much for one test.
fn refused(file: &str, excess: Excess) -> Unreadable {
    let name_them = "give requests of a kind one name in the test (k6: the tag `name`; Locust: `name=`; JMeter: the sampler's name)";
    let (message, help) = match excess {
        Excess::Names => {
            let message = format!(
                "more than {MOST_NAMES} different names of requests: addresses with identifiers in them?"
            );
            (message, name_them)
        }
        Excess::Days(days) => {
            let longest = LONGEST_TEST_S / 86_400;
            let message = format!("what it holds spans {days} days; a test lasts {longest} at most");
            (message, "check the clock of the generator; one test goes into one file")
        }
        Excess::Users(users) => {
            (format!("{users} people at work at once"), "check the number of users of this test")
        }
        Excess::Cells => {
            ("so many names over so many seconds are more than can be kept".to_owned(), name_them)
        }
    };
    Unreadable::whole(file, message, help)
}

/// The same, with the line on which it came to light.
fn refused_at(file: &str, line: u64, excess: Excess) -> Unreadable {
    Unreadable { line: Some(line), ..refused(file, excess) }
}

/// The results of a load generator.
///
/// # Errors
/// When the file is empty, cut off, of an unknown kind or version, or lacks a column.
pub(super) fn results(file: &str, source: &mut dyn BufRead) -> Result<Run, Unreadable> {
    let beginning = beginning(file, source)?;
    let first = beginning.lines().next().unwrap_or_default();
    let delimiter = table::delimiter(first);
    let has =
        |column: &str| first.split(char::from(delimiter)).any(|cell| cell.trim().trim_matches('"') == column);
    let run = match beginning.as_bytes().first() {
        Some(b'<') => jmeter_xml::read(file, source)?,
        Some(b'{') if is_line_of_k6(first) => k6_json::read(file, source)?,
        Some(b'{') => {
            let value = lines::object(file, source)?;
            if own::fits(&value) {
                own::read(file, &value)?
            } else if k6_summary::fits(&value) {
                k6_summary::read(file, &value)?
            } else {
                return Err(unknown(file));
            }
        }
        _ if has("metric_name") || has("metric_value") => k6_csv::read(file, source, delimiter)?,
        _ if has("User Count") || has("Total Request Count") => locust::history(file, source, delimiter)?,
        _ if has("Request Count") => locust::stats(file, source, delimiter)?,
        _ if has("timeStamp") || has("elapsed") => jmeter::read(file, source, delimiter, None)?,
        _ if jmeter::has_no_heading(first, delimiter) => {
            if first.split(char::from(delimiter)).count() < jmeter::BY_ITSELF.len() {
                let message =
                    "a JMeter file without a heading, and with other columns than JMeter writes by itself";
                let help = "let JMeter write it: jmeter.save.saveservice.print_field_names=true";
                return Err(Unreadable::line(file, 1, message, help));
            }
            jmeter::read(file, source, delimiter, Some(&jmeter::BY_ITSELF))?
        }
        _ => return Err(unknown(file)),
    };
    judged(run)
}

fn unknown(file: &str) -> Unreadable {
    Unreadable::whole(file, "this is no result file that is understood", KINDS)
}

/// The utilisation that a monitor wrote down.
///
/// # Errors
/// When the file is empty, of an unknown kind, or lacks a column.
pub(super) fn utilisation(file: &str, source: &mut dyn BufRead) -> Result<Vec<Reading>, Unreadable> {
    let beginning = beginning(file, source)?;
    let readings = match beginning.as_bytes().first() {
        Some(b'{') if !is_whole(&beginning) => checks::stream(file, source)?,
        Some(b'{') => utilisation::json(file, source)?,
        _ => utilisation::csv(file, source, table::delimiter(beginning.lines().next().unwrap_or_default()))?,
    };
    if readings.is_empty() {
        let help = "let the monitor run from before the test to after it";
        return Err(Unreadable::whole(file, "there is no utilisation in this file", help));
    }
    Ok(readings)
}

/// Whether the first line is an object by itself, so that each line is one.
fn is_whole(beginning: &str) -> bool {
    let first = beginning.lines().next().unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(first).is_ok()
}

fn is_line_of_k6(first: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(first).is_ok_and(|value| value["type"].is_string())
}

/// What the file begins with, as far as one read gives it; nothing of it is consumed but white space before it.
fn beginning(file: &str, source: &mut dyn BufRead) -> Result<String, Unreadable> {
    let failed = |error: std::io::Error| Unreadable::whole(file, format!("reading it: {error}"), "try again");
    loop {
        let bytes = source.fill_buf().map_err(failed)?;
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let blank = bytes[mark..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if bytes.is_empty() {
            let help = "repeat the test, and let the generator end by itself so that it writes its results";
            return Err(Unreadable::whole(file, "the file is empty", help));
        }
        if mark + blank > 0 {
            source.consume(mark + blank);
            continue;
        }
        if bytes.starts_with(&[0x1f, 0x8b]) {
            return Err(Unreadable::whole(file, "the file is compressed", "unpack it first: gunzip FILE"));
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Unreadable::whole(file, "the file is UTF-16", "save it as UTF-8"));
        }
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
}

/// What is true of every result file.
fn judged(run: Run) -> Result<Run, Unreadable> {
    if run.total().done > 0.0 {
        return Ok(run);
    }
    let message = format!("this {} file holds no requests", run.format.word());
    let help = "check that the test reached the application, and that it writes HTTP requests";
    Err(Unreadable::whole(&run.file, message, help))
}
