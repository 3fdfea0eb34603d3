//! What `loadline check --json` printed again and again while the test ran: findings about CPU, each check with its time.

use std::io::BufRead;

use serde_json::{Deserializer, Value};

use super::clock;
use super::utilisation::share_of;
use crate::calibrate::observed::{Reading, When, Whose};
use crate::calibrate::options::MOST_CORES;
use crate::calibrate::unreadable::Unreadable;

/// What a host's name follows in a component.
const HOST: &str = "host/";
const HELP: &str =
    "record it while the test runs: loadline check SPEC --json --continuous --interval 5 > checks.json";

/// Whether this is a round.
pub(super) fn fits(value: &Value) -> bool {
    value["findings"].is_array()
}

/// The utilisation of each host in a round.
pub(super) fn readings(round: &Value) -> Result<Vec<Reading>, String> {
    let findings = round["findings"].as_array().map_or(&[][..], Vec::as_slice);
    let about = |host: &str, check: &str| {
        let found = findings.iter().find(|it| it["component"] == host && it["check"] == check);
        // A value that was not seen is null: unknown, not zero.
        found.filter(|it| !it["value"].is_null())
    };
    let mut readings = Vec::new();
    for finding in findings.iter().filter(|it| it["check"] == "cpu") {
        let Some(component) = finding["component"].as_str() else { continue };
        let (Some(host), Some(cpu)) = (component.strip_prefix(HOST), about(component, "cpu")) else {
            continue;
        };
        let time = cpu["at"].as_str().or(round["at"].as_str()).and_then(clock::seconds);
        let at_s = time.ok_or_else(|| "this round has no time `at`: when it was is not known".to_owned())?;
        readings.push(Reading {
            when: When::At(at_s),
            whose: Whose::Host(host.to_owned()),
            utilisation: share_of(&cpu["value"].to_string())?.min(1.0),
            cores: about(component, "cores")
                .and_then(|it| it["value"].as_f64())
                .filter(|cores| *cores > 0.0 && *cores <= MOST_CORES),
        });
    }
    Ok(readings)
}

/// Checks that are written over many lines, one behind the other.
///
/// # Errors
/// When the file holds something else.
pub(super) fn stream(file: &str, source: &mut dyn BufRead) -> Result<Vec<Reading>, Unreadable> {
    let mut found = Vec::new();
    for (index, value) in Deserializer::from_reader(source).into_iter::<Value>().enumerate() {
        let place =
            |message: String| Unreadable::whole(file, format!("check {}: {message}", index + 1), HELP);
        let value = value.map_err(|error| place(format!("this is no JSON (line {})", error.line())))?;
        if !fits(&value) {
            return Err(place("this is no output of loadline check, and no line of utilisation".to_owned()));
        }
        found.extend(readings(&value).map_err(place)?);
    }
    Ok(found)
}
