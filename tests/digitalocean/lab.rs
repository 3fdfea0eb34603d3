//! The double as an account that can be disturbed, and the program as the core.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use loadline_contract::conformance::{Applied, Disturbance, Failure, Goal, Lab, Unable};
use loadline_contract::deploy::Address;
use serde_json::json;

use crate::disturb::{Call, change, double, foreign, remove};
use crate::double::{Double, GROWING, fixed};
use crate::runs::{self, Runs};
use crate::world::{OURS, World};

/// Of which sort the machines are: what the two stacks have in common is disturbed in the one whose machines may grow.
enum Machines {
    MayGrow,
    Fixed,
}

pub(crate) struct Account {
    double: Double,
    runs: Runs,
    machines: Machines,
}

impl Account {
    /// With machines that may become more.
    pub(crate) fn growing() -> Self {
        Self::start(GROWING, Machines::MayGrow)
    }

    /// With machines of a fixed number, each with a volume of its own.
    pub(crate) fn fixed() -> Self {
        Self::start(&fixed(), Machines::Fixed)
    }

    fn start(spec: &str, machines: Machines) -> Self {
        let double = Double::start(spec);
        let runs = Runs::of(&double);
        Self { double, runs, machines }
    }

    fn world(&self) -> World {
        World::of(&self.double.families())
    }

    /// Does what one disturbance is made of.
    fn outside(&self, (method, path, body): Call) {
        let said = self.double.somebody(method, &path, &body);
        assert!(said.get("message").is_none(), "{method} {path} {body:#}: {said:#}");
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
        match self.machines {
            Machines::MayGrow => self.runs.have(&[
                "alarm/app-cpu",
                "firewall/app",
                "key/operators",
                "read-replica/1",
                "balancer/main",
                "cache/main",
                "tag/app",
            ]),
            Machines::Fixed => self.runs.have(&["app/1", "tag/app"]),
        }
    }

    fn changeable(&self) -> Vec<Address> {
        match self.machines {
            Machines::MayGrow => self.runs.have(&[
                "alarm/app-cpu",
                "balancer/main",
                "cache/main",
                "database/main",
                "firewall/app",
                "group/app",
                "project/main",
                "read-replica/1",
            ]),
            Machines::Fixed => self.runs.have(&["app/1"]),
        }
    }

    fn doublable(&self) -> Vec<Address> {
        match self.machines {
            Machines::MayGrow => self.runs.have(&["alarm/app-cpu", "key/operators", "read-replica/1"]),
            Machines::Fixed => self.runs.have(&["app/1", "volume/app-1"]),
        }
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
                // A whole stack of somebody who is called almost like us, and things that only look like ours. An account takes each
                // key once.
                self.double.write_key("their.pub", THEIR_KEY);
                let theirs = ["--set", "name=teachers-2", "--set", "access.ssh.key=their.pub"];
                let theirs = self.runs.run(&self.double, "apply", &theirs);
                assert!(theirs.not_done.is_empty(), "{theirs:#?}");
                foreign().into_iter().for_each(|call| self.outside(call));
                // Machines run once somebody has looked at them.
                self.outside(("GET", "/v2/droplets".to_owned(), json!(null)));
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

/// The key of another deployment.
const THEIR_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGjZl2c1Gm0gVKRmLqg1XU0siCwrCe3H3ofwly+aTUoT theirs\n";
