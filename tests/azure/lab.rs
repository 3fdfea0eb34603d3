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
        World::of(&self.double)
    }

    /// Asks for something with what one disturbance is made of.
    fn outside(&self, (method, path, body): Call) {
        let said = self.double.outside(method, &path, &body);
        assert!(said["status"].as_u64().is_some_and(|status| status < 300), "{method} {path}: {said:#}");
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
        self.runs.have(&["alarm/cpu-app-1", "autoscale/app-1", "lock/database", "endpoint/cache"])
    }

    fn changeable(&self) -> Vec<Address> {
        self.runs.have(&[
            "alarm/cpu-app-1",
            "firewall/app",
            "balancer/main",
            "database/main",
            "db-parameters/main",
            "cache-database/main",
            "group/app-1",
        ])
    }

    fn doublable(&self) -> Vec<Address> {
        self.runs.have(&["address/balancer", "network/main"])
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
                let theirs = self.runs.run(&self.double, "apply", &["--set", "name=teachers-2"]);
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
        Err(Unable("Resource Manager lists what it has answered for"))
    }

    async fn census(&self) -> BTreeMap<Address, usize> {
        self.world().census(OURS)
    }

    async fn foreign(&self) -> BTreeMap<String, String> {
        self.world().others(OURS)
    }
}
