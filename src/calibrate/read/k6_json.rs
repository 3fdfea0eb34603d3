//! `k6 run --out json=FILE`: a line for each metric and for each measured value.

use std::io::BufRead;

use super::k6_csv::Point;
use super::lines::Lines;
use super::{plausible, refused_at};
use crate::calibrate::observed::{Format, Run};
use crate::calibrate::unreadable::Unreadable;

/// Reads the whole file.
pub(super) fn read(file: &str, source: &mut dyn BufRead) -> Result<Run, Unreadable> {
    let mut lines = Lines::new(file, source);
    let mut run = Run::new(file, Format::K6Json);
    let mut states_failures = false;
    while let Some((line, value)) = lines.next()? {
        let missing = |what: &str| {
            let message = format!("this line has no `{what}`, as lines of `k6 run --out json` have");
            Unreadable::line(file, line, message, "write it with `k6 run --out json=results.json`")
        };
        if value["type"].as_str().ok_or_else(|| missing("type"))? != "Point" {
            continue;
        }
        let data = &value["data"];
        let tag = |name: &str| data["tags"][name].as_str().unwrap_or_default();
        let point = Point {
            metric: value["metric"].as_str().ok_or_else(|| missing("metric"))?,
            at_s: data["time"]
                .as_str()
                .and_then(super::clock::seconds)
                .ok_or_else(|| missing("data.time"))?,
            value: data["value"]
                .as_f64()
                .filter(|value| plausible(*value))
                .ok_or_else(|| missing("data.value"))?,
            name: if tag("name").is_empty() { tag("url") } else { tag("name") },
            unexpected: tag("expected_response") == "false",
        };
        point.add_to(&mut run, &mut states_failures).map_err(|excess| refused_at(file, line, excess))?;
    }
    Ok(run)
}
