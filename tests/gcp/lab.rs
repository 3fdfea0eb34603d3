//! The double as an account that can be disturbed, and the program as the core.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use loadline_contract::conformance::{Applied, Disturbance, Failure, Goal, Lab, Unable};
use loadline_contract::deploy::Address;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::disturb::{Call, change, double, foreign, remove};
use crate::double::{Double, SPEC};
use crate::world::{OURS, World};

pub(crate) struct Account {
    double: Double,
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

impl Account {
    pub(crate) fn start() -> Self {
        let double = Double::start(SPEC);
        let steps = double.steps(&[]);
        let everything =
            steps.iter().map(|step| step.strip_prefix("create ").unwrap().parse().unwrap()).collect();
        Self { double, everything, journal: Mutex::new(tempfile::tempdir().unwrap()) }
    }

    /// One run of the program: `apply` or `destroy`.
    fn run(&self, verb: &str, more: &[&str]) -> Applied {
        let journal = self.journal.lock().unwrap().path().display().to_string();
        let arguments = [&["--yes", "--json", "--journal", &journal], more].concat();
        let output = self.double.run(verb, &arguments);
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

    fn world(&self) -> World {
        World::of(&self.double.ask("GET", "world", &json!({})))
    }

    /// Does what one disturbance is made of.
    fn outside(&self, (method, path, body): Call) {
        let said = self.double.somebody(method, &path, &body);
        assert!(said.get("error").is_none(), "{method} {path}: {said:#}");
    }

    fn have(&self, addresses: &[&str]) -> Vec<Address> {
        let all: Vec<Address> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        assert!(all.iter().all(|address| self.everything.contains(address)), "{:?}", self.everything);
        all
    }
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

#[async_trait(?Send)]
impl Lab for Account {
    async fn reset(&self) {
        self.double.ask("POST", "reset", &json!({}));
        *self.journal.lock().unwrap() = tempfile::tempdir().unwrap();
    }

    fn everything(&self) -> BTreeSet<Address> {
        self.everything.clone()
    }

    fn removable(&self) -> Vec<Address> {
        self.have(&["alert/app-cpu", "firewall/ssh", "forwarding-rule/http"])
    }

    fn changeable(&self) -> Vec<Address> {
        let group = self.everything.iter().find(|address| address.kind() == "group").unwrap();
        let mut all = self.have(&["alert/app-cpu", "firewall/balancer", "health-check/app", "database/main"]);
        all.push(group.clone());
        all
    }

    fn doublable(&self) -> Vec<Address> {
        // Everything else has a name that there is but once.
        self.have(&["notification-channel/operators"])
    }

    async fn apply(&self, goal: Goal) -> Applied {
        match goal {
            Goal::Everything => self.run("apply", &[]),
            Goal::Nothing => self.run("destroy", &[]),
        }
    }

    async fn disturb(&self, disturbance: &Disturbance) -> Result<(), Unable> {
        let world = self.world();
        match disturbance {
            Disturbance::Removed(address) => self.outside(remove(&world, address)),
            Disturbance::Changed(address) => self.outside(change(&world, address)),
            Disturbance::Doubled(address) => self.outside(double(address)),
            Disturbance::Foreign => {
                // A whole stack of somebody who is called almost like us, and things that only look like ours.
                let theirs = self.run("apply", &["--set", "name=teachers-2"]);
                assert!(theirs.not_done.is_empty(), "{theirs:#?}");
                foreign().into_iter().for_each(|call| self.outside(call));
            }
        }
        Ok(())
    }

    async fn fail(&self, nth: usize, failure: Failure) -> Result<(), Unable> {
        let how = match failure {
            Failure::Throttled => "throttle",
            Failure::ServerError => "500",
            Failure::TimedOut => "drop-before",
            Failure::AnsweredButLost => "answered-but-lost",
        };
        let rule = json!([{ "match": { "writes": true, "nth": nth }, "do": how, "times": 1 }]);
        self.double.ask("POST", "faults", &rule);
        Ok(())
    }

    async fn struck(&self) -> u64 {
        let rules = self.double.ask("GET", "faults", &json!({}));
        rules.as_array().unwrap().iter().map(|rule| rule["struck"].as_u64().unwrap()).sum()
    }

    async fn shorten_pages(&self, most: usize) -> Result<(), Unable> {
        self.double.ask("POST", "pages", &json!({ "most": most }));
        Ok(())
    }

    async fn delay_lists(&self) -> Result<(), Unable> {
        Err(Unable("lists show at once what was made"))
    }

    async fn census(&self) -> BTreeMap<Address, usize> {
        self.world().census(OURS)
    }

    async fn foreign(&self) -> BTreeMap<String, String> {
        self.world().others(OURS)
    }
}
