//! The rehearsal account of a cloud, to be disturbed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use loadline_contract::Provider;
use loadline_contract::conformance::{Applied, Disturbance, Failure, Goal, Lab, Unable};
use loadline_contract::deploy::{Action, Address, Deployment, OnChange, Resource, Value, rule};
use loadline_sim::{Fault, Options, Script, Sim, Thing, Tokens, Trouble};
use tempfile::TempDir;

use crate::core::{Site, apply};
use crate::stack::stack;

/// How long lists lag: less than the core waits for what an earlier run may have made.
const LAG: Duration = Duration::from_secs(4);

/// Deployments of others, whose names contain ours.
const OTHERS: [&str; 2] = ["teachers-2", "my-teachers"];

pub(crate) struct Rehearsal {
    cloud: &'static dyn Provider,
    deployment: Deployment,
    resources: Vec<Resource>,
    speed: f64,
    now: Mutex<Now>,
}

/// What a reset forgets.
struct Now {
    folder: Arc<TempDir>,
    account: Arc<Sim>,
    lag: Duration,
}

impl Rehearsal {
    /// An empty account whose time passes so many times faster.
    pub(crate) fn new(cloud: &'static dyn Provider, speed: f64) -> Self {
        let resources = stack(cloud.profile().name);
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let account = open(cloud, &folder, (speed, Duration::ZERO), Vec::new());
        let now = Mutex::new(Now { folder, account, lag: Duration::ZERO });
        Self { cloud, deployment: "teachers".parse().unwrap(), resources, speed, now }
    }

    fn account(&self) -> Arc<Sim> {
        self.now.lock().unwrap().account.clone()
    }

    /// The same account as another process would see it.
    fn reopen(&self, lag: Duration, faults: Vec<Fault>) {
        let mut now = self.now.lock().unwrap();
        now.lag = lag;
        now.account = open(self.cloud, &now.folder, (self.speed, lag), faults);
    }

    fn ours(&self) -> Vec<Thing> {
        let things = self.account().things().unwrap();
        things.into_iter().filter(|thing| thing.deployment == self.deployment).collect()
    }

    fn find(&self, address: &Address) -> Thing {
        self.ours().into_iter().find(|thing| thing.address == *address).unwrap()
    }

    /// A setting that changes in place, and another value of it.
    fn another(&self, resource: &Resource) -> Option<(String, Value)> {
        let (_, rule) = rule(self.cloud.profile().stages, resource.address.kind())?;
        let mut in_place = resource.settings.iter().filter(|(name, _)| rule.on_change(name).is_none());
        in_place.find_map(|(name, value)| {
            let other = match value {
                Value::Flag(flag) => Value::Flag(!flag),
                Value::Count(count) => Value::Count(count + 1),
                Value::Text(text) => Value::Text(format!("{text} of somebody")),
                Value::List(values) => Value::List(values.iter().skip(1).cloned().collect()),
                Value::Map(_) => Value::Map(BTreeMap::new()),
                Value::Of(_) => return None,
            };
            (other != *value).then(|| (name.clone(), other))
        })
    }

    /// Whether it can be gone without others in the way of its return. A cloud does not let go of what is in use: what has to be
    /// made anew because this is gone must be used by nothing that stays.
    fn can_be_gone(&self, address: &Address) -> bool {
        let stages = self.cloud.profile().stages;
        let mut anew = BTreeSet::from([address.clone()]);
        loop {
            let follows = |it: &&Resource| {
                !anew.contains(&it.address)
                    && it.settings.iter().any(|(setting, value)| {
                        let fixed = rule(stages, it.address.kind())
                            .is_some_and(|(_, rule)| rule.on_change(setting) == Some(OnChange::Replace));
                        fixed && refers(value, &anew)
                    })
            };
            let Some(next) = self.resources.iter().find(follows) else { break };
            anew.insert(next.address.clone());
        }
        let others: BTreeSet<Address> = anew.iter().filter(|it| *it != address).cloned().collect();
        let stays = |it: &&Resource| !anew.contains(&it.address);
        !self
            .resources
            .iter()
            .filter(stays)
            .any(|it| it.settings.values().any(|value| refers(value, &others)))
    }

    fn resource(&self, address: &Address) -> &Resource {
        self.resources.iter().find(|it| it.address == *address).unwrap()
    }
}

fn refers(value: &Value, to: &BTreeSet<Address>) -> bool {
    let mut found = false;
    value.references(&mut |reference| found |= to.contains(&reference.of));
    found
}

/// The first of each kind: those of a kind are alike.
fn one_of_each_kind(addresses: impl Iterator<Item = Address>) -> Vec<Address> {
    let mut kinds = BTreeSet::new();
    addresses.filter(|address| kinds.insert(address.kind().to_owned())).collect()
}

fn open(
    cloud: &dyn Provider,
    folder: &TempDir,
    (speed, lag): (f64, Duration),
    faults: Vec<Fault>,
) -> Arc<Sim> {
    // The harder case: nothing but lists tells what was made already.
    let tokens = Tokens::Ignored;
    let options = Options { speed, lag, tokens, script: Script::new(faults, 0), ..Options::default() };
    let file = folder.path().join("account.jsonl");
    Arc::new(Sim::open(&file, cloud.profile().stages, options).unwrap())
}

#[async_trait(?Send)]
impl Lab for Rehearsal {
    async fn reset(&self) {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let account = open(self.cloud, &folder, (self.speed, Duration::ZERO), Vec::new());
        *self.now.lock().unwrap() = Now { folder, account, lag: Duration::ZERO };
    }

    fn everything(&self) -> BTreeSet<Address> {
        self.resources.iter().map(|resource| resource.address.clone()).collect()
    }

    fn removable(&self) -> Vec<Address> {
        one_of_each_kind(self.everything().into_iter().filter(|address| self.can_be_gone(address)))
    }

    fn changeable(&self) -> Vec<Address> {
        let can = self.resources.iter().filter(|resource| self.another(resource).is_some());
        one_of_each_kind(can.map(|resource| resource.address.clone()))
    }

    fn doublable(&self) -> Vec<Address> {
        one_of_each_kind(self.everything().into_iter())
    }

    async fn apply(&self, goal: Goal) -> Applied {
        let wanted = match goal {
            Goal::Everything => &self.resources[..],
            Goal::Nothing => &[],
        };
        let folder = self.now.lock().unwrap().folder.clone();
        let site = Site {
            cloud: self.cloud,
            deployment: &self.deployment,
            account: self.account(),
            journal: &folder.path().join("journal"),
            speed: self.speed,
        };
        apply(site, wanted).await
    }

    async fn disturb(&self, disturbance: &Disturbance) -> Result<(), Unable> {
        let account = self.account();
        match disturbance {
            Disturbance::Removed(address) => account.put(self.find(address).removed()).unwrap(),
            Disturbance::Changed(address) => {
                let (setting, value) = self.another(self.resource(address)).unwrap();
                account.put(self.find(address).with(&setting, value)).unwrap();
            }
            Disturbance::Doubled(address) => {
                let there = self.find(address);
                account.put(Thing { id: format!("second-{}", there.id), ..there }).unwrap();
            }
            Disturbance::Foreign => {
                for (owner, resource) in
                    OTHERS.iter().flat_map(|it| self.resources.iter().map(move |res| (it, res)))
                {
                    let thing = Thing {
                        id: format!("{owner}-{}", resource.address.to_string().replace('/', "-")),
                        deployment: owner.parse().unwrap(),
                        address: resource.address.clone(),
                        settings: resource.settings.clone(),
                        token: "theirs".to_owned(),
                        visible_at: 0,
                        ready_at: 0,
                        gone_at: None,
                        failed: None,
                    };
                    account.put(thing).unwrap();
                }
            }
        }
        Ok(())
    }

    /// Things are made and removed by one call each, counted in the order of their addresses; changes are counted as they come.
    async fn fail(&self, nth: usize, failure: Failure) -> Result<(), Unable> {
        let trouble = match failure {
            Failure::Throttled => Trouble::Throttle,
            Failure::ServerError => Trouble::ServerError,
            Failure::TimedOut => Trouble::DropBefore,
            Failure::AnsweredButLost => Trouble::LostAnswer,
        };
        let fault = |on: Option<String>, action, from| Fault {
            on,
            action: Some(action),
            from,
            times: Some(1),
            percent: 100,
            trouble,
        };
        let mut faults = vec![fault(None, Action::Update, nth as u64)];
        if let Some(address) = self.everything().into_iter().nth(nth - 1) {
            let on = Some(address.to_string());
            faults.extend([Action::Create, Action::Delete].map(|action| fault(on.clone(), action, 1)));
        }
        let lag = self.now.lock().unwrap().lag;
        self.reopen(lag, faults);
        Ok(())
    }

    async fn struck(&self) -> u64 {
        self.account().struck()
    }

    async fn shorten_pages(&self, _most: usize) -> Result<(), Unable> {
        Err(Unable("a rehearsal account answers with everything at once"))
    }

    async fn delay_lists(&self) -> Result<(), Unable> {
        self.reopen(LAG, Vec::new());
        Ok(())
    }

    async fn census(&self) -> BTreeMap<Address, usize> {
        let mut counts = BTreeMap::new();
        for thing in self.ours() {
            *counts.entry(thing.address).or_default() += 1;
        }
        counts
    }

    async fn foreign(&self) -> BTreeMap<String, String> {
        let things = self.account().things().unwrap().into_iter();
        let others = things.filter(|thing| thing.deployment != self.deployment);
        others.map(|thing| (thing.id.clone(), format!("{thing:?}"))).collect()
    }
}
