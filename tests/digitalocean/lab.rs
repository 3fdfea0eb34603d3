//! The double as an account that can be disturbed, and the program as the core.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use loadline_contract::conformance::{Applied, Disturbance, Failure, Goal, Lab, Unable};
use loadline_contract::deploy::Address;
use serde_json::json;

use crate::disturb::{Call, change, double, foreign, remove};
use crate::double::{Double, GROWING};
use crate::runs::{self, Runs};
use crate::world::{OURS, World};

/// The key of others.
const THEIR_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILf/9bRiL8w3SbVvzfonwJlK/WZwzf5jLlh7jdgV8D7Y others\n";

pub(crate) struct Account {
    double: Double,
    runs: Runs,
}

impl Account {
    pub(crate) fn start() -> Self {
        let double = Double::start(GROWING);
        let runs = Runs::of(&double);
        Self { double, runs }
    }

    fn world(&self) -> World {
        World::of(&self.double.ask("GET", "world", &json!({})))
    }

    /// Does what one disturbance is made of.
    fn outside(&self, (method, path, body): Call) {
        let said = self.double.somebody(method, &path, &body);
        assert!(said.get("message").is_none(), "{method} {path}: {said:#}");
    }
}

#[async_trait(?Send)]
impl Lab for Account {
    async fn reset(&self) {
        self.runs.reset(&self.double);
    }

    fn everything(&self) -> BTreeSet<Address> {
        self.runs.everything()
    }

    fn removable(&self) -> Vec<Address> {
        self.runs.have(&["alarm/app-cpu", "firewall/app"])
    }

    fn changeable(&self) -> Vec<Address> {
        self.runs.have(&["alarm/app-cpu", "firewall/app", "balancer/main", "cache/main", "database/main"])
    }

    fn doublable(&self) -> Vec<Address> {
        // Everything else has a name that there is but once.
        self.runs.have(&["alarm/app-cpu"])
    }

    async fn apply(&self, goal: Goal) -> Applied {
        match goal {
            Goal::Everything => self.runs.run(&self.double, "apply", &[]),
            Goal::Nothing => self.runs.run(&self.double, "destroy", &[]),
        }
    }

    async fn disturb(&self, disturbance: &Disturbance) -> Result<(), Unable> {
        let world = self.world();
        match disturbance {
            Disturbance::Removed(address) => self.outside(remove(&world, address)),
            Disturbance::Changed(address) => self.outside(change(&world, address)),
            Disturbance::Doubled(address) => self.outside(double(&world, address)),
            Disturbance::Foreign => {
                // A whole stack of somebody who is called almost like us, and things that only look like ours.
                // An account takes each key once.
                self.double.write_beside("theirs.pub", THEIR_KEY);
                let more = ["--set", "name=teachers-2", "--set", "access.ssh.key=theirs.pub"];
                let theirs = self.runs.run(&self.double, "apply", &more);
                assert!(theirs.not_done.is_empty(), "{theirs:#?}");
                foreign().into_iter().for_each(|call| self.outside(call));
            }
        }
        Ok(())
    }

    async fn fail(&self, nth: usize, failure: Failure) -> Result<(), Unable> {
        runs::fail(&self.double, nth, failure);
        Ok(())
    }

    async fn struck(&self) -> u64 {
        runs::struck(&self.double)
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
