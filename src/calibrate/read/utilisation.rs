//! Utilisation as CSV, or as JSON with an object on each line.
//!
//! Columns: `time` (or `run`: the result file that it is the mean of), `component` or `host`, `utilisation` (a share such as 0.71, or
//! `71 %`) or `utilisation_percent`, and `cores` where they are known.

use std::io::BufRead;

use serde_json::Value;

use super::clock;
use super::lines::Lines;
use super::table::Table;
use crate::calibrate::component::Component;
use crate::calibrate::observed::{Reading, When, Whose};
use crate::calibrate::options::MOST_CORES;
use crate::calibrate::unreadable::{Unreadable, quoted};

/// Names of the columns, the usual one first.
const TIME: [&str; 2] = ["time", "timestamp"];
const SHARE: [&str; 2] = ["utilisation", "utilization"];
const PERCENT: [&str; 3] = ["utilisation_percent", "utilization_percent", "cpu_percent"];
/// A name that is used for both: percents where any value is above 1, shares elsewhere.
const EITHER: &str = "cpu_util";
const HELP: &str =
    "write the columns time (or run), component (or host) and utilisation; docs/calibrate.md shows how";
/// Measured means may be a little above all there is.
const ALL: f64 = 1.005;

/// Reads CSV.
pub(super) fn csv(file: &str, source: &mut dyn BufRead, delimiter: u8) -> Result<Vec<Reading>, Unreadable> {
    let mut table = Table::new(file, "utilisation file", source, delimiter, None)?;
    let (time, run) = (table.column(&TIME), table.column(&["run"]));
    let (component, host) = (table.column(&["component"]), table.column(&["host", "hostname"]));
    let (share, percent) = (table.column(&SHARE), table.column(&PERCENT));
    let (cores, either) = (table.column(&["cores"]), table.column(&[EITHER]));
    let (share, either) = (share.or(either), share.is_none() && percent.is_none() && either.is_some());
    let missing: Vec<&str> = [
        ("`time` (or `run`)", time.or(run)),
        ("`component` (or `host`)", component.or(host)),
        ("`utilisation` (or `utilisation_percent`)", share.or(percent)),
    ]
    .iter()
    .filter(|(_, at)| at.is_none())
    .map(|(name, _)| *name)
    .collect();
    if !missing.is_empty() {
        let message = format!("this utilisation file has no column {}", missing.join(", no column "));
        return Err(Unreadable::line(file, 1, message, HELP));
    }
    let mut readings = Vec::new();
    while let Some(row) = table.next()? {
        let cell = row.cell(share);
        // Read as a percentage, and as a share once it is known that none is above 1.
        let (as_share, as_percent) = if either { ("", cell) } else { (cell, row.cell(percent)) };
        let written = Written {
            time: row.cell(time),
            run: row.cell(run),
            component: row.cell(component),
            host: row.cell(host),
            share: as_share,
            percent: as_percent.trim_end_matches('%'),
            cores: row.cell(cores),
        };
        readings
            .extend(written.reading().map_err(|message| Unreadable::line(file, row.line, message, HELP))?);
    }
    if either && readings.iter().all(|reading: &Reading| reading.utilisation <= 0.01) {
        readings.iter_mut().for_each(|reading| reading.utilisation *= 100.0);
    }
    Ok(readings)
}

/// Reads JSON, an object on each line: our own fields, or a recorded check.
pub(super) fn json(file: &str, source: &mut dyn BufRead) -> Result<Vec<Reading>, Unreadable> {
    let mut lines = Lines::new(file, source);
    let mut readings = Vec::new();
    while let Some((line, value)) = lines.next()? {
        let wrong = |message: String| Unreadable::line(file, line, message, HELP);
        if super::checks::fits(&value) {
            readings.extend(super::checks::readings(&value).map_err(wrong)?);
            continue;
        }
        let text = |names: &[&str]| names.iter().find_map(|name| plain(&value[*name])).unwrap_or_default();
        let (time, run, component) = (text(&TIME), text(&["run"]), text(&["component"]));
        let (host, share, percent) = (text(&["host", "hostname"]), text(&SHARE), text(&PERCENT));
        let cores = text(&["cores"]);
        let written = Written {
            time: &time,
            run: &run,
            component: &component,
            host: &host,
            share: &share,
            percent: &percent,
            cores: &cores,
        };
        readings.extend(written.reading().map_err(wrong)?);
    }
    Ok(readings)
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A line, as written.
struct Written<'a> {
    time: &'a str,
    run: &'a str,
    component: &'a str,
    host: &'a str,
    share: &'a str,
    percent: &'a str,
    cores: &'a str,
}

impl Written<'_> {
    /// What it means; `None`: the monitor had no value then.
    fn reading(&self) -> Result<Option<Reading>, String> {
        let when = match (self.time.trim(), self.run.trim()) {
            ("", "") => return Err("there is neither a time nor a run".to_owned()),
            ("", run) => When::During(run.to_owned()),
            (time, _) => {
                let seconds = clock::seconds(time);
                When::At(seconds.ok_or_else(|| {
                    format!("the time is {}, not seconds since 1970 or RFC 3339", quoted(time))
                })?)
            }
        };
        let whose = match (self.component.trim(), self.host.trim()) {
            ("", "") => return Err("there is neither a component nor a host".to_owned()),
            ("", host) => Whose::Host(host.to_owned()),
            (word, _) => Whose::Component(Component::of(word).ok_or_else(|| {
                let words = Component::ALL.map(Component::word).join(", ");
                format!("the component is {}, not one of {words}", quoted(word))
            })?),
        };
        let utilisation = match (self.share.trim(), self.percent.trim()) {
            // A monitor that had no value is no monitor that measured nothing at work.
            ("" | "NaN" | "null", "" | "NaN" | "null") => return Ok(None),
            ("" | "NaN" | "null", percent) => number(percent)? / 100.0,
            (share, _) => share_of(share)?,
        };
        if utilisation > ALL {
            return Err(format!(
                "a utilisation of {} %, which is more than all",
                (utilisation * 100.0).round()
            ));
        }
        let cores = match self.cores.trim() {
            "" => None,
            text => Some(number(text)?).filter(|cores| *cores > 0.0),
        };
        if cores.is_some_and(|cores| cores > MOST_CORES) {
            return Err(format!("{} cores, which no machine has", quoted(self.cores.trim())));
        }
        Ok(Some(Reading { when, whose, utilisation: utilisation.min(1.0), cores }))
    }
}

/// `0.71`, `71 %`, `71%`.
pub(super) fn share_of(text: &str) -> Result<f64, String> {
    if let Some(percent) = text.trim().strip_suffix('%') {
        return Ok(number(percent)? / 100.0);
    }
    let share = number(text)?;
    if share > ALL {
        return Err(format!(
            "the utilisation is {}, more than 1: write percents as `{text} %`, or name the column utilisation_percent",
            quoted(text)
        ));
    }
    Ok(share)
}

fn number(text: &str) -> Result<f64, String> {
    let parsed = text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    parsed.ok_or_else(|| format!("{} is not a number of at least 0", quoted(text.trim())))
}
