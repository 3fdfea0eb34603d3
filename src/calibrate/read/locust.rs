//! Locust's `--csv` files: `_stats_history.csv` (cumulative figures each second) and `_stats.csv` (one row for each name).

use std::collections::BTreeMap;
use std::io::BufRead;

use super::table::{Row, Table};
use super::{refused, refused_at};
use crate::calibrate::observed::{Cell, Clock, Excess, Format, MOST_NAMES, Run};
use crate::calibrate::unreadable::Unreadable;

/// Name of the row over all names.
const ALL: &str = "Aggregated";
/// What stands where nothing was counted yet.
const NOTHING: &str = "N/A";

/// Figures of one name up to a moment.
#[derive(Clone, Copy)]
struct SoFar {
    at_s: f64,
    cell: Cell,
}

/// Reads `_stats_history.csv`.
pub(super) fn history(file: &str, source: &mut dyn BufRead, delimiter: u8) -> Result<Run, Unreadable> {
    let mut table = Table::new(file, "Locust history", source, delimiter, None)?;
    let wanted = [
        "Timestamp",
        "User Count",
        "Name",
        "Total Request Count",
        "Total Failure Count",
        "Total Average Response Time",
    ];
    let help = "write it with `locust --csv results --csv-full-history` of Locust 1.0 or newer";
    let [at, users, name, count, failures, mean] = table.columns(wanted, help)?;
    let kind = table.column(&["Type"]);
    let mut run = Run::new(file, Format::LocustHistory);
    let mut all: Vec<(f64, f64, Cell)> = Vec::new();
    let mut before: BTreeMap<(String, String), SoFar> = BTreeMap::new();
    while let Some(row) = table.next()? {
        let at_s = table.moment(&row, at)?;
        let of = row.cell(Some(name)).to_owned();
        if of == ALL {
            let second = at_s.floor() as i64;
            let users = table.number(&row, users)?;
            run.at_work(second, second, users).map_err(|excess| refused_at(file, row.line, excess))?;
        }
        let so_far = SoFar { at_s, cell: cell(&table, &row, (count, failures, mean))? };
        // Each name has a method or a few.
        if before.len() > 4 * MOST_NAMES {
            return Err(refused_at(file, row.line, Excess::Names));
        }
        let Some(last) = before.insert((row.cell(kind).to_owned(), of.clone()), so_far) else { continue };
        let mut more = so_far.cell;
        more.add(last.cell.times(-1.0));
        // Figures that fall were set back while the test ran: what happened in that second is not known.
        if at_s <= last.at_s || more.done <= 0.0 || more.failed < 0.0 || more.response_sum_s < 0.0 {
            continue;
        }
        if of == ALL {
            all.push((last.at_s, at_s, more));
        } else {
            run.name(&of)
                .and_then(|name| run.spread(last.at_s, at_s, name, more))
                .map_err(|excess| refused_at(file, row.line, excess))?;
        }
    }
    if run.names.is_empty() {
        run.name(super::label(""))
            .and_then(|name| {
                all.into_iter().try_for_each(|(from_s, to_s, cell)| run.spread(from_s, to_s, name, cell))
            })
            .map_err(|excess| refused(file, excess))?;
    }
    Ok(run)
}

/// Reads `_stats.csv`, a sum over the test without a time of day.
pub(super) fn stats(file: &str, source: &mut dyn BufRead, delimiter: u8) -> Result<Run, Unreadable> {
    let mut table = Table::new(file, "Locust statistics file", source, delimiter, None)?;
    let wanted = ["Name", "Request Count", "Failure Count", "Average Response Time", "Requests/s"];
    let help = "write it with `locust --csv results` of Locust 1.0 or newer";
    let [name, count, failures, mean, rate] = table.columns(wanted, help)?;
    let mut run = Run::new(file, Format::LocustStats);
    let mut duration_s = None;
    while let Some(row) = table.next()? {
        let cell = cell(&table, &row, (count, failures, mean))?;
        if row.cell(Some(name)) == ALL {
            let rate = table.number(&row, rate)?;
            duration_s = (rate > 0.0).then(|| cell.done / rate);
        } else if cell.done > 0.0 {
            run.name(row.cell(Some(name)))
                .and_then(|name| run.add(0, name, cell))
                .map_err(|excess| refused_at(file, row.line, excess))?;
        }
    }
    let duration_s = duration_s.ok_or_else(|| {
        let message =
            format!("there is no row {ALL} with a rate: over how long this was summed is not known");
        Unreadable::whole(file, message, help)
    })?;
    run.clock = Clock::Summed { duration_s };
    Ok(run)
}

fn cell(table: &Table<'_>, row: &Row, at: (usize, usize, usize)) -> Result<Cell, Unreadable> {
    let (count, failures, mean) = at;
    let done = table.number(row, count)?;
    let failed = table.number(row, failures)?;
    let mean_ms = match row.cell(Some(mean)).trim() {
        "" | NOTHING if done == 0.0 => 0.0,
        _ => table.number(row, mean)?,
    };
    Ok(Cell { done, failed, response_sum_s: done * mean_ms / 1e3 })
}
