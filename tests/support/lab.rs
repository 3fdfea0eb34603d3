//! The program as the core that the conformance suite tells its stories with: what the labs of all clouds share. Taken in with
//! `#[path = "../support/lab.rs"]`, beside `double.rs` as `program`.

use std::collections::BTreeSet;
use std::sync::Mutex;

use loadline_contract::conformance::{Applied, Failure, Told};
use loadline_contract::deploy::Address;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::Program;

/// Runs of the program with a journal of their own.
pub(crate) struct Runs {
    everything: BTreeSet<Address>,
    journal: Mutex<TempDir>,
}

/// How the program words what it does, by the name of the action.
fn verb(action: &str) -> &str {
    match action {
        "update" => "change",
        "delete" => "remove",
        "await" => "wait for",
        other => other,
    }
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

impl Runs {
    /// With all that a plan on an empty account would make.
    pub(crate) fn of(program: &Program) -> Self {
        let steps = program.steps(&[]);
        let everything =
            steps.iter().map(|step| step.strip_prefix("create ").unwrap().parse().unwrap()).collect();
        Self { everything, journal: Mutex::new(tempfile::tempdir().unwrap()) }
    }

    /// Begins with an empty account and journal.
    pub(crate) fn reset(&self, program: &Program) {
        program.ask("POST", "reset", &json!({}));
        *self.journal.lock().unwrap() = tempfile::tempdir().unwrap();
    }

    /// One run of the program: `apply` or `destroy`.
    pub(crate) fn run(&self, program: &Program, verb: &str, more: &[&str]) -> Applied {
        let journal = self.journal.lock().unwrap().path().display().to_string();
        let arguments = [&["--yes", "--json", "--journal", &journal], more].concat();
        let output = program.run(verb, &arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        let events = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let mut applied = Applied::default();
        let mut ended = false;
        events.for_each(|event| ended |= hear(&event, &mut applied));
        if !ended || (applied.not_done.is_empty() && !output.status.success()) {
            applied.not_done.push(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        applied
    }

    pub(crate) fn everything(&self) -> BTreeSet<Address> {
        self.everything.clone()
    }

    /// These of the stack, which have to be there.
    pub(crate) fn have(&self, addresses: &[&str]) -> Vec<Address> {
        let all: Vec<Address> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        assert!(all.iter().all(|address| self.everything.contains(address)), "{:?}", self.everything);
        all
    }
}

/// Lets the `nth` writing call from now on fail once.
pub(crate) fn fail(program: &Program, nth: usize, failure: Failure) {
    let how = match failure {
        Failure::Throttled => "throttle",
        Failure::ServerError => "500",
        Failure::TimedOut => "drop-before",
        Failure::AnsweredButLost => "answered-but-lost",
    };
    let rule = json!([{ "match": { "writes": true, "nth": nth }, "do": how, "times": 1 }]);
    program.ask("POST", "faults", &rule);
}

/// How many calls have failed since.
pub(crate) fn struck(program: &Program) -> u64 {
    let rules = program.ask("GET", "faults", &json!({}));
    rules.as_array().unwrap().iter().map(|rule| rule["struck"].as_u64().unwrap()).sum()
}

/// A story that was told to its end, with nothing left out.
pub(crate) fn heard(told: Result<Told, String>) {
    let told = told.unwrap_or_else(|story| panic!("\n{story}"));
    assert_eq!(told.skipped, [""; 0], "{}", told.lines.join("\n"));
}

/// Takes one line of what the program says; answers whether it was the last.
fn hear(event: &Value, applied: &mut Applied) -> bool {
    match word(&event["event"]) {
        "began" => {
            let step = format!("{} {}", verb(word(&event["action"])), word(&event["address"]));
            applied.steps.push(step);
            false
        }
        "ended" => {
            for kind in ["failed", "skipped", "left", "remaining"] {
                let rows = event[kind].as_array();
                applied.not_done.extend(rows.into_iter().flatten().map(|row| format!("{kind}: {row}")));
            }
            if !event["stopped"].is_null() {
                applied.not_done.push(event["stopped"].to_string());
            }
            true
        }
        _ => false,
    }
}
